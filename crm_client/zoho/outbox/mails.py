"""E-mails go beside the contact or lead they were exchanged with. Zoho makes two of one that is sent twice, so before
any repetition its own list is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from crm_client.embedded.record_rows import CONTACTS, DEALS, LEADS, OWNERS, fetch
from crm_client.errors import CrmRejected
from crm_client.records import Email
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.outbox import entries, links, records_here
from crm_client.zoho.outbox.desk import CallRefused, Desk
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.links import Link, Links

_NO_ADDRESS = "the e-mail's person, or nobody of ours, has an address; Zoho takes no e-mail without both"


class Mails:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(self, row: Row) -> int:
        with self._desk.writing() as connection:
            taken = self._desk.claimed(connection, [row])
            if not taken:
                return 0
            row = taken[0]
            mail = records_here.read(connection, "emails", row.local_id)
            module, local_id = whose(connection, mail) if mail else ("", "")
            zoho_id = Links(connection).zoho_id(module, local_id) if module else ""
            if not zoho_id:  # it is gone, or about nobody whom Zoho has
                entries.done(connection, [row.number])
                return 1
            raw = _raw(connection, mail, module, local_id)
            if raw is None:
                self._desk.refused(connection, row, CrmRejected("put an e-mail in Zoho", _NO_ADDRESS, "email"))
                return 0
        return self._send(row, module, zoho_id, raw)

    def _send(self, row: Row, module: str, zoho_id: str, raw: Raw) -> int:
        api_module = self._desk.api(module)
        try:
            if row.sent_at is not None:
                with self._desk.asking([row]):
                    found = next((one for one in self._desk.calls.emails(api_module, zoho_id) if _is(one, raw)), None)
                if found is not None:
                    return self._done(row, str(found.get("message_id") or ""))
            with self._desk.writing() as connection:
                if not entries.goes_out(connection, row, self._desk.clock()):
                    return 0
            with self._desk.asking([row], goes_out=True):
                entry = self._desk.calls.associate_email(api_module, zoho_id, raw)
        except CallRefused:
            return 0
        error = error_of(entry, "put an e-mail in Zoho")
        if error is None:
            return self._done(row, entry.id)
        with self._desk.writing() as connection:
            self._desk.refused(connection, row, error)
        return 0

    def _done(self, row: Row, zoho_id: str) -> int:
        with self._desk.writing() as connection:
            if zoho_id and links.by_zoho_id(connection, "emails", zoho_id) is None:
                links.store(connection, "emails", Link(zoho_id, row.local_id, None, {}))
            entries.done(connection, [row.number])
        return 1


def whose(connection: Connection, mail: Email) -> tuple[str, str]:
    """(our module, our id) of the record that gets the e-mail; ('', '') for one about nobody."""
    if mail.contact_id:
        return "contacts", mail.contact_id
    if mail.lead_id:
        return "leads", mail.lead_id
    deal = fetch(connection, DEALS, mail.deal_id)
    return ("contacts", deal.contact_id) if deal and deal.contact_id else ("", "")


def _raw(connection: Connection, mail: Email, module: str, local_id: str) -> dict[str, Any] | None:
    person: Any = fetch(connection, CONTACTS if module == "contacts" else LEADS, local_id)
    us = _ours(connection, mail.owner_id or (person.owner_id if person else ""))
    if person is None or not person.email or us is None:
        return None
    them = {"user_name": f"{person.last_name} {person.first_name}".strip(), "email": person.email}
    sender, receiver = (us, them) if mail.direction == "out" else (them, us)
    return {
        "from": sender,
        "to": [receiver],
        "subject": mail.subject or "-",
        "content": mail.text or mail.subject or "-",
        "original_message_id": f"<{mail.message_id or f'{mail.id}@motenashi.invalid'}>",
        "sent": mail.direction == "out",
        "date_time": mail.sent_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def _ours(connection: Connection, owner_id: str) -> dict[str, str] | None:
    """The record's owner; where none is named or known, any of us who is active."""
    owner = fetch(connection, OWNERS, owner_id)
    if owner is None or not owner.email:
        query = OWNERS.table.select().where(OWNERS.table.c.active, OWNERS.table.c.email != "")
        owner = OWNERS.read(connection.execute(query.order_by(OWNERS.table.c.id).limit(1)).first())
    return None if owner is None else {"user_name": owner.name, "email": owner.email}


def _is(theirs: Raw, ours: Raw) -> bool:
    """By Message-ID where Zoho tells it, else by subject, direction and second."""
    told = str(theirs.get("original_message_id") or "").strip("<>")
    if told:
        return told == str(ours["original_message_id"]).strip("<>")
    try:
        same_time = datetime.fromisoformat(str(theirs.get("time"))) == datetime.fromisoformat(ours["date_time"])
    except (TypeError, ValueError):
        return False
    sent = bool(theirs.get("sent")) == bool(ours["sent"])
    return same_time and sent and str(theirs.get("subject")) == str(ours["subject"])
