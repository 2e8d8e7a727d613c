"""From a checked filter to one SQL condition on the module's table. Values are bound, never written into it.

Negation is pushed down to the single questions, and each is asked in its plain form or turned round there, so that
NULL never decides anything: an empty value fails every plain question and passes every one that is turned round.
Related records are looked up as sets of ids, IN (SELECT …), which the database works out once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Column, Select, String, and_, bindparam, distinct, false, func, not_, or_, select, true

from motenashi.filters.comparing import boolean_holds, moment_holds, number_holds, text_holds
from motenashi.filters.custom_fields import CustomQuestion, custom_holds
from motenashi.filters.entities.catalogue import ENTITIES
from motenashi.filters.filter import FieldTest, Group, RowsTest, Test
from motenashi.filters.known_kind import known_as
from motenashi.filters.model import Counted, InColumn, InExtra, LastAt, Made, One, Part, TextsIn
from motenashi.filters.operators import plain
from motenashi.filters.parts import separate_parts, value_fits
from motenashi.filters.related_values import counted_holds, last_holds, texts_hold
from motenashi.filters.rows import Row, filled, identity, is_text, lifted, lifted_sums, or_null
from motenashi.filters.speech import Speech, Sql
from motenashi.filters.vocabulary import is_indexed
from motenashi.flow_engine.criteria_operators import OPERATOR_NAMES
from motenashi.flow_engine.criteria_pattern import And, Not, Pattern, Ref

# All texts that stand in a table's column; None when they are too many to be looked through.
Vocabulary = Callable[[Column[Any]], "tuple[str, ...] | None"]


@dataclass(frozen=True)
class World:
    """What a filter is asked against. `now` is aware, in the house's zone."""

    speech: Speech
    now: datetime
    vocabulary: Vocabulary


class _Question(Protocol):
    """`asked` and `turned` are opposites for every row; `for_nothing`: does it hold for an empty value?"""

    for_nothing: bool

    def asked(self, row: Row) -> Sql: ...
    def turned(self, row: Row) -> Sql: ...


def condition(group: Group, row: Row, world: World, *, turned: bool = False) -> Sql:
    """Does the group hold for the row? (`turned`: does it not?)"""
    if turned:
        return _pattern(group.pattern, group, row, world, turned)
    separate, rest = separate_parts(group, world.now)
    parts = [_has_part(part, inner, row, world) for part, inner in separate]
    return _joined([*parts, _pattern(rest.pattern, rest, row, world, False)], every=True)


def _has_part(part: Part, group: Group, row: Row, world: World) -> Sql:
    """Is there a part of the row for which the group holds?"""
    there = Row(ENTITIES[part.entity])
    holds = condition(group, there, world)
    if part.rows is not None:
        holds = and_(part.rows(there.table), holds)
    return row[part.ours].in_(select(there[part.theirs]).select_from(there.joined()).where(holds))


def _pattern(pattern: Pattern, group: Group, row: Row, world: World, turned: bool) -> Sql:
    if isinstance(pattern, Not):
        return _pattern(pattern.part, group, row, world, not turned)
    if isinstance(pattern, Ref):
        tests = [test for test in group.tests if test.number == pattern.number]
        return _joined([_test(test, row, world, turned) for test in tests], every=not turned)
    parts = [_pattern(part, group, row, world, turned) for part in pattern.parts]
    return _joined(parts, every=isinstance(pattern, And) is not turned)


def _joined(parts: list[Sql], *, every: bool) -> Sql:
    if not parts:
        return true() if every else false()
    return and_(*parts) if every else or_(*parts)


def _test(test: Test, row: Row, world: World, turned: bool) -> Sql:
    if isinstance(test, RowsTest):
        return _along(test.path.ways, row, _Rows(test, world), turned is not test.none)
    if isinstance(test.path.field.source, InExtra):
        return _along(test.path.ways, row, _CustomValue(test, test.path.field.source, world), turned)
    operator, opposite = plain(test.operator.name)
    return _along(test.path.ways, row, _Value(test, operator, world), turned is not opposite)


def _along(ways: tuple[One | Part, ...], row: Row, question: _Question, turned: bool) -> Sql:
    """The question at the end of the ways. Where a record on the way is missing, its value is empty."""
    if not ways:
        return question.turned(row) if turned else question.asked(row)
    way, further = ways[0], ways[1:]
    if isinstance(way, Part):
        return _along(further, row.part(way), question, turned)
    there = Row(ENTITIES[way.entity])
    # Those are looked up for which a missing record is on the other side.
    found = _along(further, there, question, question.for_nothing)
    ids = select(there.key).where(found)
    here = row[way.column]
    if turned is question.for_nothing:
        return here.in_(ids)
    return or_null(here.not_in(ids), here, row.maybe_null(way.column))


