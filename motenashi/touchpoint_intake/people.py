"""Whose are these rows? Many at once, in a few queries, each row as `find_contact` and `find_lead` would answer.

The surest way first: an id of ours, a mail address, an id of another tool that we have learned, a phone number. A
contact goes before a lead, the oldest contact before others, the newest lead before others; who was a lead and became
a contact is the contact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from crm_client.embedded.tables import crm_contacts, crm_leads
from motenashi.touchpoint_intake.row import Who
from motenashi.touchpoint_intake.tables import touchpoint_external_ids as external_ids

MOST_AT_ONCE = 400  # databases take only so many values in one statement


@dataclass(frozen=True)
class Person:
    """One of the two ids is set. `sure`: found by an id or a mail address."""

    contact_id: str = ""
    lead_id: str = ""
    sure: bool = True


@dataclass
class KnownPeople:
    """Everybody whom a batch of rows may mean, by each way of naming them."""

    by_contact: dict[str, Person] = field(default_factory=dict)
    by_lead: dict[str, Person] = field(default_factory=dict)
    by_email: dict[str, Person] = field(default_factory=dict)
    by_external: dict[str, Person] = field(default_factory=dict)
    by_phone: dict[str, Person] = field(default_factory=dict)

    def who(self, who: Who) -> Person | None:
        ways: tuple[tuple[Mapping[str, Person], str], ...] = (
            (self.by_contact, who.contact_id),
            (self.by_lead, who.lead_id),
            (self.by_email, who.email),
            (self.by_external, by_hand("email", who.email)),
            (self.by_external, who.external_key),
            (self.by_phone, who.phone),
            (self.by_external, by_hand("phone", who.phone)),
        )
        return next((known[key] for known, key in ways if key and key in known), None)


def by_hand(kind: str, key: str) -> str:
    """The name under which it is kept that somebody was assigned by hand. No other system's name begins so."""
    return f"={kind}:{key}" if key else ""


def find_people(connection: Connection, rows: Iterable[Who]) -> KnownPeople:
    wanted = list(rows)
    known = KnownPeople()
    _by_ids(connection, known, wanted)
    _by_emails(connection, known, {one.email for one in wanted})
    _by_phones(connection, known, {one.phone for one in wanted})
    keys = {key for one in wanted for key in _external_keys(one)}
    for row in _each(connection, select(external_ids).where(external_ids.c.external_key.in_(_KEYS)), keys):
        known.by_external[row.external_key] = Person(row.contact_id, row.lead_id)
    _follow_conversions(connection, known)
    return known


def _external_keys(who: Who) -> tuple[str, ...]:
    return who.external_key, by_hand("email", who.email), by_hand("phone", who.phone)


def _by_ids(connection: Connection, known: KnownPeople, wanted: Sequence[Who]) -> None:
    contacts = select(crm_contacts.c.id).where(crm_contacts.c.id.in_(_KEYS))
    for row in _each(connection, contacts, {one.contact_id for one in wanted}):
        known.by_contact[row.id] = Person(row.id)
    leads = select(crm_leads.c.id, crm_leads.c.converted_contact_id).where(crm_leads.c.id.in_(_KEYS))
    for row in _each(connection, leads, {one.lead_id for one in wanted}):
        known.by_lead[row.id] = _lead(row)


def _lead(row: Any) -> Person:
    return Person(row.converted_contact_id) if row.converted_contact_id else Person("", row.id)


def _by_emails(connection: Connection, known: KnownPeople, keys: Collection[str]) -> None:
    """Contacts by their first address, then by their second, then leads that are not converted."""
    for column in ("email_key", "secondary_email_key"):
        _put(connection, known.by_email, _contacts(column), keys, _contact_person)
    _put(connection, known.by_email, _leads("email_key"), keys, _lead_person)


def _by_phones(connection: Connection, known: KnownPeople, keys: Collection[str]) -> None:
    for column in ("phone_key", "mobile_key"):
        _put(connection, known.by_phone, _contacts(column), keys, _contact_by_phone)
    for column in ("phone_key", "mobile_key"):
        _put(connection, known.by_phone, _leads(column), keys, _lead_by_phone)


def _put(
    connection: Connection,
    into: dict[str, Person],
    query: Select[Any],
    keys: Collection[str],
    person: Callable[[str], Person],
) -> None:
    """The first in order for each key that nobody has yet."""
    for record_id, key in _each(connection, query, {key for key in keys if key} - into.keys()):
        into.setdefault(key, person(record_id))


def _contact_person(record_id: str) -> Person:
    return Person(record_id)


def _lead_person(record_id: str) -> Person:
    return Person("", record_id)


def _contact_by_phone(record_id: str) -> Person:
    return Person(record_id, sure=False)


def _lead_by_phone(record_id: str) -> Person:
    return Person("", record_id, sure=False)


_KEYS: Any = bindparam("keys", expanding=True)


def _contacts(column: str) -> Select[Any]:
    """(id, key), the oldest contact first."""
    key = crm_contacts.c[column]
    return select(crm_contacts.c.id, key).where(key.in_(_KEYS)).order_by(crm_contacts.c.created_at, crm_contacts.c.id)


def _leads(column: str) -> Select[Any]:
    """(id, key) of those that are not converted, the newest lead first."""
    key = crm_leads.c[column]
    open_ones = (key.in_(_KEYS), crm_leads.c.converted_deal_id == "", crm_leads.c.converted_contact_id == "")
    return select(crm_leads.c.id, key).where(*open_ones).order_by(crm_leads.c.created_at.desc(), crm_leads.c.id.desc())


def _each(connection: Connection, query: Select[Any], keys: Collection[str]) -> Iterator[Any]:
    wanted = sorted(key for key in keys if key)
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield from connection.execute(query, {"keys": wanted[start : start + MOST_AT_ONCE]})


def _follow_conversions(connection: Connection, known: KnownPeople) -> None:
    """Who was learned as a lead, and became a contact, is the contact."""
    leads = {one.lead_id for one in known.by_external.values() if one.lead_id}
    query = select(crm_leads.c.id, crm_leads.c.converted_contact_id).where(crm_leads.c.id.in_(_KEYS))
    now = {row.id: _lead(row) for row in _each(connection, query, leads)}
    for key, person in list(known.by_external.items()):
        if person.lead_id in now:
            known.by_external[key] = now[person.lead_id]
