"""What the box sends, read into our words. Strict about shapes, and every complaint names its field.

Texts lose NUL and lone surrogates, which no database and no other program can hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from motenashi.clean_text import clean_text
from motenashi.conversation.message import Attachment
from motenashi.conversation.visitor import Visitor

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BOT = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# What a page may say about its visitor; address, browser and the like are seen by the server, not told to it.
_VISITOR_TEXTS = (
    *("name", "email", "phone", "language", "time_zone", "question"),
    *("campaign_name", "campaign_content", "campaign_medium", "campaign_source"),
    *("current_page_url", "current_page_title", "landing_page_url", "landing_page_title"),
    *("previous_page_url", "previous_page_title", "referrer"),
)
_LONGEST_VISITOR_TEXT = 2_000
_MOST_INFO = 50
_DEEPEST_CARD = 6
_MOST_ATTACHMENTS = 10


class WrongShape(Exception):
    """`field` names what does not fit, `what` says why (for whoever writes the page, in English)."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field}: {what}")
        self.field = field
        self.what = what


@dataclass(frozen=True)
class Opening:
    """A browser wants to begin. `opening_id` may be ''; `token` is the site's signed word on who this is."""

    bot: str
    opening_id: str = ""
    token: str = ""
    visitor: Visitor = field(default_factory=Visitor)


@dataclass(frozen=True)
class Said:
    """One message of the visitor. `id` was made by the browser and names this message for ever."""

    id: str
    text: str
    card: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    visitor: Visitor = field(default_factory=Visitor)


def read_opening(data: Any, *, ip: str) -> Opening:
    fields = _object(data, "body")
    bot = _text(fields, "bot", 64)
    if not _BOT.fullmatch(bot):
        raise WrongShape("bot", "must name a flow")
    opening_id = _text(fields, "id", 64)
    if opening_id and not _ID.fullmatch(opening_id):
        raise WrongShape("id", "must be 8 to 64 letters, digits, - or _")
    return Opening(bot, opening_id, _text(fields, "token", 8_000), _visitor(fields, ip))


def read_said(data: Any, *, longest_text: int, ip: str) -> Said:
    fields = _object(data, "body")
    message_id = _text(fields, "id", 64)
    if not _ID.fullmatch(message_id):
        raise WrongShape("id", "must be 8 to 64 letters, digits, - or _")
    text = _text(fields, "text", longest_text)
    card = _plain(_object(fields.get("card", {}), "card"), "card", 1)
    attachments = _attachments(fields.get("attachments", []))
    if not (text.strip() or card or attachments):
        raise WrongShape("text", "must not be empty")
    return Said(message_id, text, card, attachments, _visitor(fields, ip))


def read_token(data: Any) -> str:
    token = _text(_object(data, "body"), "token", 8_000)
    if not token:
        raise WrongShape("token", "is missing")
    return token


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise WrongShape(name, "must be a JSON object")
    return value


def _text(fields: Mapping[str, Any], name: str, longest: int, path: str = "") -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise WrongShape(path + name, "must be a text")
    if len(value) > longest:
        raise WrongShape(path + name, f"must have at most {longest} characters")
    return clean_text(value)


def _visitor(fields: Mapping[str, Any], ip: str) -> Visitor:
    told = _object(fields.get("visitor", {}), "visitor")
    texts: dict[str, Any] = {name: _text(told, name, _LONGEST_VISITOR_TEXT, "visitor.") for name in _VISITOR_TEXTS}
    info = _plain(_object(told.get("info", {}), "visitor.info"), "visitor.info", _DEEPEST_CARD)
    return Visitor(ip=ip, custom_info=info, **texts)


def _plain(value: Any, name: str, depth: int) -> Any:
    """JSON values of bounded depth and width, with texts that can be stored."""
    if depth > _DEEPEST_CARD + 1:
        raise WrongShape(name, "is nested too deep")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        if len(value) > _MOST_INFO:
            raise WrongShape(name, f"must have at most {_MOST_INFO} entries")
        return {clean_text(key): _plain(item, f"{name}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, name, depth + 1) for item in value[:500]]
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongShape(name, "must be a number that JSON knows")
    return value


def _attachments(value: Any) -> tuple[Attachment, ...]:
    if not isinstance(value, list) or len(value) > _MOST_ATTACHMENTS:
        raise WrongShape("attachments", f"must be a list of at most {_MOST_ATTACHMENTS}")
    return tuple(_attachment(_object(item, f"attachments.{place}"), place) for place, item in enumerate(value))


def _attachment(item: Mapping[str, Any], place: int) -> Attachment:
    path = f"attachments.{place}."
    size = item.get("size")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise WrongShape(f"{path}size", "must be a whole number of bytes")
    texts = {name: _text(item, name, _LONGEST_VISITOR_TEXT, path) for name in ("name", "url", "type", "id")}
    return Attachment(size=size, **texts)
