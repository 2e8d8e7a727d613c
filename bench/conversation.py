"""The storefront's four turns as SalesIQ sends them, signed as SalesIQ signs them.

A prospect opens the chat and is recognised as a lead, clicks on the popular products, asks for them once more in words
of their own, and wants to speak with an expert: look-ups in the CRM, cards, fuzzy matching, and a hand-over at the end.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VISITOR = {
    "name": "Tom Becker",
    "email": "tom.becker@example.com",
    "channel": "Website",
    "language": "en",
    "country": "Germany",
    "time_zone": "Europe/Berlin",
    "current_page_url": "https://shop.example.org/",
    "current_page_title": "Shop",
}

# What is said in each turn ('' is the chat box opening), and the action that answers it.
TURNS = (
    ("", "reply"),
    ("Explore popular products", "reply"),
    ("what is popular?", "reply"),
    ("Talk to an expert", "forward"),
)


class Signer:
    """A key pair of the kind SalesIQ signs with."""

    def __init__(self) -> None:
        self._key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)

    def public_pem(self) -> str:
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode()

    def headers(self, body: str) -> dict[str, str]:
        signature = self._key.sign(body.encode(), PKCS1v15(), SHA256())
        return {"x-siqsignature": base64.b64encode(signature).decode()}


def talk(conversation_id: str, signer: Signer | None, always: str = "") -> list[dict[str, Any]]:
    """The four turns of one conversation; `always` is the action expected of every turn instead of the real one."""
    turns = []
    for place, (text, action) in enumerate(TURNS):
        body = json.dumps(_event(conversation_id, place, text))
        headers = signer.headers(body) if signer else {}
        turns.append({"body": body, "headers": headers, "action": always or action})
    return turns


def _event(conversation_id: str, place: int, text: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "handler": "trigger" if not text else "message",
        "org_id": "60011223344",
        "request": {"id": f"{conversation_id}-{place}"},
        "visitor": VISITOR | {"active_conversation_id": conversation_id},
    }
    if text:
        event |= {
            "operation": "chat" if place == 1 else "message",
            "message": {"type": "text", "text": text},
            "attachments": [],
        }
    return event
