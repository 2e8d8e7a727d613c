"""Does this criterion hold now? Conditions on variables, joined by a pattern; read once, asked many times.

A designer writes them behind `if:`, as a mapping (all must hold) or as a numbered list with a `pattern`:

    if: {person.kind: {is: contact}, visitor.number_of_past_chats: {ge: 2}}

    if:
      - {person.kind: {is: contact}}                  # 1
      - {visitor.country: [JP, TW]}                   # 2
      - {visitor.lead_score: {between: [50, 100]}}    # 3
    pattern: (1 and 2) or 3

Short forms: a text means `is`, a number `eq`, a list of texts `in`, true and false `is_true` and `is_false`, nothing
`is_empty`, and the bare name of an operator that needs no value (is_empty, is_true …) means that operator. A value
`$path` is another variable's value. An unknown variable is empty; nothing equals a comparison with an empty `$path`;
a value of the wrong kind matches nothing, and says so to whoever asked to be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motenashi.flow_engine.criteria_operators import OPERATOR_NAMES, Operator
from motenashi.flow_engine.criteria_pattern import (
    And,
    Pattern,
    PatternWrong,
    Ref,
    holds_for,
    numbers_in,
    read_pattern,
)
from motenashi.flow_engine.criteria_subjects import Mismatch, is_empty
from motenashi.flow_engine.criteria_values import TEXTS, Reference, ValueWrong, resolved, with_references
from motenashi.problems import Problem, did_you_mean
from motenashi.yaml_source import YamlList, YamlMap

MOST_CONDITIONS = 50  # in one rule

LookUp = Callable[[str], Any]  # a variable's value by its path; None (or KeyError) when unknown
_FIELD = re.compile(r"[^\W\d][\w-]*(?:\.[\w-]+)*")
_FLAGS = {name for name, operator in OPERATOR_NAMES.items() if operator.shape.name == "flag"}


@dataclass(frozen=True)
class Condition:
    """`value` is what the designer wrote; `ready` what the operator tests with, or None when it holds references,
    whose paths are `references`. Conditions of one list item share its `number`."""

    field: str
    operator: Operator
    value: Any
    line: int
    number: int
    ready: Any = None
    references: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.operator.name in _FLAGS:
            return f"{self.field} {self.operator.name}"
        return f"{self.field} {self.operator.name} {_written(self.value)}"


@dataclass(frozen=True)
class Criteria:
    """Never without a condition, unless reading it found problems."""

    conditions: tuple[Condition, ...]
    pattern: Pattern
    line: int = 0


def parse_criteria(raw: Any, pattern: str | None, file: str, line: int) -> tuple[Criteria, list[Problem]]:
    """What stands behind `if:` and `pattern:`, and everything that is wrong with it.

    `line` is that of the `if:` key, for what knows no line of its own. With problems, the criteria hold what could
    be read, for further checks; they are not to be run.
    """
    reader = _Reader(file, line)
    reader.read(raw)
    numbers = sorted(reader.numbers)
    everything = And(tuple(Ref(number) for number in numbers))
    chosen = reader.pattern(pattern, isinstance(raw, list)) or everything
    return Criteria(tuple(reader.conditions), chosen, line), reader.problems


def holds(criteria: Criteria, look_up: LookUp, now: datetime, on_mismatch: Callable[[str], None] | None = None) -> bool:
    """Do they hold now? `now` is aware; its zone is that of days and times of day without one of their own."""

    def held(number: int) -> bool:
        ours = (condition for condition in criteria.conditions if condition.number == number)
        return all(condition_holds(condition, look_up, now, on_mismatch) for condition in ours)

    return holds_for(criteria.pattern, held)


def explain(criteria: Criteria, look_up: LookUp, now: datetime) -> tuple[tuple[int, str, bool], ...]:
    """For the trace an operator reads: of each condition its number, what it says, and whether it held."""
    return tuple(
        (condition.number, str(condition), condition_holds(condition, look_up, now))
        for condition in criteria.conditions
    )


def fields_of(criteria: Criteria) -> set[str]:
    """Every variable that the criteria read, those behind a `$` included."""
    fields = {condition.field for condition in criteria.conditions}
    return fields.union(*(condition.references for condition in criteria.conditions))


def condition_holds(
    condition: Condition, look_up: LookUp, now: datetime, on_mismatch: Callable[[str], None] | None = None
) -> bool:
    """One condition; a value of the wrong kind is told to `on_mismatch` in one sentence and matches nothing."""
    try:
        subject = _value_of(look_up, condition.field)
        value = condition.ready
        if condition.references:
            value = _compared_with(condition, look_up)
            if value is None:
                return condition.operator.negative
        return condition.operator.test(subject, value, now)
    except Mismatch as mismatch:
        what = str(mismatch)
    except ValueWrong as wrong:
        what = f"what it is compared with does not fit: {wrong.what}"
    except (OverflowError, ValueError) as error:  # moments at the end of the calendar
        what = f"it can't be compared: {error}"
    if on_mismatch is not None:
        on_mismatch(f"line {condition.line}: '{condition}' does not hold, since {what}")
    return False


def _compared_with(condition: Condition, look_up: LookUp) -> Any:
    """The operator's value with its references looked up; None when there is nothing to compare with."""
    needs_all = condition.operator.shape is not TEXTS
    if needs_all and any(is_empty(_value_of(look_up, path)) for path in condition.references):
        return None
    value = resolved(condition.value, lambda path: _value_of(look_up, path))
    return None if is_empty(value) else condition.operator.shape.read(value)


def _value_of(look_up: LookUp, path: str) -> Any:
    try:
        return look_up(path)
    except LookupError:
        return None


