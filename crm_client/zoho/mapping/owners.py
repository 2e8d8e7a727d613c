"""Zoho's users as the people of ours who own records."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from crm_client.errors import CrmRejected
from crm_client.records import Owner
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping import values


def owner_of(raw: Raw, office: tzinfo) -> Owner:
    """A user who may not log in any more stays as the owner of what was theirs, and is not active."""
    zoho_id = values.record_id(raw.get("id"))
    if not zoho_id:
        raise CrmRejected("read users", "a user came without an id", "id", trouble="value_rejected")
    names = (values.text(raw.get(name)) for name in ("first_name", "last_name"))
    email = values.text(raw.get("email"))
    name = values.text(raw.get("full_name")) or " ".join(one for one in names if one) or email or zoho_id
    status = values.text(raw.get("status")).casefold()
    return Owner(
        zoho_id, name[:255], email[:255], _zone(values.text(raw.get("time_zone")), office), status in ("", "active")
    )


def _zone(name: str, office: tzinfo) -> str:
    try:
        return ZoneInfo(name).key if name else str(office)
    except (KeyError, ValueError, OSError):  # no such zone, or no name of one at all
        return str(office)
