"""What is known of many records when advice is given about them: a few queries for all of them, facts for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from crm_client.client import CrmClient
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
from motenashi.advice_desk.pieces import Pieces, PiecesOf
from motenashi.advice_desk.settings import DeskSettings
from motenashi.advice_desk.touches import touches_of
from motenashi.advice_desk.words import RecordKind
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.advice.facts import Busy, HeldHour, RecordFacts
from motenashi.suggestions.suggestion import Suggestion

DIARY_AHEAD = timedelta(days=21)


@dataclass(frozen=True)
class Gathered:
    """`facts` of the records that are open. `drafts`: since when a mail of ours lies ready that was not sent. `closed`:
    those that need no advice any more, and why (won, lost, converted, gone)."""

    facts: Mapping[str, RecordFacts] = field(default_factory=dict)
    drafts: Mapping[str, datetime] = field(default_factory=dict)
    closed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _World:
    """What all records of a batch share."""

    owners: Mapping[str, Owner]
    stages: tuple[Stage, ...]
    contacts: Mapping[str, Contact]
    accounts: Mapping[str, Account]
    products: Mapping[str, Product]
    busy: Mapping[str, tuple[Busy, ...]]
    away: Mapping[str, datetime]
    held: Mapping[str, tuple[HeldHour, ...]]


class Gathering:
    """CrmError, DBAPIError."""

    def __init__(self, crm: CrmClient, absences: Absences, settings: DeskSettings | None = None) -> None:
        self._crm = crm
        self._absences = absences
        self._settings = settings or DeskSettings()

    def gather(
        self,
        kind: RecordKind,
        ids: Sequence[str],
        *,
        now: datetime,
        wishes: Mapping[str, Sequence[Suggestion]],
        current: Mapping[str, Suggestion],
        held: Mapping[str, tuple[HeldHour, ...]],
    ) -> Gathered:
        """Of records of one kind. `wishes`, `current`: the open ones of each; `held`: when appointments took place."""
        if kind == "deal":
            return self._deals(ids, now, wishes, current, held)
        return self._contacts(ids, now, wishes, held) if kind == "contact" else self._leads(ids, now, wishes, held)

    def _deals(
        self,
        ids: Sequence[str],
        now: datetime,
        wishes: Mapping[str, Sequence[Suggestion]],
        current: Mapping[str, Suggestion],
        held: Mapping[str, tuple[HeldHour, ...]],
    ) -> Gathered:
        stages = tuple(self._crm.stages())
        outcome = {stage.name: stage.outcome for stage in stages}
        deals = {deal.id: deal for deal in self._crm.deals_with(ids)}
        closed = {one: "gone" for one in ids if one not in deals}
        closed |= {
            deal.id: outcome[deal.stage].value
            for deal in deals.values()
            if outcome.get(deal.stage, Outcome.OPEN) is not Outcome.OPEN
        }
        still_open = [deal for deal in deals.values() if deal.id not in closed]
        world = self._world(stages, still_open, (), wishes, now, held)
        lines = self._lines([deal.id for deal in still_open])
        pieces = self._pieces(deal_ids=[deal.id for deal in still_open], contact_ids=list(world.contacts))
        theirs = {deal.id: pieces.of_deal(deal) for deal in still_open}
        facts = {
            deal.id: self._facts_of_deal(
                deal, world, lines.get(deal.id, []), theirs[deal.id], _standing(current.get(deal.id)), now
            )
            for deal in still_open
        }
        return Gathered(facts, _drafts(theirs), closed)

    def _contacts(
        self,
        ids: Sequence[str],
        now: datetime,
        wishes: Mapping[str, Sequence[Suggestion]],
        held: Mapping[str, tuple[HeldHour, ...]],
    ) -> Gathered:
        contacts = self._crm.contacts_with(ids)
        there = [contact.id for contact in contacts]
        world = self._world(tuple(self._crm.stages()), (), there, wishes, now, held)
        pieces = self._pieces(contact_ids=there)
        theirs = {one: pieces.of_contact(one) for one in there}
        deals = self._open_deals(there)
        facts = {
            contact.id: replace(
                self._facts("contact", contact.id, world, theirs[contact.id], now, contact=contact),
                open_deals=deals.get(contact.id, ()),
            )
            for contact in contacts
        }
        return Gathered(facts, _drafts(theirs), {one: "gone" for one in ids if one not in facts})

    def _leads(
        self,
        ids: Sequence[str],
        now: datetime,
        wishes: Mapping[str, Sequence[Suggestion]],
        held: Mapping[str, tuple[HeldHour, ...]],
    ) -> Gathered:
        leads = {lead.id: lead for lead in self._crm.leads_with(ids)}
        closed = {one: "gone" for one in ids if one not in leads}
        closed |= {
            lead.id: "converted" for lead in leads.values() if lead.converted_deal_id or lead.converted_contact_id
        }
        still_open = [lead for lead in leads.values() if lead.id not in closed]
        world = self._world(tuple(self._crm.stages()), (), (), wishes, now, held, [lead.id for lead in still_open])
        pieces = self._pieces(lead_ids=[lead.id for lead in still_open])
        theirs = {lead.id: pieces.of_lead(lead.id) for lead in still_open}
        facts = {lead.id: self._facts("lead", lead.id, world, theirs[lead.id], now, lead=lead) for lead in still_open}
        return Gathered(facts, _drafts(theirs), closed)

    def _world(
        self,
        stages: tuple[Stage, ...],
        deals: Sequence[Deal],
        contact_ids: Iterable[str],
        wishes: Mapping[str, Sequence[Suggestion]],
        now: datetime,
        held: Mapping[str, tuple[HeldHour, ...]],
        lead_ids: Sequence[str] = (),
    ) -> _World:
        wanted = {*contact_ids, *(deal.contact_id for deal in deals)}
        contacts = {contact.id: contact for contact in self._crm.contacts_with(wanted)}
        account_ids = {deal.account_id for deal in deals} | {contact.account_id for contact in contacts.values()}
        return _World(
            owners={owner.id: owner for owner in self._crm.owners()},
            stages=stages,
            contacts=contacts,
            accounts={one.id: one for one in self._crm.accounts_with(account_ids)},
            products=self._named_products(wishes),
            busy=_by_owner(self._crm.events_between(now, now + DIARY_AHEAD)),
            away=self._absences.away_of_all(now, contact_ids=list(contacts), lead_ids=lead_ids),
            held=held,
        )

    def _named_products(self, wishes: Mapping[str, Sequence[Suggestion]]) -> dict[str, Product]:
        named = {product_id for group in wishes.values() for wish in group for product_id in wish.product_ids}
        return {product.id: product for product in self._crm.products(active_only=False)} if named else {}

    def _lines(self, deal_ids: Sequence[str]) -> dict[str, list[tuple[DealProduct, Product]]]:
        found: dict[str, list[tuple[DealProduct, Product]]] = {}
        for line, product in self._crm.products_of_deals(deal_ids):
            found.setdefault(line.deal_id, []).append((line, product))
        return found

    def _open_deals(self, contact_ids: Sequence[str]) -> dict[str, tuple[Deal, ...]]:
        found: dict[str, tuple[Deal, ...]] = {}
        for deal in self._crm.open_deals_of(contact_ids):
            found[deal.contact_id] = (*found.get(deal.contact_id, ()), deal)
        return found

    def _pieces(
        self,
        deal_ids: Collection[str] = (),
        contact_ids: Collection[str] = (),
        lead_ids: Collection[str] = (),
    ) -> Pieces:
        which = {"deal_ids": deal_ids, "contact_ids": contact_ids, "lead_ids": lead_ids}
        return Pieces(
            self._crm.activities_of_all(**which),
            self._crm.emails_of_all(**which),
            self._crm.touchpoints_of_all(**which),
        )

    def _facts_of_deal(
        self,
        deal: Deal,
        world: _World,
        lines: Sequence[tuple[DealProduct, Product]],
        pieces: PiecesOf,
        standing: str,
        now: datetime,
    ) -> RecordFacts:
        return self._facts(
            "deal",
            deal.id,
            world,
            pieces,
            now,
            deal=deal,
            contact=world.contacts.get(deal.contact_id),
            lines=tuple(line for line, _ in lines),
            products={product.id: product for _, product in lines},
            standing=standing,
        )

    def _facts(
        self,
        kind: RecordKind,
        record_id: str,
        world: _World,
        pieces: PiecesOf,
        now: datetime,
        *,
        deal: Deal | None = None,
        contact: Contact | None = None,
        lead: Lead | None = None,
        lines: tuple[DealProduct, ...] = (),
        products: Mapping[str, Product] | None = None,
        standing: str = "",
    ) -> RecordFacts:
        person = contact or lead
        account_id = (deal.account_id if deal else "") or (contact.account_id if contact else "")
        owner_id = (deal.owner_id if deal else "") or (person.owner_id if person else "")
        return RecordFacts(
            kind,
            record_id,
            deal=deal,
            contact=contact,
            lead=lead,
            account=world.accounts.get(account_id),
            owner=world.owners.get(owner_id),
            products=tuple((dict(world.products) | dict(products or {})).values()),
            lines=lines,
            language=person.language if person else "",
            company_language=self._settings.company_language,
            company={"en": self._settings.company_en, "ja": self._settings.company_ja},
            time_zone=person.time_zone if person else "",
            stages=world.stages,
            planned=tuple(one for one in pieces.activities if _is_planned(one)),
            touches=touches_of(pieces.activities, pieces.emails, pieces.touchpoints, now=now),
            held=world.held,
            busy=world.busy.get(owner_id, ()),
            away_until=world.away.get(person.id) if person else None,
            opted_out=self._opted_out(person),
            standing=standing,
        )

    def _opted_out(self, person: Contact | Lead | None) -> frozenset[str]:
        if person is None:
            return frozenset()
        ways = (("e-mail", self._settings.no_mail_fields), ("call", self._settings.no_call_fields))
        return frozenset(way for way, names in ways if any(_is_true(person.extra.get(name)) for name in names))


def _by_owner(events: Iterable[Activity]) -> dict[str, tuple[Busy, ...]]:
    found: dict[str, tuple[Busy, ...]] = {}
    for event in events:
        busy = Busy(event.start_at, event.end_at or event.start_at + timedelta(hours=1))
        found[event.owner_id] = (*found.get(event.owner_id, ()), busy)
    return found


def _drafts(theirs: Mapping[str, PiecesOf]) -> dict[str, datetime]:
    drafts = {
        record_id: [mail.sent_at for mail in pieces.emails if mail.status == "draft" and mail.direction == "out"]
        for record_id, pieces in theirs.items()
    }
    return {record_id: max(moments) for record_id, moments in drafts.items() if moments}


def _is_planned(one: Activity) -> bool:
    return one.status == "open" and one.kind in ("call", "event")


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("true", "yes", "1", "on")


def _standing(current: Suggestion | None) -> str:
    return current.situation if current else ""
