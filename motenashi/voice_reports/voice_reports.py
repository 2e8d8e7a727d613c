"""The reports as their askers see them: one method each, over the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from crm_client.embedded.tables import crm_contacts, crm_leads, crm_products
from motenashi.database import Database
from motenashi.filters.asking import asking
from motenashi.insights.voice.tables import voice_responses
from motenashi.voice_reports.causes import Cause, CauseReport, Looked, Loss, cause_report
from motenashi.voice_reports.keep_up import Heard
from motenashi.voice_reports.keywords import KeywordReport, Kind, keyword_report, texts_of
from motenashi.voice_reports.meant_people import with_people
from motenashi.voice_reports.nps import NpsReport, nps_report, nps_summary
from motenashi.voice_reports.promoters import GroupMember, Measure, PromoterReport, members, promoter_report
from motenashi.voice_reports.question import Question
from motenashi.voice_reports.quotes import PAGE, Quote, Quotes, Wanted, examples, person_name, quotes_of
from motenashi.voice_reports.rivals import RivalReport, rival_report
from motenashi.voice_reports.seconds import at_second
from motenashi.voice_reports.tables import voice_said
from motenashi.voice_reports.tones import ToneReport, tone_report, tone_totals, tones_over_time

TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class State:
    """`responses` stored at all, `behind` of them not counted yet; days of the first and last; what occurs."""

    responses: int = 0
    behind: int = 0
    first: date | None = None
    last: date | None = None
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overview:
    tones: ToneReport
    keywords: KeywordReport
    promoters: PromoterReport
    nps: NpsReport


@dataclass(frozen=True)
class Member:
    """A customer in a group of promoters or detractors; `at` aware: of the word that put them there."""

    kind: str  # contact, lead
    id: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Causes:
    """`texts`: of a factor (kind, name) the words to show, by language; `quotes`: what the lost had said."""

    report: CauseReport
    texts: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    quotes: Mapping[tuple[str, str], tuple[Quote, ...]] = field(default_factory=dict)


class VoiceReports:
    """Everything is counted by the database when asked. All methods raise SQLAlchemy's DBAPIError when it is away,
    and FilterTooSlow when one statement takes longer than `seconds`."""

    def __init__(
        self,
        database: Database,
        *,
        zone: tzinfo = TOKYO,
        looked: Looked | None = None,
        seconds: float = 20.0,
    ) -> None:
        """`zone` is the house's: that of days. `looked`: how causes are looked for."""
        self._database = database
        self._heard = Heard(database)
        self._looked = looked or Looked()
        self._seconds = seconds
        self.zone = zone

    def state(self) -> State:
        stored, said = voice_responses, voice_said
        with self._asking() as connection:
            count = int(connection.execute(select(func.count()).select_from(stored)).scalar_one())
            first, last = connection.execute(select(func.min(said.c.at_s), func.max(said.c.at_s))).one()
            channels = self._occurring(connection, "channel")
            languages = self._occurring(connection, "language")
        return State(count, self._heard.behind(), self._day(first), self._day(last), channels, languages)

    def overview(self, question: Question) -> Overview:
        with self._about(question) as (connection, asked):
            tones = ToneReport(tone_totals(connection, asked), tones_over_time(connection, asked))
            words = keyword_report(connection, asked, most=MOST_ON_OVERVIEW, brief=True)
            return Overview(tones, words, promoter_report(connection, asked), nps_summary(connection, asked))

    def tones(self, question: Question) -> ToneReport:
        with self._about(question) as (connection, asked):
            return tone_report(connection, asked)

    def keywords(self, question: Question, *, kind: Kind = "", said_by: str = "customer") -> KeywordReport:
        with self._about(question) as (connection, asked):
            return keyword_report(connection, asked, kind=kind, said_by=said_by)

    def rivals(self, question: Question) -> RivalReport:
        with self._about(question) as (connection, asked):
            return rival_report(connection, asked)

    def promoters(self, question: Question) -> PromoterReport:
        with self._about(question) as (connection, asked):
            return promoter_report(connection, asked)

    def members(
        self, question: Question, measure: Measure, group: str, *, most: int = PAGE, skip: int = 0
    ) -> tuple[Member, ...]:
        with self._about(question) as (connection, asked):
            found = members(connection, asked, measure, group, most=most, skip=skip)
            return _named(connection, found)

    def nps(self, question: Question) -> NpsReport:
        with self._about(question) as (connection, asked):
            return nps_report(connection, asked)

    def causes(self, question: Question, loss: Loss = "deal") -> Causes:
        with self._about(question) as (connection, asked):
            report = cause_report(connection, asked, loss, self._looked)
            told = (*report.before_loss, *report.before_keeping)
            shown = (*told, *report.others)
            quotes = examples(connection, asked, loss, self._looked, report.before_loss) if told else {}
            return Causes(report, _texts(connection, shown), quotes)

    def quotes(self, question: Question, wanted: Wanted, *, after: tuple[int, int] | None = None) -> Quotes:
        with self._about(question) as (connection, asked):
            return quotes_of(connection, asked, wanted, after=after)

    def text_of(self, kind: str, normal: str) -> str:
        """A keyword as it was written last."""
        with self._asking() as connection:
            return texts_of(connection, [(kind, normal)]).get((kind, normal), normal)

    def _asking(self) -> AbstractContextManager[Connection]:
        return asking(self._database, self._seconds)

    @contextmanager
    def _about(self, question: Question) -> Iterator[tuple[Connection, Question]]:
        with self._asking() as connection, with_people(connection, question) as asked:
            yield connection, asked

    def _day(self, second: int | None) -> date | None:
        return datetime.fromtimestamp(second, self.zone).date() if second is not None else None

    def _occurring(self, connection: Connection, name: str) -> tuple[str, ...]:
        """The different values of a column, found by jumping along its index from one to the next."""
        column, found = voice_said.c[name], [""]
        while True:
            following = connection.execute(select(func.min(column)).where(column > found[-1])).scalar()
            if following is None:
                return tuple(found[1:])
            found.append(following)


