"""What stands behind a field, read and checked: operators that fit its kind, values that fit the operator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from motenashi.conversation.folding import fold
from motenashi.filters.filter import FieldPath, FieldTest
from motenashi.filters.model import Field
from motenashi.filters.operators import KIND_WORDS, OPERATORS_OF, meant
from motenashi.filters.patterns import PatternNotForAll, for_postgresql
from motenashi.flow_engine.criteria import Condition, parse_criteria
from motenashi.flow_engine.criteria_operators import OPERATOR_NAMES, Operator
from motenashi.flow_engine.criteria_values import ClockRange, MomentRange, NumberRange, ValueWrong, resolved
from motenashi.problems import did_you_mean

Told = tuple[str, str]  # what is wrong, and what to do


def field_tests(path: FieldPath, written: Any, number: int) -> tuple[list[FieldTest], list[Told]]:
    """The tests that `written` stands for, and what is wrong with it."""
    criteria, problems = parse_criteria([{"x": written}], None, "", 0)
    told = [(problem.what.replace("'x'", f"'{path.written}'"), problem.hint) for problem in problems]
    is_short = not isinstance(written, Mapping)
    tests = []
    for condition in criteria.conditions:
        try:
            tests.append(_test(path, condition, number, is_short))
        except ValueWrong as wrong:
            told.append((f"'{path.written}', {condition.operator.name}: {wrong.what}", wrong.hint))
        except _Unfit as unfit:
            told.append(unfit.told)
    return tests, told


class _Unfit(Exception):
    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.told = (what, hint)


def _test(path: FieldPath, condition: Condition, number: int, is_short: bool) -> FieldTest:
    field = path.field
    operator = condition.operator
    if is_short:
        operator = OPERATOR_NAMES[meant(field.kind, operator.name)]
    _check_operator(path, operator)
    value = resolved(condition.value, lambda name: f"${name}")
    changed = operator is not condition.operator or condition.references
    ready = operator.shape.read(value) if changed else condition.ready
    _check_value(path, operator, value, ready)
    return FieldTest(number, path, operator, value, ready)


def _check_operator(path: FieldPath, operator: Operator) -> None:
    fitting = OPERATORS_OF[path.field.kind]
    if operator.name not in fitting:
        what = f"'{path.written}' is {KIND_WORDS[path.field.kind]}; '{operator.name}' is not for it."
        raise _Unfit(what, "There is: " + ", ".join(fitting) + ".")


def _check_value(path: FieldPath, operator: Operator, value: Any, ready: Any) -> None:
    field = path.field
    if operator.name == "between":
        _check_range(path, ready)
    if operator.name == "matches":
        try:
            for_postgresql(str(value))
        except PatternNotForAll as wrong:
            raise ValueWrong(str(wrong), wrong.hint) from None
    if field.closed and operator.name in ("is", "is_not", "in", "not_in"):
        _check_choices(field, path, ready if isinstance(ready, Iterable) and not isinstance(ready, str) else (ready,))


def _check_range(path: FieldPath, ready: Any) -> None:
    kind = path.field.kind
    fits = {"number": NumberRange, "money": NumberRange, "date": MomentRange, "moment": MomentRange | ClockRange}[kind]
    if not isinstance(ready, fits):
        told = "two numbers" if fits is NumberRange else "two dates"
        raise ValueWrong(f"{told} are expected here.", "Write [from, to].")


def _check_choices(field: Field, path: FieldPath, asked: Iterable[str]) -> None:
    known = {fold(choice.value): choice.value for choice in field.choices}
    for value in sorted(asked):
        if value not in known:
            hint = did_you_mean(value, list(known.values()))
            raise ValueWrong(f"there is no '{value}' in '{path.written}'.", hint)
