"""A SalesIQ plug call in, a plug's inputs out.

Source: Zoho SalesIQ's documentation of webhook plugs: the body's `session` maps each declared parameter to
{"value": typed value, "meta": {"type": its type, "value": as declared}}. A parameter without a value may be missing,
null or an empty object.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motenashi.channels.salesiq.clean_json import object_of, text_of
from motenashi.channels.salesiq.payloads import WrongShape
from motenashi.conversation.folding import number_in
from motenashi.plug_contract import Plug

_WRAPPERS = ("entity", "data", "request")
_LONGEST = 10_000


def read_session(data: Mapping[str, Any]) -> dict[str, Any]:
    """Parameter name -> plain value. Takes bare values and a `session` inside a wrapper too; WrongShape otherwise."""
    session = data.get("session")
    for wrapper in _WRAPPERS:
        if session is None:
            session = object_of(data.get(wrapper)).get("session")
    if session is None:
        raise WrongShape("session", "a plug call needs its session")
    if not isinstance(session, dict):
        raise WrongShape("session", "this must be an object")
    values = {name: _value(given, name) for name, given in session.items()}
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def inputs_of(plug: Plug, session: Mapping[str, Any]) -> dict[str, Any]:
    """The plug's own inputs from a session; others are ignored, missing ones left to the plug's defaults."""
    return {value.name: session[value.name] for value in plug.inputs if value.name in session}


def _value(given: Any, name: str) -> Any:
    if not isinstance(given, dict) or not ({"value", "meta"} & given.keys()):
        return given
    kind = text_of(object_of(given.get("meta")).get("type")).lower()
    value = given.get("value")
    if value is None:
        value = object_of(given.get("meta")).get("value")
    return _typed(value, kind, name)


def _typed(value: Any, kind: str, name: str) -> Any:
    if value in (None, "", {}, []):
        return None
    if kind == "number":
        number = _number(value)
        if number is None:
            raise WrongShape(f"session.{name}.value", "this must be a number")
        return number
    if kind in ("daterange", "location") and not isinstance(value, dict):
        raise WrongShape(f"session.{name}.value", "this must be an object")
    if kind in ("string", "date", "ip") and isinstance(value, dict | list):
        raise WrongShape(f"session.{name}.value", "this must be text")
    return value[:_LONGEST] if isinstance(value, str) else value


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int | float) else number_in(value) if isinstance(value, str) else None
