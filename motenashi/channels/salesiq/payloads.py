"""SalesIQ's JSON in, our Message out. Tolerant: what we don't know is ignored, what must be there is named.

Source: Zoho SalesIQ's documentation of the webhook request format and of the handlers trigger, message, context and
failure; and shapes that working bots report where it is silent (`entity` wrapper, answers as text, map or list).
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from motenashi.channels.salesiq.clean_json import clean, object_of, text_of, whole_number
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.visitors import to_channel, to_visitor
from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.conversation.message import Attachment, Failure, Message, MessageKind

_HANDLERS = {
    "trigger": MessageKind.OPEN,
    "message": MessageKind.TEXT,
    "context": MessageKind.FORM,
    "failure": MessageKind.FAILURE,
}
_FAILURES = {
    1001: "offline_hours",
    1002: "operators_not_available",
    1003: "invalid_operators",
    1005: "more_than_max_length",
    1007: "execution_failure",
}
# What names a conversation, best first. `request.id` is not among them: it is new on every call, retries too.
_SESSION_KEYS = (
    ("visitor", "active_conversation_id"),
    ("request", "conversation_id"),
    ("request", "chat_id"),
    ("visitor", "uuid"),
    ("visitor", "visitid"),
    ("visitor", "visitor_id"),
    ("visitor", "id"),
)
_MOST_ATTACHMENTS = 50
_MOST_ANSWERS = 200
_LONGEST_ID = 200
# What we make of somebody's ids has to fit into our tables' keys, also when several of them stand in one.
_LONGEST_KEY = 80


class WrongShape(Exception):
    """The request can't be understood: `field` is the path of what is missing or wrong."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field}: {what}")
        self.field = field
        self.what = what


def read_json(body: bytes) -> dict[str, Any]:
    """A request's body as a cleaned JSON object. WrongShape when it is none."""
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise WrongShape("body", "this is not JSON (UTF-8)") from error
    if not isinstance(data, dict):
        raise WrongShape("body", "this must be a JSON object")
    return unwrapped(clean(data))


def unwrapped(data: dict[str, Any]) -> dict[str, Any]:
    """Some bots are sent the useful objects inside `entity`: put them where they belong; what is outside wins."""
    entity = object_of(data.get("entity"))
    inner = {key: value for key, value in entity.items() if key != "id"}
    merged = inner | {key: value for key, value in data.items() if key != "entity"}
    visitor = object_of(merged.get("visitor"))
    if entity.get("id") and not visitor.get("active_conversation_id"):
        merged["visitor"] = visitor | {"active_conversation_id": entity["id"]}
    return merged


def to_message(data: Mapping[str, Any], *, bot: str, settings: SalesIQSettings, signed: bool, now: datetime) -> Message:
    """A cleaned request -> Message. WrongShape names the field that is missing or of the wrong type."""
    handler = data.get("handler")
    if not isinstance(handler, str) or not handler:
        raise WrongShape("handler", "say which handler this is: " + ", ".join(_HANDLERS))
    if handler not in _HANDLERS:
        raise WrongShape("handler", f"'{handler[:100]}' is not known here; there is: " + ", ".join(_HANDLERS))
    for name in ("visitor", "request", "message"):
        if not isinstance(data.get(name) or {}, dict):
            raise WrongShape(name, "this must be an object")
    kind = _HANDLERS[handler]
    visitor = object_of(data.get("visitor"))
    return Message(
        conversation_id=f"salesiq:{bot}:{_short(_session_key(data))}",
        delivery_id=_delivery_id(data, handler),
        channel=to_channel(visitor),
        bot=bot,
        kind=kind,
        received_at=now,
        text=_text(data) if kind is MessageKind.TEXT else "",
        card=_card(data) if kind is MessageKind.TEXT else _form_card(data, kind),
        attachments=_attachments(data) if kind is MessageKind.TEXT else (),
        answers=_answers(data) if kind is MessageKind.FORM else {},
        failure=_failure(data) if kind is MessageKind.FAILURE else None,
        visitor=to_visitor(visitor),
        identity=identity_of(text_of(visitor.get("email"), _LONGEST_ID), settings, signed=signed),
        retry_fingerprint=_fingerprint(data),
    )


def request_id(data: Mapping[str, Any]) -> str:
    """The id of this execution, which the callback of a pending answer is addressed to; '' when there is none."""
    return text_of(object_of(data.get("request")).get("id"), _LONGEST_ID)


