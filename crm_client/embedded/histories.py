"""What happened with somebody: e-mails and touchpoints, in time order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from crm_client.embedded.changes import change_of
from crm_client.embedded.many_touchpoints import save_many, set_statuses
from crm_client.embedded.record_rows import EMAILS, TOUCHPOINTS, Kind, R, check, save_once
from crm_client.embedded.store import Store
from crm_client.records import Email, Touchpoint

MOST_AT_ONCE = 500  # databases take only so many values in one statement

_WITH_IDS: Select[Any] = select(*EMAILS.columns).where(
    EMAILS.table.c.message_id.in_(bindparam("message_ids", expanding=True))
)


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

    def emails_with(self, message_ids: Collection[str]) -> Sequence[Email]:
        """Those with one of these Message-IDs (without angle brackets), oldest first. One query for 500 ids."""
        wanted = sorted({message_id for message_id in message_ids if message_id})
        if not wanted:
            return ()
        with self.reading("find e-mails") as connection:
            rows = [
                row
                for start in range(0, len(wanted), MOST_AT_ONCE)
                for row in connection.execute(_WITH_IDS, {"message_ids": wanted[start : start + MOST_AT_ONCE]})
            ]
        return tuple(sorted((Email(*row) for row in rows), key=lambda mail: (mail.sent_at, mail.id)))

    def save_email(self, email: Email, *, key: str = "") -> Email:
        check(EMAILS, email, "save e-mail")
        with self.writing("save e-mail") as connection:
            saved = save_once(connection, EMAILS, email, key=key, now=self._clock())
        self.tell(change_of("emails", saved))
        return saved

    def save_touchpoint(self, touchpoint: Touchpoint, *, key: str = "") -> Touchpoint:
        check(TOUCHPOINTS, touchpoint, "save touchpoint")
        with self.writing("save touchpoint") as connection:
            saved = save_once(connection, TOUCHPOINTS, touchpoint, key=key, now=self._clock())
        self.tell(change_of("touchpoints", saved))
        return saved

    def save_touchpoints(self, touchpoints: Sequence[Touchpoint]) -> Sequence[Touchpoint]:
        """All or none; each as stored, in their order. Every person and deal concerned is told of once."""
        for touchpoint in touchpoints:
            check(TOUCHPOINTS, touchpoint, "save touchpoints")
        with self.writing("save touchpoints") as connection:
            saved = save_many(connection, touchpoints)
        self._tell_once(saved)
        return saved

    def set_touchpoint_statuses(self, statuses: Mapping[str, str]) -> None:
        """All or none; keys that no touchpoint has are left out. Every person and deal concerned is told of once."""
        with self.writing("set touchpoint statuses") as connection:
            changed = set_statuses(connection, statuses)
        self._tell_once(changed)

    def _tell_once(self, touchpoints: Sequence[Touchpoint]) -> None:
        for change in dict.fromkeys(change_of("touchpoints", one) for one in touchpoints):
            self.tell(change)


def of_person(connection: Connection, kind: Kind[R], time: str, wanted: Mapping[str, str]) -> tuple[R, ...]:
    named = {name: value for name, value in wanted.items() if value}
    if not named:
        return ()
    return tuple(kind.record(*row) for row in connection.execute(_with(kind, time, tuple(named)), named))


@cache
def _with(kind: Kind[Any], time: str, names: tuple[str, ...]) -> Select[Any]:
    fits = (kind.table.c[name] == bindparam(name) for name in names)
    return select(*kind.columns).where(*fits).order_by(kind.table.c[time], kind.table.c.id)
