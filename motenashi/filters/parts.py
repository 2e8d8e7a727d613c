"""Which conditions on the parts of a row can be asked apart from it: "a keyword said by us" is then a set of responses,
which the database finds from the keywords' side. That is so where all that is asked of a part must hold anyway, and
could not hold of a row without such a part."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from motenashi.filters.filter import FieldTest, Group, Test
from motenashi.filters.known_kind import known_as
from motenashi.filters.model import Part
from motenashi.flow_engine.criteria_operators import Operator
from motenashi.flow_engine.criteria_pattern import And, Not, Pattern, Ref
from motenashi.flow_engine.criteria_subjects import Mismatch


def separate_parts(group: Group, now: datetime) -> tuple[list[tuple[Part, Group]], Group]:
    """(part, what is asked of it) for each that can be asked apart, and the group without these."""
    certain = _certain(group.pattern)
    apart: list[tuple[Part, Group]] = []
    left = group.tests
    for name in dict.fromkeys(test.path.ways[0].name for test in group.tests if _is_of_part(test)):
        tests = [test for test in group.tests if _is_of_part(test) and test.path.ways[0].name == name]
        if all(test.number in certain for test in tests) and any(_needs_part(test, now) for test in tests):
            part = known_as(Part, tests[0].path.ways[0])
            apart.append((part, _of_all([_without_first_way(test) for test in tests])))
            left = tuple(test for test in left if test not in tests)
    return apart, Group(left, group.pattern)


def value_fits(operator: Operator, value: Any, ready: Any, now: datetime) -> bool:
    """For a value that we have here, as the criteria of flows say it."""
    try:
        return operator.test(value, ready, now)
    except Mismatch:
        return False


def _certain(pattern: Pattern) -> frozenset[int]:
    """The conditions that stand in the pattern once, and must hold for it to hold."""
    parts = pattern.parts if isinstance(pattern, And) else (pattern,)
    named = Counter(number for part in parts for number in _numbers(part))
    return frozenset(part.number for part in parts if isinstance(part, Ref) and named[part.number] == 1)


def _numbers(pattern: Pattern) -> list[int]:
    if isinstance(pattern, Ref):
        return [pattern.number]
    if isinstance(pattern, Not):
        return _numbers(pattern.part)
    return [number for part in pattern.parts for number in _numbers(part)]


def _is_of_part(test: Test) -> bool:
    return bool(test.path.ways) and isinstance(test.path.ways[0], Part)


def _needs_part(test: Test, now: datetime) -> bool:
    if isinstance(test, FieldTest):
        return not value_fits(test.operator, None, test.ready, now)
    return not test.none


def _without_first_way(test: Test) -> Test:
    if isinstance(test, FieldTest):
        return replace(test, path=replace(test.path, ways=test.path.ways[1:]))
    return replace(test, path=replace(test.path, ways=test.path.ways[1:]))


def _of_all(tests: list[Test]) -> Group:
    numbered = tuple(replace(test, number=place) for place, test in enumerate(tests, start=1))
    return Group(numbered, And(tuple(Ref(test.number) for test in numbered)))
