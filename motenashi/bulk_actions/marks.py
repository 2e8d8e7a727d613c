"""An address as a mark: two that mean the same have the same one, and nobody reads the address out of a table."""

from __future__ import annotations

import hashlib

from crm_client.identifiers import email_key


def mark_of(address: str) -> str:
    """The digest of the address as `email_key` knows it; '' for what is no address.

    No secret key goes into it: when a key is changed, everybody who wanted no mail would get it again.
    """
    key = email_key(address)
    return hashlib.sha256(f"motenashi refusal {key}".encode("utf-8", "surrogatepass")).hexdigest() if key else ""
