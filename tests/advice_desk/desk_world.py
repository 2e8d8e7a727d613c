"""A small company in which suggestions live: two deals, a lead, an owner; hand-made learning; a clock that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Account, Contact, Deal, Lead, Owner
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_desk.due import Due
from motenashi.advice_desk.making import AdviceMaker
from motenashi.advice_desk.recompute import PersonTimes, Recompute
from motenashi.advice_desk.settings import DeskSettings
from motenashi.advice_desk.switches import Switches
from motenashi.advice_desk.tables import metadata as desk_tables
from motenashi.advice_desk.triggers import Triggers
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.outgoing_mail.mail import Mail
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.advice.facts import HeldHour
from motenashi.suggestions.best_time.best_times import TimeOverride
from motenashi.suggestions.best_time.tables import metadata as time_tables
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import (
    About,
    Alternative,
    Draft,
    Effect,
    Reason,
    Suggestion,
    TimeWindow,
)
from motenashi.suggestions.tables import metadata as suggestion_tables

NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in Tokyo
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AYA, KEN = "aya@example.com", "ken@example.com"

CALL = RankedAction("call", "negotiation", 0.42, 0.25, 1.68, 1.2, 2.3, 19, 12, "stage")
QUOTE = RankedAction("email", "quote", 0.36, 0.25, 1.44, 0.9, 2.1, 30, 11, "stage")

TO_CALL = Suggestion(
    id=0,
    key="advice:deal:d1:1",
    about=About("c1", "", "d1", 1.0, "o-aya", "ja"),
    action="call",
    purposes=("negotiation",),
    urgency="normal",
    title={"en": "Call about the price", "ja": "価格の件で電話する"},
    windows=(TimeWindow(NOW + HOUR, NOW + 3 * HOUR, "best_time"),),
    reasons=(Reason({"en": "Deals like this one move on.", "ja": "同様の商談は進んでいます。"}, 0.7),),
    created_at=NOW,
    respond_by=NOW + 8 * HOUR,
    made_by="advice",
    situation="discount",
    effect=Effect(0.42, 0.25, 1.68, 1.2, 2.3, 19, 12, "stage"),
    alternatives=(Alternative("e-mail", "quote", {"en": "Mail: quote", "ja": "メール：見積"}),),
    draft=Draft("call", "ja", "価格のご相談", "お見積りの件", "03-1234-5678"),
    gain=120_000.0,
    probability=0.9,
)
A_WISH = replace(
    TO_CALL,
    key="mail:1/event",
    action="event",
    purposes=("demo",),
    urgency="urgent",
    title={"en": "Arrange a demonstration", "ja": "デモの日程を調整する"},
    windows=(TimeWindow(NOW + DAY, NOW + DAY + HOUR, "proposed", 0.9, "tomorrow at ten"),),
    reasons=(Reason({"en": "They ask.", "ja": "ご希望です。"}, 0.9, "Could we see it tomorrow at ten?"),),
    made_by="plain",
    source="mail:1",
    situation="",
    effect=None,
    alternatives=(),
    draft=None,
    gain=0.0,
    probability=1.0,
)


@dataclass
class HandMade:
    """What was learned, written down by the test. Deals that are not named have the usual advice."""

    suggest: bool = True
    ranked: tuple[RankedAction, ...] = (CALL, QUOTE)
    explores: RankedAction | None = None
    times: PersonTimes = field(default_factory=dict)
    breaks_for: frozenset[str] = frozenset()
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def deals(self, deal_ids: Sequence[str], *, now: datetime) -> Mapping[str, DealAdvice]:
        self.asked.append(tuple(deal_ids))
        if set(deal_ids) & self.breaks_for:
            raise ValueError("a history that nobody understands")
        due_at = now if self.suggest else now + 4 * DAY
        return {
            one: DealAdvice(one, now, "Negotiation/Review", self.suggest, due_at, self.ranked, 200, days_in_stage=3.0)
            for one in deal_ids
        }

    def choose(self, advice: DealAdvice) -> tuple[RankedAction | None, float]:
        place = next((n for n, one in enumerate(advice.ranked) if one == self.explores), 0)
        return advice.ranked[place], 0.1 if place else 0.9

    def people(
        self, *, contact_ids: Sequence[str], lead_ids: Sequence[str], now: datetime
    ) -> Mapping[str, PersonTimes]:
        if set(contact_ids) & self.breaks_for:
            raise ValueError("a person whom nobody understands")
        return dict.fromkeys(contact_ids, self.times)

    def overrides(self, *, contact_ids: Sequence[str], lead_ids: Sequence[str]) -> Mapping[str, TimeOverride]:
        return {}

    def held(self) -> Mapping[str, tuple[HeldHour, ...]]:
        return {}


class DeskWorld:
    """Every part on one database. `now` is the time; whoever needs another sets it."""

    def __init__(self, database: Database) -> None:
        for tables in (crm_tables, suggestion_tables, desk_tables, time_tables):
            tables.create_all(database.engine)
        self.now = NOW
        self.database = database
        self.settings = DeskSettings()
        self.triggers = Triggers(database, clock=lambda: self.now)
        self.crm = EmbeddedCrm(database, clock=lambda: self.now)
        self.store = SuggestionStore(database, on_added=self.triggers.wished)
        self.absences = Absences(database, on_added=self.triggers.away)
        self.due = Due(database)
        self.switches = Switches(database, self.settings, timer=lambda: self.now.timestamp())
        self.sent: list[Mail] = []
        self.desk = AdviceDesk(database, self.crm, self.switches, self.settings, send=self.sent.append)
        self.learned = HandMade()
        self.hours = BusinessHours(BusinessHoursSettings())
        self._people()
        self.crm = EmbeddedCrm(database, clock=lambda: self.now, on_change=self.triggers.changed)

    def _people(self) -> None:
        crm = self.crm
        crm.save_owner(Owner("o-aya", "Aya Endo", AYA))
        crm.save_owner(Owner("o-ken", "Ken Sato", KEN))
        crm.save_account(Account("a1", "Mori Foods", "Food"))
        crm.save_contact(
            Contact("c1", "森", "遥", "haruka@example.com", phone="03-1234-5678", account_id="a1", language="ja")
        )
        crm.save_contact(Contact("c2", "Ford", "Jane", "jane@example.com", language="en", owner_id="o-ken"))
        crm.save_lead(Lead("l1", "Lane", "Lane Ltd", "Tom", "tom@example.com", owner_id="o-aya", language="en"))
        self.save_deal("d1", "c1", "o-aya")
        self.save_deal("d2", "c2", "o-ken")

    def save_deal(self, deal_id: str, contact_id: str, owner_id: str, **fields: Any) -> Deal:
        deal = Deal(
            deal_id,
            f"Notebooks {deal_id}",
            fields.pop("stage", "Negotiation/Review"),
            account_id="a1",
            contact_id=contact_id,
            owner_id=owner_id,
            amount=1_000_000,
            created_at=NOW - 40 * DAY,
        )
        return self.crm.save_deal(replace(deal, **fields), at=self.now)

    def thinker(self) -> Recompute:
        return Recompute(
            self.database,
            self.crm,
            self.learned,
            AdviceMaker(self.hours, self.settings),
            switches=self.switches,
            settings=self.settings,
        )

    def think(self) -> int:
        """As the worker does until nothing is due."""
        thinker, thought = self.thinker(), 0
        while several := thinker.run(self.now):
            thought += several
        return thought

    def kept(self, one: Suggestion = TO_CALL, **fields: Any) -> Suggestion:
        """Stored as it is, without anybody being told."""
        return SuggestionStore(self.database).add(replace(one, **fields))

    def current(self, kind: str = "deal", record_id: str = "d1") -> Suggestion:
        found = self.store.current_for(kind, record_id)
        assert found is not None, f"{kind} {record_id} has no advice"
        return found