def identity_of(email: str, settings: SalesIQSettings, *, signed: bool) -> Identity:
    """Who a SalesIQ address makes somebody: claimed, unless the operator takes signed calls' addresses as proof."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        return NOBODY
    if settings.assurance == "verified" and signed:
        return Identity(Assurance.VERIFIED, email.lower(), how="channel")
    return Identity(Assurance.CLAIMED, email.lower())


def _session_key(data: Mapping[str, Any]) -> str:
    for place, name in _SESSION_KEYS:
        if key := text_of(object_of(data.get(place)).get(name)):
            return key
    # A visitor who was only greeted has no conversation yet; whatever they say will come with one.
    if data.get("handler") == "trigger" and (once := request_id(data)):
        return f"greeting-{once}"
    raise WrongShape("visitor.active_conversation_id", "nothing here says which conversation this is")


def _delivery_id(data: Mapping[str, Any], handler: str) -> str:
    return f"{_short(text_of(object_of(data.get('request')).get('id'))) or uuid.uuid4().hex}:{handler}"


def _short(key: str) -> str:
    """An id as it is; of one that nobody's platform makes, its hash, so that two of them are never taken for one.
    Ids stand in log lines: one with a line break is nobody's either."""
    return key if len(key) <= _LONGEST_KEY and key.isprintable() else hashlib.sha256(key.encode()).hexdigest()


def _fingerprint(data: Mapping[str, Any]) -> str:
    """Equal for a retry, whose request id is new: a hash of all that the visitor or the platform said."""
    said = [data.get(name) for name in ("handler", "operation", "context_id", "answers", "cause", "attachments")]
    message = object_of(data.get("message"))
    said += [message.get("text"), message.get("type"), message.get("meta")]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _text(data: Mapping[str, Any]) -> str:
    message = data.get("message")
    if message is None:
        raise WrongShape("message", "a message needs its message object")
    text = object_of(message).get("text")
    if isinstance(text, dict | list):
        raise WrongShape("message.text", "this must be text")
    # The first question stands in the visitor's profile too, and only there in some first messages.
    if text is None and data.get("operation") == "chat" and not data.get("attachments"):
        text = object_of(data.get("visitor")).get("question")
    return "" if text is None else str(text)


def _card(data: Mapping[str, Any]) -> dict[str, Any]:
    meta = object_of(object_of(data.get("message")).get("meta"))
    return object_of(meta.get("card_data"))


def _form_card(data: Mapping[str, Any], kind: MessageKind) -> dict[str, Any]:
    form = text_of(data.get("context_id"), _LONGEST_ID)
    return {"context_id": form} if kind is MessageKind.FORM and form else {}


def _answers(data: Mapping[str, Any]) -> dict[str, str]:
    """Question name -> text; the platform writes a map, the map as JSON text, or a list of {name, text}."""
    answers = data.get("answers")
    if isinstance(answers, str):
        try:
            answers = json.loads(answers or "{}")
        except (ValueError, RecursionError) as error:
            raise WrongShape("answers", "this text is not JSON") from error
    if isinstance(answers, list):
        answers = {text_of(object_of(item).get("name")): item for item in answers}
    if not isinstance(answers, dict):
        raise WrongShape("answers", "a finished context needs its answers")
    answers = clean(answers)
    return {str(name): _answer_text(answers[name]) for name in list(answers)[:_MOST_ANSWERS] if name}


def _answer_text(answer: Any) -> str:
    if isinstance(answer, dict):
        return text_of(answer.get("text")) or text_of(answer.get("value"))
    return text_of(answer)


def _attachments(data: Mapping[str, Any]) -> tuple[Attachment, ...]:
    items = data.get("attachments")
    found = items if isinstance(items, list) else [items] if isinstance(items, dict) else []
    return tuple(_attachment(item) for item in found[:_MOST_ATTACHMENTS] if isinstance(item, dict | str) and item)


def _attachment(item: dict[str, Any] | str) -> Attachment:
    if isinstance(item, str):
        return Attachment(name=item.rsplit("/", 1)[-1][:255], url=item[:2000])
    url = text_of(item.get("url"), 2000) or text_of(item.get("link"), 2000)
    return Attachment(
        name=text_of(item.get("name"), 255) or text_of(item.get("file_name"), 255) or url.rsplit("/", 1)[-1][:255],
        url=url,
        type=text_of(item.get("type"), 100) or text_of(item.get("content_type"), 100),
        size=whole_number(item.get("size")),
        id=text_of(item.get("id"), _LONGEST_ID),
    )


def _failure(data: Mapping[str, Any]) -> Failure:
    cause = object_of(data.get("cause"))
    code = whole_number(cause.get("code"))
    detail = text_of(cause.get("desc"), 1000)
    named = detail if detail in _FAILURES.values() else "unknown"
    return Failure(
        reason=_FAILURES.get(code, named) if code is not None else named,
        code=code,
        detail=detail,
        failed_action=text_of(object_of(data.get("failed_response")).get("action"), 40),
    )