class _Rows:
    """Are there at least so many rows for which the group holds?"""

    for_nothing = False

    def __init__(self, test: RowsTest, world: World) -> None:
        self._test = test
        self._world = world

    def asked(self, row: Row) -> Sql:
        return self._one_by_one(row) if self._is_wide else row.key.in_(self._ids())

    def turned(self, row: Row) -> Sql:
        if self._is_wide:
            return not_(self._one_by_one(row))
        return or_null(row.key.not_in(self._ids()), row.key, row.may_be_missing)

    @property
    def _is_wide(self) -> bool:
        """Does nearly every row fit? Then the first row of each record is found sooner than all of them."""
        test = self._test
        return test.at_least == 1 and test.path.many.through is None and all(map(_fits_most, test.group.tests))

    def _one_by_one(self, row: Row) -> Sql:
        child, holds = self._child()
        own = child[self._test.path.many.column] == row.key
        return select(1).select_from(child.joined()).where(own, holds).exists()

    def _child(self) -> tuple[Row, Sql]:
        """A row of the list, and what has to hold for it."""
        many = self._test.path.many
        child = Row(ENTITIES[many.entity])
        holds = condition(self._test.group, child, self._world)
        return child, holds if many.rows is None else and_(holds, many.rows(child.table))

    def _ids(self) -> Select[Any]:
        many = self._test.path.many
        child, holds = self._child()
        by = child[many.column]
        reads_texts = _reads_texts(self._test.group)
        named = filled(by, by_index=not reads_texts)
        if reads_texts and self._test.at_least > 1 and is_text(by):
            by = by.concat("")  # so that rows are not fetched one by one in the order of an index, to be grouped
        query = select(by).select_from(child.joined()).where(named, holds)
        least = self._test.at_least
        if least == 1:
            return lifted(query, many.through)
        number = func.count(distinct(child[identity(child.entity).name])) if child.has_parts else func.count()
        return lifted_sums(by, number, query, many.through, lambda count: count >= least, func.sum)


def _fits_most(test: Test) -> bool:
    """What is turned round (is_not, none …) fits most rows, what is asked plainly fewer."""
    if isinstance(test, RowsTest):
        return test.none
    operator, opposite = plain(test.operator.name)
    return opposite is not (operator == "is_empty")


def _reads_texts(group: Group) -> bool:
    """Is something asked that lies in the rows only, not in an index? Then rows are best read as they lie."""
    return any(
        isinstance(test, FieldTest) and not test.path.ways and test.path.field.kind == "text" for test in group.tests
    )


def _written_out(choice: str) -> Sql:
    """One of our own choices, in the statement itself: an index of certain rows only (WHERE kind = 'competitor') is
    used when the database reads there what is asked for."""
    return bindparam(None, choice, type_=String(), literal_execute=True)


class _CustomValue:
    """A custom field's value and an operator. A value of another kind fails the operator and its opposite alike, but
    passes a `not` in the pattern; so the two are not the same here."""

    def __init__(self, test: FieldTest, source: InExtra, world: World) -> None:
        name, self._opposite = plain(test.operator.name)
        nothing = value_fits(OPERATOR_NAMES[name], None, test.ready, world.now)
        self._question = CustomQuestion(source.key, test.path.field.kind, name, test.ready, nothing)
        self._world = world
        self.for_nothing = nothing is not self._opposite

    def asked(self, row: Row) -> Sql:
        held = custom_holds(self._world.speech, row["extra"], self._question, self._world.now)
        return held.turned if self._opposite else held.asked

    def turned(self, row: Row) -> Sql:
        return not_(func.coalesce(self.asked(row), false()))


