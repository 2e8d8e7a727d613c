"""What was said at touchpoints waits here until the voice of the customer has taken it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.insights.voice.text_touch import Segment, TextTouch
from motenashi.touchpoint_intake.intake_rows import insert_of
from motenashi.touchpoint_intake.tables import touchpoint_texts as table

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=6)
SHORTEST_PAUSE = timedelta(seconds=30)
IN_TROUBLE = 5  # tries after which the page tells of it

OnText = Callable[[TextTouch], object]


def keep_texts(connection: Connection, texts: Sequence[TextTouch], now: datetime) -> None:
    """One that waits already under its key stays."""
    if texts:
        rows = [
            {
                "key": one.key,
                "contact_id": one.contact_id,
                "lead_id": one.lead_id,
                "payload": _as_json(one),
                "next_try_at": now,
            }
            for one in texts
        ]
        connection.execute(insert_of(connection, table).on_conflict_do_nothing(index_elements=["key"]), rows)


class Texts:
    """All methods raise DBAPIError when the database is away; what waits stays then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hand_on(self, on_text: OnText, now: datetime, most: int = 200) -> int:
        """Hand what waits to the voice, the oldest first, and forget what it took; how many. What it fails on is tried
        again later, and keeps nobody else waiting. Killed in between, it hands some on again: under the same key."""
        with self._database.read() as connection:
            query = select(table.c.key, table.c.payload, table.c.attempts).where(table.c.next_try_at <= now)
            rows = connection.execute(query.order_by(table.c.next_try_at, table.c.key).limit(most)).all()
        taken = [row.key for row in rows if self._try(on_text, row, now)]
        if taken:
            with self._database.write() as connection:
                connection.execute(delete(table).where(table.c.key.in_(taken)))
        return len(taken)

    def _try(self, on_text: OnText, row: Any, now: datetime) -> bool:
        try:
            on_text(_from_json(row.payload))
        except Exception as error:  # somebody else's work: a text that it can't take must not stop the next
            log.warning("a text waits for another try: %s", type(error).__name__)
            pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** min(row.attempts, 20))
            values = {
                "attempts": row.attempts + 1,
                "next_try_at": now + pause,
                "error": clean_text(f"{type(error).__name__}: {error}")[:500],
            }
            with self._database.write() as connection:
                connection.execute(update(table).where(table.c.key == row.key).values(values))
            return False
        return True

    def waiting(self) -> tuple[int, int]:
        """How many wait, and how many of these have failed several times."""
        failed = func.count().filter(table.c.attempts >= IN_TROUBLE)
        with self._database.read() as connection:
            return connection.execute(select(func.count(), failed).select_from(table)).one()._tuple()


def _as_json(text: TextTouch) -> str:
    values = {name: value for name in _NAMES if (value := getattr(text, name)) not in ("", None, ())}
    values |= {"at": text.at.isoformat(), "segments": [asdict(one) for one in text.segments]}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


_NAMES = tuple(one.name for one in fields(TextTouch))


def _from_json(payload: str) -> TextTouch:
    values = json.loads(payload)
    segments = tuple(Segment(**one) for one in values.pop("segments", ()))
    return TextTouch(**values | {"at": datetime.fromisoformat(values["at"])}, segments=segments)
