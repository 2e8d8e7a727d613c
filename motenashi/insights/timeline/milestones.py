"""One person's milestones: stages of their deals, and tracked fields that got other values."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from crm_client.embedded.tables import crm_field_changes, crm_stage_changes, crm_stages
from motenashi.insights.timeline.entries import RANKS, Entry, microseconds, moment
from motenashi.insights.timeline.person_rows import NOW, PERSON, Person, Shape, in_deals, in_leads
from motenashi.insights.timeline.timeline import Milestone

_CHANGES = crm_field_changes.c
_STAGES = crm_stage_changes.c


@dataclass(frozen=True)
class Change:
    """`track`: the field of the record that changed, so that each change ends the one before it on its track."""

    entry: Entry
    track: tuple[str, ...]
    field: str
    from_value: str
    to_value: str
    outcome: str = ""
    deal_id: str = ""


def read_changes(connection: Connection, person: Person, now: datetime) -> list[Change]:
    """In time order; changes of one track at the same moment in the order in which they were written."""
    changes = [*_stages(connection, person, now), *_fields(connection, person, now)]
    return sorted(changes, key=lambda one: one.entry)


_ASKED_STAGES: Select[Any] = (
    select(
        _STAGES.number,
        _STAGES.at,
        _STAGES.deal_id,
        _STAGES.from_stage,
        _STAGES.to_stage,
        _STAGES.changed_by,
        crm_stages.c.outcome,
    )
    .outerjoin(crm_stages, crm_stages.c.name == _STAGES.to_stage)
    .where(in_deals(_STAGES.deal_id), _STAGES.at <= NOW)
)


@cache
def _asked_fields(shape: Shape) -> Select[Any]:
    ways = [and_(_CHANGES.module == "contacts", _CHANGES.record_id == PERSON)] if shape.kind == "contact" else []
    if shape.leads:
        ways.append(and_(_CHANGES.module == "leads", in_leads(_CHANGES.record_id)))
    if shape.deals:
        ways.append(and_(_CHANGES.module == "deals", in_deals(_CHANGES.record_id)))
    return select(crm_field_changes).where(or_(*ways), _CHANGES.at <= NOW)


def _stages(connection: Connection, person: Person, now: datetime) -> Iterator[Change]:
    rows = connection.execute(_ASKED_STAGES, person.values(now)) if person.deals else ()
    for number, at, deal_id, before, after, by, outcome in rows:
        entry = Entry(microseconds(at), RANKS["stage"], _id(number), "stage", False, "", "", by, True)
        yield Change(entry, ("stage", deal_id), "deals.stage", before, after, outcome or "", deal_id)


def _fields(connection: Connection, person: Person, now: datetime) -> Iterator[Change]:
    for row in connection.execute(_asked_fields(person.shape), person.values(now)):
        at, number = microseconds(row.at), _id(row.number)
        entry = Entry(at, RANKS["field"], number, "field", False, "", "", row.changed_by, False)
        deal_id = row.record_id if row.module == "deals" else ""
        track = (row.module, row.record_id, row.field)
        yield Change(entry, track, f"{row.module}.{row.field}", row.from_value, row.to_value, "", deal_id)


def _id(number: int) -> str:
    return f"{number:019d}"


def milestones_of(
    changes: Sequence[Change], touches: Sequence[Entry], person: Person, users: dict[str, str], now: int
) -> dict[tuple[int, str], Milestone]:
    """By the rank and id of their entries. `touches` in time order; `now` in microseconds, as their moments are."""
    counter = _Counter(touches if changes else ())
    made: dict[tuple[int, str], Milestone] = {}
    ends: dict[tuple[str, ...], int] = {}
    for one in reversed(changes):
        entry, ended = one.entry, one.track in ends
        until = ends.get(one.track, now)
        signals, follow_ups = counter.between(entry.at, until if ended else now + 1)
        made[entry.rank, entry.id] = Milestone(
            id=f"{entry.source}:{int(entry.id)}",
            at=moment(entry.at),
            field=one.field,
            from_value=one.from_value,
            to_value=one.to_value,
            outcome=one.outcome,
            user_id=entry.user_id,
            user=users.get(entry.user_id, entry.user_id),
            deal_id=one.deal_id,
            deal=person.deals.get(one.deal_id, ""),
            lasted_s=max(until - entry.at, 0) // 1_000_000,
            ended=ended,
            signals=signals,
            follow_ups=follow_ups,
        )
        ends[one.track] = entry.at
    return made


class _Counter:
    """How many touches lie in a time, without looking at each."""

    def __init__(self, touches: Sequence[Entry]) -> None:
        self._moments = [one.at for one in touches]
        self._signals = [0, *accumulate(one.signal for one in touches)]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Signals and follow-ups from `start` on and before `end`."""
        first, last = bisect_left(self._moments, start), bisect_left(self._moments, end)
        signals = self._signals[last] - self._signals[first]
        return signals, last - first - signals
