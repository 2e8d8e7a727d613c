"""Whose record is this: the addresses that prove it."""

from __future__ import annotations

from crm_client.client import CrmClient


def record_emails(crm: CrmClient, record_id: str) -> tuple[str, ...]:
    """A contact's or lead's addresses, lower case; none for a record that does not exist. CrmError."""
    if not record_id:
        return ()
    contact = crm.contact(record_id)
    if contact is not None:
        return _known(contact.email, contact.secondary_email)
    lead = crm.lead(record_id)
    return _known(lead.email) if lead is not None else ()


def _known(*addresses: str) -> tuple[str, ...]:
    return tuple(address.strip().lower() for address in addresses if address.strip())
