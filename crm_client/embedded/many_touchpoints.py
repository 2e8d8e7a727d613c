"""Many touchpoints written in a few statements, each as `record_rows.save_once` would write it alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.columns import kept
from crm_client.embedded.record_rows import TOUCHPOINTS, new_id
from crm_client.errors import CrmRejected
from crm_client.records import Touchpoint

MOST_AT_ONCE = 500  # databases take only so many values in one statement

_TABLE = TOUCHPOINTS.table
_WITH_KEYS: Select[Any] = select(*TOUCHPOINTS.columns).where(_TABLE.c.key.in_(bindparam("keys", expanding=True)))

_SET_STATUS = update(_TABLE).where(_TABLE.c.key == bindparam("the_key")).values(status=bindparam("new"))


def save_many(connection: Connection, touchpoints: Sequence[Touchpoint]) -> tuple[Touchpoint, ...]:
    """As they are stored, in their order. What was stored under a key before stays as it is. CrmRejected for one that
    has an id, or no key."""
    if any(one.id or not one.key for one in touchpoints):
        raise CrmRejected("save touchpoints", "new touchpoints have a key and no id", "key")
    if touchpoints:
        rows = [TOUCHPOINTS.values(one) | {"id": new_id()} for one in touchpoints]
        connection.execute(_adding(connection.dialect.name), rows)
    by_key = {one.key: one for one in _with_keys(connection, (kept(one.key) for one in touchpoints))}
    return tuple(by_key[kept(one.key)] for one in touchpoints)


def set_statuses(connection: Connection, statuses: Mapping[str, str]) -> tuple[Touchpoint, ...]:
    """By key; those that there are, as they are now."""
    if statuses:
        connection.execute(_SET_STATUS, [{"the_key": key, "new": status} for key, status in statuses.items()])
    return tuple(_with_keys(connection, statuses))


def _with_keys(connection: Connection, keys: Iterable[str]) -> Iterator[Touchpoint]:
    wanted = list(keys)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        for row in connection.execute(_WITH_KEYS, {"keys": wanted[start : start + MOST_AT_ONCE]}):
            yield Touchpoint(*row)


@cache
def _adding(dialect: str) -> Any:
    return _insert(dialect).on_conflict_do_nothing(index_elements=["key"])


def _insert(dialect: str) -> Any:
    return postgresql.insert(_TABLE) if dialect == "postgresql" else sqlite.insert(_TABLE)
