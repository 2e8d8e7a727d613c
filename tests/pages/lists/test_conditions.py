"""Conditions taken out, renamed and searched: what is left means what it should."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from motenashi.flow_engine.criteria_pattern import And, Not, Or, Pattern, Ref, holds_for, numbers_in, read_pattern
from motenashi.pages.lists.conditions import Conditions, conditions_of, pattern_text, renamed, searched, without

NUMBERS = 5
PATTERNS: st.SearchStrategy[Pattern] = st.recursive(
    st.integers(1, NUMBERS).map(Ref),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.sets(st.integers(1, NUMBERS)))
def test_a_pattern_that_was_written_means_the_same_when_read(pattern: Pattern, held: set[int]) -> None:
    again = read_pattern(pattern_text(pattern))

    assert holds_for(again, held.__contains__) == holds_for(pattern, held.__contains__)


@given(PATTERNS, st.integers(1, NUMBERS))
def test_what_is_left_names_the_others_by_their_new_numbers(pattern: Pattern, gone: int) -> None:
    conditions = Conditions(tuple({"c": number} for number in range(1, NUMBERS + 1)), pattern)
    left = without(conditions, gone)

    assert [item["c"] for item in left.items] == [number for number in range(1, NUMBERS + 1) if number != gone]
    renumbered = {number - (number > gone) for number in numbers_in(pattern) - {gone}}
    if left.pattern is None:
        assert renumbered in (set(), set(range(1, NUMBERS)))
    else:
        assert numbers_in(left.pattern) == renumbered


def test_mappings_and_lists_are_the_same_conditions() -> None:
    assert conditions_of({"if": {"a": 1, "b": 2}}).items == ({"a": 1}, {"b": 2})
    assert conditions_of({"if": [{"a": 1, "b": 2}]}).items == ({"a": 1, "b": 2},)
    for nothing in ({}, {"if": 3}, {"if": None}):
        assert conditions_of(nothing).written == {}


def test_plain_conditions_need_no_pattern() -> None:
    conditions = conditions_of({"if": [{"a": 1}, {"b": 2}, {"c": 3}], "pattern": "1 or (2 and 3)"})

    assert without(conditions, 1).written == {"if": [{"b": 2}, {"c": 3}]}
    assert without(conditions, 2).written == {"if": [{"a": 1}, {"c": 3}], "pattern": "1 or 2"}


def test_a_name_is_replaced_wherever_it_stands_in_the_condition() -> None:
    written: dict[str, Any] = {"if": [{"old": 1}, {"list": {"some": [{"old": "old"}], "pattern": "1"}}]}

    assert renamed(conditions_of(written), 2, "old", "new").written["if"] == [
        {"old": 1},
        {"list": {"some": [{"new": "old"}], "pattern": "1"}},
    ]


def test_what_is_typed_joins_every_way_of_writing() -> None:
    assert searched({}, "accounts", "  ") == {}
    assert searched({}, "accounts", "mori")["pattern"] == "1 or 2"
    both = searched({"if": [{"a": 1}, {"b": 2}], "pattern": "1 or 2"}, "accounts", "mori foods")
    assert both["pattern"] == "(1 or 2) and (3 or 4) and (5 or 6)"
    assert searched({"if": {"a": 1, "b": 2}}, "accounts", "x")["pattern"] == "1 and 2 and (3 or 4)"
