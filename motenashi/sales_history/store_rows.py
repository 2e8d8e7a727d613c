"""Rows of the store, a chunk at a time: all there are, or those of some deals, contacts and leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import Connection

from motenashi.sales_history.store_queries import query

Row = Sequence[Any]

_CHUNK: Final = 20_000
_MOST_IDS: Final = 500  # databases take only so many values in one statement

# Where the ids of each row's people stand (store_queries.py).
_DEAL_PEOPLE: Final = {"accounts": 1, "contacts": 2, "users": 3}
_DEAL: Final = 1  # of an event
_EVENT_PEOPLE: Final = {"contacts": 2, "leads": 3, "users": 4}
_EVENTS: Final = ("activities", "emails", "touchpoints")


class Rows(Protocol):
    """Where rows come from. `whole`: is what is not among them nowhere?"""

    whole: bool

    def chunks(self, name: str) -> Iterator[Sequence[Row]]: ...


class AllRows:
    """The whole store, never more than a chunk of it in memory."""

    whole = True

    def __init__(self, connection: Connection, dialect: str) -> None:
        self._connection, self._dialect = connection, dialect

    def chunks(self, name: str) -> Iterator[Sequence[Row]]:
        streaming = self._connection.execution_options(stream_results=True, max_row_buffer=_CHUNK)
        with streaming.execute(query(name, self._dialect)) as result:
            yield from result.partitions(_CHUNK)


class SomeRows:
    """The deals, contacts and leads named, what happened with each of them, and the people and accounts involved. To a
    deal belongs also what its person did without a deal, where they have no other: learning from all takes it so."""

    whole = False

    def __init__(
        self,
        connection: Connection,
        dialect: str,
        *,
        deals: Collection[str],
        contacts: Collection[str],
        leads: Collection[str],
    ) -> None:
        self._connection, self._dialect = connection, dialect
        self._rows: dict[str, list[Row]] = {}
        self._fetch_events(deals, contacts, leads)
        self._fetch_people(contacts, leads)

    def chunks(self, name: str) -> Iterator[Sequence[Row]]:
        yield self._rows[name]

    def _fetch_events(self, deals: Collection[str], contacts: Collection[str], leads: Collection[str]) -> None:
        self._rows["deals"] = self._of("deals", "id", deals)
        self._rows["stage_history"] = self._of("stage_history", "deal_id", deals)
        for name in _EVENTS:
            found = {row[0]: row for row in self._of(name, "deal_id", deals)}
            for column, ids in (("contact_id", contacts), ("lead_id", leads)):
                found.update((row[0], row) for row in self._of(name, column, ids))
            if name == "touchpoints":
                found.update((row[0], row) for row in self._without_a_deal(name))
            self._rows[name] = list(found.values())

    def _without_a_deal(self, name: str) -> Iterator[Row]:
        """What people did whose only deal is one of those asked for, and what names no deal: it is about that one."""
        people = {row[_DEAL_PEOPLE["contacts"]] for row in self._rows["deals"]}
        deals = Counter(row[_DEAL_PEOPLE["contacts"]] for row in self._of("deals", "contact_id", people))
        of_one = [person for person, count in deals.items() if count == 1]
        return (row for row in self._of(name, "contact_id", of_one) if not row[_DEAL])

    def _fetch_people(self, contacts: Collection[str], leads: Collection[str]) -> None:
        wanted: dict[str, set[str]] = {
            "contacts": set(contacts),
            "leads": set(leads),
            "users": set(),
            "accounts": set(),
        }
        for name, place in _DEAL_PEOPLE.items():
            wanted[name].update(row[place] for row in self._rows["deals"])
        for events in _EVENTS:
            for name, place in _EVENT_PEOPLE.items():
                if not (events == "touchpoints" and name == "users"):  # their owners are asked of nobody
                    wanted[name].update(row[place] for row in self._rows[events])
        for name in ("contacts", "leads"):
            self._rows[name] = self._of(name, "id", wanted[name])
        wanted["accounts"].update(row[1] for row in self._rows["contacts"])
        wanted["users"].update(row[5] for row in self._rows["leads"])
        for name in ("accounts", "users"):
            self._rows[name] = self._of(name, "id", wanted[name])

    def _of(self, name: str, column: str, ids: Iterable[str]) -> list[Row]:
        wanted = sorted({one for one in ids if one})
        if len(wanted) == 1:
            asked = query(name, self._dialect, column, one=True)
            return list(self._connection.execute(asked, {"id": wanted[0]}).all())
        asked = query(name, self._dialect, column)
        rows: list[Row] = []
        for start in range(0, len(wanted), _MOST_IDS):
            rows += self._connection.execute(asked, {"ids": wanted[start : start + _MOST_IDS]}).all()
        return rows
