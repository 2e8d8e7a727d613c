"""Brings the stored events and links to what was found: only differences are written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Executable, and_, bindparam, delete, exists, or_, select, tuple_, update

from motenashi.database import Database
from motenashi.insights.voice.events.found import found_events, found_links
from motenashi.insights.voice.events.pages import pages
from motenashi.insights.voice.tables import voice_event_responses, voice_events

COLUMNS = ("key", "kind", "at", "contact_id", "lead_id", "account_id", "deal_id", "owner_id", "detail")


class Storing:
    def __init__(self, database: Database, connection: Connection) -> None:
        """`connection`: the one that has the passing tables; what is stored goes through `database`."""
        self._database = database
        self._connection = connection

    def events(self) -> tuple[int, int, int]:
        """How many events are new, told otherwise, gone."""
        gone = self._remove_events()
        changed = self._change_events()
        return self._add_events(), changed, gone

    def _remove_events(self) -> int:
        stored = voice_events.c
        gone = select(stored.id).where(~exists().where(found_events.c.key == stored.key))
        count = 0
        for page in pages(self._connection, gone, [stored.id], ["id"]):
            ids = [row["id"] for row in page]
            links = delete(voice_event_responses).where(voice_event_responses.c.event_id.in_(ids))
            self._write((links, None), (delete(voice_events).where(stored.id.in_(ids)), None))
            count += len(page)
        return count

    def _change_events(self) -> int:
        found, stored = found_events.c, voice_events.c
        differs = or_(*(found[name] != stored[name] for name in COLUMNS[1:]))
        query = select(found_events, stored.id.label("number")).join(voice_events, stored.key == found.key)
        values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=found[name].type) for name in COLUMNS[1:]}
        change = update(voice_events).where(stored.id == bindparam("number")).values(values)
        count = 0
        for page in pages(self._connection, query.where(differs), [found.key], ["key"]):
            told = [{f"new_{name}": row[name] for name in COLUMNS[1:]} | {"number": row["number"]} for row in page]
            self._write((change, told))
            count += len(page)
        return count

    def _add_events(self) -> int:
        found = found_events.c
        new = select(found_events).where(~exists().where(voice_events.c.key == found.key))
        count = 0
        for page in pages(self._connection, new, [found.key], ["key"]):
            rows = [dict(row) for row in page]
            self._write((self._database.insert_or_ignore(voice_events, rows[0]), rows))
            count += len(page)
        return count

    def links(self) -> int:
        """How many links are new, told otherwise or gone."""
        found, stored = found_links.c, voice_event_responses.c
        same = and_(found.event_id == stored.event_id, found.response_id == stored.response_id)
        told_so = and_(same, found.relation == stored.relation, found.seconds == stored.seconds)
        wrong = select(stored.event_id, stored.response_id).where(~exists().where(told_so))
        new = select(found_links).where(~exists().where(told_so))
        return self._remove_links(wrong) + self._add_links(new)

    def _remove_links(self, wrong: Any) -> int:
        stored, names = voice_event_responses.c, ["event_id", "response_id"]
        keys = [stored.event_id, stored.response_id]
        count = 0
        for page in pages(self._connection, wrong, keys, names):
            pairs = [(row["event_id"], row["response_id"]) for row in page]
            for begin in range(0, len(pairs), 500):  # SQLite takes only so many terms in one statement
                some = tuple_(*keys).in_(pairs[begin : begin + 500])
                self._write((delete(voice_event_responses).where(some), None))
            count += len(page)
        return count

    def _add_links(self, new: Any) -> int:
        found = found_links.c
        count = 0
        for page in pages(self._connection, new, [found.event_id, found.response_id], ["event_id", "response_id"]):
            rows = [dict(row) for row in page]
            self._write((self._database.insert_or_ignore(voice_event_responses, rows[0]), rows))
            count += len(page)
        return count

    def _write(self, *statements: tuple[Executable, list[dict[str, Any]] | None]) -> None:
        with self._database.write() as connection:
            for statement, rows in statements:
                connection.execute(statement, rows)
