"""A record of the CRM as its page shows it: the facts, a deal's way through the stages, the newest of its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from crm_client.client import CrmClient
from crm_client.records import Activity, Contact, Deal, Email, Lead, Outcome, Stage, StageChange, Touchpoint
from motenashi.advice_desk.record_names import person_name_of
from motenashi.pages.advice.advice_view import RecordKind
from motenashi.pages.records.record_view import (
    Happened,
    ProductLine,
    RecordFacts,
    Related,
    StagePath,
    StageStep,
)

NEWEST = 12  # rows of the history
MOST_DEALS = 20
# What mails and calls are kept as, besides the mail or call itself.
_TOLD_ALREADY = frozenset({"e-mail", "email", "call"})


class RecordFactsReader:
    """CrmError passes through."""

    def __init__(self, crm: CrmClient, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._crm = crm
        self._clock = clock

    def read(self, kind: RecordKind, record_id: str, language: str) -> RecordFacts | None:
        """None when the CRM answered and has no such record."""
        if kind == "deal":
            deal = self._crm.deal(record_id)
            return self._deal(deal, language) if deal else None
        if kind == "contact":
            contact = self._crm.contact(record_id)
            return self._contact(contact) if contact else None
        lead = self._crm.lead(record_id)
        return self._lead(lead) if lead else None

    def _deal(self, deal: Deal, language: str) -> RecordFacts:
        contact = self._crm.contact(deal.contact_id) if deal.contact_id else None
        account = self._crm.account(deal.account_id) if deal.account_id else None
        changes = self._crm.stage_history(deal.id)
        now = self._clock()
        happened = self._history(
            self._crm.activities_of(deal_id=deal.id), self._crm.emails_of(deal_id=deal.id), (), changes
        )
        path = stage_path(deal, self._crm.stages(), changes, now)
        overdue = path.end == "open" and deal.expected_close is not None and deal.expected_close < now.date()
        return RecordFacts(
            kind="deal",
            id=deal.id,
            name=deal.name,
            account=account.name if account else "",
            owner=self._owner(deal.owner_id),
            person=_person(contact) if contact else None,
            industry=account.industry if account else "",
            source=deal.lead_source,
            type=deal.type,
            amount=deal.amount,
            currency=deal.currency,
            repeat=deal.repeat,
            created_at=deal.created_at,
            closed_at=deal.closed_at,
            expected_close=deal.expected_close,
            overdue=overdue,
            closed=path.end != "open",
            last_contact_at=_last_contact(happened, now),
            path=path,
            products=self._products(deal.id, language),
            history=tuple(happened[:NEWEST]),
        )

    def _contact(self, contact: Contact) -> RecordFacts:
        account = self._crm.account(contact.account_id) if contact.account_id else None
        happened = self._history(
            self._crm.activities_of(contact_id=contact.id),
            self._crm.emails_of(contact_id=contact.id),
            self._crm.touchpoints_of(contact_id=contact.id),
            (),
        )
        deals = self._crm.deals_of_contact(contact.id)[:MOST_DEALS]
        still_open = {stage.name for stage in self._crm.stages() if stage.outcome is Outcome.OPEN}
        return RecordFacts(
            kind="contact",
            id=contact.id,
            name=full_name(contact),
            account=account.name if account else "",
            owner=self._owner(contact.owner_id),
            title=contact.title,
            email=contact.email,
            phone=contact.phone or contact.mobile,
            industry=account.industry if account else "",
            created_at=contact.created_at,
            last_contact_at=_last_contact(happened, self._clock()),
            related=tuple(
                Related("deal", deal.id, deal.name, deal.stage, open=deal.stage in still_open) for deal in deals
            ),
            history=tuple(happened[:NEWEST]),
        )

    def _lead(self, lead: Lead) -> RecordFacts:
        happened = self._history(
            self._crm.activities_of(lead_id=lead.id),
            self._crm.emails_of(lead_id=lead.id),
            self._crm.touchpoints_of(lead_id=lead.id),
            (),
        )
        became = Related("deal", lead.converted_deal_id, lead.company) if lead.converted_deal_id else None
        return RecordFacts(
            kind="lead",
            id=lead.id,
            name=full_name(lead),
            account=lead.company,
            owner=self._owner(lead.owner_id),
            email=lead.email,
            phone=lead.phone or lead.mobile,
            industry=lead.industry,
            status=lead.status,
            closed=bool(lead.converted_deal_id or lead.converted_contact_id),
            source=lead.source,
            created_at=lead.created_at,
            last_contact_at=_last_contact(happened, self._clock()),
            related=(became,) if became else (),
            history=tuple(happened[:NEWEST]),
        )

    def _owner(self, owner_id: str) -> str:
        owner = self._crm.owner(owner_id) if owner_id else None
        return owner.name if owner else ""

    def _products(self, deal_id: str, language: str) -> tuple[ProductLine, ...]:
        return tuple(
            ProductLine(product.name(language), line.quantity, line.unit_price)
            for line, product in self._crm.products_of_deals([deal_id])
        )

    def _history(
        self,
        activities: Iterable[Activity],
        emails: Iterable[Email],
        touchpoints: Iterable[Touchpoint],
        changes: Iterable[StageChange],
    ) -> list[Happened]:
        """Newest first; what is planned lies ahead and so comes first."""
        names = {owner.id: owner.name for owner in self._crm.owners()}
        rows = [_activity(one, names.get(one.owner_id, "")) for one in activities]
        rows += [_email(one, names.get(one.owner_id, "")) for one in emails]
        rows += [_touchpoint(one) for one in touchpoints if one.channel not in _TOLD_ALREADY]
        rows += [Happened(one.at, "stage", one.to_stage, names.get(one.changed_by, "")) for one in changes]
        return sorted(rows, key=lambda row: row.at, reverse=True)


def full_name(person: Contact | Lead) -> str:
    """As people of their language write it; the address of somebody without a name."""
    return person_name_of(person) or person.email


def stage_path(deal: Deal, stages: Sequence[Stage], changes: Sequence[StageChange], now: datetime) -> StagePath:
    """The open stages in their order, with the days that were spent in each; and what the deal came to."""
    outcomes = {stage.name: stage.outcome for stage in stages}
    end = outcomes.get(deal.stage, Outcome.OPEN)
    days = _days_in(deal, changes, deal.closed_at or now)
    ordered = sorted((stage for stage in stages if stage.outcome is Outcome.OPEN), key=lambda stage: stage.position)
    here = next((stage.position for stage in ordered if stage.name == deal.stage), None)
    steps = [
        StageStep(
            stage.name,
            "here"
            if stage.name == deal.stage
            else "passed"
            if stage.name in days
            else "ahead"
            if end is Outcome.OPEN and (here is None or stage.position > here)
            else "skipped",
            days.get(stage.name),
        )
        for stage in ordered
    ]
    if here is None:  # closed, or in a stage that the CRM does not name any more
        steps.append(StageStep(deal.stage, "here", None if end is not Outcome.OPEN else days.get(deal.stage)))
    return StagePath(tuple(steps), end.value, "" if end is Outcome.OPEN else deal.stage)


def _days_in(deal: Deal, changes: Sequence[StageChange], until: datetime) -> dict[str, int]:
    """Whole days in each stage; several visits together."""
    ordered = sorted(changes, key=lambda change: change.at)
    seconds: dict[str, float] = {}
    for number, change in enumerate(ordered):
        left = ordered[number + 1].at if number + 1 < len(ordered) else until
        stayed = max(0.0, (left - change.at).total_seconds())
        seconds[change.to_stage] = seconds.get(change.to_stage, 0.0) + stayed
    if not ordered and deal.created_at:
        seconds[deal.stage] = max(0.0, (until - deal.created_at).total_seconds())
    return {stage: int(stayed // 86_400) for stage, stayed in seconds.items()}


def _person(contact: Contact) -> Related:
    return Related("contact", contact.id, full_name(contact), contact.title)


def _activity(one: Activity, by: str) -> Happened:
    what = one.kind
    if one.kind == "call":
        inbound = one.direction == "inbound"
        missed = one.result in ("missed", "no_answer")
        what = ("call_missed" if missed else "call_in") if inbound else "no_answer" if missed else "call_out"
    elif one.kind == "event" and one.result == "no_show":
        what = "no_show"
    if one.status != "completed" and one.kind in ("call", "event"):
        what = f"{one.kind}_planned"  # nobody has met or called yet
    note = one.status if one.status in ("open", "cancelled") else ""
    return Happened(one.start_at, what, one.subject, by, note, theirs=what in ("call_in", "call_missed"))


def _email(one: Email, by: str) -> Happened:
    if one.direction == "in":
        return Happened(one.sent_at, "email_in", one.subject, theirs=True)
    note = (
        "replied"
        if one.replied_at
        else "clicked"
        if one.clicked_at
        else "opened"
        if one.opened_at
        else one.status
        if one.status in ("bounced", "draft")
        else ""
    )
    return Happened(one.sent_at, "email_out", one.subject, by, note)


def _touchpoint(one: Touchpoint) -> Happened:
    return Happened(one.at, "touchpoint", "", note=one.channel, theirs=one.signal)


def _last_contact(happened: Sequence[Happened], now: datetime) -> datetime | None:
    """The newest exchange with the customer, either way, that really took place."""
    exchanges = frozenset({"call_out", "call_in", "event", "email_out", "email_in"})
    return next(
        (
            row.at
            for row in happened
            if row.what in exchanges and row.at <= now and row.note not in ("open", "cancelled", "draft")
        ),
        None,
    )
