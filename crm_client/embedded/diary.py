"""Whose time is taken when, and how two people are kept from booking the same hour.

Whoever writes an event into an owner's diary first takes that diary's row and holds it until the transaction ends
(SQLite holds the whole database). So the look at the diary and the new entry are one thing, in any number of
processes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.columns import Words
from crm_client.embedded.record_rows import ACTIVITIES
from crm_client.embedded.tables import crm_diaries
from crm_client.records import Activity

# An event that does not say when it ends takes an hour.
USUAL_LENGTH = timedelta(hours=1)

_events = ACTIVITIES.table
_overlapping: Select[Any] = select(*ACTIVITIES.columns).where(
    _events.c.kind == "event",
    _events.c.start_at < bindparam("end"),
    _events.c.busy_until > bindparam("start"),
)
_owner: Any = bindparam("owner_id", type_=Words())
_BETWEEN = (
    _overlapping.where(_events.c.status.in_(("open", "completed")))
    .where(or_(_owner == "", _events.c.owner_id == _owner))
    .order_by(_events.c.start_at, _events.c.id)
)
_TAKEN = _overlapping.where(
    _events.c.status == "open", _events.c.owner_id == _owner, _events.c.id != bindparam("id")
).limit(1)


def _holding(fresh: Any) -> Any:
    entries = crm_diaries.c.entries + fresh.excluded.entries
    return fresh.on_conflict_do_update(index_elements=["owner_id"], set_={"entries": entries})


_HOLD = {"sqlite": _holding(sqlite.insert(crm_diaries)), "postgresql": _holding(postgresql.insert(crm_diaries))}


def hold(connection: Connection, owner_id: str) -> None:
    """Nobody else writes into this owner's diary until the transaction ends."""
    connection.execute(_HOLD[connection.dialect.name], {"owner_id": owner_id, "entries": 1})


def busy_until(activity: Activity) -> datetime | None:
    if activity.kind != "event":
        return None
    return activity.end_at or activity.start_at + USUAL_LENGTH


def other_event_at(connection: Connection, event: Activity) -> Activity | None:
    """An open event of the same owner that overlaps this one."""
    wanted = {"start": event.start_at, "end": busy_until(event), "owner_id": event.owner_id, "id": event.id}
    return ACTIVITIES.read(connection.execute(_TAKEN, wanted).first())


def between(connection: Connection, start: datetime, end: datetime, owner_id: str) -> tuple[Activity, ...]:
    rows = connection.execute(_BETWEEN, {"start": start, "end": end, "owner_id": owner_id})
    return tuple(Activity(*row) for row in rows)
