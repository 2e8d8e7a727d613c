"""How customers sound: tones over time and by channel, what they feel, what they want. Responses and customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, union_all
from sqlalchemy.sql.selectable import CTE

from motenashi.voice_reports.question import Question, Span
from motenashi.voice_reports.tables import voice_said

TONES = ("positive", "neutral", "negative")


@dataclass(frozen=True)
class Counted:
    """`customers`: different people; a response of somebody unknown is a response of no customer."""

    responses: int = 0
    customers: int = 0


Tones = Mapping[str, Counted]  # by tone


@dataclass(frozen=True)
class SpanTones:
    span: Span
    tones: Tones


@dataclass(frozen=True)
class ToneTotals:
    """`all` and by tone; `before` and `tones_before`: of the period of the same length just before."""

    all: Counted = Counted()
    tones: Tones = field(default_factory=dict)
    before: Counted = Counted()
    tones_before: Tones = field(default_factory=dict)


@dataclass(frozen=True)
class ToneReport:
    """Channels and intents: most responses first; emotions: most customers first."""

    totals: ToneTotals
    spans: tuple[SpanTones, ...] = ()
    channels: tuple[tuple[str, Tones], ...] = ()
    emotions: tuple[tuple[str, Counted], ...] = ()
    intents: tuple[tuple[str, Tones], ...] = ()


_heard = voice_said
COUNTS = (func.count(), func.count(_heard.c.person.distinct()))


def tone_report(connection: Connection, question: Question) -> ToneReport:
    return ToneReport(
        totals=tone_totals(connection, question),
        spans=tones_over_time(connection, question),
        channels=_tones_by(connection, question, _heard.c.channel),
        emotions=_emotions(connection, question),
        intents=_tones_by(connection, question, _heard.c.intent),
    )


def tone_totals(connection: Connection, question: Question) -> ToneTotals:
    now, then = (_totals(connection, one) for one in (question, question.before))
    return ToneTotals(*now, *then)


def _totals(connection: Connection, question: Question) -> tuple[Counted, Tones]:
    everyone = connection.execute(select(*COUNTS).where(question.conditions(_heard))).one()
    wanted = question.conditions(_heard, grouped=True)
    by_tone = connection.execute(select(_heard.c.tone, *COUNTS).where(wanted).group_by(_heard.c.tone))
    return Counted(*everyone), {tone: Counted(*counts) for tone, *counts in by_tone}


def spans_table(spans: tuple[Span, ...]) -> CTE:
    """The spans as rows of a query: no, since_s, until_s."""
    rows = [
        select(literal(no).label("no"), literal(span.since_s).label("since_s"), literal(span.until_s).label("until_s"))
        for no, span in enumerate(spans)
    ]
    return union_all(*rows).cte("spans")


def _emotions(connection: Connection, question: Question) -> tuple[tuple[str, Counted], ...]:
    query = select(_heard.c.emotion, *COUNTS)
    query = query.where(question.conditions(_heard, grouped=True), _heard.c.emotion != "")
    found = [(name, Counted(*counts)) for name, *counts in connection.execute(query.group_by(_heard.c.emotion))]
    return tuple(sorted(found, key=lambda one: (-one[1].customers, one[0])))


def tones_over_time(connection: Connection, question: Question) -> tuple[SpanTones, ...]:
    spans = question.spans()
    rows = spans_table(spans)
    inside = and_(_heard.c.at_s >= rows.c.since_s, _heard.c.at_s < rows.c.until_s)
    query = select(rows.c.no, _heard.c.tone, *COUNTS).join_from(rows, _heard, inside)
    query = query.where(question.conditions(_heard, in_period=False)).group_by(rows.c.no, _heard.c.tone)
    found: dict[int, dict[str, Counted]] = {}
    for no, tone, *counts in connection.execute(query):
        found.setdefault(no, {})[tone] = Counted(*counts)
    return tuple(SpanTones(span, found.get(no, {})) for no, span in enumerate(spans))


def _tones_by(connection: Connection, question: Question, column: ColumnElement[str]) -> tuple[tuple[str, Tones], ...]:
    groups = (column, _heard.c.tone)
    query = select(*groups, *COUNTS).where(question.conditions(_heard, grouped=True)).group_by(*groups)
    found: dict[str, dict[str, Counted]] = {}
    for name, tone, *counts in connection.execute(query):
        found.setdefault(name, {})[tone] = Counted(*counts)
    return tuple(sorted(found.items(), key=lambda one: (-sum(it.responses for it in one[1].values()), one[0])))
