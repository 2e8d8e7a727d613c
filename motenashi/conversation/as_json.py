"""Replies, sessions and messages as JSON and back: for the session store, and for our own chat box.

A card becomes an object whose `card` names its class in lower_snake_case; fields at their default are left out.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from motenashi.conversation import display_cards, input_cards
from motenashi.conversation.assurance import NOBODY, Identity
from motenashi.conversation.message import Channel, Message
from motenashi.conversation.reply import Reply
from motenashi.conversation.session import Frame, Session

T = TypeVar("T")


@cache
def card_name(kind: Any) -> str:
    """TextInput -> text_input."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


_CARDS: dict[str, type] = {
    card_name(kind): kind for kind in (*typing.get_args(display_cards.Display), *typing.get_args(input_cards.InputCard))
}


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """A JSON object; `reply_from_json` reads it back to an equal Reply."""
    return typing.cast(dict[str, Any], _plain(reply))


def reply_from_json(data: Mapping[str, Any]) -> Reply:
    return _build(Reply, data)


def session_to_json(session: Session) -> dict[str, Any]:
    """Written out by hand, since it happens at every turn: the mappings are plain JSON already."""
    return {
        "conversation_id": session.conversation_id,
        "bot": session.bot,
        "flow_set": session.flow_set,
        "stack": [{"flow": frame.flow, "step": frame.step} for frame in session.stack],
        "waiting": session.waiting,
        "variables": session.variables,
        "personal": session.personal,
        "identity": _plain_record(session.identity),
        "language": session.language,
        "visitor": session.visitor,
        "turn": session.turn,
        "wake_at": session.wake_at.isoformat() if session.wake_at else None,
        "ended": session.ended,
    }


def session_from_json(data: Mapping[str, Any]) -> Session:
    wake_at = data["wake_at"]
    identity = data["identity"]
    return Session(
        conversation_id=data["conversation_id"],
        bot=data["bot"],
        flow_set=data["flow_set"],
        stack=tuple(Frame(frame["flow"], frame["step"]) for frame in data["stack"]),
        waiting=data["waiting"],
        variables=data["variables"],
        personal=data["personal"],
        identity=_build(Identity, identity) if identity else NOBODY,
        language=data["language"],
        visitor=data["visitor"],
        turn=data["turn"],
        wake_at=datetime.fromisoformat(wake_at) if wake_at else None,
        ended=data["ended"],
    )


def message_to_json(message: Message) -> dict[str, Any]:
    return typing.cast(dict[str, Any], _plain(message))


def message_from_json(data: Mapping[str, Any]) -> Message:
    return _build(Message, data)


def channel_to_json(channel: Channel) -> dict[str, Any]:
    return typing.cast(dict[str, Any], _plain(channel))


def channel_from_json(data: Mapping[str, Any]) -> Channel:
    return _build(Channel, data)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_record(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _plain_record(value: Any) -> dict[str, Any]:
    kind: Any = type(value)
    name = card_name(kind)
    result: dict[str, Any] = {"card": name} if name in _CARDS else {}
    for name, default in _defaults(kind):
        item = getattr(value, name)
        if item != default:
            result[name] = item if type(item) is str else _plain(item)
    return result


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    def default(field: dataclasses.Field[Any]) -> Any:
        if field.default_factory is not dataclasses.MISSING:
            return field.default_factory()
        return field.default  # MISSING equals no value, so such a field is always written

    return tuple((field.name, default(field)) for field in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: type[T], data: Mapping[str, Any]) -> T:
    hints = _hints(typing.cast(Any, kind))
    return kind(**{name: _value(hints[name], item) for name, item in data.items() if name in hints})


def _value(hint: Any, item: Any) -> Any:
    if item is None or hint is Any:
        return item
    origin = typing.get_origin(hint)
    if isinstance(item, Mapping) and origin is not collections.abc.Mapping and "card" in item:
        return _build(_CARDS[item["card"]], item)
    if origin is tuple:
        return _tuple(typing.get_args(hint), item)
    if origin in (typing.Union, types.UnionType):
        return _value(next(arm for arm in typing.get_args(hint) if arm is not type(None)), item)
    if isinstance(item, Mapping) and origin is not None:  # Mapping[str, X]
        return {key: _value(typing.get_args(hint)[1], part) for key, part in item.items()}
    return _scalar(hint, item)


def _tuple(arms: tuple[Any, ...], items: Any) -> tuple[Any, ...]:
    if len(arms) == 2 and arms[1] is ...:
        return tuple(_value(arms[0], part) for part in items)
    return tuple(_value(arm, part) for arm, part in zip(arms, items, strict=True))


def _scalar(hint: Any, item: Any) -> Any:
    if not isinstance(hint, type):
        return item
    if dataclasses.is_dataclass(hint):
        return _build(hint, item)
    if issubclass(hint, Enum):
        return hint(item)
    return datetime.fromisoformat(item) if hint is datetime else item


def card_to_json(card: input_cards.InputCard) -> dict[str, Any]:
    return _plain_record(card)


def card_from_json(data: Mapping[str, Any]) -> input_cards.InputCard:
    return typing.cast(input_cards.InputCard, _build(_CARDS[data["card"]], data))
