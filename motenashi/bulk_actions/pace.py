"""How fast mail may leave, all mass mails and all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from motenashi.bulk_actions.tables import bulk_pace
from motenashi.database import Database

# What was not used for a while may be made up for, up to this much.
MADE_UP_FOR = timedelta(seconds=10)
_NAME = "mail"


class Pace:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database, per_minute: int) -> None:
        self._database = database
        self._each = timedelta(minutes=1) / max(1, per_minute)

    def take(self, most: int, now: datetime) -> int:
        """How many of `most` may leave now; they count as having left."""
        table = bulk_pace
        with self._database.write() as connection:
            beginning = {"name": _NAME, "next_at": now - min(MADE_UP_FOR, self._each * 5)}
            connection.execute(self._database.insert_or_ignore(table, beginning))
            asked = select(table.c.next_at).where(table.c.name == _NAME).with_for_update()
            next_at = max(connection.execute(asked).scalar_one(), now - MADE_UP_FOR)
            free = min(most, int((now - next_at) / self._each) + 1) if next_at <= now else 0
            if free > 0:
                spent = update(table).where(table.c.name == _NAME).values(next_at=next_at + self._each * free)
                connection.execute(spent)
        return max(0, free)

    def give_back(self, number: int) -> None:
        """So many of them did not leave after all."""
        if number <= 0:
            return
        table = bulk_pace
        with self._database.write() as connection:
            asked = select(table.c.next_at).where(table.c.name == _NAME).with_for_update()
            next_at = connection.execute(asked).scalar_one() - self._each * number
            connection.execute(update(table).where(table.c.name == _NAME).values(next_at=next_at))
