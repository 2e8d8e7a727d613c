"""The names that other people's schemas have for a plug's types: JSON Schema, and SalesIQ's plug parameters."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

from motenashi.plug_contract import Plug, PlugValue
from motenashi.plug_types.outputs import plain_json

_JSON_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


def inputs_schema(plug: Plug) -> dict[str, Any]:
    """JSON Schema of the object of all inputs."""
    return _object_schema(plug.inputs, closed=True)


def outputs_schema(plug: Plug) -> dict[str, Any]:
    """JSON Schema of the object of all outputs; every output is always there."""
    schema = _object_schema(plug.outputs, closed=False)
    return {**schema, "required": [value.name for value in plug.outputs]}


def json_schema(kind: Any) -> dict[str, Any]:
    """JSON Schema of one value of this type."""
    origin, arms = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return json_schema(arms[0])
    if origin is Literal:
        return {"enum": list(arms)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [json_schema(arm) for arm in arms]}
    if kind in _JSON_TYPES:
        return dict(_JSON_TYPES[kind])
    plain = origin or kind
    if plain in (tuple, list, Sequence, Collection):
        return {"type": "array", **({"items": json_schema(arms[0])} if arms else {})}
    if plain in (dict, Mapping):
        return {"type": "object"}
    return _class_schema(kind)


def salesiq_type(kind: Any) -> str:
    """The name of this type among the parameter types that Zoho SalesIQ's plug pages document.

    A list of records with `title` and `id` (or `text` and `id`) serves as their option list, one with `text`
    and `url` as their link list. What they do not name goes as a string.
    """
    origin, arms = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return salesiq_type(arms[0])
    if origin in (typing.Union, types.UnionType):
        return salesiq_type(next(arm for arm in arms if arm is not type(None)))
    if kind in (int, float):
        return "number"
    if kind is date:
        return "date"
    if origin in (tuple, list, Sequence) and arms and dataclasses.is_dataclass(arms[0]):
        return _salesiq_list({field.name for field in dataclasses.fields(arms[0])})
    return "string"


def _salesiq_list(names: Collection[str]) -> str:
    if "id" in names and ("title" in names or "text" in names):
        return "optionlist"
    return "linklist" if {"text", "url"} <= set(names) else "string"


def _object_schema(values: Sequence[PlugValue], *, closed: bool) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {value.name: _value_schema(value) for value in values},
        "required": [value.name for value in values if value.required],
        **({"additionalProperties": False} if closed else {}),
    }


def _value_schema(value: PlugValue) -> dict[str, Any]:
    schema = json_schema(value.type)
    if value.meaning:
        schema["description"] = value.meaning
    if value.default is not None:
        schema["default"] = plain_json(value.default)
    return schema


def _class_schema(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        return {"type": "object", "properties": {name: json_schema(hints[name]) for name in names}, "required": names}
    raise TypeError(f"no schema for {kind}")
