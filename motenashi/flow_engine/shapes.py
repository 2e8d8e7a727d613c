"""What values look like before there are any: which fields a record has, which words a field may hold."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from motenashi.conversation.assurance import Assurance
from motenashi.conversation.message import Attachment, MessageKind
from motenashi.conversation.visitor import Visitor
from motenashi.flow_engine.criteria_domains import Domain, Numbers, Texts
from motenashi.flow_engine.turn import PARTS_OF_DAY


@dataclass(frozen=True)
class Shape:
    """A record has `fields` (exactly these), a list an `item`, a plain value perhaps a `domain`. None of them: any."""

    fields: Mapping[str, Shape] | None = None
    item: Shape | None = None
    domain: Domain | None = None


ANYTHING = Shape()


@dataclass(frozen=True)
class Missing:
    """A path that leads nowhere: `part` is not among `known`, or no place in a list."""

    part: str
    known: tuple[str, ...] = ()
    of_list: bool = False


def at_path(shape: Shape, parts: Sequence[str]) -> Shape | Missing:
    """What stands at a path within a value of this shape."""
    for part in parts:
        if shape.fields is not None:
            if part not in shape.fields:
                return Missing(part, tuple(shape.fields))
            shape = shape.fields[part]
        elif shape.item is not None:
            if not part.isdecimal():
                return Missing(part, of_list=True)
            shape = with_nothing(shape.item)  # the list may be shorter
        else:
            return ANYTHING
    return shape


def shape_of_type(kind: Any) -> Shape:
    """The shape of a plug's output, or of a field of one, as JSON."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return shape_of_type(typing.get_args(kind)[0])
    if origin is Literal:
        return Shape(domain=typing.get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return _optional(kind)
    if origin in (tuple, list, Sequence):
        return Shape(item=shape_of_type(typing.get_args(kind)[0]))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        return Shape(fields={field.name: shape_of_type(hints[field.name]) for field in dataclasses.fields(kind)})
    return _PLAIN.get(kind, ANYTHING)


def _optional(kind: Any) -> Shape:
    arms = [arm for arm in typing.get_args(kind) if arm is not type(None)]
    shape = shape_of_type(arms[0]) if len(arms) == 1 else ANYTHING
    return with_nothing(shape) if len(arms) < len(typing.get_args(kind)) else shape


def with_nothing(shape: Shape) -> Shape:
    """The same, or no value at all."""
    if shape.fields is not None:
        return Shape(fields={name: with_nothing(field) for name, field in shape.fields.items()})
    domain = shape.domain
    if isinstance(domain, Numbers | Texts):
        return Shape(domain=dataclasses.replace(domain, may_be_empty=True))
    if domain is None or None in domain:
        return shape
    return Shape(domain=(*domain, None))


def either(one: Shape, other: Shape) -> Shape:
    """The shape of a value that is one or the other."""
    if one.fields is not None and other.fields is not None:
        return Shape(
            fields={
                name: either(one.fields[name], other.fields[name])
                if name in one.fields and name in other.fields
                else with_nothing(one.fields.get(name) or other.fields[name])
                for name in {**one.fields, **other.fields}
            }
        )
    if one.item is not None and other.item is not None:
        return Shape(item=either(one.item, other.item))
    if one == other:
        return one
    if isinstance(one.domain, tuple) and isinstance(other.domain, tuple):
        return Shape(domain=tuple(dict.fromkeys((*one.domain, *other.domain))))
    return ANYTHING


_PLAIN: Mapping[Any, Shape] = {
    str: Shape(domain=Texts()),
    int: Shape(domain=Numbers(whole=True, may_be_empty=False)),
    float: Shape(domain=Numbers(may_be_empty=False)),
    bool: Shape(domain=(True, False)),
}


def _words(*words: str) -> Shape:
    return Shape(domain=words)


def _level() -> Shape:
    return _words(*(level.word for level in Assurance))


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PARTS_OF_DAY = tuple(dict.fromkeys(word for parts in PARTS_OF_DAY.values() for _, word in parts))
_TEXT = Shape(domain=Texts())

# What every flow may read without setting it, under the names of Turn.scope.
WORLD: Mapping[str, Shape] = {
    "visitor": shape_of_type(Visitor),
    "message": Shape(
        fields={
            "text": _TEXT,
            "attachments": Shape(item=shape_of_type(Attachment)),
            "kind": _words(*(kind.value for kind in MessageKind)),
        }
    ),
    "identity": Shape(fields={"level": _level(), "email": _TEXT}),
    "time": Shape(
        fields={
            "now": ANYTHING,
            "date": ANYTHING,
            "hour": Shape(domain=Numbers(whole=True, low=0, high=23, may_be_empty=False)),
            "weekday": _words(*_WEEKDAYS),
            "zone": _TEXT,
            "part_of_day": _words(*_PARTS_OF_DAY),
        }
    ),
    "channel": _TEXT,
    "conversation": _TEXT,
    "flow": _TEXT,
}
