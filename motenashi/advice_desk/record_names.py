"""What the records of many suggestions are called: one look into the CRM for each kind of record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_client.client import CrmClient
from crm_client.records import Account, Contact, Deal, Lead
from motenashi.advice_desk.words import RecordKind, TodayRow
from motenashi.suggestions.suggestion import About, Suggestion


@dataclass(frozen=True)
class Named:
    """The records by their ids."""

    deals: Mapping[str, Deal]
    contacts: Mapping[str, Contact]
    leads: Mapping[str, Lead]
    accounts: Mapping[str, Account]


def records_of(suggestions: Sequence[Suggestion], crm: CrmClient) -> Named:
    """CrmError."""
    abouts = [one.about for one in suggestions]
    deals = {deal.id: deal for deal in crm.deals_with({one.deal_id for one in abouts})}
    contacts = {one.id: one for one in crm.contacts_with({one.contact_id for one in abouts})}
    leads = {one.id: one for one in crm.leads_with({one.lead_id for one in abouts})}
    account_ids = {deal.account_id for deal in deals.values()} | {one.account_id for one in contacts.values()}
    return Named(deals, contacts, leads, {one.id: one for one in crm.accounts_with(account_ids)})


def row_of(one: Suggestion, named: Named, *, overdue: bool) -> TodayRow:
    about = one.about
    deal, person = named.deals.get(about.deal_id), _person(about, named)
    kind: RecordKind = "deal" if about.deal_id else "lead" if about.lead_id else "contact"
    person_name = person_name_of(person) if person else ""
    return TodayRow(
        suggestion=one,
        record_kind=kind,
        record_name=deal.name if deal else person_name,
        person_name=person_name,
        account_name=_company(deal, person, named),
        stage=deal.stage if deal else person.status if isinstance(person, Lead) else "",
        amount=deal.amount if deal else None,
        currency=deal.currency if deal else "",
        overdue=overdue,
    )


def person_name_of(person: Contact | Lead) -> str:
    """As people of their language write it: 森 遥, Haruka Mori."""
    parts = (person.first_name, person.last_name)
    return " ".join(part for part in (reversed(parts) if _family_first(person) else parts) if part)


def _family_first(person: Contact | Lead) -> bool:
    return not f"{person.first_name}{person.last_name}".isascii() and person.language in ("", "ja")


def _person(about: About, named: Named) -> Contact | Lead | None:
    return named.contacts.get(about.contact_id) or named.leads.get(about.lead_id)


def _company(deal: Deal | None, person: Contact | Lead | None, named: Named) -> str:
    if isinstance(person, Lead):
        return person.company
    ids = (deal.account_id if deal else "", person.account_id if person else "")
    return next((named.accounts[one].name for one in ids if one in named.accounts), "")
