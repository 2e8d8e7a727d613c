"""What may go before a loss: what was said, how, where, and what was left unanswered; counted in one statement.

Each factor is a query of (kind, name, person) over the customers compared. A new one is one more function in FACTORS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.sql.selectable import CTE

from crm_client.embedded.tables import crm_activities, crm_emails, crm_touchpoints
from motenashi.insights.voice.tables import voice_intents, voice_products
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.seconds import seconds_of
from motenashi.voice_reports.tables import voice_said, voice_said_people, voice_said_words

DAY = 86_400
SILENCES = (14, 30, 60)  # days without a word of either side just before
UNANSWERED = 3  # days after their last word without one of ours

FactorName = tuple[str, str]  # kind, name
Counts = dict[str, tuple[int, int]]  # by stratum: customers, and those of them who were lost

_said, _word, _people = voice_said, voice_said_words, voice_said_people


def exposures(
    connection: Connection, question: Question, people: CTE, fewest: int
) -> tuple[Counts, dict[FactorName, Counts]]:
    """Of all customers compared by stratum, and of those with each factor that at least `fewest` have."""
    responses = said_before(question, people)
    everyone = select(literal("").label("kind"), literal("").label("name"), people.c.person)
    had = union_all(everyone, *(query for factor in FACTORS for query in factor(people, responses))).subquery()
    counts = select(had.c.kind, had.c.name, people.c.stratum, func.count().label("all"), func.sum(people.c.lost))
    counts = counts.join_from(had, people, people.c.person == had.c.person)
    table = counts.group_by(had.c.kind, had.c.name, people.c.stratum).subquery()
    of_all = func.sum(table.c.all).over(partition_by=(table.c.kind, table.c.name))
    ranked = select(table, of_all.label("of_all")).subquery()
    found: dict[FactorName, Counts] = {}
    for kind, name, stratum, count, lost, _ in connection.execute(
        select(ranked).where(or_(ranked.c.of_all >= fewest, ranked.c.kind == ""))
    ):
        found.setdefault((kind, name), {})[stratum] = (int(count), int(lost))
    return found.pop(("", ""), {}), found


def said_before(question: Question, people: CTE) -> CTE:
    """What the customers compared said in the time looked at."""
    inside = and_(_said.c.person == people.c.person, _said.c.at_s >= people.c.from_s, _said.c.at_s < people.c.to_s)
    columns = (
        people.c.person,
        people.c.lost,
        people.c.to_s,
        _said.c.response_id,
        _said.c.at_s,
        _said.c.channel,
        _said.c.tone,
    )
    query = select(*columns, _said.c.emotion).join_from(people, _said, inside)
    return query.where(question.conditions(_said, in_period=False)).cte("theirs")


def _keywords(people: CTE, responses: CTE) -> list[Select[Any]]:
    same = and_(_word.c.response_id == responses.c.response_id, _word.c.said_by != "us")
    return [
        select(_kind(_word), _word.c.normal.label("name"), responses.c.person)
        .distinct()
        .join_from(responses, _word, same)
    ]


def _kind(word: Any) -> ColumnElement[str]:
    return case((word.c.kind == "competitor", literal("competitor")), else_=literal("keyword")).label("kind")


def _intents(people: CTE, responses: CTE) -> list[Select[Any]]:
    same = voice_intents.c.response_id == responses.c.response_id
    query = select(literal("intent").label("kind"), voice_intents.c.label.label("name"), responses.c.person)
    return [query.distinct().join_from(responses, voice_intents, same)]


def _products(people: CTE, responses: CTE) -> list[Select[Any]]:
    same = voice_products.c.response_id == responses.c.response_id
    query = select(literal("product").label("kind"), voice_products.c.product_id.label("name"), responses.c.person)
    return [query.distinct().join_from(responses, voice_products, same)]


def _of_responses(people: CTE, responses: CTE) -> list[Select[Any]]:
    """What each response is as a whole. A neutral tone or feeling is no news."""
    return [
        select(literal(kind).label("kind"), responses.c[kind].label("name"), responses.c.person)
        .distinct()
        .where(responses.c[kind].not_in(("", "neutral")))
        for kind in ("channel", "tone", "emotion")
    ]


def _silences(people: CTE, responses: CTE) -> list[Select[Any]]:
    """Silence just before the moment, and a last word of theirs that nobody answered."""
    theirs = select(responses.c.person, responses.c.to_s, func.max(responses.c.at_s).label("heard_s"))
    heard = theirs.group_by(responses.c.person, responses.c.to_s).cte("last_heard")
    ours = union_all(*(_answers(heard, *kind) for kind in _OURS)).subquery()
    wrote = select(ours.c.person, func.max(ours.c.at_s).label("wrote_s")).group_by(ours.c.person).cte("last_written")
    ways = heard.outerjoin(wrote, wrote.c.person == heard.c.person)
    last = func.coalesce(wrote.c.wrote_s, heard.c.heard_s)

    def factor(kind: str, days: int, *tests: Any) -> Select[Any]:
        columns = (literal(kind).label("kind"), literal(str(days)).label("name"), heard.c.person)
        return select(*columns).select_from(ways).where(heard.c.to_s - last >= days * DAY, *tests)

    silent = [factor("silence", days) for days in SILENCES]
    return [*silent, factor("unanswered", UNANSWERED, wrote.c.wrote_s.is_(None))]


# Words of ours: the time, and which rows of its table are ours.
_OURS = (
    (crm_emails.c.sent_at, crm_emails.c.direction == "out"),
    (
        crm_activities.c.start_at,
        and_(
            crm_activities.c.status == "completed",
            or_(
                crm_activities.c.kind == "event",
                and_(crm_activities.c.kind == "call", crm_activities.c.direction == "outbound"),
            ),
        ),
    ),
    (crm_touchpoints.c.at, crm_touchpoints.c.signal.is_(False)),
)


def _answers(heard: CTE, at: Column[Any], ours: ColumnElement[bool]) -> Select[Any]:
    """When we turned to them after their last word and before the moment."""
    table, second = at.table, seconds_of(at)
    ways = heard.join(_people, _people.c.no == heard.c.person)
    ways = ways.join(table, and_(table.c.contact_id == _people.c.contact_id, _people.c.contact_id != ""))
    query = select(heard.c.person, second.label("at_s")).select_from(ways)
    return query.where(ours, second > heard.c.heard_s, second < heard.c.to_s)


FACTORS: tuple[Callable[[CTE, CTE], list[Select[Any]]], ...] = (
    _keywords,
    _intents,
    _products,
    _of_responses,
    _silences,
)
