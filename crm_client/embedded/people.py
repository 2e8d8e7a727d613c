"""Accounts, contacts, leads and owners: who somebody is."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, and_, bindparam, case, or_, select

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.field_changes import MODULE_OF, FieldHistories, Tracked, note, tracked_fields
from crm_client.embedded.record_rows import (
    ACCOUNTS,
    CONTACTS,
    LEADS,
    OWNERS,
    Kind,
    R,
    check,
    fetch,
    new_id,
    save,
    save_once,
)
from crm_client.identifiers import email_key, phone_key
from crm_client.records import Account, Contact, Lead, Owner

P = TypeVar("P", Account, Contact, Lead)


def _same_person(table: Table, email_columns: tuple[str, ...]) -> Any:
    """Ways to know somebody, the surest first. An empty key is bound as NULL and so equals nothing."""
    email: Any = bindparam("email_key")
    phone: Any = bindparam("phone_key")
    return [
        *(table.c[name] == email for name in email_columns),
        table.c.phone_key == phone,
        table.c.mobile_key == phone,
    ]


def _ranked(ways: Any) -> Any:
    return case(*((way, rank) for rank, way in enumerate(ways)), else_=len(ways))


_CONTACT_WAYS = _same_person(CONTACTS.table, ("email_key", "secondary_email_key"))
_LEAD_WAYS = _same_person(LEADS.table, ("email_key",))
_NOT_CONVERTED = and_(LEADS.table.c.converted_deal_id == "", LEADS.table.c.converted_contact_id == "")

_FIND_CONTACT: Select[Any] = (
    select(*CONTACTS.columns)
    .where(or_(*_CONTACT_WAYS))
    .order_by(_ranked(_CONTACT_WAYS), CONTACTS.table.c.created_at, CONTACTS.table.c.id)
    .limit(1)
)
_FIND_LEAD: Select[Any] = (
    select(*LEADS.columns)
    .where(or_(*_LEAD_WAYS), _NOT_CONVERTED)
    .order_by(_ranked(_LEAD_WAYS), LEADS.table.c.created_at.desc(), LEADS.table.c.id.desc())
    .limit(1)
)
_ALL_OWNERS = select(*OWNERS.columns).order_by(OWNERS.table.c.name, OWNERS.table.c.id)


class People(FieldHistories):
    def find_contact(self, *, email: str = "", phone: str = "") -> Contact | None:
        """By e-mail address (the first, then the second one), else by phone; the oldest of several. One query."""
        return self._find(CONTACTS, _FIND_CONTACT, email, phone)

    def find_lead(self, *, email: str = "", phone: str = "") -> Lead | None:
        """The newest lead that is not converted, by e-mail address, else by phone. One query."""
        return self._find(LEADS, _FIND_LEAD, email, phone)

    def _find(self, kind: Kind[R], query: Select[Any], email: str, phone: str) -> R | None:
        keys = {"email_key": email_key(email), "phone_key": self._phone_key(phone)}
        if not any(keys.values()):
            return None
        with self.reading(f"find {kind.word}") as connection:
            return kind.read(connection.execute(query, keys).first())

    def contact(self, contact_id: str) -> Contact | None:
        with self.reading("read contact") as connection:
            return fetch(connection, CONTACTS, contact_id)

    def lead(self, lead_id: str) -> Lead | None:
        with self.reading("read lead") as connection:
            return fetch(connection, LEADS, lead_id)

    def account(self, account_id: str) -> Account | None:
        with self.reading("read account") as connection:
            return fetch(connection, ACCOUNTS, account_id)

    def owner(self, owner_id: str) -> Owner | None:
        with self.reading("read owner") as connection:
            return fetch(connection, OWNERS, owner_id)

    def owners(self) -> Sequence[Owner]:
        """By name, those who have left included (`active` says so)."""
        with self.reading("list owners") as connection:
            return tuple(Owner(*row) for row in connection.execute(_ALL_OWNERS))

    def save_account(self, account: Account) -> Account:
        check(ACCOUNTS, account, "save account")
        with self.writing("save account") as connection:
            return self.save_tracked(connection, ACCOUNTS, account)

    def save_contact(self, contact: Contact) -> Contact:
        check(CONTACTS, contact, "save contact")
        with self.writing("save contact") as connection:
            saved = self.save_tracked(connection, CONTACTS, contact, **self.contact_keys(contact))
        self.tell(RecordChange("contacts", contact_id=saved.id))
        return saved

    def save_lead(self, lead: Lead, *, key: str = "") -> Lead:
        check(LEADS, lead, "save lead")
        with self.writing("save lead") as connection:
            saved = self.save_tracked(connection, LEADS, lead, key=key, **self.lead_keys(lead))
        self.tell(RecordChange("leads", lead_id=saved.id))
        return saved

    def save_owner(self, owner: Owner) -> Owner:
        check(OWNERS, owner, "save owner")
        with self.writing("save owner") as connection:
            return save(connection, OWNERS, owner, now=self._clock())

    def save_tracked(self, connection: Connection, kind: Kind[P], record: P, *, key: str = "", **more: Any) -> P:
        """Save it, and note what became of its tracked fields."""
        now, fields = self._clock(), self.tracked(record)
        old = fetch(connection, kind, record.id, to_change=True) if fields else None
        record = dataclasses.replace(record, id=record.id or new_id())
        saved = save_once(connection, kind, record, key=key, now=now, **more)
        if saved.id == record.id:  # otherwise the key was seen before, and nothing was written
            note(connection, fields, old, saved, at=now)
        return saved

    def tracked(self, record: Tracked) -> tuple[str, ...]:
        """The tracked fields of the module that this record belongs to."""
        return tracked_fields(self._settings, MODULE_OF[type(record)])

    def contact_keys(self, contact: Contact) -> dict[str, str]:
        """The look-up columns of a contact's row."""
        return {
            "email_key": email_key(contact.email),
            "secondary_email_key": email_key(contact.secondary_email),
            "phone_key": self._phone_key(contact.phone),
            "mobile_key": self._phone_key(contact.mobile),
        }

    def lead_keys(self, lead: Lead) -> dict[str, str]:
        return {
            "email_key": email_key(lead.email),
            "phone_key": self._phone_key(lead.phone),
            "mobile_key": self._phone_key(lead.mobile),
        }

    def _phone_key(self, number: str) -> str:
        return phone_key(number, self._settings.country_code)
