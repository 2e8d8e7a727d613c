"""A small company for tests of advice: Minamo in Tokyo, its customer Haruka Mori, and what a scenario file changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crm_client.records import (
    Account,
    Activity,
    Contact,
    Deal,
    DealProduct,
    Lead,
    Outcome,
    Owner,
    Product,
    Stage,
)
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.suggestions.advice.facts import Busy, HeldHour, RecordFacts, Term, Touch
from motenashi.suggestions.advice.make_advice import make_advice
from motenashi.suggestions.best_time.best_times import BestTimes, Slot
from motenashi.suggestions.intent_actions import intent_actions
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.plain_suggestion import Asked, plain_suggestions
from motenashi.suggestions.suggestion import About, Suggestion
from nlp.dates import find_dates
from nlp.mentions.mention import Mention
from nlp.reading import Intent, Reading, Sentiment

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2027, 6, 2, 10, 0, tzinfo=TOKYO)  # a Wednesday
HOURS = BusinessHours(BusinessHoursSettings(holidays={"2027-07-19": "海の日"}))
STAGES = (
    Stage("Qualification", Outcome.OPEN, 1, 10),
    Stage("Needs Analysis", Outcome.OPEN, 2, 20),
    Stage("Value Proposition", Outcome.OPEN, 3, 40),
    Stage("Proposal/Price Quote", Outcome.OPEN, 4, 75),
    Stage("Negotiation/Review", Outcome.OPEN, 5, 90),
    Stage("Closed Won", Outcome.WON, 6, 100),
    Stage("Closed Lost", Outcome.LOST, 7, 0),
)
PRODUCTS = (
    Product(
        "aero", "NB-14", "AeroBook 14", "エアロブック14", "laptops", 168_000, "JPY", "Light, 14 inches", "軽量14型"
    ),
    Product("dock", "DK-2", "Dock Two", "ドック2", "docks", 24_800, "JPY", "Two screens", "画面2台対応"),
)
LINES = (DealProduct("d1", "aero", 10, 158_000),)
MORI = Contact(
    "c1",
    "Mori",
    "Haruka",
    email="haruka.mori@example.com",
    phone="+81 3 0000 0000",
    account_id="a1",
    owner_id="o1",
    language="en",
)
MORI_JA = replace(MORI, last_name="森", first_name="春香", language="ja")
DEAL = Deal(
    "d1",
    "Laptops",
    "Value Proposition",
    "a1",
    "c1",
    "o1",
    "New Business",
    2_000_000,
    expected_close=date(2027, 8, 31),
)
LEAD = Lead("l1", "Mori", "Sazanami Ltd", "Haruka", "haruka.mori@example.com", "", language="en", owner_id="o1")
OWNER = Owner("o1", "Aya Sato", "aya@example.com")
_RANKED = re.compile(
    r"(?P<kind>\w+):(?P<purpose>\w*) p (?P<p>[\d.]+) base (?P<base>[\d.]+) lift (?P<lift>[\d.]+) "
    r"\((?P<low>[\d.]+) to (?P<high>[\d.]+)\) (?P<advanced>\d+) of (?P<taken>\d+)(?: (?P<like>\w+))?"
)


def moment(text: str) -> datetime:
    """On Tokyo's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def facts(language: str = "en", kind: str = "deal", **changes: Any) -> RecordFacts:
    """A deal of Haruka Mori's (森 春香) with ten laptops in it; or herself; or a lead."""
    contact = MORI_JA if language == "ja" else MORI
    account = Account("a1", "さざなみ株式会社" if language == "ja" else "Sazanami Ltd", "Manufacturing")
    lead = replace(LEAD, language=language)
    if language == "ja":
        lead = replace(lead, last_name="森", first_name="春香", company="さざなみ株式会社")
    whole = RecordFacts(
        kind="deal",
        record_id="d1",
        deal=DEAL,
        contact=contact,
        account=account,
        owner=replace(OWNER, name="佐藤 彩") if language == "ja" else OWNER,
        products=PRODUCTS,
        lines=LINES,
        company={"en": "Minamo Inc.", "ja": "ミナモ株式会社"},
        time_zone="Asia/Tokyo",
        stages=STAGES,
        touches=(Touch("e-mail", moment("2027-05-24 11:00"), True, "product_info"),),
    )
    if kind == "contact":
        whole = replace(whole, kind="contact", record_id="c1", deal=None, lines=())
    if kind == "lead":
        whole = replace(
            whole,
            kind="lead",
            record_id="l1",
            deal=None,
            lines=(),
            contact=None,
            account=None,
            lead=lead,
            touches=(),
        )
    return replace(whole, **changes)


def ranked(text: str) -> RankedAction:
    """Reads "call:quote p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19 industry"."""
    match = _RANKED.fullmatch(text)
    assert match, text
    told = match.groupdict()
    numbers = {name: float(told[name]) for name in ("p", "base", "lift", "low", "high")}
    return RankedAction(
        told["kind"],
        told["purpose"],
        **numbers,
        taken=int(told["taken"]),
        advanced=int(told["advanced"]),
        like=told["like"] or "stage",
    )


def learned(*actions: str, now: datetime = NOW, **changes: Any) -> DealAdvice:
    told = DealAdvice(
        deal_id="d1",
        as_of=now.astimezone(UTC),
        stage="Value Proposition",
        suggest=True,
        due_at=now.astimezone(UTC),
        ranked=tuple(ranked(each) for each in actions),
        evidence=240,
        usual_gap_days=5.0,
        win_chance=0.5,
        days_in_stage=9.0,
        usual_days_in_stage=(6.0, 12.0, 20.0),
    )
    return replace(told, **changes)


