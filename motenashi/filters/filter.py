"""A filter that was read and checked, and what is wrong with one that can't be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motenashi.filters.model import Entity, Field, Many, One, Part
from motenashi.flow_engine.criteria_operators import Operator
from motenashi.flow_engine.criteria_pattern import Pattern


@dataclass(frozen=True)
class FilterProblem:
    """One thing wrong. `number` is the condition's, counted from 1 among those that stand side by side; 0 is the whole.

    `place` names lists around it: "condition 3, responses, condition 1"."""

    number: int
    what: str
    hint: str = ""
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what}" + (f" {self.hint}" if self.hint else "")


class FilterWrong(Exception):
    """The filter can't be used, and nothing was run; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[FilterProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class FilterTooSlow(Exception):
    """The database did not answer within the time a filter may take."""


@dataclass(frozen=True)
class FieldPath:
    """A field, and the ways to it."""

    written: str
    ways: tuple[One | Part, ...]
    field: Field


@dataclass(frozen=True)
class ListPath:
    """A list of related rows, and the ways to the record that has it."""

    written: str
    ways: tuple[One | Part, ...]
    many: Many


@dataclass(frozen=True)
class FieldTest:
    """One operator on one field. `value` is as written, `ready` as the operator's own test takes it."""

    number: int
    path: FieldPath
    operator: Operator
    value: Any
    ready: Any


@dataclass(frozen=True)
class RowsTest:
    """Are there `at_least` so many rows of a list for which `group` holds? (`none`: is there no such row?)"""

    number: int
    path: ListPath
    group: Group
    at_least: int = 1
    none: bool = False


Test = FieldTest | RowsTest


@dataclass(frozen=True)
class Group:
    """Numbered tests and how they are joined. Tests of one number must all hold. Without tests everything holds."""

    tests: tuple[Test, ...]
    pattern: Pattern

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted({test.number for test in self.tests}))


@dataclass(frozen=True)
class Filter:
    """`module`: leads, contacts, accounts or deals. `written` is the JSON that it was read from."""

    module: str
    entity: Entity
    group: Group
    written: Mapping[str, Any]

    @property
    def json(self) -> str:
        """Compact, for an address: everything again as it was written."""
        return json.dumps(self.written, ensure_ascii=False, separators=(",", ":"))
