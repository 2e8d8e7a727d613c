"""The life of one deal, contact by contact, from its creation to its end or to now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from crm_client.demo.catalogue import CatalogueEntry
from crm_client.demo.contact_story import Story
from crm_client.demo.customer import Customer
from crm_client.demo.mail_words import Told, with_texts
from crm_client.demo.office_time import DAY, any_time, office_time
from crm_client.demo.sales_rules import (
    LOST,
    OPEN_STAGES,
    STAGE_RULES,
    WON,
    chance,
    choose,
    effect,
    timeliness,
)
from crm_client.demo.words import phrases
from crm_client.embedded.bulk import DealHistory
from crm_client.records import Deal, DealProduct, StageChange

RENEWAL = "Renewal"  # a deal of this type that is lost is a customer who left
LONGEST_CONTACT = timedelta(hours=2)  # so that what is completed has ended before now

# Work in the house that comes with reaching a stage.
_TASKS = {OPEN_STAGES[3]: ("quote",), OPEN_STAGES[4]: ("contract_review",), WON: ("order", "delivery")}


@dataclass(frozen=True)
class Seller:
    """`skill` on the log-odds of moving on; `pace` stretches the time between contacts."""

    zone: str
    skill: float
    pace: float


@dataclass(frozen=True)
class DealPlan:
    """What is known when a deal begins. `entries` with how many of each, at which price."""

    id: str
    customer: Customer
    account_id: str
    seller: Seller
    created_at: datetime
    type: str
    repeat: bool
    lead_source: str
    basket: tuple[tuple[CatalogueEntry, int], ...]


class DealStory:
    """Plays one deal. The same plan, random numbers and now give the same story."""

    def __init__(self, plan: DealPlan, random: Random, now: datetime) -> None:
        self.plan, self.random, self.now = plan, random, now
        first = plan.basket[0][0].product.name(plan.customer.language)
        self.story = Story(random, plan.customer, plan.id, now, first)
        self.quality = random.gauss(0, 1)
        self.heat = 0.5 * self.quality
        self.silence = 0
        self.discount = 0.0
        self.changes: list[StageChange] = []

    def play(self) -> DealHistory:
        at = self.plan.created_at
        self._move(OPEN_STAGES[0], at)
        self.story.signals(at - 6 * DAY, at, 0.8)
        closed_at: datetime | None = None
        while closed_at is None:
            contact_at = self._next_contact(at)
            if contact_at >= self.now - LONGEST_CONTACT:
                self._plan_next(contact_at)
                break
            change_at = self._contact(contact_at, (contact_at - at) / DAY)
            if change_at is not None and change_at >= self.now:
                break
            at = change_at or contact_at
            closed_at = change_at if self.stage in (WON, LOST) else None
        if self.stage == WON and closed_at:
            self._afterwards(closed_at)
        return self._history(closed_at)

    @property
    def stage(self) -> str:
        return self.changes[-1].to_stage

    def _next_contact(self, at: datetime) -> datetime:
        rules = STAGE_RULES[self.stage]
        # Sellers forget those who do not answer.
        days = rules.ideal_gap * self.plan.seller.pace * self.random.lognormvariate(0, 0.55) * (1 + 0.25 * self.silence)
        contact_at = office_time(self.random, at + days * DAY, self.plan.seller.zone)
        self.heat += 0.1 * self.story.signals(at, min(contact_at, self.now), 0.5 + max(self.heat, 0) * 0.6)
        return contact_at

    def _contact(self, at: datetime, gap_days: float) -> datetime | None:
        """One move of the seller. When the deal's stage changes by it, the moment of that change."""
        rules, stage = STAGE_RULES[self.stage], self.stage
        action = choose(self.random, stage, self.heat)
        reaction = self.story.act(action, at)
        if action.purpose == "discount":
            self.discount = 0.05 + 0.05 * self.random.random()
        self.silence = 0 if reaction > 0 else self.silence + 1
        self.heat = 0.6 * self.heat + 0.5 * reaction
        log_odds = (
            -0.75
            + effect(stage, action, self.plan.customer.industry)
            + 0.9 * reaction
            + 0.9 * (timeliness(gap_days, rules.ideal_gap) - 0.5)
            + 0.5 * self.quality
            + self.plan.seller.skill
        )
        if self.random.random() < chance(log_odds):
            return self._advance(at)
        if self.random.random() < chance(-2.6 + 0.75 * self.silence - 0.6 * self.quality - 0.5 * reaction):
            return self._lose(at)
        return None

    def _advance(self, at: datetime) -> datetime:
        position = OPEN_STAGES.index(self.stage)
        to_stage = OPEN_STAGES[position + 1] if position + 1 < len(OPEN_STAGES) else WON
        moment = office_time(self.random, at + timedelta(hours=self.random.uniform(2, 40)), self.plan.seller.zone)
        return self._move(to_stage, moment)

    def _lose(self, at: datetime) -> datetime:
        """Given up: soon after a no, long after somebody who just fell silent."""
        days = self.random.uniform(14, 40) if self.silence >= 2 else self.random.uniform(1, 8)
        return self._move(LOST, office_time(self.random, at + days * DAY, self.plan.seller.zone))

    def _move(self, to_stage: str, at: datetime) -> datetime:
        if at < self.now:
            before = self.changes[-1].to_stage if self.changes else ""
            self.changes.append(StageChange(self.plan.id, before, to_stage, at, self.plan.customer.owner_id))
            for purpose in _TASKS.get(to_stage, ()):
                self.story.do_task(purpose, at, 20)
        return at

    def _plan_next(self, at: datetime) -> None:
        if self.random.random() < 0.55 and at < self.now + 30 * DAY:
            action = choose(self.random, self.stage, self.heat)
            if action.kind != "email":
                self.story.plan(action, at)

    def _afterwards(self, won_at: datetime) -> None:
        """A customer's life goes on: thanks, a survey, now and then a support ticket."""
        self.story.do_task("thanks", office_time(self.random, won_at + 14 * DAY, self.plan.seller.zone), 30)
        if self.random.random() < 0.3:
            at = any_time(self.random, won_at + 20 * DAY, 10)
            self.story.touch("survey", "survey", at, count=self.random.randint(3, 10))
        if self.random.random() < 0.25:
            asked = any_time(self.random, won_at + 10 * DAY, 90)
            answered = office_time(self.random, asked + timedelta(hours=1), self.plan.seller.zone)
            self.story.touch("support_ticket", "ticket", asked, status="open" if answered >= self.now else "closed")
            self.story.touch("support_ticket", "ticket_reply_by_rep", answered, signal=False, status="closed")

    def _history(self, closed_at: datetime | None) -> DealHistory:
        plan, lines = self.plan, tuple(_lines(self.plan))
        list_price = sum(line.quantity * line.unit_price for line in lines)
        deal = Deal(
            id=plan.id,
            name=self._name(),
            stage=self.stage,
            account_id=plan.account_id,
            contact_id=plan.customer.id,
            owner_id=plan.customer.owner_id,
            type=plan.type,
            amount=round(list_price * (1 - self.discount)),
            lead_source=plan.lead_source,
            repeat=plan.repeat,
            expected_close=(plan.created_at + self.random.randint(30, 90) * DAY).date(),
            created_at=plan.created_at,
            closed_at=closed_at if self.stage in (WON, LOST) else None,
        )
        story = self.story
        pieces = tuple(replace(piece, deal_id=plan.id) for piece in story.activities)
        mails = tuple(replace(mail, deal_id=plan.id) for mail in with_texts(story.emails, self._told()))
        touches = tuple(replace(touch, deal_id=plan.id) for touch in story.touchpoints)
        return DealHistory(deal, lines, tuple(self.changes), pieces, mails, touches)

    def _told(self) -> Told:
        renewal = self.plan.type == RENEWAL
        moods = {WON: "renewed" if renewal else "won", LOST: "left" if renewal else "lost"}
        first = self.plan.basket[0][0].product
        return Told(self.plan.customer.language, moods.get(self.stage, "open"), self.story.product, first.category)

    def _name(self) -> str:
        language = self.plan.customer.language
        entry, quantity = self.plan.basket[0]
        form: str = self.random.choice(phrases()["deal_names"][language])
        return form.format(company=self.plan.customer.company, product=entry.product.name(language), quantity=quantity)


def _lines(plan: DealPlan) -> Sequence[DealProduct]:
    return [
        DealProduct(plan.id, entry.product.id, quantity, entry.product.unit_price) for entry, quantity in plan.basket
    ]
