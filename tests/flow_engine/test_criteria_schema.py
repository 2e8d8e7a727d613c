"""The list of operators, seen from outside: its JSON Schema, and that any YAML at all gives problems, not a crash."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motenashi.flow_engine.criteria import parse_criteria
from motenashi.flow_engine.criteria_operators import OPERATORS, criteria_schema
from motenashi.yaml_source import read_documents

SCHEMA = jsonschema.Draft202012Validator(criteria_schema())
EXAMPLES = {
    "text": ["a", 4, "$other"], "texts": [["a", "b"], "a", ["$x"], "$xs"], "regex": ["^a+$"], "flag": [True, None],
    "number": [4, 4.5, "1,200", "$n"], "range": [[1, 5], {"from": "09:00", "to": "10:00", "zone": "Asia/Tokyo"}],
    "when": ["2026-11-03", "today", "$day"], "days": [7, "$n"], "count": [3],
    "hours": [["09:00", "18:00"], {"from": "9:00", "to": "18:00"}],
    "weekdays": [["mon"], "火", {"days": ["mon", "tue"], "zone": "Asia/Tokyo"}], "level": ["verified"],
}  # fmt: skip


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(criteria_schema())


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.name)
def test_what_an_operator_takes_the_schema_takes_too(operator: Any) -> None:
    for value in EXAMPLES[operator.shape.name]:
        written = {"x.y": {operator.name: value}}

        assert parse_criteria(written, None, "a", 1)[1] == []
        assert SCHEMA.is_valid(written) and SCHEMA.is_valid([written])


def test_the_schema_refuses_unknown_operators_and_missing_values() -> None:
    for wrong in ({"x": {"iss": "a"}}, {"x": {"gt": []}}, {"x": {}}, {}, [], "x", {"x": {"is_true": False}}):
        assert not SCHEMA.is_valid(wrong)


def test_names_are_different_and_explained() -> None:
    assert len({operator.name for operator in OPERATORS}) == len(OPERATORS) == 35
    assert all(operator.meaning and operator.shape.meaning for operator in OPERATORS)


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
names = st.sampled_from(["x", "$y", "a b", *[operator.name for operator in OPERATORS]])
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)


@given(anything, st.none() | st.text("123()and orxt", max_size=20))
def test_anything_behind_if_gives_criteria_or_problems(raw: Any, pattern: str | None) -> None:
    criteria, problems = parse_criteria(raw, pattern, "a", 1)

    assert criteria.conditions or problems


@given(st.text(max_size=60))
def test_any_yaml_text_behind_if_gives_criteria_or_problems(text: str) -> None:
    for document in read_documents(text, "a")[0]:
        criteria, problems = parse_criteria(document, None, "a", 1)
        assert criteria.conditions or problems
