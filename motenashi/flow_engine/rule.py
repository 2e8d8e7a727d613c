"""Rules of a router, and single conditions: criteria as a designer writes them inside a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from motenashi.flow_engine.criteria import Criteria, parse_criteria
from motenashi.flow_engine.criteria_operators import criteria_schema
from motenashi.flow_engine.flow import Target
from motenashi.problems import did_you_mean
from motenashi.yaml_fields import FieldReader, describe
from motenashi.yaml_source import YamlMap

_RULE_KEYS = ("name", "if", "pattern", "go")


@dataclass(frozen=True)
class Condition:
    """One criteria without a pattern of its own, e.g. the `if` of a choice."""

    criteria: Criteria

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Condition | None:
        criteria, problems = parse_criteria(raw, None, reader.file, line)
        reader.problems.extend(problems)
        return None if problems else cls(criteria)

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return not isinstance(raw, str)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return criteria_schema()


@dataclass(frozen=True)
class Rule:
    """A named branch of a router: when its criteria hold, go there."""

    name: str
    criteria: Criteria
    go: Target
    line: int

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Rule | None:
        if not isinstance(raw, YamlMap):
            reader.problem(line, f"{where} must be a mapping, not {describe(raw)}.", "- {name: …, if: {…}, go: …}")
            return None
        before = len(reader.problems)
        for key in raw:
            if key not in _RULE_KEYS:
                reader.problem(raw.line_of(key), f"{where} has no key '{key}'.", did_you_mean(key, _RULE_KEYS))
        for key in ("if", "go"):
            if key not in raw:
                reader.problem(raw.line, f"{where} needs '{key}'.")
        if len(reader.problems) > before:
            return None
        criteria, problems = parse_criteria(raw["if"], raw.get("pattern"), reader.file, raw.line_of("if"))
        reader.problems.extend(problems)
        go = Target.from_yaml(raw["go"], reader, raw.line_of("go"), f"{where} 'go',")
        if len(reader.problems) > before or go is None:
            return None
        return cls(str(raw.get("name") or go.name), criteria, go, raw.line)

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, Mapping)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        text = {"type": "string"}
        properties = {"name": text, "if": criteria_schema(), "pattern": text, "go": Target.json_schema()}
        return {"type": "object", "properties": properties, "required": ["if", "go"], "additionalProperties": False}
