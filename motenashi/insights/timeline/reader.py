"""One person's timeline, read from the store: a handful of queries, whatever has happened.

All of a person's history is read lean, since gaps, answers and milestones need every entry; titles and counts are read
for the rows that are shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from crm_client.embedded.store import as_crm_errors
from crm_client.embedded.tables import crm_owners
from motenashi.database import Database
from motenashi.insights.timeline.details import outlines_of, touches_of
from motenashi.insights.timeline.entries import Entry, microseconds
from motenashi.insights.timeline.export import ExportFormat, exported
from motenashi.insights.timeline.milestones import milestones_of, read_changes
from motenashi.insights.timeline.module_rhythms import ModuleRhythms
from motenashi.insights.timeline.periods import bounds_of
from motenashi.insights.timeline.person_rows import Person, find
from motenashi.insights.timeline.rhythm import rhythm_of
from motenashi.insights.timeline.summary import summary_of
from motenashi.insights.timeline.timeline import Milestone, PersonKind, Query, Rhythm, Row, Timeline, Touch
from motenashi.insights.timeline.touches import read_touches
from motenashi.insights.timeline.views import Seen, seen

MOST = 100
_S = 1_000_000
_MOST_USERS = 500
_Key = tuple[int, str]
_NAMES = select(crm_owners.c.id, crm_owners.c.name).where(crm_owners.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class _History:
    """All of it, in time order. `counting`: the entries that end a silence."""

    person: Person
    entries: Sequence[Entry]
    touches: Sequence[Entry]
    counting: Sequence[Entry]
    milestones: dict[_Key, Milestone]
    users: dict[str, str]

    def gaps_s(self) -> list[float]:
        return [(later.at - earlier.at) / _S for earlier, later in pairwise(self.counting)]

    def gap_s(self, entry: Entry) -> float | None:
        """Since the entry before it."""
        place = bisect_left(self.counting, entry) if entry.counts else 0
        return (entry.at - self.counting[place - 1].at) / _S if place else None


class TimelineReader:
    """`zone`: the house's, for days; `clock` says what time it is: nothing later is told."""

    def __init__(
        self, database: Database, zone: ZoneInfo, rhythms: ModuleRhythms, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._zone = zone
        self._rhythms = rhythms
        self._clock = clock

    def read(
        self,
        kind: PersonKind,
        person_id: str,
        query: Query,
        *,
        most: int | None = MOST,
        skip: int = 0,
        outline: bool = False,
    ) -> Timeline | None:
        """The newest rows first, without the first `skip`, at most `most` (None: all). None: no such person.
        CrmUnreachable when the store does not answer. `outline`: touches without titles, counts and deals, for whoever
        draws all of them or looks for a day; it saves most of the time where there are thousands."""
        now = self._clock()
        with as_crm_errors("read timeline"), self._database.read() as connection:
            person = find(connection, kind, person_id)
            if person is None:
                return None
            history = _read_history(connection, person, now)
            rhythm = self._rhythm(connection, history, query)
            start, end = (microseconds(at) if at else None for at in bounds_of(query, self._zone, now))
            view = seen(history.entries, query, start, end)
            return _told(
                connection, history, query, view, rhythm, now=microseconds(now), most=most, skip=skip, outline=outline
            )

    def export(self, kind: PersonKind, person_id: str, query: Query, form: ExportFormat) -> str | None:
        """All rows of the query as a file (`form`: csv, json). None: no such person."""
        timeline = self.read(kind, person_id, query, most=None)
        return None if timeline is None else exported(timeline, form)

    def _rhythm(self, connection: Connection, history: _History, query: Query) -> Rhythm:
        usual = self._rhythms.of(history.person.module, connection)
        gaps = history.gaps_s()
        if usual is None:
            return rhythm_of(gaps, query.rhythm)
        return rhythm_of(gaps, query.rhythm, mean_s=usual.mean_s, computed_at=usual.computed_at)


def _read_history(connection: Connection, person: Person, now: datetime) -> _History:
    touches = sorted(read_touches(connection, person, now))
    changes = read_changes(connection, person, now)
    entries = sorted([*touches, *(one.entry for one in changes)]) if changes else touches
    users = _users(connection, {one.user_id for one in entries if one.user_id})
    milestones = milestones_of(changes, touches, person, users, microseconds(now))
    counting = [one for one in entries if one.counts]
    return _History(person, entries, touches, counting, milestones, users)


def _users(connection: Connection, ids: set[str]) -> dict[str, str]:
    """Names by id; of whoever is no owner (any more), what stands there."""
    wanted = sorted(ids)[:_MOST_USERS]
    if not wanted:
        return {}
    return {one: one for one in wanted} | dict(connection.execute(_NAMES, {"ids": wanted}).tuples().all())


def _told(
    connection: Connection,
    history: _History,
    query: Query,
    view: Seen,
    rhythm: Rhythm,
    *,
    now: int,
    most: int | None,
    skip: int,
    outline: bool,
) -> Timeline:
    newest_first = view.steps[::-1]
    shown = newest_first[skip:] if most is None else newest_first[skip : skip + most]
    folded = [one for step in shown for one in view.folded.get(step, ())]
    wanted = [*shown, *folded, *view.unanswered]
    touches = outlines_of(wanted, history.users) if outline else touches_of(connection, wanted, history.users)
    rows = (_row(step, view.folded.get(step, ()), history, touches, rhythm) for step in shown)
    return Timeline(
        person_kind=history.person.kind,
        person_id=history.person.id,
        query=query,
        rows=tuple(row for row in rows if row is not None),
        total=len(view.steps),
        rhythm=rhythm,
        summary=summary_of(history.touches, len(history.milestones), limit_s=rhythm.limit_s, now=now),
        users=history.users,
        channels=tuple(sorted({one.channel for one in history.touches})),
        unanswered=_touches(view.unanswered, touches),
    )


def _row(
    step: Entry, folded: Sequence[Entry], history: _History, touches: dict[_Key, Touch], rhythm: Rhythm
) -> Row | None:
    """None: it was deleted between two of our queries."""
    touch, milestone = touches.get((step.rank, step.id)), history.milestones.get((step.rank, step.id))
    if touch is None and milestone is None:
        return None
    gap = history.gap_s(step)
    inactive = gap is not None and rhythm.limit_s is not None and gap > rhythm.limit_s
    return Row(touch, milestone, None if gap is None else int(gap), inactive, _touches(folded, touches))


def _touches(entries: Iterable[Entry], touches: dict[_Key, Touch]) -> tuple[Touch, ...]:
    return tuple(touch for one in entries if (touch := touches.get((one.rank, one.id))) is not None)
