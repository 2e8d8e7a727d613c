"""What a tool sent, read strictly: a field that is unknown or of another kind is told, and nothing happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motenashi.channels.api.api_view import RecordKind
from motenashi.clean_text import clean_text
from motenashi.suggestions.suggestion import DISMISS_REASONS

# Who decided is kept with what was decided, in a column for a name: "by" and the "email" of a link are no longer.
LONGEST = {"subject": 500, "text": 20_000, "to": 320, "by": 255, "note": 2_000, "email": 255, "id": 255}


class BodyWrong(Exception):
    """`field` names what is wrong, '' for the body as a whole."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.field = field


@dataclass(frozen=True)
class Dismissal:
    reason: str
    note: str


def accept_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """The changes to the draft."""
    _only(body, "subject", "text", "to", "start", "end", "send", "by")
    changes: dict[str, Any] = {name: _text(body, name) for name in ("subject", "text", "to") if name in body}
    changes |= {name: _moment(body, name) for name in ("start", "end") if body.get(name) is not None}
    if "send" in body:
        if not isinstance(body["send"], bool):
            raise BodyWrong("send must be true or false", "send")
        changes["send"] = body["send"]
    return changes


def dismissal_in(body: Mapping[str, Any]) -> Dismissal:
    _only(body, "reason", "note", "by")
    reason = _text(body, "reason")
    if reason not in DISMISS_REASONS:
        raise BodyWrong(f"reason must be one of: {', '.join(DISMISS_REASONS)}", "reason")
    return Dismissal(reason, _text(body, "note"))


def until_in(body: Mapping[str, Any]) -> datetime:
    _only(body, "until", "by")
    return _moment(body, "until")


def embed_in(body: Mapping[str, Any]) -> tuple[RecordKind, str, str]:
    """Kind and id of the record, and the address of whoever looks at it."""
    _only(body, "kind", "id", "email")
    kinds: dict[str, RecordKind] = {"deal": "deal", "contact": "contact", "lead": "lead"}
    kind = kinds.get(_text(body, "kind"))
    if kind is None:
        raise BodyWrong("kind must be one of: deal, contact, lead", "kind")
    for name in ("id", "email"):
        if not _text(body, name):
            raise BodyWrong(f"{name} is needed", name)
    return kind, _text(body, "id"), _text(body, "email")


def by_in(body: Mapping[str, Any]) -> str:
    """On whose behalf: an address; '' when nobody was named."""
    return _text(body, "by").strip()


def _only(body: Mapping[str, Any], *known: str) -> None:
    strange = sorted(set(body) - set(known))
    if strange:
        raise BodyWrong(f"unknown field; known are: {', '.join(known)}", strange[0][:100])


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    longest = LONGEST.get(name, 200)
    if not isinstance(value, str) or len(value) > longest:
        raise BodyWrong(f"{name} must be a text of at most {longest} characters", name)
    return clean_text(value)


def _moment(body: Mapping[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(body, name))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BodyWrong(f"{name} must be a time with its offset, such as 2026-05-12T10:00:00+09:00", name)
    return at
