"""Everything there is to tell of the few touches that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, select

from crm_client.embedded.tables import crm_activities, crm_emails, crm_touchpoints
from motenashi.insights.timeline.entries import Entry, Source, moment
from motenashi.insights.timeline.timeline import Touch

_AT_ONCE = 500  # databases take only so many values in one statement

_A, _E, _T = crm_activities.c, crm_emails.c, crm_touchpoints.c
_COLUMNS: Mapping[Source, Sequence[Column[Any]]] = {
    "activity": (_A.id, _A.purpose, _A.subject, _A.deal_id, _A.start_at, _A.end_at),
    "email": (_E.id, _E.purpose, _E.subject, _E.deal_id),
    "touchpoint": (_T.id, _T.type, _T.title, _T.deal_id, _T.duration_s, _T.pages, _T.count),
}
_ASKED: Mapping[Source, Select[Any]] = {
    source: select(*columns).where(columns[0].in_(bindparam("ids", expanding=True)))
    for source, columns in _COLUMNS.items()
}


def touches_of(
    connection: Connection, entries: Iterable[Entry], users: Mapping[str, str]
) -> dict[tuple[int, str], Touch]:
    """By the rank and id of their entries. One query a source for each 500."""
    made: dict[tuple[int, str], Touch] = {}
    wanted: dict[Source, dict[str, Entry]] = {}
    for one in entries:
        if one.is_touch:
            wanted.setdefault(one.source, {})[one.id] = one
    for source, by_id in wanted.items():
        ids = list(by_id)
        for start in range(0, len(ids), _AT_ONCE):
            for row in connection.execute(_ASKED[source], {"ids": ids[start : start + _AT_ONCE]}):
                entry = by_id[row[0]]
                made[entry.rank, entry.id] = _touch(entry, row, users)
    return made


def outlines_of(entries: Iterable[Entry], users: Mapping[str, str]) -> dict[tuple[int, str], Touch]:
    """The same without asking anybody: when, whose side, which channel, who; no title, no counts, no deal."""
    return {(one.rank, one.id): _outline(one, users) for one in entries if one.is_touch}


def _outline(entry: Entry, users: Mapping[str, str]) -> Touch:
    return Touch(
        id=f"{entry.source}:{entry.id}",
        at=moment(entry.at),
        side="signal" if entry.signal else "follow_up",
        channel=entry.channel,
        user_id=entry.user_id,
        user=users.get(entry.user_id, entry.user_id),
        status=entry.status,
    )


def _touch(entry: Entry, row: Sequence[Any], users: Mapping[str, str]) -> Touch:
    counts = _COUNTS[entry.source](row)
    return replace(_outline(entry, users), type=row[1], title=row[2], deal_id=row[3], **counts)


def _of_activity(row: Sequence[Any]) -> dict[str, Any]:
    start, end = row[4], row[5]
    return {"duration_s": int((end - start).total_seconds()) if end is not None and end > start else None}


def _of_touchpoint(row: Sequence[Any]) -> dict[str, Any]:
    return {"duration_s": row[4], "pages": row[5], "count": row[6]}


_COUNTS: Mapping[Source, Callable[[Sequence[Any]], dict[str, Any]]] = {
    "activity": _of_activity,
    "email": lambda row: {},
    "touchpoint": _of_touchpoint,
}