def mail(
    language: str,
    wishes: Mapping[str, str],
    text: str = "",
    *,
    received: datetime = NOW,
    products: Sequence[str] = (),
    tone: str = "neutral",
    number: int = 1,
    hours: BusinessHours = HOURS,
) -> tuple[Suggestion, ...]:
    """What mail intake would have made of this mail: wishes with their sentences, times found in the text."""
    said = text or " ".join(wishes.values())
    reading = Reading(
        language,
        tuple(Intent(label, 0.9, sentence) for label, sentence in wishes.items()),
        said,
        sentiment=Sentiment(tone, 0.0, 0.8 if tone == "negative" else 0.0, ""),  # type: ignore[arg-type]
        dates=find_dates(said, language, reference=received),
        mentions=tuple(Mention("product", each, 0, 1, each, 1, "exact") for each in products),
    )
    about = About(contact_id="c1", deal_id="d1", deal_certainty=0.95, owner_id="o1", language=language)
    asked = Asked(f"mail:{number}", about, source=f"mail:{number}")
    made = plain_suggestions(reading, asked, intent_actions(), hours, now=received)
    return tuple(replace(one, id=number) for one in made)


def times(channel: str, *slots: tuple[int, int, float], attempts: int = 14, answered: int = 9) -> BestTimes:
    """`slots`: weekday, hour, stars."""
    found = tuple(Slot(weekday, hour, 0.6, 0.5, 0.7, stars) for weekday, hour, stars in slots)
    return BestTimes("c1", channel, found, bool(slots), attempts, answered, (), "Asia/Tokyo", NOW)


def activity(kind: str, start: str, purpose: str = "", *, end: str = "", subject: str = "", **more: Any) -> Activity:
    begins, ends = moment(start).astimezone(UTC), moment(end).astimezone(UTC) if end else None
    return Activity("p1", kind, subject or purpose, begins, ends, deal_id="d1", purpose=purpose, **more)


def advise(about: RecordFacts, told: DealAdvice | None = None, *wishes: Suggestion, **more: Any) -> Suggestion:
    best = more.pop("times", {})
    override = more.pop("override", None)
    hours = more.pop("hours", HOURS)
    now = more.pop("now", NOW)
    return make_advice(about, told, wishes, best, override, hours, intent_actions(), now=now, **more)


def from_file(scenario: Mapping[str, Any]) -> Suggestion:
    """Advice as a scenario file describes it; README.md beside the files says what may stand in one."""
    language, now = scenario.get("language", "en"), moment(scenario.get("now", "2027-06-02 10:00"))
    about = facts(language, scenario.get("record", "deal"), **_changes(scenario))
    history = scenario.get("history")
    told = learned(*history.get("ranked", ()), now=now, **_history(history)) if history is not None else None
    wishes = [
        one
        for number, each in enumerate(scenario.get("mails", ()), 1)
        for one in mail(
            language,
            each["asks"],
            each.get("text", ""),
            received=moment(each.get("at", "2027-06-02 09:00")),
            products=each.get("products", ()),
            tone=each.get("tone", "neutral"),
            number=number,
        )
    ]
    best = {
        channel: times(channel, *[tuple(slot) for slot in slots])
        for channel, slots in scenario.get("best_times", {}).items()
    }
    return advise(about, told, *wishes, times=best, now=now)


def _history(history: Mapping[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in history.items() if name != "ranked"}
    for name in ("due_at", "last_contact_at", "last_signal_at"):
        if name in changes:
            changes[name] = moment(changes[name]).astimezone(UTC)
    if "repeated" in changes:
        changes["repeated"] = tuple(changes["repeated"].items())
    if "usual_days_in_stage" in changes:
        changes["usual_days_in_stage"] = tuple(changes["usual_days_in_stage"])
    return changes


def _changes(scenario: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "deal" in scenario:
        told = dict(scenario["deal"])
        if "expected_close" in told:
            told["expected_close"] = date.fromisoformat(told["expected_close"])
        changes["deal"] = replace(DEAL, **told)
    if "products" in scenario:
        changes["lines"] = tuple(DealProduct("d1", each, 1, 0) for each in scenario["products"])
    if "touches" in scenario:
        changes["touches"] = tuple(_touch(each) for each in scenario["touches"])
    if "planned" in scenario:
        changes["planned"] = tuple(activity(**each) for each in scenario["planned"])
    if "held" in scenario:
        changes["held"] = {kind: tuple(HeldHour(*each) for each in held) for kind, held in scenario["held"].items()}
    if "busy" in scenario:
        changes["busy"] = tuple(Busy(moment(start), moment(end)) for start, end in scenario["busy"])
    if "trial_ends" in scenario:
        changes["trial_ends"] = date.fromisoformat(scenario["trial_ends"])
    if "term" in scenario:
        term = scenario["term"]
        changes["term"] = Term(date.fromisoformat(term["ends"]), term.get("usage"))
    if "open_deals" in scenario:
        changes["open_deals"] = tuple(replace(DEAL, id=name, name=name) for name in scenario["open_deals"])
    if "away_until" in scenario:
        changes["away_until"] = moment(scenario["away_until"])
    return changes | {name: scenario[name] for name in ("standing", "time_zone") if name in scenario}


def _touch(told: Mapping[str, Any]) -> Touch:
    return Touch(
        told["kind"], moment(told["at"]), told.get("by") == "us", told.get("purpose", ""), told.get("answered")
    )
