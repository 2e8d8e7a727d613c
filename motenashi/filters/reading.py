"""From JSON to a checked filter: every problem at once, each with its condition's number.

Values and short forms are read by the operators of flows (flow_engine.criteria), so that they mean the same here.
A text that begins with `$` is just that text: filters have no variables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import Filter, FilterProblem, FilterWrong, Group, ListPath, RowsTest, Test
from motenashi.filters.finding import Custom, NoSuchField, find
from motenashi.filters.model import Entity
from motenashi.filters.value_checks import field_tests
from motenashi.flow_engine.criteria_pattern import And, Pattern, PatternWrong, Ref, numbers_in, read_pattern
from motenashi.problems import did_you_mean

LONGEST = 20_000  # characters of a filter
MOST_CONDITIONS = 50  # in all of it
DEEPEST = 3  # lists inside lists
MOST_ROWS = 1_000_000  # in at_least
_NAME = re.compile(r"[^\W\d][\w-]*(?:\.[\w-]+)*")
_ROWS_KEYS = ("some", "none", "at_least", "pattern", "is_empty", "is_not_empty", "size_eq", "size_gt", "size_lt")
_EVERYTHING = Group((), And(()))
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # in JSON


def read_filter(module: str, raw: Any, custom: Custom) -> Filter:
    """`raw` is JSON as text, or taken apart already. FilterWrong with everything that is wrong."""
    entity = ENTITIES[module]
    written = _taken_apart(raw)
    _demand_plain(written)
    reader = _Reader(custom)
    group = reader.group(written.get("if", {}), written.get("pattern"), entity, "", 0)
    if reader.conditions > MOST_CONDITIONS:
        reader.problem("", 0, f"there are more than {MOST_CONDITIONS} conditions.", "Leave some out.")
    if reader.problems:
        raise FilterWrong(reader.problems)
    return Filter(module, entity, group, written)


def _taken_apart(raw: Any) -> dict[str, Any]:
    """{"if": …, "pattern": …}; conditions alone are taken for what stands behind "if"."""
    if raw is None or raw == "":
        return {}
    if isinstance(raw, str):
        raw = _json(raw)
    if isinstance(raw, list):
        return {"if": raw}
    if not isinstance(raw, Mapping):
        raise FilterWrong([FilterProblem(0, "a filter is a JSON object.", 'Write {"if": {"field": "value"}}.')])
    if "if" not in raw and "pattern" not in raw:
        return {"if": dict(raw)} if raw else {}
    strange = sorted(str(key) for key in set(raw) - {"if", "pattern"})
    if strange:
        hint = did_you_mean(strange[0], ("if", "pattern"))
        raise FilterWrong([FilterProblem(0, f"'{strange[0]}' does not belong beside 'if' and 'pattern'.", hint)])
    if len(_text_of(raw)) > LONGEST:
        raise FilterWrong([_too_long()])
    return dict(raw)


def _demand_plain(written: Mapping[str, Any]) -> None:
    """FilterWrong for letters that no database takes: a zero, half of a pair of UTF-16."""
    text = _text_of(written)
    if _ZERO.search(text) or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise FilterWrong([FilterProblem(0, "a text in the filter holds a letter that no record can hold.")])


def _json(text: str) -> Any:
    if len(text) > LONGEST:
        raise FilterWrong([_too_long()])

    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no number")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        where = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        hint = 'Write it as {"if": [{"field": "value"}]}.'
        raise FilterWrong([FilterProblem(0, f"the filter can't be read as JSON{where}.", hint)]) from None


def _text_of(raw: Any) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False, default=str)
    except (ValueError, RecursionError, TypeError):
        raise FilterWrong([FilterProblem(0, "the filter can't be written as JSON.")]) from None


def _too_long() -> FilterProblem:
    return FilterProblem(0, f"the filter is longer than {LONGEST} characters.", "Leave something out.")


class _Reader:
    def __init__(self, custom: Custom) -> None:
        self._custom = custom
        self.problems: list[FilterProblem] = []
        self.conditions = 0

    def problem(self, place: str, number: int, what: str, hint: str = "") -> None:
        where = f"{place}condition {number}" if number else place.rstrip(", ")
        self.problems.append(FilterProblem(number, what, hint, where))

    def group(self, raw: Any, pattern: Any, entity: Entity, place: str, depth: int) -> Group:
        """What holds for one row of `entity`. `place` says where we are, for whoever reads a problem."""
        if isinstance(raw, Mapping):
            items: Sequence[Any] = [{key: written} for key, written in raw.items()]
        elif isinstance(raw, list):
            items = raw
        else:
            self.problem(place, 0, "conditions are expected.", 'Write {"field": "value"} or a list of them.')
            return _EVERYTHING
        tests: list[Test] = []
        for number, item in enumerate(items, start=1):
            if not isinstance(item, Mapping) or not item:
                self.problem(place, number, "this is no condition.", 'Write {"field": {"operator": "value"}}.')
                continue
            for key, written in item.items():
                tests += self._test(str(key), written, entity, place, number, depth)
        return Group(tuple(tests), self._pattern(pattern, isinstance(raw, list), len(items), place))

    def _test(self, name: str, written: Any, entity: Entity, place: str, number: int, depth: int) -> Sequence[Test]:
        self.conditions += 1
        if not _NAME.fullmatch(name):
            self.problem(place, number, f"'{name}' is no field's name.", "Write it as account.industry.")
            return ()
        try:
            path = find(entity, name, self._custom)
        except NoSuchField as missing:
            self.problem(place, number, missing.what, missing.hint)
            return ()
        if isinstance(path, ListPath):
            return self._rows(path, written, place, number, depth)
        tests, problems = field_tests(path, written, number)
        for what, hint in problems:
            self.problem(place, number, what, hint)
        return tests

    def _rows(self, path: ListPath, written: Any, place: str, number: int, depth: int) -> Sequence[Test]:
        name = path.written
        if written is None or written in ("is_empty", "is_not_empty"):
            return [RowsTest(number, path, _EVERYTHING, none=written != "is_not_empty")]
        if not isinstance(written, Mapping) or not written:
            hint = f'Write {{"{name}": {{"some": {{"field": "value"}}}}}} or with "none".'
            self.problem(place, number, f"'{name}' is a list of records.", hint)
            return ()
        for key in written:
            if key not in _ROWS_KEYS:
                hint = did_you_mean(str(key), _ROWS_KEYS)
                self.problem(place, number, f"'{name}': '{key}' can't be asked of a list.", hint)
        if depth >= DEEPEST:
            self.problem(place, number, f"'{name}': lists stand inside one another more than {DEEPEST} times.")
            return ()
        if "some" in written and "none" in written and "pattern" in written:
            hint = "Make two conditions of it."
            self.problem(place, number, f"'{name}': 'pattern' beside both 'some' and 'none' is not clear.", hint)
            return ()
        return [*self._some(path, written, place, number, depth), *self._sizes(path, written, place, number)]

    def _some(self, path: ListPath, written: Mapping[str, Any], place: str, number: int, depth: int) -> list[RowsTest]:
        tests = []
        entity = ENTITIES[path.many.entity]
        inside = f"{place}condition {number}, {path.written}, "
        for key in ("some", "none"):
            if key in written:
                raw = {} if written[key] in (None, True) else written[key]
                group = self.group(raw, written.get("pattern"), entity, inside, depth + 1)
                least = self._at_least(path, written, place, number) if key == "some" else 1
                tests.append(RowsTest(number, path, group, least, none=key == "none"))
        if not tests and "pattern" in written:
            self.problem(place, number, f"'{path.written}': 'pattern' needs 'some' or 'none' beside it.")
        if "at_least" in written and "some" not in written:
            if "none" in written:
                self.problem(place, number, f"'{path.written}': 'at_least' belongs to 'some'.", "Take it out.")
            else:
                tests.append(RowsTest(number, path, _EVERYTHING, self._at_least(path, written, place, number)))
        return tests

    def _at_least(self, path: ListPath, written: Mapping[str, Any], place: str, number: int) -> int:
        least = written.get("at_least", 1)
        if isinstance(least, bool) or not isinstance(least, int) or not 1 <= least <= MOST_ROWS:
            what = f"'{path.written}': 'at_least' must be a whole number from 1 to {MOST_ROWS}."
            self.problem(place, number, what, 'For "not a single one" write "none".')
            return 1
        return least

    def _sizes(self, path: ListPath, written: Mapping[str, Any], place: str, number: int) -> list[RowsTest]:
        tests = []
        for key in ("is_empty", "is_not_empty"):
            if key in written:
                if written[key] not in (True, None):
                    self.problem(place, number, f"'{path.written}': '{key}' stands with true.")
                tests.append(RowsTest(number, path, _EVERYTHING, none=key == "is_empty"))
        for key in ("size_eq", "size_gt", "size_lt"):
            if key in written:
                tests += self._sized(path, key, written[key], place, number)
        return tests

    def _sized(self, path: ListPath, key: str, size: Any, place: str, number: int) -> list[RowsTest]:
        if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < MOST_ROWS:
            self.problem(place, number, f"'{path.written}', {key}: a whole number from 0 is expected here.")
            return []
        more = RowsTest(number, path, _EVERYTHING, size + 1)
        fewer = RowsTest(number, path, _EVERYTHING, max(size, 1), none=size > 0)
        if key == "size_gt":
            return [more]
        if key == "size_lt":
            if size == 0:
                self.problem(place, number, f"'{path.written}': no list has fewer than 0 records.")
            return [fewer]
        none_more = RowsTest(number, path, _EVERYTHING, size + 1, none=True)
        return [none_more] if size == 0 else [RowsTest(number, path, _EVERYTHING, size), none_more]

    def _pattern(self, text: Any, numbered: bool, count: int, place: str) -> Pattern:
        everything = And(tuple(Ref(number) for number in range(1, count + 1)))
        if text is None or text == "":
            return everything
        if not numbered:
            hint = 'Write the conditions as a list: "if": [{…}, {…}].'
            self.problem(place, 0, "'pattern' needs numbered conditions.", hint)
            return everything
        try:
            tree = read_pattern(str(text))
        except PatternWrong as wrong:
            what = f"pattern '{text}': {wrong.what} (character {wrong.position})."
            self.problem(place, 0, what, "Write it as (1 and 2) or not 3.")
            return everything
        self._numbers_fit(tree, str(text), count, place)
        return tree

    def _numbers_fit(self, tree: Pattern, text: str, count: int, place: str) -> None:
        named = numbers_in(tree)
        there = f"There are conditions 1 to {count}." if count else "There are no conditions."
        for number in sorted(named - set(range(1, count + 1))):
            self.problem(place, 0, f"pattern '{text}' names condition {number}, which is not there.", there)
        for number in sorted(set(range(1, count + 1)) - named):
            what = f"this condition is not used in pattern '{text}'."
            self.problem(place, number, what, "Name it in the pattern, or take it out.")
