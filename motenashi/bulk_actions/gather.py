"""What is known of many records at once: the record, its person, account, deal and owner; and as a template sees them.

A template sees texts as they are stored, dates and amounts as the reader's language writes them. What a record does not
have (a contact without an account) is missing there, not empty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision

from crm_client.client import CrmClient
from crm_client.records import Account, Contact, Deal, Lead, Owner
from motenashi.bulk_actions.templates import Known
from motenashi.bulk_actions.words import Language, Module
from motenashi.clean_text import clean_text

_FIELDS: Mapping[str, Sequence[str]] = {
    "contact": ("first_name", "last_name", "name", "title", "email", "phone", "mobile"),
    "lead": ("first_name", "last_name", "name", "company", "email", "industry", "status", "source"),
    "account": ("name", "industry", "website", "employees"),
    "deal": ("name", "stage", "type", "amount", "expected_close", "lead_source"),
    "owner": ("name", "email"),
}
_ROOTS: Mapping[Module, Sequence[str]] = {
    "contacts": ("contact", "account", "owner"),
    "leads": ("lead", "owner"),
    "accounts": ("account", "contact", "owner"),
    "deals": ("deal", "contact", "account", "owner"),
}
_OWN_FIELDS = {"contact": "contacts", "lead": "leads", "account": "accounts", "deal": "deals"}
_DATES = {"en": "d MMMM y", "ja": "y年M月d日"}


@dataclass(frozen=True)
class Facts:
    """One record and who and what belongs to it; None for what it does not have."""

    contact: Contact | None = None
    lead: Lead | None = None
    account: Account | None = None
    deal: Deal | None = None
    owner: Owner | None = None

    @property
    def person(self) -> Contact | Lead | None:
        return self.contact or self.lead


class Gather:
    """CrmError when the CRM does not answer."""

    def __init__(self, crm: CrmClient, custom_fields: Collection[str] = ()) -> None:
        """`custom_fields`: those that only this company's CRM has, as module.Field_Name."""
        self._crm = crm
        self._custom = sorted(custom_fields)

    def known(self, module: Module, *, mail: bool) -> Known:
        """What a template may name for records of a module. Mail to accounts goes to their contacts."""
        roots = [root for root in _ROOTS[module] if mail or (module, root) != ("accounts", "contact")]
        return {root: (*_FIELDS[root], *self._own_fields(root)) for root in roots}

    def facts(self, module: Module, ids: Collection[str]) -> dict[str, Facts]:
        """By id; records that are not there (any more) are left out."""
        if module == "leads":
            found: dict[str, Facts] = {one.id: Facts(lead=one) for one in self._crm.leads_with(ids)}
            return self._with_owners({key: (one, _owner_id(one.lead)) for key, one in found.items()})
        if module == "contacts":
            return self._of_contacts(ids)
        if module == "accounts":
            accounts = {one.id: Facts(account=one) for one in self._crm.accounts_with(ids)}
            return self._with_owners({key: (one, _owner_id(one.account)) for key, one in accounts.items()})
        return self._of_deals(ids)

    def scope(self, facts: Facts, language: Language) -> dict[str, dict[str, Any]]:
        """What a template sees of one record, in the reader's language."""
        there = {root: one for root in _FIELDS if (one := getattr(facts, root)) is not None}
        seen = {root: self._seen(root, one, language) for root, one in there.items()}
        return {root: seen.get(root, {}) for root in _FIELDS}

    def _of_contacts(self, ids: Collection[str]) -> dict[str, Facts]:
        contacts = self._crm.contacts_with(ids)
        accounts = self._accounts(contact.account_id for contact in contacts)
        return self._with_owners(
            {one.id: (Facts(contact=one, account=accounts.get(one.account_id)), one.owner_id) for one in contacts}
        )

    def _of_deals(self, ids: Collection[str]) -> dict[str, Facts]:
        deals = self._crm.deals_with(ids)
        contacts = {one.id: one for one in self._crm.contacts_with({deal.contact_id for deal in deals} - {""})}
        accounts = self._accounts(deal.account_id for deal in deals)
        return self._with_owners(
            {
                deal.id: (
                    Facts(contact=contacts.get(deal.contact_id), account=accounts.get(deal.account_id), deal=deal),
                    deal.owner_id,
                )
                for deal in deals
            }
        )

    def _accounts(self, ids: Any) -> dict[str, Account]:
        wanted = set(ids) - {""}
        return {one.id: one for one in self._crm.accounts_with(wanted)} if wanted else {}

    def _with_owners(self, found: Mapping[str, tuple[Facts, str]]) -> dict[str, Facts]:
        owners = {owner.id: owner for owner in self._crm.owners()} if found else {}
        return {
            key: Facts(one.contact, one.lead, one.account, one.deal, owners.get(owner_id))
            for key, (one, owner_id) in found.items()
        }

    def _own_fields(self, root: str) -> list[str]:
        module = _OWN_FIELDS.get(root, "")
        return [name.partition(".")[2] for name in self._custom if name.partition(".")[0] == module]

    def _seen(self, root: str, record: Any, language: Language) -> dict[str, Any]:
        values = {field.name: getattr(record, field.name) for field in fields(record)}
        if root in ("contact", "lead"):
            values["name"] = person_name(record)
        if root == "deal":
            values["amount"] = _money(record.amount, record.currency, language)
        extra = values.get("extra") or {}
        own = {name: extra.get(name) for name in self._own_fields(root)}
        return {name: _written(value, language) for name, value in own.items()} | {
            name: _written(values[name], language) for name in _FIELDS[root]
        }


def person_name(person: Contact | Lead) -> str:
    """In the order of its script: 山田 太郎, Taro Yamada."""
    first, last = person.first_name.strip(), person.last_name.strip()
    latin = (first + last).isascii() or not any(letter > "\u3000" for letter in first + last)
    return " ".join(part for part in ((first, last) if latin else (last, first)) if part)


def _owner_id(record: Lead | Account | None) -> str:
    return record.owner_id if record else ""


def _money(amount: int | None, currency: str, language: Language) -> str:
    if amount is None:
        return ""
    whole = amount / 10 ** get_currency_precision(currency or "JPY")
    return format_currency(whole, currency or "JPY", locale=language)


def _written(value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return format_date(value, _DATES[language], locale=language)
    if isinstance(value, bool):
        return {True: {"en": "yes", "ja": "はい"}, False: {"en": "no", "ja": "いいえ"}}[value][language]
    return clean_text(str(value))
