"""Competitors: how many customers name each, when, where, in what tone and beside what; and how deals end after it.

A deal has met a competitor when its contact named one between the deal's first day and its end. Deals that ended in the
period are compared with those that ended in the period and met none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, select

from crm_client.embedded.tables import crm_deals, crm_stages
from motenashi.voice_reports.intervals import Interval, Share, difference, wilson
from motenashi.voice_reports.keywords import texts_of
from motenashi.voice_reports.question import Question, Span
from motenashi.voice_reports.seconds import at_second, seconds_of
from motenashi.voice_reports.tables import voice_said_people, voice_said_words
from motenashi.voice_reports.tones import spans_table

MOST = 12  # competitors
BESIDE = 6  # keywords named with each
BESIDE_FROM = 5_000  # of the newest mentions of the period: enough to see them
NO_SHARE = wilson(0, 0)
_RIVAL = "competitor"

_word = voice_said_words
_people = func.count(_word.c.person.distinct())


@dataclass(frozen=True)
class Rival:
    """Numbers of customers, but for `responses`. `won`: of the deals that met it, those that were won; `less`: how
    much that is above (or below) deals that met no competitor, None where there is nothing to compare."""

    normal: str
    text: str
    customers: int
    responses: int
    before: int = 0
    tones: Mapping[str, int] = field(default_factory=dict)
    intents: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    beside: tuple[tuple[str, int], ...] = ()  # general keywords in the same responses
    won: Share = NO_SHARE
    less: Interval | None = None


@dataclass(frozen=True)
class RivalReport:
    """`spans`: of each span of time, customers by competitor (its normal form). `customers`: who named any."""

    rivals: tuple[Rival, ...] = ()
    spans: tuple[tuple[Span, Mapping[str, int]], ...] = ()
    customers: int = 0
    won_with: Share = NO_SHARE
    won_without: Share = NO_SHARE
    less: Interval | None = None


def rival_report(connection: Connection, question: Question) -> RivalReport:
    wanted = and_(_word.c.kind == _RIVAL, question.conditions(_word))
    times = func.count()
    first = select(_word.c.normal, _people, times).where(wanted).group_by(_word.c.normal)
    first = first.order_by(_people.desc(), times.desc(), _word.c.normal).limit(MOST)
    rows = [(normal, int(people), int(count)) for normal, people, count in connection.execute(first)]
    names = [normal for normal, *_ in rows]
    customers = int(connection.execute(select(_people).where(wanted)).scalar_one())
    ends = _ends(connection, question, names)
    without = wilson(*ends.get("", (0, 0)))
    with_any = wilson(*ends.get("*", (0, 0)))
    if not rows:
        return RivalReport(won_without=without)
    told = _details(connection, question, names)
    texts = texts_of(connection, [(_RIVAL, name) for name in names])
    rivals = []
    for normal, people, count in rows:
        won = wilson(*ends.get(normal, (0, 0)))
        text = texts.get((_RIVAL, normal), normal)
        rivals.append(
            Rival(normal, text, people, count, won=won, less=difference(won, without), **told.get(normal, {}))
        )
    spans = _over_time(connection, question, names)
    return RivalReport(tuple(rivals), spans, customers, with_any, without, difference(with_any, without))


def _details(connection: Connection, question: Question, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {name: {"tones": {}, "intents": {}, "channels": {}} for name in names}
    ours = and_(_word.c.kind == _RIVAL, _word.c.normal.in_(names))
    for name, column in (("tones", _word.c.tone), ("intents", _word.c.intent), ("channels", _word.c.channel)):
        query = select(_word.c.normal, column, _people).where(ours, question.conditions(_word))
        for normal, value, count in connection.execute(query.group_by(_word.c.normal, column)):
            if count:
                told[normal][name][value] = int(count)
    then = select(_word.c.normal, _people).where(ours, question.before.conditions(_word)).group_by(_word.c.normal)
    for normal, count in connection.execute(then):
        told[normal]["before"] = int(count)
    for normal, words in _beside(connection, question, names).items():
        told[normal]["beside"] = words
    return told


def _beside(connection: Connection, question: Question, names: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The keywords that most customers say in one response with each competitor, lately."""
    ours = and_(_word.c.kind == _RIVAL, _word.c.normal.in_(names))
    newest = select(_word.c.response_id, _word.c.normal, _word.c.person).where(ours, question.conditions(_word))
    rival = newest.order_by(_word.c.at_s.desc()).limit(BESIDE_FROM).cte("rival")
    word = _word.alias("word")
    people = func.count(rival.c.person.distinct()).label("people")
    together = and_(word.c.response_id == rival.c.response_id, word.c.kind == "general")
    pairs = select(rival.c.normal.label("rival"), word.c.normal.label("word"), people).join_from(rival, word, together)
    table = pairs.group_by(rival.c.normal, word.c.normal).subquery()
    place = func.row_number().over(partition_by=table.c.rival, order_by=(table.c.people.desc(), table.c.word))
    ranked = select(table, place.label("place")).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.place <= BESIDE).order_by(ranked.c.rival, ranked.c.place))
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(row.rival, []).append((row.word, int(row.people)))
    return {normal: tuple(words) for normal, words in found.items()}


