"""Signed links that show one record's advice to one person for a while, without a login: for the CRM's own page.

The server keeps nothing: record, person and end travel inside the signature (HMAC, by itsdangerous).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

from itsdangerous import BadData, URLSafeSerializer

RecordKind = Literal["deal", "contact", "lead"]
FOLDERS: dict[RecordKind, str] = {"deal": "deals", "contact": "contacts", "lead": "leads"}
LONGEST_TOKEN = 2_048

_PURPOSE = "motenashi embedded advice"


@dataclass(frozen=True)
class EmbedHolder:
    """Which record may be seen and acted on, and by whom (an address)."""

    kind: RecordKind
    record_id: str
    email: str
    expires_at: datetime


class EmbedLinks:
    """`keys`: the last one signs, all of them are accepted, so that keys can be changed."""

    def __init__(self, keys: Sequence[str], lasts: timedelta) -> None:
        if not keys or not all(keys):
            raise ValueError("embedded pages need a signing key")
        self._signed = URLSafeSerializer(list(keys), salt=_PURPOSE)
        self._lasts = lasts

    def token(self, kind: RecordKind, record_id: str, email: str, *, now: datetime) -> str:
        ends = int((now + self._lasts).timestamp())
        return str(self._signed.dumps([kind, record_id, email.strip().lower(), ends]))

    def path(self, kind: RecordKind, record_id: str, email: str, *, now: datetime) -> str:
        """The address below our own, with its token."""
        token = self.token(kind, record_id, email, now=now)
        return f"/embed/{FOLDERS[kind]}/{quote(record_id, safe='')}?token={token}"

    def expires_at(self, now: datetime) -> datetime:
        return (now + self._lasts).replace(microsecond=0)

    def holder_of(self, token: str, *, now: datetime) -> EmbedHolder | None:
        """None for anything that we did not sign, or that has ended."""
        if len(token) > LONGEST_TOKEN:
            return None
        try:
            kind, record_id, email, ends = self._signed.loads(token)
            expires_at = datetime.fromtimestamp(ends, UTC)
        except (BadData, TypeError, ValueError, OverflowError, OSError):
            return None
        if kind not in FOLDERS or now >= expires_at:
            return None
        return EmbedHolder(kind, str(record_id), str(email), expires_at)
