"""The store of suggestions: each kept once, open until somebody did it, turned it down, or a better one replaced it.

Two kinds lie here. A wish is what one mail asks for; advice is the one open suggestion of a record, composed of its
wishes and of what was learned. A record never has two: the database itself sees to that (`current_of` is unique).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from motenashi.clean_text import clean_text
from motenashi.database import Database
from motenashi.suggestions.suggestion import State, Suggestion
from motenashi.suggestions.suggestion_events import MOST_AT_ONCE, SuggestionEvent, note_events
from motenashi.suggestions.suggestion_rows import (
    ADVICE,
    RecordKind,
    changing_columns,
    record_of,
    row_of,
    suggestion_of,
)
from motenashi.suggestions.tables import LONGEST_NAME, suggestion_events, suggestions

log = logging.getLogger(__name__)

_SELECT: Select[Any] = select(suggestions)
_COLUMN_OF = {"deal": "deal_id", "contact": "contact_id", "lead": "lead_id"}


class SuggestionStore:
    """All methods raise SQLAlchemy's DBAPIError when the database is away; nothing is half done then."""

    def __init__(self, database: Database, *, on_added: Callable[[Sequence[Suggestion]], object] | None = None) -> None:
        """`on_added` is told what `add` and `add_all` kept, after it is on disk; it breaks nothing when it fails."""
        self._database = database
        self._on_added = on_added

    def add(self, suggestion: Suggestion) -> Suggestion:
        """Keep it. The same key again gives back what was kept first, whatever has become of it."""
        return self.add_all([suggestion])[0]

    def add_all(self, several: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
        """As `add`, in one transaction."""
        _check(several)
        if not several:
            return ()
        with self._database.write() as connection:
            for one in several:
                connection.execute(self._database.insert_or_ignore(suggestions, row_of(one)))
            keys = [one.key[:LONGEST_NAME] for one in several]
            rows = connection.execute(_SELECT.where(suggestions.c.key.in_(keys)).order_by(suggestions.c.id))
            kept = {row.key: suggestion_of(row) for row in rows}
            if len(kept) < len(set(keys)):
                raise ValueError("a record that has advice gets other advice by `replace`")
        found = tuple(kept[key] for key in keys)
        self._tell(found)
        return found

    def _tell(self, added: Sequence[Suggestion]) -> None:
        if self._on_added is None:
            return
        try:
            self._on_added(added)
        except Exception:  # somebody else's code, and the suggestions are kept
            log.exception("new suggestions could not be passed on")

    def find(self, suggestion_id: int) -> Suggestion | None:
        with self._database.read() as connection:
            row = connection.execute(_SELECT.where(suggestions.c.id == suggestion_id)).first()
        return suggestion_of(row) if row else None

    def known(self, ids: Collection[int]) -> tuple[int, ...]:
        """Those of these ids that are a suggestion's, in order."""
        wanted = sorted(set(ids))
        with self._database.read() as connection:
            return tuple(
                found
                for start in range(0, len(wanted), MOST_AT_ONCE)
                for found in connection.scalars(
                    select(suggestions.c.id)
                    .where(suggestions.c.id.in_(wanted[start : start + MOST_AT_ONCE]))
                    .order_by(suggestions.c.id)
                )
            )

    def open_for(
        self, *, contact_id: str = "", lead_id: str = "", deal_id: str = "", owner_id: str = "", most: int = 100
    ) -> tuple[Suggestion, ...]:
        """Open ones that fit all the ids named, the most urgent and then the earliest first; none without any id."""
        wanted = {"contact_id": contact_id, "lead_id": lead_id, "deal_id": deal_id, "owner_id": owner_id}
        named = [suggestions.c[name] == value for name, value in wanted.items() if value]
        if not named:
            return ()
        query = _SELECT.where(*named, suggestions.c.state == "open")
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(suggestions.c.respond_by, suggestions.c.id).limit(most))
            found = [suggestion_of(row) for row in rows]
        urgent_first = ("urgent", "soon", "normal")
        return tuple(sorted(found, key=lambda one: urgent_first.index(one.urgency)))

    def read_from(self, source: str) -> tuple[Suggestion, ...]:
        """What was suggested because of this ("mail:12"), whatever has become of it."""
        with self._database.read() as connection:
            rows = connection.execute(_SELECT.where(suggestions.c.source == source).order_by(suggestions.c.id))
            return tuple(suggestion_of(row) for row in rows)

    # Advice: the one open suggestion of a record

    def current_for(self, kind: str, record_id: str) -> Suggestion | None:
        """The open advice of a record ("deal", "contact" or "lead"), snoozed or not; None when it has none."""
        return self.current_of_all(kind, [record_id]).get(record_id)

    def current_of_all(self, kind: str, record_ids: Collection[str]) -> Mapping[str, Suggestion]:
        """Record id -> its open advice; one query for 500 records."""
        return {
            row.current_of.partition(":")[2]: suggestion_of(row)
            for row in self._rows(suggestions.c.current_of, [f"{kind}:{one}" for one in record_ids])
        }

    def records_with_advice(self) -> Iterator[tuple[RecordKind, str]]:
        """All that have open advice."""
        with self._database.read() as connection:
            found = connection.scalars(
                select(suggestions.c.current_of).where(suggestions.c.current_of.is_not(None))
            ).all()
        for one in found:
            kind, _, record_id = one.partition(":")
            yield cast(RecordKind, kind), record_id

    def wishes_of_all(self, kind: str, record_ids: Collection[str]) -> Mapping[str, tuple[Suggestion, ...]]:
        """Record id -> the open wishes about it, oldest first. A person's are those that are about no deal."""
        column = suggestions.c[_COLUMN_OF[kind]]
        is_wish = [suggestions.c.state == "open", suggestions.c.made_by != ADVICE]
        if kind != "deal":
            is_wish.append(suggestions.c.deal_id == "")
        found: dict[str, tuple[Suggestion, ...]] = {}
        for row in self._rows(column, record_ids, *is_wish):
            record_id = row._mapping[column.name]
            found[record_id] = (*found.get(record_id, ()), suggestion_of(row))
        return found

    def dismissed_of_all(
        self, kind: str, record_ids: Collection[str], *, since: datetime
    ) -> Mapping[str, tuple[Suggestion, ...]]:
        """Record id -> its advice that was turned down since then, oldest first."""
        turned_down = (
            suggestions.c.made_by == ADVICE,
            suggestions.c.state == "dismissed",
            suggestions.c.closed_at > since,
        )
        found: dict[str, tuple[Suggestion, ...]] = {}
        for row in self._rows(suggestions.c[_COLUMN_OF[kind]], record_ids, *turned_down):
            one = suggestion_of(row)
            its_kind, record_id = record_of(one.about)
            if its_kind == kind:
                found[record_id] = (*found.get(record_id, ()), one)
        return found

    def close_all(self, ids: Sequence[int], state: State, *, by: str, at: datetime, why: str) -> int:
        """As `close` for many, in one transaction; how many were open until now."""
        with self._database.write() as connection:
            return _closed(connection, ids, state, by, at, why)

    def replace(self, old: Suggestion | None, new: Suggestion, *, at: datetime) -> Suggestion | None:
        """The new advice in place of the old one (None: there was none), or nothing at all: None when somebody closed
        the old one, or was faster with another one. What is about the wishes stays open."""
        self.replace_all([(old, new)], at=at)
        with self._database.read() as connection:
            row = connection.execute(_SELECT.where(suggestions.c.key == new.key[:LONGEST_NAME])).first()
        return suggestion_of(row) if row else None

    def replace_all(
        self, pairs: Sequence[tuple[Suggestion | None, Suggestion | None]], *, at: datetime, why: str = ""
    ) -> int:
        """As `replace` for many, in one transaction; a new one of None only closes the old. How many old ones were
        closed or first ones kept."""
        _check([new for _, new in pairs if new is not None])
        with self._database.write() as connection:
            gone = self._replaced(connection, [old.id for old, _ in pairs if old is not None], at, why)
            fresh = [new for old, new in pairs if new is not None and (old is None or old.id in gone)]
            _insert(connection, fresh)
        return len(gone) + sum(old is None for old, _ in pairs)

    def refresh(self, several: Sequence[Suggestion]) -> None:
        """Tell these anew (reasons, draft, alternatives, gain): they are the same in substance. By their ids, and only
        while they are open."""
        with self._database.write() as connection:
            for one in several:
                connection.execute(update(suggestions).where(_open(one.id)).values(changing_columns(one)))

    def snooze(self, suggestion_id: int, *, until: datetime, by: str, at: datetime) -> bool:
        """Put it off; its record is thought about again then. False when it is not open."""
        event = SuggestionEvent(suggestion_id, "snoozed", at, by, {"until": until.isoformat()})
        values = {"snoozed_until": until, "review_at": until}
        with self._database.write() as connection:
            if connection.execute(update(suggestions).where(_open(suggestion_id)).values(values)).rowcount != 1:
                return False
            note_events(connection, [event])
        return True

    # Closing

    def close(self, suggestion_id: int, state: State, *, by: str, at: datetime, why: str = "") -> bool:
        """Done or dismissed. False when there is no such suggestion or somebody closed it before."""
        with self._database.write() as connection:
            return _closed(connection, [suggestion_id], state, by, at, why) == 1

    def close_with(
        self,
        one: Suggestion,
        state: State,
        event: SuggestionEvent,
        *,
        why: str = "",
        wishes: bool = True,
        rest_until: datetime | None = None,
        even_replaced: bool = False,
    ) -> bool:
        """Close it by what the event says, with the wishes it answers when `wishes`, all or nothing. False: somebody
        closed it before (`even_replaced`: other advice in its place is nobody). `rest_until`: its record is left alone
        till then, and thought about again after it."""
        states: tuple[State, ...] = ("open", "replaced") if even_replaced else ("open",)
        with self._database.write() as connection:
            if _closed(connection, [one.id], state, event.by, event.at, why, review_at=rest_until, states=states) != 1:
                return False
            if wishes and one.answers:
                _closed(connection, one.answers, state, event.by, event.at, f"suggestion {one.id}")
            note_events(connection, [event])
        return True

    def forget(self, *, contact_id: str = "", lead_id: str = "") -> int:
        """Delete all suggestions about a person with what happened with them; says how many there were."""
        table = suggestions
        theirs = or_(
            and_(table.c.contact_id == contact_id, table.c.contact_id != ""),
            and_(table.c.lead_id == lead_id, table.c.lead_id != ""),
        )
        with self._database.write() as connection:
            ids = select(table.c.id).where(theirs)
            connection.execute(delete(suggestion_events).where(suggestion_events.c.suggestion_id.in_(ids)))
            return connection.execute(delete(table).where(theirs)).rowcount

    def _rows(self, column: Any, values: Collection[str], *more: ColumnElement[bool]) -> list[Any]:
        wanted = list(dict.fromkeys(values))
        with self._database.read() as connection:
            return [
                row
                for start in range(0, len(wanted), MOST_AT_ONCE)
                for row in connection.execute(
                    _SELECT.where(column.in_(wanted[start : start + MOST_AT_ONCE]), *more).order_by(suggestions.c.id)
                )
            ]

    def _replaced(self, connection: Connection, ids: Sequence[int], at: datetime, why: str) -> set[int]:
        values = {"state": "replaced", "closed_at": at, "closed_why": why, "current_of": None, "review_at": None}
        gone: set[int] = set()
        for start in range(0, len(ids), MOST_AT_ONCE):
            still_open = and_(suggestions.c.id.in_(ids[start : start + MOST_AT_ONCE]), suggestions.c.state == "open")
            change = update(suggestions).where(still_open).values(values).returning(suggestions.c.id)
            gone |= set(connection.scalars(change))
        return gone


