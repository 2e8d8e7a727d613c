"""What happened with somebody: e-mails and touchpoints, in time order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from crm_client.embedded.record_rows import EMAILS, TOUCHPOINTS, Kind, R, check, save, save_once
from crm_client.embedded.store import Store
from crm_client.records import Email, Touchpoint


class Histories(Store):
    def emails_of(self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "") -> Sequence[Email]:
        """Those that fit all the ids named, in time order; none when no id is named."""
        wanted = {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id}
        with self.reading("list e-mails") as connection:
            return of_person(connection, EMAILS, "sent_at", wanted)

    def touchpoints_of(self, *, contact_id: str = "", lead_id: str = "") -> Sequence[Touchpoint]:
        """Those that fit all the ids named, in time order; none when no id is named."""
        with self.reading("list touchpoints") as connection:
            return of_person(connection, TOUCHPOINTS, "at", {"contact_id": contact_id, "lead_id": lead_id})

    def save_email(self, email: Email) -> Email:
        check(EMAILS, email, "save e-mail")
        with self.writing("save e-mail") as connection:
            return save(connection, EMAILS, email, now=self._clock())

    def save_touchpoint(self, touchpoint: Touchpoint, *, key: str = "") -> Touchpoint:
        check(TOUCHPOINTS, touchpoint, "save touchpoint")
        with self.writing("save touchpoint") as connection:
            return save_once(connection, TOUCHPOINTS, touchpoint, key=key, now=self._clock())


def of_person(connection: Connection, kind: Kind[R], time: str, wanted: Mapping[str, str]) -> tuple[R, ...]:
    named = {name: value for name, value in wanted.items() if value}
    if not named:
        return ()
    return tuple(kind.record(*row) for row in connection.execute(_with(kind, time, tuple(named)), named))


@cache
def _with(kind: Kind[Any], time: str, names: tuple[str, ...]) -> Select[Any]:
    fits = (kind.table.c[name] == bindparam(name) for name in names)
    return select(*kind.columns).where(*fits).order_by(kind.table.c[time], kind.table.c.id)
