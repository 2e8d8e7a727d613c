"""What proves that a browser may speak in a conversation: a text signed by us, which also carries who the visitor is.

The server keeps nothing: id, verified address and the moment it was verified travel inside the signature.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from motenashi.conversation.assurance import NOBODY, Assurance, Identity

_PURPOSE = "motenashi chat box conversation"


@dataclass(frozen=True)
class Holder:
    """Who holds a secret: the conversation, the bot it is with, and the identity a signed token gave it."""

    conversation_id: str
    bot: str
    identity: Identity = NOBODY


class ConversationSecrets:
    """Makes and reads secrets. `keys`: the last one signs, all of them are accepted, so that keys can be changed."""

    def __init__(self, keys: Sequence[str], identity_lasts: timedelta) -> None:
        if not keys or not all(keys):
            raise ValueError("the chat box needs a signing key")
        self._key = keys[-1]
        self._signed = URLSafeSerializer(list(keys), salt=_PURPOSE)
        self._identity_lasts = identity_lasts

    def new_id(self, bot: str, opening_id: str) -> str:
        """A conversation id nobody can guess. The same opening id gives the same conversation, so a browser that
        asks again after a lost answer, or from a second tab, does not begin twice."""
        opening_id = opening_id or secrets.token_urlsafe(24)
        digest = hmac.new(self._key.encode(), f"{_PURPOSE}\0{bot}\0{opening_id}".encode(), hashlib.sha256)
        return f"web-{digest.hexdigest()[:32]}"

    def lasting(self, identity: Identity, now: datetime) -> Identity:
        """An identity that was proved just now, with the moment at which it wears off."""
        return dataclasses.replace(identity, until=now + self._identity_lasts)

    def secret_for(self, holder: Holder, now: datetime) -> str:
        content: dict[str, object] = {"c": holder.conversation_id, "b": holder.bot}
        if holder.identity.level >= Assurance.VERIFIED:
            content |= {"e": holder.identity.email, "h": holder.identity.how, "t": int(now.timestamp())}
        return str(self._signed.dumps(content))

    def holder_of(self, secret: str, now: datetime) -> Holder | None:
        """None for anything we did not sign."""
        try:
            content = self._signed.loads(secret)
            return Holder(content["c"], content["b"], self._identity_in(content, now))
        except (BadData, KeyError, TypeError, ValueError):
            return None

    def _identity_in(self, content: dict[str, object], now: datetime) -> Identity:
        verified_at = content.get("t")
        if not isinstance(verified_at, int):
            return NOBODY
        until = datetime.fromtimestamp(verified_at, UTC) + self._identity_lasts
        if now > until:
            return NOBODY
        return Identity(Assurance.VERIFIED, str(content["e"]), str(content["h"]), until)
