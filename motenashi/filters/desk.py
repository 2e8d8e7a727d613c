"""The desk for filters: what can be asked, reading a filter, counting, the rows it finds, and saved filters.

Everything is answered by one SQL statement a question; nothing is loaded to be looked through. The database may take
`seconds` for one; then it is FilterTooSlow. All methods that ask raise SQLAlchemy's DBAPIError when it is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Select, func, select

from motenashi.database import Database
from motenashi.filters.asking import asking
from motenashi.filters.custom_fields import custom_fields
from motenashi.filters.entities.catalogue import ENTITIES, MODULES
from motenashi.filters.filter import Filter, Group
from motenashi.filters.infos import FieldInfo, Page, PartCount, Parts, SavedFilter
from motenashi.filters.model import Field, words
from motenashi.filters.offers import fields_of
from motenashi.filters.pages import page_of
from motenashi.filters.reading import read_filter
from motenashi.filters.rows import Row
from motenashi.filters.saved import SavedFilters
from motenashi.filters.speech import SPEECHES
from motenashi.filters.suggesting import values_of
from motenashi.filters.to_sql import World, condition
from motenashi.filters.vocabulary import Vocabularies
from motenashi.filters.wording import in_words, test_in_words
from motenashi.flow_engine.criteria_pattern import And, Ref

CUSTOM_SECONDS = 60.0  # so long it is remembered which custom fields there are


def _now() -> datetime:
    return datetime.now(UTC)


class FilterDesk:
    def __init__(
        self,
        database: Database,
        *,
        zone: tzinfo = UTC,
        clock: Callable[[], datetime] = _now,
        seconds: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`zone` is the house's: that of days ("today", "on 3 May")."""
        self._database = database
        self._zone = zone
        self._clock = clock
        self._seconds = seconds
        self._monotonic = monotonic
        self._speech = SPEECHES[database.dialect]()
        self._vocabularies = Vocabularies(monotonic)
        self._custom: dict[str, tuple[float, Mapping[str, Field]]] = {}
        self._saved = SavedFilters(database)

    # ---- What can be asked ----

    def fields(self, module: str) -> tuple[FieldInfo, ...]:
        """Everything that can be asked of a module, in the order to offer it. KeyError for another module."""
        if module not in MODULES:
            raise KeyError(module)
        return fields_of(ENTITIES[module], self._custom_fields)

    def values(self, module: str, field: str, typed: str = "", most: int = 20) -> tuple[str, ...]:
        """Values that occur in a field and contain what was typed ("responses.keyword" for a field of a list); none for
        a field whose values can't be listed."""
        with self.asking() as connection:
            return values_of(connection, self._speech, ENTITIES[module], field, typed, most, self._custom_fields)

    def read(self, module: str, raw: Any) -> Filter:
        """From JSON (text, or taken apart already). FilterWrong with everything that is wrong. None, '' and {} are the
        filter that holds for all. KeyError for another module."""
        if module not in MODULES:
            raise KeyError(module)
        return read_filter(module, raw, self._custom_fields)

    # ---- Asking ----

    def count(self, chosen: Filter) -> int:
        with self.asking() as connection:
            return self._count(connection, chosen, chosen.group)

    def parts(self, chosen: Filter) -> Parts:
        """How many records each condition alone leaves, and all of them together."""
        with self.asking() as connection:
            counts = [
                PartCount(number, self._words_of(chosen, number), self._count(connection, chosen, alone))
                for number in chosen.group.numbers
                for alone in [_alone(chosen.group, number)]
            ]
            total = connection.execute(select(func.count()).select_from(chosen.entity.table)).scalar_one()
            return Parts(total, self._count(connection, chosen, chosen.group), tuple(counts))

    def page(
        self,
        chosen: Filter,
        *,
        sort: str = "",
        descending: bool = False,
        after: str = "",
        most: int = 50,
        columns: Sequence[str] = (),
        total: bool = True,
    ) -> Page:
        """`sort` and `columns` are names of fields (FilterWrong for one that is not there, or a wrong `after`).
        Without `columns` all fields of the record itself; without `sort` the newest records first. `total` false leaves
        out the counting (Page.total is -1 then)."""
        with self.asking() as connection:
            row, holds = self._condition(connection, chosen, chosen.group)
            page = page_of(
                connection,
                self._speech,
                row,
                holds,
                sort=sort,
                descending=descending,
                after=after,
                most=most,
                columns=columns,
                custom=self._custom_fields,
                now=self._clock(),
            )
            number = self._count(connection, chosen, chosen.group) if total else -1
            return Page(page.rows, number, page.next)

    def ids(self, chosen: Filter, most: int) -> tuple[str, ...]:
        """Of the first `most` records, in the order of their ids."""
        with self.asking() as connection:
            row, holds = self._condition(connection, chosen, chosen.group)
            query = select(row.key).where(holds).order_by(row.key).limit(most)
            return tuple(connection.execute(query).scalars())

    def query(self, chosen: Filter, connection: Connection) -> Select[tuple[str]]:
        """The SELECT of the ids, to be put into IN (…) by whoever aggregates; `connection` is one of `asking()`, and
        what is made of it has to run there, too."""
        row, holds = self._condition(connection, chosen, chosen.group)
        return select(row.key).where(holds)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection on which a filter's SQL can run. FilterTooSlow when a statement takes too long."""
        with asking(self._database, self._seconds) as connection:
            yield connection

    # ---- In words ----

    def explain(self, chosen: Filter, language: str) -> str:
        """In words: "Contacts with at least one response where tone is negative and keyword is price"."""
        return in_words(chosen, language)

    # ---- Saved filters ----

    def save(self, module: str, name: str, written: Mapping[str, Any], *, owner: str, shared: bool) -> SavedFilter:
        """Under a name that is unique among the owner's of that module; the same name again replaces it. NameWrong for
        an empty or too long name, FilterWrong for a filter that can't be read."""
        chosen = self.read(module, written)
        now = self._clock()
        return self._saved.save(module, name, chosen.written, owner=owner, shared=shared, now=now)

    def saved(self, module: str, viewer: str) -> tuple[SavedFilter, ...]:
        """The viewer's own and everybody's shared ones, by name."""
        return self._saved.visible(module, viewer)

    def find(self, filter_id: int, viewer: str) -> SavedFilter | None:
        """None also for somebody else's that is not shared. `read` it to run it: FilterWrong when a field is gone."""
        return self._saved.find(filter_id, viewer)

    def remove(self, filter_id: int, owner: str) -> bool:
        """Only the owner can; False when there is none of theirs."""
        return self._saved.remove(filter_id, owner)

    # ---- Inside ----

    def _count(self, connection: Connection, chosen: Filter, group: Group) -> int:
        row, holds = self._condition(connection, chosen, group)
        query = select(func.count()).select_from(row.table).where(holds)
        return int(connection.execute(query).scalar_one())

    def _condition(self, connection: Connection, chosen: Filter, group: Group) -> tuple[Row, Any]:
        row = Row(chosen.entity)
        now = self._clock().astimezone(self._zone)
        world = World(self._speech, now, lambda column: self._vocabularies.texts(connection, column))
        return row, condition(group, row, world)

    def _custom_fields(self, module: str) -> Mapping[str, Field]:
        known = self._custom.get(module)
        if known is None or known[0] < self._monotonic() - CUSTOM_SECONDS:
            with self.asking() as connection:
                known = (self._monotonic(), custom_fields(connection, module, self._database.dialect))
            self._custom[module] = known
        return known[1]

    def _words_of(self, chosen: Filter, number: int) -> Mapping[str, str]:
        tests = [test for test in chosen.group.tests if test.number == number]
        told = {language: test_in_words(tests, language) for language in ("en", "ja")}
        return words(told["en"], told["ja"])


def _alone(group: Group, number: int) -> Group:
    return Group(tuple(test for test in group.tests if test.number == number), And((Ref(number),)))
