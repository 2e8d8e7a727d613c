"""What makes a call from Zoho worth a look: parts of addresses that nobody can guess, and tokens. Of both only digests
are kept; addresses are made from the house's secret, so that they can be told again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

WORKFLOW: Final = "workflow"


def new_channel_id() -> str:
    """Zoho wants a number."""
    return str(secrets.randbelow(9 * 10**14) + 10**14)


def new_token() -> str:
    """43 letters; Zoho takes 50."""
    return secrets.token_urlsafe(32)


def address_part(secret: bytes, name: str) -> str:
    """The part of an address that belongs to a channel's id or to WORKFLOW: the same for the same secret."""
    made = hmac.new(secret, b"zoho address " + name.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def workflow_key(secret: bytes) -> str:
    """What workflow webhooks may send in the header X-Hook-Key."""
    made = hmac.new(secret, b"zoho workflow key", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_of(text: str, known: str) -> bool:
    """Is `known` the digest of this text? Takes as long whether it is or not."""
    return bool(known) and hmac.compare_digest(digest(text), known)
