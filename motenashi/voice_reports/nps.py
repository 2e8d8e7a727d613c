"""NPS: of the customers who answered how likely they would recommend us, promoters less detractors, in percent.

Each customer counts once, by the last answer within the days counted; an answer of somebody unknown counts as one of
its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, literal, select
from sqlalchemy.sql.selectable import CTE

from crm_client.embedded.tables import crm_accounts, crm_contacts
from motenashi.voice_reports.intervals import Interval, nps
from motenashi.voice_reports.promoters import DETRACTOR_TO, PROMOTER_FROM
from motenashi.voice_reports.question import Question, Span
from motenashi.voice_reports.tables import voice_said, voice_said_people
from motenashi.voice_reports.tones import spans_table

FEWEST_IN_SEGMENT = 5  # answers: with fewer, a score is about persons rather than a segment
MOST_SEGMENTS = 12

_heard, _people = voice_said, voice_said_people


@dataclass(frozen=True)
class Answers:
    """How many customers; `score` None without any."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @property
    def all(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> Interval | None:
        return nps(self.promoters, self.passives, self.detractors)


@dataclass(frozen=True)
class NpsReport:
    """`distribution`: customers by score, 0 to 10. `segments`: by industry of the account, and by language."""

    now: Answers = Answers()
    before: Answers = Answers()
    distribution: tuple[int, ...] = (0,) * 11
    spans: tuple[tuple[Span, Answers], ...] = ()
    industries: tuple[tuple[str, Answers], ...] = ()
    languages: tuple[tuple[str, Answers], ...] = ()


def nps_report(connection: Connection, question: Question) -> NpsReport:
    distribution = _distribution(connection, question)
    return NpsReport(
        now=_answers(enumerate(distribution)),
        before=_answers(enumerate(_distribution(connection, question.before))),
        distribution=distribution,
        spans=_over_time(connection, question),
        industries=_by_industry(connection, question),
        languages=_by_language(connection, question),
    )


def nps_summary(connection: Connection, question: Question) -> NpsReport:
    """Only the scores of now and before."""
    now, before = (_distribution(connection, one) for one in (question, question.before))
    return NpsReport(_answers(enumerate(now)), _answers(enumerate(before)), now)


def _last_answers(question: Question) -> CTE:
    """One row a customer: the last answer in the period."""
    table = _ranked(select(_heard.c.person, _heard.c.score, _heard.c.language), question.conditions(_heard))
    return select(table.c.person, table.c.score, table.c.language).where(table.c.place == 1).cte("answers")


def _ranked(columns: Select[Any], *tests: Any, within: Iterable[Any] = ()) -> Any:
    # Somebody unknown is nobody else: minus the response's own number stands for them.
    who = func.coalesce(_heard.c.person, -_heard.c.response_id)
    newest = (_heard.c.at_s.desc(), _heard.c.response_id.desc())
    place = func.row_number().over(partition_by=[*within, who], order_by=newest).label("place")
    return columns.add_columns(place).where(_heard.c.score.is_not(None), *tests).subquery()


def _distribution(connection: Connection, question: Question) -> tuple[int, ...]:
    table = _last_answers(question)
    rows = connection.execute(select(table.c.score, func.count()).group_by(table.c.score))
    found = {int(score): int(count) for score, count in rows}
    return tuple(found.get(score, 0) for score in range(11))


def _answers(counts: Iterable[tuple[int, int]]) -> Answers:
    told = {"promoters": 0, "passives": 0, "detractors": 0}
    for score, count in counts:
        name = "promoters" if score >= PROMOTER_FROM else "detractors" if score <= DETRACTOR_TO else "passives"
        told[name] += count
    return Answers(**told)


def _over_time(connection: Connection, question: Question) -> tuple[tuple[Span, Answers], ...]:
    spans = question.spans("week" if question.span_kind == "day" else "month")
    rows = spans_table(spans)
    inside = and_(_heard.c.at_s >= rows.c.since_s, _heard.c.at_s < rows.c.until_s)
    columns = select(rows.c.no, _heard.c.score).select_from(rows.join(_heard, inside))
    table = _ranked(columns, question.conditions(_heard, in_period=False), within=[rows.c.no])
    last = select(table.c.no, table.c.score, func.count()).where(table.c.place == 1)
    counts: dict[int, list[tuple[int, int]]] = {}
    for no, score, count in connection.execute(last.group_by(table.c.no, table.c.score)):
        counts.setdefault(no, []).append((score, count))
    return tuple((span, _answers(counts.get(no, ()))) for no, span in enumerate(spans))


def _by_industry(connection: Connection, question: Question) -> tuple[tuple[str, Answers], ...]:
    table = _last_answers(question)
    ways = table.join(_people, _people.c.no == table.c.person)
    ways = ways.join(crm_contacts, crm_contacts.c.id == _people.c.contact_id)
    ways = ways.join(crm_accounts, crm_accounts.c.id == crm_contacts.c.account_id)
    query = _grouped(crm_accounts.c.industry, table).select_from(ways).where(crm_accounts.c.industry != "")
    return _segments(connection, query)


def _by_language(connection: Connection, question: Question) -> tuple[tuple[str, Answers], ...]:
    table = _last_answers(question)
    return _segments(connection, _grouped(table.c.language, table).where(table.c.language != ""))


def _grouped(name: Any, table: CTE) -> Select[Any]:
    band = case(
        (table.c.score >= PROMOTER_FROM, literal(PROMOTER_FROM)),
        (table.c.score <= DETRACTOR_TO, literal(DETRACTOR_TO)),
        else_=literal(DETRACTOR_TO + 1),
    ).label("band")
    return select(name.label("name"), band, func.count().label("count")).group_by(name, band)


def _segments(connection: Connection, query: Select[Any]) -> tuple[tuple[str, Answers], ...]:
    counts: dict[str, list[tuple[int, int]]] = {}
    for name, band, count in connection.execute(query):
        counts.setdefault(name, []).append((int(band), int(count)))
    found = [(name, _answers(bands)) for name, bands in counts.items()]
    large = [one for one in found if one[1].all >= FEWEST_IN_SEGMENT]
    return tuple(sorted(large, key=lambda one: (-one[1].all, one[0]))[:MOST_SEGMENTS])
