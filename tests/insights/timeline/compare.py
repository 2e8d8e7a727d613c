"""One person's timeline, in all three views, held against what a plain computation says."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from motenashi.insights.timeline.reader import TimelineReader
from motenashi.insights.timeline.timeline import PersonKind, Query, Row, Timeline
from tests.insights.timeline import brute_force
from tests.insights.timeline.brute_force import Fact


def key_of(row: Row) -> str:
    """As the facts are named: numbers of milestones with zeros before them."""
    one = row.touch or row.milestone
    assert one is not None
    source, _, name = one.id.partition(":")
    return f"{source}:{int(name):09}" if row.milestone else one.id


def read(reader: TimelineReader, kind: PersonKind, person_id: str, query: Query | None = None) -> Timeline:
    timeline = reader.read(kind, person_id, query or Query(), most=None)
    assert timeline is not None
    return timeline


def compare(
    reader: TimelineReader, kind: PersonKind, person_id: str, facts: list[Fact], usual: Fraction | None, now: datetime
) -> None:
    whole = read(reader, kind, person_id)
    rows = whole.rows[::-1]
    assert [(row.at, key_of(row)) for row in rows] == [(one.at, one.id) for one in facts]
    sides = [row.touch.side if row.touch else key_of(row).partition(":")[0] for row in rows]
    assert sides == [one.side for one in facts]
    gaps = {key: gap // 1_000_000 for key, gap in brute_force.gaps(facts).items()}
    assert {key_of(row): row.gap_s for row in rows if row.gap_s is not None} == gaps
    assert {key_of(row) for row in rows if row.inactive} == brute_force.inactive(facts, usual)
    for row, fact in zip(rows, facts, strict=True):
        if row.milestone:
            told = (row.milestone.lasted_s, row.milestone.signals, row.milestone.follow_ups)
            assert told == brute_force.inside(facts, fact, now)
    _compare_views(reader, kind, person_id, facts)
    signals = sum(one.side == "signal" for one in facts)
    touches = sum(not one.track for one in facts)
    assert (whole.summary.signals, whole.summary.follow_ups) == (signals, touches - signals)


def _compare_views(reader: TimelineReader, kind: PersonKind, person_id: str, facts: list[Fact]) -> None:
    seen = read(reader, kind, person_id, Query(view="signals")).rows[::-1]
    pairs = []
    for place, row in enumerate(seen):
        assert row.touch is not None
        if row.touch.side == "signal":
            before = seen[place - 1] if place else None
            paired = before if before and before.touch and before.touch.side == "follow_up" else None
            folded = tuple(touch.id for touch in paired.folded) if paired else ()
            pairs.append((key_of(row), key_of(paired) if paired else "", folded))
    assert pairs == brute_force.view_of_signals(facts)
    milestones = read(reader, kind, person_id, Query(view="milestones")).rows[::-1]
    assert [key_of(row) for row in milestones] == brute_force.view_of_milestones(facts)
