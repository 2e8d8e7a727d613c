"""What is wrong with a filter, by condition, and what would cure it: a field that was renamed, a condition too many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from motenashi.filters.filter import FilterProblem
from motenashi.filters.infos import FieldInfo
from motenashi.pages.lists.asked import Asked
from motenashi.pages.lists.conditions import Conditions, conditions_of, renamed, without
from motenashi.pages.lists.vocabulary import in_language
from motenashi.pages.page_language import translate as _

_OUTERMOST = re.compile(r"condition (\d+)")
_ENOUGH = 60  # of 100: how alike two names are when one may be meant by the other
_WRITTEN_IN_LISTS = frozenset({"some", "none", "pattern", "at_least"})


@dataclass(frozen=True)
class Cure:
    words: str
    path: str


@dataclass(frozen=True)
class Trouble:
    """`number` is the outermost condition's; 0 is the whole filter. `detail` is the desk's own sentence (English)."""

    number: int
    words: str
    detail: str
    cures: tuple[Cure, ...] = ()


def troubles_of(problems: Sequence[FilterProblem], asked: Asked, fields: Sequence[FieldInfo]) -> list[Trouble]:
    conditions = conditions_of(asked.written)
    return [_trouble(problem, asked, conditions, fields) for problem in problems]


def number_of(problem: FilterProblem) -> int:
    """Of the outermost condition, wherever in it the problem lies."""
    found = _OUTERMOST.match(problem.place)
    return int(found[1]) if found else problem.number


def _trouble(problem: FilterProblem, asked: Asked, conditions: Conditions, fields: Sequence[FieldInfo]) -> Trouble:
    number = number_of(problem)
    detail = " ".join(part for part in (problem.what, problem.hint) if part)
    if not 1 <= number <= len(conditions.items):
        return Trouble(0, _("This filter can't be used as it is."), detail)
    cures = []
    gone = [
        (name, known) for name, known in _fields_in(conditions.items[number - 1], fields) if f"'{name}'" in problem.what
    ]
    words = _("Condition %(number)s can't be used.", number=number)
    if gone and problem.what.startswith("there is no field"):
        name, known = gone[0]
        words = _(
            "Condition %(number)s asks for “%(field)s”, and there is no such field (any more).",
            number=number,
            field=name,
        )
        detail = ""
        cures = [
            Cure(
                _("Use “%(field)s” instead", field=_full_name(field, known)),
                asked.path(written=renamed(conditions, number, name, field.name).written),
            )
            for field in _alike(name, known)
        ]
    remove = Cure(
        _("Remove condition %(number)s", number=number), asked.path(written=without(conditions, number).written)
    )
    return Trouble(number, words, detail, (*cures, remove))


def _fields_in(item: Any, fields: Sequence[FieldInfo]) -> Iterator[tuple[str, Sequence[FieldInfo]]]:
    """Every field that a condition names, with those that could stand in its place."""
    if isinstance(item, list):
        for inner in item:
            yield from _fields_in(inner, fields)
    if not isinstance(item, Mapping):
        return
    for name, written in item.items():
        yield str(name), [field for field in fields if field.type != "rows"]
        of_rows = next((field.fields for field in fields if field.name == name and field.type == "rows"), ())
        if of_rows and isinstance(written, Mapping):
            for key in _WRITTEN_IN_LISTS & set(written):
                yield from _fields_in(written[key], of_rows)


def _alike(name: str, fields: Sequence[FieldInfo]) -> list[FieldInfo]:
    """The two that may be meant: by their names, older names and labels in both languages."""
    sought = _plain(name)
    scored = []
    for field in fields:
        last = field.name.rpartition(".")[2]
        known = (field.name, *field.older, *field.label.values(), *([last] if "." not in name else []))
        scored.append((max(fuzz.ratio(sought, _plain(one)) for one in known), field))
    scored.sort(key=lambda one: -one[0])
    return [field for score, field in scored if score >= _ENOUGH][:2]


def _full_name(field: FieldInfo, fields: Sequence[FieldInfo]) -> str:
    """With whose it is, unless it is the record's own."""
    label, group = in_language(field.label), in_language(field.group)
    return label if field.group == fields[0].group or label == group else f"{group} › {label}"


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ")