class _Value:
    """A field's value and one plain operator."""

    def __init__(self, test: FieldTest, operator: str, world: World) -> None:
        self._field = test.path.field
        self._operator = operator
        self._ready = test.ready
        self._world = world
        self.for_nothing = self._holds(None)

    def asked(self, row: Row) -> Sql:
        return self._sql(row, turned=False)

    def turned(self, row: Row) -> Sql:
        return self._sql(row, turned=True)

    def _holds(self, value: Any) -> bool:
        return value_fits(OPERATOR_NAMES[self._operator], value, self._ready, self._world.now)

    def _sql(self, row: Row, *, turned: bool) -> Sql:
        source, operator, ready = self._field.source, self._operator, self._ready
        speech, now = self._world.speech, self._world.now
        if isinstance(source, InColumn):
            return self._in_column(source, row, turned)
        if isinstance(source, Counted):
            without = self._holds(source.without_rows)
            return counted_holds(source, row.key, operator, ready, without_rows=without, turned=turned)
        if isinstance(source, LastAt):
            return last_holds(source, row.key, operator, ready, speech=speech, now=now, turned=turned)
        if isinstance(source, TextsIn):
            known = self._world.vocabulary(source.table.c[source.value])
            held = texts_hold(source, row.key, operator, ready, speech=speech, known=known)
            return self._of_row(not_(held) if turned else held, row, self.for_nothing is not turned)
        # custom fields have a question of their own: what is left was made
        value = known_as(Made, source).make(row.table)
        return self._turnable(value, None, True, turned)

    @staticmethod
    def _of_row(holds: Sql, row: Row, for_nothing: bool) -> Sql:
        """A row that is missing has none of what is asked for."""
        if not row.may_be_missing:
            return holds
        return or_(row.key.is_(None), holds) if for_nothing else and_(row.key.is_not(None), holds)

    def _in_column(self, source: InColumn, row: Row, turned: bool) -> Sql:
        column = row[source.column]
        maybe_null = row.maybe_null(source.column)
        if self._is_looked_up(source, row):
            known = self._world.vocabulary(row.entity.table.c[source.column])
            if known is not None:
                return self._among(known, source, column, maybe_null, turned)
        folded = column if source.folded is True else None
        if isinstance(source.folded, str):
            folded = func.coalesce(row[source.folded], self._world.speech.folded(column))
        return self._turnable(column, folded, maybe_null, turned)

    def _is_looked_up(self, source: InColumn, row: Row) -> bool:
        """Are the texts that occur tried first, and the rows looked up that have those which fit?"""
        if self._field.kind == "choice":
            return not source.folded
        searching = source.folded is True and self._operator in ("contains", "starts_with", "ends_with", "matches")
        return searching and is_indexed(row.entity.table.c[source.column])

    def _among(self, known: tuple[str, ...], source: InColumn, column: Sql, maybe_null: bool, turned: bool) -> Sql:
        """Of few different texts, those for which it holds."""
        mean = source.meaning or str
        fitting = [text for text in known if self._holds(mean(text))]
        if not turned:
            return or_null(column.in_(fitting), column, maybe_null and self.for_nothing)
        others = column.not_in(fitting)
        if maybe_null and self.for_nothing:
            return and_(column.is_not(None), others)
        return or_null(others, column, maybe_null)

    def _compare(self, value: Sql, folded: Sql | None = None) -> Sql:
        kind, speech = self._field.kind, self._world.speech
        if self._field.closed and folded is not None and self._operator in ("is", "in"):
            choices = [_written_out(text) for text in self._asked_texts()]
            return folded == choices[0] if len(choices) == 1 else folded.in_(choices)
        if kind in ("text", "choice", "id"):
            return text_holds(speech, self._operator, speech.folded(value) if folded is None else folded, self._ready)
        if kind in ("number", "money"):
            return number_holds(self._operator, value, self._ready)
        if kind == "boolean":
            return boolean_holds(self._operator, value)
        return moment_holds(speech, self._operator, kind, value, self._ready, self._world.now)

    def _asked_texts(self) -> list[str]:
        return sorted(self._ready) if self._operator == "in" else [self._ready]

    def _turnable(self, value: Sql, folded: Sql | None, maybe_null: bool, turned: bool) -> Sql:
        holds = self._compare(value, folded)
        if self._operator == "is_empty":  # never NULL itself
            return self._filled(value, folded) if turned else holds
        if self.for_nothing and maybe_null:  # an expression that finds something even in an empty text
            return and_(not_(holds), value.is_not(None)) if turned else or_null(holds, value)
        if not turned:
            return holds
        return or_null(not_(holds), value, maybe_null)

    def _filled(self, value: Sql, folded: Sql | None) -> Sql:
        """In a form that is plainly false for NULL, by which the database sees that a LEFT JOIN needs no such rows."""
        if self._field.kind in ("text", "choice", "id"):
            return (self._world.speech.folded(value) if folded is None else folded) > ""
        return value.is_not(None)