def _check(several: Sequence[Suggestion]) -> None:
    if any(not one.key or not one.windows for one in several):
        raise ValueError("a suggestion needs a key and a time")


def _open(suggestion_id: int) -> ColumnElement[bool]:
    return and_(suggestions.c.id == suggestion_id, suggestions.c.state == "open")


def _closed(
    connection: Connection,
    ids: Sequence[int],
    state: State,
    by: str,
    at: datetime,
    why: str,
    *,
    review_at: datetime | None = None,
    states: Sequence[State] = ("open",),
) -> int:
    """How many were open (in one of `states`) until now."""
    values = {
        "state": state,
        "closed_by": by,
        "closed_at": at,
        "closed_why": clean_text(why),
        "current_of": None,
        "review_at": review_at,
    }
    still_open = and_(suggestions.c.id.in_(ids), suggestions.c.state.in_(states))
    return connection.execute(update(suggestions).where(still_open).values(values)).rowcount


def _insert(connection: Connection, several: Sequence[Suggestion]) -> None:
    """Where a record has got other advice meanwhile, that one stays."""
    rows = [row_of(one) for one in several]
    if rows:
        fresh = (
            postgresql.insert(suggestions) if connection.dialect.name == "postgresql" else sqlite.insert(suggestions)
        )
        connection.execute(fresh.on_conflict_do_nothing(), rows)
