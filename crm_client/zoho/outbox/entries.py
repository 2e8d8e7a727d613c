"""The rows of the outbox: how they are read, taken, given back and done with.

A row goes waiting -> sending -> gone, or stuck until an operator acts. Whoever sends takes rows by setting them to
`sending` for a while; when he dies meanwhile, the time runs out and another takes them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, update

from crm_client.embedded.columns import MOST_LETTERS_OF_A_NOTE
from crm_client.zoho.tables import zoho_outbox

WAITING, SENDING, STUCK = "waiting", "sending", "stuck"
CREATE, UPDATE, DELETE, PRODUCTS, EMAIL = "create", "update", "delete", "products", "email"

MOST_AT_ONCE = 500  # databases take only so many values in one statement

_table = zoho_outbox.c
_earlier = zoho_outbox.alias("earlier")
_IS_HEAD = ~exists().where(
    _earlier.c.module == _table.module, _earlier.c.local_id == _table.local_id, _earlier.c.number < _table.number
)


@dataclass(frozen=True)
class Row:
    """One row, as the table has it."""

    number: int
    module: str
    local_id: str
    action: str
    fields: Mapping[str, Any]
    before: Mapping[str, Any]
    by: str
    at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    claimed_until: datetime | None
    trouble: str
    why: str

    @property
    def record(self) -> tuple[str, str]:
        return self.module, self.local_id


_COLUMNS = tuple(_table[one.name] for one in dataclasses.fields(Row))


def add(
    connection: Connection,
    module: str,
    local_id: str,
    action: str,
    *,
    at: datetime,
    by: str = "",
    fields: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    values = {"module": module, "local_id": local_id, "action": action, "fields": fields, "before": before}
    connection.execute(insert(zoho_outbox), {**values, "by": by, "at": at, "state": WAITING, "attempts": 0})


def of_record(connection: Connection, module: str, local_id: str, *, to_change: bool = False) -> list[Row]:
    """In their order. `to_change`: nobody takes or ends them until this transaction is over."""
    query = select(*_COLUMNS).where(_table.module == module, _table.local_id == local_id).order_by(_table.number)
    return [Row(*row) for row in connection.execute(query.with_for_update() if to_change else query)]


def numbered(connection: Connection, number: int, *, to_change: bool = False) -> Row | None:
    query = select(*_COLUMNS).where(_table.number == number)
    row = connection.execute(query.with_for_update() if to_change else query).first()
    return None if row is None else Row(*row)


def heads(connection: Connection, now: datetime, *, after: int, most: int) -> list[Row]:
    """The first row of each record that may go out now, in order of their numbers."""
    query = (
        select(*_COLUMNS)
        .where(
            _table.number > after,
            _may_be_taken(now),
            or_(_table.next_at.is_(None), _table.next_at <= now),
            _IS_HEAD,
        )
        .order_by(_table.number)
        .limit(most)
    )
    return [Row(*row) for row in connection.execute(query)]


def _may_be_taken(now: datetime) -> Any:
    return or_(_table.state == WAITING, and_(_table.state == SENDING, _table.claimed_until <= now))


def followers(connection: Connection, head: Row) -> list[Row]:
    """The waiting updates that come directly after an update of the same record."""
    found = []
    for row in of_record(connection, *head.record):
        if row.number <= head.number:
            continue
        if row.action != UPDATE or row.state != WAITING or row.next_at is not None:
            break
        found.append(row)
    return found


def claim(connection: Connection, rows: Sequence[Row], now: datetime, until: datetime) -> list[Row]:
    """Those that are ours now, as they stand now: since they were looked at somebody else may have sent them, or tried
    to. All of one kind. The others are taken, gone, another kind by now, or to be tried later."""
    if not rows:
        return []
    taken = (
        update(zoho_outbox)
        .where(
            _table.number.in_([row.number for row in rows]),
            _table.action == rows[0].action,
            _may_be_taken(now),
            or_(_table.next_at.is_(None), _table.next_at <= now),
        )
        .values(state=SENDING, claimed_until=until)
        .returning(*_COLUMNS)
    )
    found = {row.number: row for row in (Row(*values) for values in connection.execute(taken))}
    return [found[row.number] for row in rows if row.number in found]


def let_go(connection: Connection, numbers: Collection[int], until: datetime) -> None:
    """What was claimed until then, and neither sent nor given back, waits as before."""
    mine = (_table.number.in_(list(numbers)), _table.state == SENDING, _table.claimed_until == until)
    connection.execute(update(zoho_outbox).where(*mine).values(state=WAITING, claimed_until=None))


def goes_out(connection: Connection, row: Row, now: datetime, what: Mapping[str, Any] | None = None) -> bool:
    """Whoever finds this row later knows that a call may have been made at this time, and with what. False: looking
    took so long that it is not ours any more; another may be sending it, and we must not."""
    values: dict[str, Any] = {"sent_at": now} | ({"fields": what} if what else {})
    ours = (_table.number == row.number, _table.state == SENDING, _table.claimed_until == row.claimed_until)
    return connection.execute(update(zoho_outbox).where(*ours).values(**values)).rowcount > 0


def done(connection: Connection, numbers: Collection[int]) -> None:
    connection.execute(delete(zoho_outbox).where(_table.number.in_(list(numbers))))


def give_back(connection: Connection, number: int, **values: Any) -> None:
    """It waits again; `values` are what else is different."""
    connection.execute(
        update(zoho_outbox)
        .where(_table.number == number)
        .values(**{"state": WAITING, "claimed_until": None, **_short(values)})
    )


def stick(connection: Connection, number: int, trouble: str, why: str) -> None:
    values = {"state": STUCK, "trouble": trouble, "why": why}
    connection.execute(
        update(zoho_outbox)
        .where(_table.number == number)
        .values(**_short(values), claimed_until=None, sent_at=None, next_at=None)
    )


def _short(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[:MOST_LETTERS_OF_A_NOTE] if name == "why" else value for name, value in values.items()}


def rename(connection: Connection, module: str, old: str, new: str) -> None:
    """What waits for one of our records waits for another."""
    connection.execute(update(zoho_outbox).where(_table.module == module, _table.local_id == old).values(local_id=new))


def creates_of(connection: Connection, records: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these records whose creation is still in the outbox, in whatever state."""
    found: set[tuple[str, str]] = set()
    wanted = list(records)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        ids = [local_id for _, local_id in wanted[start : start + MOST_AT_ONCE]]
        query = select(_table.module, _table.local_id).where(_table.action == CREATE, _table.local_id.in_(ids))
        found.update((module, local_id) for module, local_id in connection.execute(query))
    return found & set(wanted)


def counts(connection: Connection) -> dict[str, int]:
    """State -> how many rows."""
    query = select(_table.state, func.count()).group_by(_table.state)
    return dict(connection.execute(query).tuples().all())


def listed(connection: Connection, states: Sequence[str], most: int) -> list[Row]:
    """The oldest first."""
    query = select(*_COLUMNS).where(_table.state.in_(list(states))).order_by(_table.number).limit(most)
    return [Row(*row) for row in connection.execute(query)]
