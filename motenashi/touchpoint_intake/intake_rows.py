"""Reading and writing the tables of the intake; every function works on a connection that somebody else opened."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from motenashi.clean_text import clean_text
from motenashi.touchpoint_intake.held import Held
from motenashi.touchpoint_intake.people import Person
from motenashi.touchpoint_intake.row import RowWrong
from motenashi.touchpoint_intake.row_problem_words import problems_to_json
from motenashi.touchpoint_intake.tables import (
    STORED,
    touchpoint_counts,
    touchpoint_external_ids,
    touchpoint_refusals,
)
from motenashi.touchpoint_intake.tables import touchpoint_intake as table

MOST_AT_ONCE = 400  # databases take only so many values in one statement
LONGEST_EXCERPT = 2_000  # characters of a refused row that are kept

Name = tuple[str, str]  # source, id

_COLUMNS = [table.c[one.name] for one in fields(Held) if one.name in table.c]
_NAMED = select(*_COLUMNS).where(
    table.c.source == bindparam("the_source"), table.c.id.in_(bindparam("ids", expanding=True))
)
_NUMBERED = select(*_COLUMNS).where(table.c.number.in_(bindparam("numbers", expanding=True)))
_WRITTEN = ("state", "version", "status", "changed_at", "sequence", "contact_id", "lead_id", "touchpoint_id", "payload")
_KEYS = ("email_key", "phone_key", "external_key", "wanted_contact_id", "wanted_lead_id")
_CHANGE = (
    update(table)
    .where(table.c.source == bindparam("the_source"), table.c.id == bindparam("the_id"))
    .values({name: bindparam(f"new_{name}") for name in (*_WRITTEN, *_KEYS)})
)
_FINISH = (
    update(table)
    .where(table.c.source == bindparam("the_source"), table.c.id == bindparam("the_id"))
    .values(state=STORED, touchpoint_id=bindparam("new_touchpoint_id"), payload=None)
    .values(dict.fromkeys(_KEYS))
)


def held_rows(connection: Connection, names: Collection[Name], *, to_change: bool = False) -> dict[Name, Held]:
    """`to_change` keeps others from changing them until the transaction ends."""
    by_source: dict[str, list[str]] = {}
    for source, row_id in sorted(set(names)):
        by_source.setdefault(source, []).append(row_id)
    query = _NAMED.order_by(table.c.number)
    query = query.with_for_update() if to_change else query
    found: dict[Name, Held] = {}
    for source, ids in by_source.items():
        for part in _parts(ids):
            for row in connection.execute(query, {"the_source": source, "ids": part}).mappings():
                found[(row["source"], row["id"])] = Held(**row)
    return found


def held_with(connection: Connection, numbers: Collection[int], *, to_change: bool = False) -> list[Held]:
    query = _NUMBERED.order_by(table.c.number)
    query = query.with_for_update() if to_change else query
    return [
        Held(**row)
        for part in _parts(sorted(set(numbers)))
        for row in connection.execute(query, {"numbers": part}).mappings()
    ]


def write_held(connection: Connection, entries: Iterable[Held]) -> None:
    """New ones are added, changed ones changed; each has a new version then. IntegrityError: somebody else has added
    one of them in between."""
    new = [one for one in entries if one.version == 0]
    changed = [one for one in entries if one.version and one.changed]
    for one in (*new, *changed):
        one.version += 1
        one.changed = False
    if new:
        connection.execute(insert(table), [_new_row(one) for one in new])
    if changed:
        connection.execute(_CHANGE, [_change_row(one) for one in changed])


def _new_row(one: Held) -> dict[str, Any]:
    names = ("source", "id", "hash", "channel", "received_at", *_WRITTEN)
    return {name: getattr(one, name) for name in names} | one.keys()


def _change_row(one: Held) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _WRITTEN} | one.keys()
    return {"the_source": one.source, "the_id": one.id} | {f"new_{name}": value for name, value in values.items()}


def finish_held(connection: Connection, entries: Sequence[Held]) -> None:
    """They are in the CRM: nothing is kept here but their trace."""
    if entries:
        rows = [{"the_source": one.source, "the_id": one.id, "new_touchpoint_id": one.touchpoint_id} for one in entries]
        connection.execute(_FINISH, rows)


def drop_held(connection: Connection, one: Held) -> None:
    connection.execute(delete(table).where(table.c.source == one.source, table.c.id == one.id))


def learn(connection: Connection, ids: Mapping[str, Person], now: datetime) -> None:
    """Ids of other tools; one that was learned surely is only replaced by what is sure, too."""
    if not ids:
        return
    rows = [
        {
            "external_key": key,
            "contact_id": person.contact_id,
            "lead_id": person.lead_id,
            "sure": person.sure,
            "learned_at": now,
        }
        for key, person in sorted(ids.items())
    ]
    fresh = insert_of(connection, touchpoint_external_ids)
    values = {name: fresh.excluded[name] for name in ("contact_id", "lead_id", "sure", "learned_at")}
    better = or_(fresh.excluded.sure, touchpoint_external_ids.c.sure.is_(False))
    connection.execute(fresh.on_conflict_do_update(index_elements=["external_key"], set_=values, where=better), rows)


def note_refusals(connection: Connection, refused: Sequence[tuple[object, RowWrong]], now: datetime) -> None:
    """The same row refused for the same reasons again only counts up."""
    rows = [_refusal(raw, wrong, now) for raw, wrong in refused]
    if rows:
        fresh = insert_of(connection, touchpoint_refusals)
        seen_again = {"times": touchpoint_refusals.c.times + 1, "received_at": fresh.excluded.received_at}
        connection.execute(fresh.on_conflict_do_update(index_elements=["mark"], set_=seen_again), rows)


def _refusal(raw: object, wrong: RowWrong, now: datetime) -> dict[str, Any]:
    payload = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), default=str)
    problems = problems_to_json(wrong.problems)
    codes = [(one.field, one.code) for one in wrong.problems]
    mark = hashlib.sha256(f"{payload}{codes}".encode("utf-8", "replace")).hexdigest()[:32]
    return {
        "mark": mark,
        "source": clean_text(wrong.source),
        "id": clean_text(wrong.row_id),
        "problems": clean_text(problems),
        "payload": clean_text(payload[:LONGEST_EXCERPT]),
        "received_at": now,
    }


def forget_refusals_of(connection: Connection, names: Collection[Name]) -> None:
    """Rows that came in well in the end."""
    any_there = connection.execute(select(touchpoint_refusals.c.number).limit(1)).first()
    if any_there is None:
        return
    for part in _parts(sorted(set(names))):
        these = (
            and_(touchpoint_refusals.c.source == source, touchpoint_refusals.c.id == row_id) for source, row_id in part
        )
        connection.execute(delete(touchpoint_refusals).where(or_(*these)))


def count(connection: Connection, day: date, counted: Counter[tuple[str, str, str]]) -> None:
    """`counted`: by source, channel, result."""
    if not counted:
        return
    fresh = insert_of(connection, touchpoint_counts)
    added = {"rows": touchpoint_counts.c.rows + fresh.excluded.rows}
    rows = [
        {"day": day, "source": clean_text(source)[:64], "channel": channel, "result": result, "rows": number}
        for (source, channel, result), number in sorted(counted.items())
    ]
    key = ["day", "source", "channel", "result"]
    connection.execute(fresh.on_conflict_do_update(index_elements=key, set_=added), rows)


def insert_of(connection: Connection, into: Table) -> Any:
    return postgresql.insert(into) if connection.dialect.name == "postgresql" else sqlite.insert(into)


def _parts(these: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(these), MOST_AT_ONCE):
        yield these[start : start + MOST_AT_ONCE]