def _over_time(
    connection: Connection, question: Question, names: Sequence[str]
) -> tuple[tuple[Span, Mapping[str, int]], ...]:
    spans = question.spans("week" if question.span_kind == "day" else None)
    rows = spans_table(spans)
    inside = and_(_word.c.at_s >= rows.c.since_s, _word.c.at_s < rows.c.until_s, _word.c.kind == _RIVAL)
    query = select(rows.c.no, _word.c.normal, _people).join_from(rows, _word, inside)
    query = query.where(_word.c.normal.in_(names), question.conditions(_word, in_period=False))
    found: dict[int, dict[str, int]] = {}
    for no, normal, people in connection.execute(query.group_by(rows.c.no, _word.c.normal)):
        found.setdefault(no, {})[normal] = int(people)
    return tuple((span, found.get(no, {})) for no, span in enumerate(spans))


def _ends(connection: Connection, question: Question, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Won and all deals that ended in the period: by competitor met, "*" for any of all, "" for none."""
    deals = closed_deals(question)
    table = deals.cte("ended")
    met = and_(
        _word.c.kind == _RIVAL,
        _word.c.person == table.c.person,
        _word.c.at_s >= table.c.began_s,
        _word.c.at_s <= table.c.ended_s,
        question.conditions(_word, in_period=False),
    )
    won, count = func.sum(table.c.won), func.count()
    any_met = case((exists().where(met), 1), else_=0).label("any_met")
    found: dict[str, tuple[int, int]] = {}
    by_any = select(any_met, won, count).select_from(table).group_by(any_met)
    for is_met, good, whole in connection.execute(by_any):
        found["*" if is_met else ""] = (int(good), int(whole))
    if names:
        each = select(_word.c.normal, table.c.deal_id, table.c.won).distinct().join_from(table, _word, met)
        one = each.where(_word.c.normal.in_(names)).subquery()
        by_rival = select(one.c.normal, func.sum(one.c.won), func.count()).group_by(one.c.normal)
        for normal, good, whole in connection.execute(by_rival):
            found[normal] = (int(good), int(whole))
    return found


def closed_deals(question: Question) -> Any:
    """Deals of known people that were won or lost in the period: deal_id, person, won (1 or 0), began_s, ended_s."""
    deal, person = crm_deals, voice_said_people
    ended: ColumnElement[Any] = deal.c.closed_at
    return (
        select(
            deal.c.id.label("deal_id"),
            person.c.no.label("person"),
            case((crm_stages.c.outcome == "won", 1), else_=0).label("won"),
            seconds_of(deal.c.created_at).label("began_s"),
            seconds_of(ended).label("ended_s"),
        )
        .join_from(deal, crm_stages, crm_stages.c.name == deal.c.stage)
        .join(person, and_(person.c.contact_id == deal.c.contact_id, deal.c.contact_id != ""))
        .where(
            crm_stages.c.outcome.in_(("won", "lost")),
            ended >= at_second(question.since_s),
            ended < at_second(question.until_s),
            question.who(person.c.no),
        )
    )
