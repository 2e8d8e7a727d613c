"""What is known of one record when advice is given about it. Whoever reads the CRM fills it in; nothing here reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from crm_client.records import Account, Activity, Contact, Deal, DealProduct, Lead, Outcome, Owner, Product, Stage
from motenashi.suggestions.suggestion import About, Words

RecordKind = Literal["deal", "contact", "lead"]


@dataclass(frozen=True)
class Touch:
    """One thing that happened. `kind`: call, event, e-mail for ours; for theirs call_in, email_in, reply, click, open
    or a touchpoint's type (form, chat, visit, ticket, ...). `answered`: of our calls and events, None when unknown."""

    kind: str
    at: datetime
    ours: bool
    purpose: str = ""
    answered: bool | None = None


@dataclass(frozen=True)
class Term:
    """A subscription. `usage`: the share in use of what was bought (0.85), None when unknown."""

    ends: date
    usage: float | None = None
    product_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeldHour:
    """Appointments that were held in one hour of the week on the organisation's clock, and how many deals they led to a
    win. `weekday` 0 is Monday."""

    weekday: int
    hour: int
    held: int
    won: int


@dataclass(frozen=True)
class Busy:
    """The owner has an appointment; aware times."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class RecordFacts:
    """One deal, contact or lead with what belongs to it.

    `contact`: the person to talk to. `products`: those of the deal and those that open wishes name. `planned`: calls
    and events that are neither done nor cancelled, also such as should have been done. `touches`: the newest few,
    newest first. `held`: purpose ("demo", "meeting") -> hours of past appointments. `busy`: the owner's diary ahead.
    `opted_out`: ways in which this person is not to be contacted ("call", "e-mail"). `standing`: situation of the
    suggestion that stands now, '' when there is none. `language`, `time_zone`: the customer's, '' when unknown.
    `open_deals`: a contact's; each has advice of its own.
    """

    kind: RecordKind
    record_id: str
    deal: Deal | None = None
    contact: Contact | None = None
    lead: Lead | None = None
    account: Account | None = None
    owner: Owner | None = None
    products: tuple[Product, ...] = ()
    lines: tuple[DealProduct, ...] = ()
    language: str = ""
    company_language: str = "en"
    company: Words = field(default_factory=dict)  # our own name
    time_zone: str = ""
    stages: tuple[Stage, ...] = ()
    planned: tuple[Activity, ...] = ()
    touches: tuple[Touch, ...] = ()
    trial_ends: date | None = None
    term: Term | None = None
    held: Mapping[str, tuple[HeldHour, ...]] = field(default_factory=dict)
    busy: tuple[Busy, ...] = ()
    away_until: datetime | None = None
    opted_out: frozenset[str] = frozenset()
    standing: str = ""
    open_deals: tuple[Deal, ...] = ()

    @property
    def person(self) -> Contact | Lead | None:
        return self.contact or self.lead

    @property
    def writes_in(self) -> str:
        """The language to write to the customer in: theirs where we know it and write it, else the company's."""
        theirs = self.language or (self.person.language if self.person else "")
        return next((known for known in (theirs[:2].lower(), self.company_language) if known in ("en", "ja")), "en")

    @property
    def outcome(self) -> Outcome | None:
        """Of the deal, from its stage's forecast type; None without a deal or with a stage nobody knows."""
        if self.deal is None:
            return None
        known = {stage.name: stage.outcome for stage in self.stages}
        return known.get(self.deal.stage)

    def last(self, *, ours: bool) -> Touch | None:
        return next((touch for touch in self.touches if touch.ours == ours), None)

    @property
    def about(self) -> About:
        return About(
            contact_id=self.contact.id if self.contact else "",
            lead_id=self.lead.id if self.lead else "",
            deal_id=self.deal.id if self.deal else "",
            deal_certainty=1.0 if self.deal else 0.0,
            owner_id=self.owner.id if self.owner else _owner_id(self),
            language=self.writes_in,
        )


def _owner_id(facts: RecordFacts) -> str:
    owned = (facts.deal, facts.lead, facts.contact, facts.account)
    return next((record.owner_id for record in owned if record is not None and record.owner_id), "")
