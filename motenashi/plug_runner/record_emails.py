"""Whose record is this: the addresses that prove it."""

from __future__ import annotations

from crm_client.client import CrmClient


def record_emails(crm: CrmClient, record_id: str) -> tuple[str, ...]:
    """A contact's or lead's addresses, lower case; a deal's are its contact's. None for a record that does not exist,
    or that is nobody's. CrmError."""
    if not record_id:
        return ()
    contact = crm.contact(record_id)
    if contact is not None:
        return _known(contact.email, contact.secondary_email)
    lead = crm.lead(record_id)
    if lead is not None:
        return _known(lead.email)
    deal = crm.deal(record_id)
    return record_emails(crm, deal.contact_id) if deal is not None else ()


def _known(*addresses: str) -> tuple[str, ...]:
    return tuple(address.strip().lower() for address in addresses if address.strip())
