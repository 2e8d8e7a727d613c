"""Who wants no mail to many: kept by the digest of the address, asked at the preview and again before each mail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select

from motenashi.bulk_actions.marks import mark_of
from motenashi.bulk_actions.tables import mail_refusals
from motenashi.database import Database

_AT_ONCE = 500


class Refusals:
    """DBAPIError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def refuse(self, address: str, *, why: Literal["one_click", "page"], now: datetime) -> None:
        """From now on nothing to this address. Again changes nothing."""
        if mark := mark_of(address):
            row = {"mark": mark, "at": now, "why": why}
            with self._database.write() as connection:
                connection.execute(self._database.insert_or_ignore(mail_refusals, row))

    def allow(self, address: str) -> bool:
        """They want it again. False when they never refused."""
        with self._database.write() as connection:
            found = connection.execute(delete(mail_refusals).where(mail_refusals.c.mark == mark_of(address)))
            return found.rowcount == 1

    def refused(self, address: str) -> bool:
        return bool(self.among({mark_of(address)}))

    def among(self, marks: Collection[str]) -> frozenset[str]:
        """Those of the marks whose people want no mail."""
        wanted = sorted(set(marks) - {""})
        found: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                these = mail_refusals.c.mark.in_(wanted[start : start + _AT_ONCE])
                found |= set(connection.execute(select(mail_refusals.c.mark).where(these)).scalars())
        return frozenset(found)
