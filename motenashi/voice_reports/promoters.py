"""Promoters and detractors: customers whose words are positive or negative, and who of them changed sides.

What somebody was before the period is what their last clear word (not a neutral one) before it was; what they are now,
their last clear word in it. Of both at the same moment the negative one counts. So every customer with a clear word in
the period is in exactly one group:

    new promoter         was neither; speaks well, for the first time ever
    new detractor        was neither; speaks badly, for the first time ever
    won back             was a detractor, is a promoter
    lost                 was a promoter, is a detractor (a negative word, and no positive one since)
    stays promoter       was one and is one: two positive words at least
    stays detractor      was one and is one: two negative words at least

The same by the score of surveys: 9 and 10 are a positive word, 0 to 6 a negative one (F. F. Reichheld, "The one number
you need to grow", Harvard Business Review 81, 2003).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from motenashi.voice_reports.question import Question
from motenashi.voice_reports.tables import voice_said, voice_said_people

Measure = Literal["tone", "score"]
Group = Literal["new_promoter", "new_detractor", "won_back", "lost", "stays_promoter", "stays_detractor"]
GROUPS: tuple[Group, ...] = (
    "new_promoter",
    "won_back",
    "stays_promoter",
    "new_detractor",
    "lost",
    "stays_detractor",
)
PROMOTER_FROM = 9
DETRACTOR_TO = 6

_heard, _people = voice_said, voice_said_people


@dataclass(frozen=True)
class PromoterReport:
    """Numbers of customers by group; groups with nobody in them are left out."""

    by_tone: Mapping[str, int] = field(default_factory=dict)
    by_score: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupMember:
    """A customer in a group; the time of the word that put them there, in seconds, and the response it stood in."""

    contact_id: str
    lead_id: str
    at_s: int


def promoter_report(connection: Connection, question: Question) -> PromoterReport:
    return PromoterReport(_counts(connection, question, "tone"), _counts(connection, question, "score"))


def members(
    connection: Connection, question: Question, measure: Measure, group: str, *, most: int, skip: int = 0
) -> tuple[GroupMember, ...]:
    """Who is in a group, the latest first; nobody for a group that there is not."""
    table = _grouped(question, measure).subquery()
    query = select(_people.c.contact_id, _people.c.lead_id, table.c.at_s)
    query = query.join_from(table, _people, _people.c.no == table.c.person).where(table.c.name == group)
    rows = connection.execute(query.order_by(table.c.at_s.desc(), table.c.person).limit(most).offset(skip))
    return tuple(GroupMember(row.contact_id, row.lead_id, int(row.at_s)) for row in rows)


def group_people(question: Question, measure: Measure, group: str) -> Select[Any]:
    """The numbers of the people in a group, as a query."""
    table = _grouped(question, measure).subquery()
    return select(table.c.person).where(table.c.name == group)


def _counts(connection: Connection, question: Question, measure: Measure) -> dict[str, int]:
    table = _grouped(question, measure).subquery()
    found = dict(connection.execute(select(table.c.name, func.count()).group_by(table.c.name)).tuples().all())
    return {group: int(found[group]) for group in GROUPS if group in found}


def _grouped(question: Question, measure: Measure) -> Select[Any]:
    """person, name of the group, at_s of the deciding word, for each who said something clear in the period."""
    good, bad = _clear(measure)
    before = _heard.c.at_s < question.since_s

    def last(*tests: Any) -> ColumnElement[int]:
        return func.coalesce(func.max(case((and_(*tests), _heard.c.at_s))), -1)

    each = select(
        _heard.c.person,
        last(before, good).label("good_before"),
        last(before, bad).label("bad_before"),
        last(~before, good).label("good_now"),
        last(~before, bad).label("bad_now"),
    ).where(
        _heard.c.person.is_not(None),
        _heard.c.at_s < question.until_s,
        or_(good, bad),
        question.conditions(_heard, in_period=False),
    )
    one = each.group_by(_heard.c.person).subquery()
    is_good = one.c.good_now > one.c.bad_now
    was_good = one.c.good_before > one.c.bad_before
    was_nothing = and_(one.c.good_before < 0, one.c.bad_before < 0)
    name = case(
        (and_(was_nothing, is_good), literal("new_promoter")),
        (was_nothing, literal("new_detractor")),
        (and_(was_good, is_good), literal("stays_promoter")),
        (was_good, literal("lost")),
        (is_good, literal("won_back")),
        else_=literal("stays_detractor"),
    )
    at_s = case((is_good, one.c.good_now), else_=one.c.bad_now)
    heard_now = or_(one.c.good_now >= 0, one.c.bad_now >= 0)
    return select(one.c.person, name.label("name"), at_s.label("at_s")).where(heard_now)


def _clear(measure: Measure) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if measure == "tone":
        return _heard.c.tone == "positive", _heard.c.tone == "negative"
    return _heard.c.score >= PROMOTER_FROM, _heard.c.score <= DETRACTOR_TO