def _written(value: Any) -> str:
    if isinstance(value, Reference):
        return f"${value.path}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    return str(value)


class _Reader:
    """Collects conditions and problems; it never stops at the first."""

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line
        self.conditions: list[Condition] = []
        self.problems: list[Problem] = []
        self.numbers: set[int] = set()

    def problem(self, line: int, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, line or self.line, what, hint))

    def read(self, raw: Any) -> None:
        if isinstance(raw, Mapping):
            self._mapping(raw, number=None)
        elif isinstance(raw, list):
            for index, item in enumerate(raw):
                self._item(item, index + 1, raw.line_of(index) if isinstance(raw, YamlList) else self.line)
        else:
            self.problem(self.line, "'if' needs conditions.", "Write {field: {operator: value}} or a list of them.")
            return
        if not raw:
            self.problem(self.line, "'if' holds no condition.", "Write {field: {operator: value}}.")
        if len(self.conditions) > MOST_CONDITIONS:
            self.problem(self.line, f"there are more than {MOST_CONDITIONS} conditions in one rule.", "Split the rule.")

    def pattern(self, text: str | None, numbered: bool) -> Pattern | None:
        """The tree that `pattern:` stands for; None without one, or with a wrong one."""
        if text is None:
            return None
        if not numbered:
            self.problem(
                self.line, "'pattern' needs numbered conditions.", "Write the conditions under 'if' as a list, '- …'."
            )
            return None
        try:
            tree = read_pattern(str(text))
        except PatternWrong as wrong:
            what = f"pattern '{text}': {wrong.what} (character {wrong.position})."
            self.problem(self.line, what, "Write it as (1 and 2) or not 3.")
            return None
        return tree if self._numbers_fit(tree, str(text)) else None

    def _numbers_fit(self, tree: Pattern, text: str) -> bool:
        named = numbers_in(tree)
        for number in sorted(named - self.numbers):
            there = f"There are conditions 1 to {max(self.numbers)}." if self.numbers else ""
            self.problem(self.line, f"pattern '{text}' names condition {number}, which is not there.", there)
        for number in sorted(self.numbers - named):
            hint = "Name it in the pattern, or take it out."
            self.problem(self.line, f"condition {number} is not used in pattern '{text}'.", hint)
        return named == self.numbers

    def _item(self, item: Any, number: int, line: int) -> None:
        self.numbers.add(number)
        if not isinstance(item, Mapping) or not item:
            self.problem(line, f"condition {number} is no condition.", "Write - {field: {operator: value}}.")
            return
        self._mapping(item, number)

    def _mapping(self, mapping: Mapping[str, Any], number: int | None) -> None:
        """Without a number, each condition of the mapping gets its own."""
        for key, written in mapping.items():
            line = mapping.line_of(key) if isinstance(mapping, YamlMap) else self.line
            field = key.removeprefix("$")
            if not _FIELD.fullmatch(field):
                self.problem(line, f"'{key}' is no variable's name.", "Write it as person.kind.")
                continue
            for name, value, place in self._operators(field, written, line):
                self._condition(field, name, value, place, number or len(self.numbers) + 1)

    def _operators(self, field: str, written: Any, line: int) -> list[tuple[str, Any, int]]:
        """(operator, value, line) of what stands behind a field; of a short form, the operator it is short for."""
        if isinstance(written, Mapping):
            if not written:
                self.problem(line, f"'{field}' has no operator.", "Write {operator: value}.")
            at = written.line_of if isinstance(written, YamlMap) else lambda _: line
            return [(name, value, at(name)) for name, value in written.items()]
        return [(*_short_form(written), line)]

    def _condition(self, field: str, name: str, raw: Any, line: int, number: int) -> None:
        self.numbers.add(number)
        operator = OPERATOR_NAMES.get(name)
        if operator is None:
            self.problem(line, f"'{field}': there is no operator '{name}'.", _nearest_operator(name))
            return
        value, references = with_references(raw)
        if references and not operator.shape.references:
            hint = f"Write {operator.shape.meaning}."
            self.problem(line, f"'{field}', {name}: no variable may stand here.", hint)
            return
        ready = None
        if not references:
            try:
                ready = operator.shape.read(raw)
            except ValueWrong as wrong:
                self.problem(line, f"'{field}', {name}: {wrong.what}", wrong.hint)
                return
        self.conditions.append(Condition(field, operator, value, line, number, ready, references))


def _short_form(written: Any) -> tuple[str, Any]:
    if written is None:
        return "is_empty", None
    if isinstance(written, bool):
        return ("is_true" if written else "is_false"), True
    if isinstance(written, int | float):
        return "eq", written
    if isinstance(written, list):
        return "in", written
    return (written, True) if written in _FLAGS else ("is", written)


# What people write who know other languages.
_OTHER_NAMES = {
    "equals": "is", "==": "is", "=": "is", "!=": "is_not", "not": "is_not", "like": "contains", "includes": "has",
    ">": "gt", ">=": "ge", "<": "lt", "<=": "le", "gte": "ge", "lte": "le", "greater_than": "gt", "less_than": "lt",
    "regex": "matches", "one_of": "in", "any_of": "has_any", "exists": "is_not_empty", "empty": "is_empty",
    "weekday": "weekday_in", "later_than": "after", "earlier_than": "before",
}  # fmt: skip


def _nearest_operator(name: str) -> str:
    known = _OTHER_NAMES.get(name.casefold())
    if known:
        return f"Did you mean '{known}'?"
    return did_you_mean(name, OPERATOR_NAMES) or "There is: " + ", ".join(OPERATOR_NAMES) + "."
