"""The designers' language as JSON Schema (draft 2020-12): what an editor needs to complete keys and mark mistakes.

Made from the same declarations that the reader uses, so it can't know another language. It knows one file at a time:
whether a target or a plug is there, only the checker can say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from motenashi.flow_engine.criteria_operators import criteria_schema
from motenashi.flow_engine.flow import FlowHead, Words
from motenashi.flow_engine.flow_reader import NAME
from motenashi.flow_engine.sample_talks import TalkScript
from motenashi.flow_engine.steps.all_steps import ALL_STEPS
from motenashi.flow_engine.steps.input_card import CardSpec
from motenashi.flow_engine.steps.step_kind import StepKind
from motenashi.flow_engine.texts import LocalText
from motenashi.yaml_fields import record_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"

# Pieces that stand in many places; they are written once and pointed to.
_SHARED: Mapping[str, dict[str, Any]] = {
    "text": LocalText.json_schema(),
    "words": Words.json_schema(),
    "criteria": criteria_schema(),
    "card": CardSpec.json_schema(),
}


def flow_schema() -> dict[str, Any]:
    """The schema of one document of a flow file."""
    head = record_schema(FlowHead)
    name = {"pattern": f"^{NAME.pattern}$"}
    steps = {
        "type": "object",
        "description": "The steps in their order: a name for each, and what it does.",
        "propertyNames": name,
        "minProperties": 1,
        "additionalProperties": {"$ref": "#/$defs/step"},
    }
    properties = {**head["properties"], "steps": steps}
    properties["flow"] = {**properties["flow"], "type": "string", **name}
    flow = {**head, "properties": properties, "required": [*head["required"], "steps"]}
    kinds = {f"step_{kind.name}": {**record_schema(kind.spec), "description": kind.meaning} for kind in ALL_STEPS}
    return _whole("A flow", "https://motenashi.invalid/flow.schema.json", flow, {"step": _step(), **kinds})


def talk_schema() -> dict[str, Any]:
    """The schema of one document of a sample talk file; the first may hold only what the talks below it share."""
    talk = record_schema(TalkScript)
    both = ["title", "talk"]
    shared = {"not": {"anyOf": [{"required": [key]} for key in both]}}
    talk = {**talk, "required": [], "anyOf": [{"required": both}, shared]}
    return _whole("A sample talk", "https://motenashi.invalid/talk.schema.json", talk, {})


def _whole(title: str, address: str, document: dict[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    schema = _with_references(document)
    used = {name: _with_references(part) for name, part in defs.items()}
    for name, part in reversed(list(_SHARED.items())):  # a later piece may point to an earlier one
        if f'"#/$defs/{name}"' in json.dumps([schema, used]):
            used[name] = _inside(part)
    return {"$schema": DRAFT, "$id": address, "title": title, **schema, "$defs": used}


def _step() -> dict[str, Any]:
    """A step is of the kind whose key stands in it; `say`, the last, also comes without its own key."""
    *keyed, shown = ALL_STEPS
    hints = {kind.name: {"description": kind.meaning} for kind in ALL_STEPS}
    return {"type": "object", "properties": hints, **_choose(keyed, shown)}


def _choose(kinds: Sequence[StepKind[Any]], shown: StepKind[Any]) -> dict[str, Any]:
    if not kinds:
        return {"$ref": f"#/$defs/step_{shown.name}"}
    first, *others = kinds
    then = {"$ref": f"#/$defs/step_{first.name}"}
    return {"if": {"required": [first.name]}, "then": then, "else": _choose(others, shown)}


def _with_references(schema: Any) -> Any:
    """The schema with each shared piece replaced by a pointer that keeps what stood there about it."""
    if isinstance(schema, list):
        return [_with_references(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, shared in _SHARED.items():
        if _bare(schema) == _bare(shared):
            about = {"description": schema["description"]} if "description" in schema else {}
            return {"$ref": f"#/$defs/{name}", **about}
    return _inside(schema)


def _inside(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: _with_references(value) for key, value in schema.items()}


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "description"}
