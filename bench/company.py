"""The data of a benchmark: a database of its own with the demo company, and as many stored conversations as wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.engine import make_url

from bench import bare_route
from bench.conversation import Signer
from bench.servers import HOUSE
from motenashi.conversation.tables import conversations, entries
from motenashi.database import Database
from motenashi.storage.open_database import open_database

LONG_AGO = timedelta(days=30)
AT_ONCE = 500  # conversations in one statement


class Company:
    """Everything below `folder`, but for a PostgreSQL that `url` names."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.signer = Signer()

    def prepare(self) -> None:
        """Settings that trust our signer, tables, the demo company."""
        settings = (HOUSE / "config.yaml").read_text(encoding="utf-8")
        key = self.folder / "salesiq.pem"
        key.write_text(self.signer.public_pem(), encoding="utf-8")
        trusting = settings.replace("public_keys: []", f'public_keys: ["file:{key}"]')
        if trusting == settings:
            raise SystemExit("bench: config.yaml names no empty `public_keys: []` to put the benchmark's key into")
        (self.folder / "config.yaml").write_text(trusting, encoding="utf-8")
        demo = [sys.executable, "app.py", "demo"]
        subprocess.run(demo, cwd=HOUSE, env=os.environ | self.environment(), stdout=sys.stderr, check=True)
        bare_route.metadata.create_all(self._open().engine)

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "MOTENASHI_CONFIG": str(self.folder / "config.yaml"),
            "MOTENASHI_DATA": str(self.folder),
        }

    def database_kind(self) -> str:
        return {"sqlite": "SQLite (WAL)", "postgresql": "PostgreSQL"}[make_url(self.url).get_backend_name()]

    def fill(self, count: int) -> None:
        """Exactly `count` stored conversations: copies of one that was really held. And as many notes of the bare
        route as they have turns."""
        database = self._open()
        with database.write() as connection:
            pattern = _one_of_each(connection) if count else None
            for table in (entries, conversations, bare_route.notes):
                connection.execute(delete(table))
        if pattern is None:
            return
        for begin in range(0, count, AT_ONCE):
            with database.write() as connection:
                for table, rows in pattern.copies(begin, min(begin + AT_ONCE, count)):
                    connection.execute(insert(table), rows)
        database.engine.dispose()

    def _open(self) -> Database:
        return open_database(self.url)


class Pattern:
    """The rows of one conversation that had all its turns, moved back a month: stored, not still going on."""

    def __init__(self, conversation: dict[str, Any], its_entries: list[dict[str, Any]], note: dict[str, Any]) -> None:
        then = {name: conversation[name] - LONG_AGO for name in ("created_at", "last_at")}
        self._conversation, self._entries, self._note = conversation | then, its_entries, note

    def copies(self, begin: int, end: int) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
        ids = [f"stored-{number}" for number in range(begin, end)]
        yield conversations, [self._conversation | {"id": name} for name in ids]
        yield entries, [entry | {"conversation_id": name} for name in ids for entry in self._entries]
        turns = max(1, len(self._entries) // 2)
        yield bare_route.notes, [self._note | {"conversation_id": name} for name in ids for _ in range(turns)]


def _one_of_each(connection: Connection) -> Pattern:
    """The longest conversation that the benchmark itself has held."""
    longest = select(conversations).order_by(conversations.c.last_seq.desc()).limit(1)
    row = connection.execute(longest).mappings().first()
    if row is None:
        raise SystemExit("bench: measure with nothing stored first; its conversations are what is copied")
    of_it = select(entries).where(entries.c.conversation_id == row["id"])
    its_entries = [dict(entry) for entry in connection.execute(of_it).mappings()]
    return Pattern(dict(row), its_entries, {"text": "what is popular?"})