MOST_ON_OVERVIEW = 12  # keywords


def _named(connection: Connection, found: Sequence[GroupMember]) -> tuple[Member, ...]:
    names: dict[tuple[str, str], str] = {}
    for kind, table, ids in (
        ("contact", crm_contacts, [one.contact_id for one in found if one.contact_id]),
        ("lead", crm_leads, [one.lead_id for one in found if not one.contact_id]),
    ):
        columns = (table.c.id, table.c.first_name, table.c.last_name, table.c.language, table.c.email)
        for number, first, last, language, email in connection.execute(select(*columns).where(table.c.id.in_(ids))):
            names[(kind, number)] = person_name(first, last, language) or email
    people = (("contact", one.contact_id, one) if one.contact_id else ("lead", one.lead_id, one) for one in found)
    return tuple(
        Member(kind, number, names.get((kind, number), ""), at_second(one.at_s)) for kind, number, one in people
    )


def _texts(connection: Connection, causes: Sequence[Cause]) -> dict[tuple[str, str], dict[str, str]]:
    """Words for keywords, competitors and products; other factors are the page's to name."""
    kinds = {"keyword": "general", "competitor": "competitor"}
    words = [(kinds[one.kind], one.name) for one in causes if one.kind in kinds]
    texts = {}
    for (kind, name), text in texts_of(connection, words).items():
        texts[("keyword" if kind == "general" else kind, name)] = {"en": text, "ja": text}
    products = crm_products
    ids = [one.name for one in causes if one.kind == "product"]
    query = select(products.c.id, products.c.name_en, products.c.name_ja).where(products.c.id.in_(ids))
    for number, name_en, name_ja in connection.execute(query):
        texts[("product", number)] = {"en": name_en or name_ja, "ja": name_ja or name_en}
    return texts
