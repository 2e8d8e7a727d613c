"""Everything that one piece of advice is made from, and the questions that its makers ask of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crm_client.records import Outcome, Product
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.opening_times import is_zone
from motenashi.suggestions.advice.facts import RecordFacts, Touch
from motenashi.suggestions.advice.moments import ByLanguage, on_date, on_day
from motenashi.suggestions.advice.purposes import Purposes
from motenashi.suggestions.advice.sentences import Sentences
from motenashi.suggestions.advice.settings import AdviceSettings
from motenashi.suggestions.advice.wishes import Wish
from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.intent_actions import IntentActions
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from motenashi.suggestions.suggestion import Action

ACTION_OF: Mapping[str, Action] = {"call": "call", "event": "event", "email": "e-mail"}
_MOST_NAMES = 3
_BY_MACHINES = frozenset({"open", "campaign_open"})


@dataclass(frozen=True)
class Case:
    """`now` is aware. `department`: whose business hours hold."""

    facts: RecordFacts
    learned: DealAdvice | None
    wishes: tuple[Wish, ...]
    times: Mapping[str, BestTimes | None]
    override: TimeOverride | None
    hours: BusinessHours
    table: IntentActions
    purposes: Purposes
    sentences: Sentences
    settings: AdviceSettings
    now: datetime
    department: str = ""
    choice: RankedAction | None = field(default=None)

    @property
    def zone(self) -> ZoneInfo:
        return self.hours.zone(self.department)

    @property
    def their_zone(self) -> ZoneInfo | None:
        """The customer's, None when unknown or no zone at all."""
        name = self.facts.time_zone or (self.facts.person.time_zone if self.facts.person else "")
        return ZoneInfo(name) if name and is_zone(name) else None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def back_at(self) -> datetime | None:
        """When the customer is back, None when they are here."""
        until = self.facts.away_until
        return until if until is not None and until > self.now else None

    @property
    def last_contact_at(self) -> datetime | None:
        """Ours; what the record tells goes before what was learned, being newer."""
        last = self.facts.last(ours=True)
        told = [last.at] if last else []
        if self.learned and self.learned.last_contact_at:
            told.append(self.learned.last_contact_at)
        return max(told, default=None)

    @property
    def ranked(self) -> tuple[RankedAction, ...]:
        """What was learned, best first, without what the customer does not want."""
        ranked = self.learned.ranked if self.learned else ()
        return tuple(one for one in ranked if self.allows(ACTION_OF.get(one.kind, "none")))

    def allows(self, action: Action) -> bool:
        return action != "none" and action not in self.facts.opted_out

    def rank_of(self, action: Action, purpose: str) -> RankedAction | None:
        """What was learned of this very action; failing that of its kind."""
        same_kind = [one for one in self.ranked if ACTION_OF[one.kind] == action]
        exact = (one for one in same_kind if one.purpose == purpose)
        return next(exact, next((one for one in same_kind if not one.purpose), None))

    def repeated(self, action: Action, purpose: str) -> int:
        """How often this was done at this stage already."""
        kind = next((kind for kind, known in ACTION_OF.items() if known == action), "")
        name = f"{kind}:{purpose}" if purpose else kind
        return dict(self.learned.repeated).get(name, 0) if self.learned else 0

    def products(self, ids: tuple[str, ...]) -> tuple[Product, ...]:
        """Those named; else those of the deal."""
        known = {product.id: product for product in self.facts.products}
        named = tuple(known[each] for each in ids if each in known)
        return named or tuple(known[line.product_id] for line in self.facts.lines if line.product_id in known)

    def product_names(self, products: tuple[Product, ...], language: str, most: int = _MOST_NAMES) -> str:
        names = [" ".join(product.name(language).split()) for product in products]
        if len(names) > most:
            names = names[:most] if language == "ja" else [*names[:most], "more"]
            return f"{'、'.join(names)}ほか" if language == "ja" else listed(names, language)
        return listed(names, language)

    def day(self, moment: datetime) -> ByLanguage:
        return on_day(moment, self.zone, self.now)

    def date(self, day: date) -> ByLanguage:
        return on_date(day, self.now.astimezone(self.zone))

    def signals_since(self, moment: datetime) -> tuple[Touch, ...]:
        """Theirs, without opened mails, which a mail scanner may have opened."""
        return tuple(
            touch
            for touch in self.facts.touches
            if not touch.ours and touch.at >= moment and touch.kind not in _BY_MACHINES
        )

    @property
    def closed(self) -> bool:
        return self.facts.outcome in (Outcome.WON, Outcome.LOST)

    def days_since(self, moment: datetime) -> int:
        """Whole days on the calendar of our clock."""
        return max(0, (self.today - moment.astimezone(self.zone).date()).days)


def listed(names: Sequence[str], language: str, last: str = "and") -> str:
    """A, B and C; A、B、C."""
    if language == "ja" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def utc(moment: datetime) -> datetime:
    # Python compares times of one zone by the wall, which is wrong on the nights the clock is put back.
    return moment.astimezone(UTC)
