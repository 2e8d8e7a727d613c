"""Many records in a few queries: lists and whatever works through a store ask for hundreds at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from crm_client.embedded.record_rows import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, EMAILS, LEADS, TOUCHPOINTS, Kind, R
from crm_client.embedded.store import Store
from crm_client.embedded.tables import crm_stage_changes, crm_stages
from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Outcome, StageChange, Touchpoint

MOST_AT_ONCE = 500  # databases take only so many values in one statement

_CHANGES: Select[Any] = (
    select(*(crm_stage_changes.c[name] for name in ("deal_id", "from_stage", "to_stage", "at", "changed_by")))
    .where(crm_stage_changes.c.deal_id.in_(bindparam("ids", expanding=True)))
    .order_by(crm_stage_changes.c.at, crm_stage_changes.c.number)
)

_OPEN_DEALS: Select[Any] = (
    select(*DEALS.columns)
    .join(crm_stages, crm_stages.c.name == DEALS.table.c.stage)
    .where(DEALS.table.c.contact_id.in_(bindparam("ids", expanding=True)))
    .where(crm_stages.c.outcome == Outcome.OPEN.value)
    .order_by(DEALS.table.c.created_at.desc(), DEALS.table.c.id.desc())
)


class ManyRecords(Store):
    """Ids that no record has are left out; one query for each 500 ids."""

    def accounts_with(self, ids: Collection[str]) -> Sequence[Account]:
        return self._with_ids(ACCOUNTS, ids)

    def contacts_with(self, ids: Collection[str]) -> Sequence[Contact]:
        return self._with_ids(CONTACTS, ids)

    def leads_with(self, ids: Collection[str]) -> Sequence[Lead]:
        return self._with_ids(LEADS, ids)

    def deals_with(self, ids: Collection[str]) -> Sequence[Deal]:
        return self._with_ids(DEALS, ids)

    def open_deals_of(self, contact_ids: Collection[str]) -> Sequence[Deal]:
        """Of all these contacts; each contact's newest first."""
        with self.reading("open deals of contacts") as connection:
            return tuple(
                Deal(*row) for part in _parts(contact_ids) for row in connection.execute(_OPEN_DEALS, {"ids": part})
            )

    def stage_changes_of(self, deal_ids: Collection[str]) -> Sequence[StageChange]:
        """Of all these deals, in time order within each 500."""
        with self.reading("stage histories") as connection:
            return tuple(
                StageChange(*row) for part in _parts(deal_ids) for row in connection.execute(_CHANGES, {"ids": part})
            )

    def activities_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Activity]:
        """Those of any of these records, each once, in time order."""
        return self._of_all(ACTIVITIES, "start_at", deal_ids, contact_ids, lead_ids)

    def emails_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Email]:
        """Those of any of these records, each once, in time order."""
        return self._of_all(EMAILS, "sent_at", deal_ids, contact_ids, lead_ids)

    def touchpoints_of_all(
        self, *, deal_ids: Collection[str] = (), contact_ids: Collection[str] = (), lead_ids: Collection[str] = ()
    ) -> Sequence[Touchpoint]:
        """Those of any of these records, each once, in time order."""
        return self._of_all(TOUCHPOINTS, "at", deal_ids, contact_ids, lead_ids)

    def _with_ids(self, kind: Kind[R], ids: Collection[str]) -> tuple[R, ...]:
        with self.reading(f"read {kind.word}s") as connection:
            return tuple(_found(connection, kind, "id", ids))

    def _of_all(self, kind: Kind[R], time: str, *ids: Collection[str]) -> tuple[R, ...]:
        wanted: Mapping[str, Collection[str]] = dict(zip(("deal_id", "contact_id", "lead_id"), ids, strict=True))
        with self.reading(f"read {kind.word}s") as connection:
            found = {one.id: one for name, these in wanted.items() for one in _found(connection, kind, name, these)}
        return tuple(sorted(found.values(), key=lambda one: (getattr(one, time), one.id)))


def _found(connection: Connection, kind: Kind[R], name: str, ids: Collection[str]) -> Iterator[R]:
    for part in _parts(ids):
        for row in connection.execute(_where(kind, name), {"ids": part}):
            yield kind.record(*row)


def _parts(ids: Collection[str]) -> Iterator[list[str]]:
    wanted = [one for one in dict.fromkeys(ids) if one]
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield wanted[start : start + MOST_AT_ONCE]


@cache
def _where(kind: Kind[Any], name: str) -> Select[Any]:
    return select(*kind.columns).where(kind.table.c[name].in_(bindparam("ids", expanding=True)))
