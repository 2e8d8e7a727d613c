"""Who is this: a customer, somebody interested, or somebody new?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from crm_client.client import CrmClient
from crm_client.records import Contact, Lead
from motenashi.conversation.assurance import Assurance, Identity
from motenashi.plug_contract import plug
from plugs.people_names import PersonName, addressed_as, name_as_given


@dataclass(frozen=True)
class Person:
    """Nothing in here comes out of the CRM's record of somebody who has not proved to be that person."""

    kind: Annotated[Literal["contact", "lead", "new"], "contact: a customer. lead: somebody interested. new: unknown."]
    record_id: Annotated[str, "The contact's or lead's id, for other plugs. Empty when new."] = ""
    first_name: Annotated[str, "The given name; empty when unknown."] = ""
    addressed_as: Annotated[
        str, "How to address them: Haruka, 森様. Unknown: empty in English, お客様 in Japanese."
    ] = ""
    matched_by: Annotated[Literal["email", "phone", ""], "What the CRM knew them by."] = ""


@plug(title="Identify the visitor", credits=4)
def identify_visitor(
    *,
    email: Annotated[str, "The visitor's e-mail address; empty when unknown."] = "",
    phone: Annotated[str, "The visitor's phone number; empty when unknown."] = "",
    name: Annotated[str, "The visitor's name as the chat knows it; 'Visitor 51234' and the like count as none."] = "",
    crm: CrmClient,
    identity: Identity,
    language: str,
) -> Person:
    """Look for a contact, then for a lead: by verified address, by the address given, by phone."""
    given = name_as_given(name)
    for matched_by, key in _keys(email, phone, identity):
        contact = crm.find_contact(email=key) if matched_by == "email" else crm.find_contact(phone=key)
        if contact is not None:
            return _person("contact", contact, matched_by, _name_to_use(contact, given, identity), language)
        lead = crm.find_lead(email=key) if matched_by == "email" else crm.find_lead(phone=key)
        if lead is not None:
            return _person("lead", lead, matched_by, _name_to_use(lead, given, identity), language)
    return Person("new", first_name=given.given or given.full, addressed_as=addressed_as(given, language))


def _keys(email: str, phone: str, identity: Identity) -> Iterator[tuple[Literal["email", "phone"], str]]:
    """A proved address says more than a typed one, and an address more than a number that colleagues may share."""
    proved = identity.email if identity.level >= Assurance.VERIFIED else ""
    typed = email.strip()
    if proved:
        yield "email", proved
    if typed and typed.lower() != proved:
        yield "email", typed
    if phone.strip():
        yield "phone", phone.strip()


def _name_to_use(record: Contact | Lead, given: PersonName, identity: Identity) -> PersonName:
    addresses = (record.email, record.secondary_email) if isinstance(record, Contact) else (record.email,)
    if not any(identity.covers(address) for address in addresses):
        return given
    full = " ".join(part for part in (record.first_name, record.last_name) if part)
    return PersonName(record.first_name, record.last_name, full)


def _person(
    kind: Literal["contact", "lead"],
    record: Contact | Lead,
    matched_by: Literal["email", "phone"],
    name: PersonName,
    language: str,
) -> Person:
    return Person(kind, record.id, name.given or name.full, addressed_as(name, language), matched_by)
