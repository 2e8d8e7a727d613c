"""What the page /touchpoints shows, gathered from the tables of the intake; what people decide there is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, or_, select

from crm_client.embedded.tables import crm_accounts, crm_contacts, crm_leads
from crm_client.identifiers import email_key, phone_key
from crm_client.records import Contact, Lead
from motenashi.database import Database
from motenashi.pages.touchpoints.touchpoints_view import (
    PAGE_LENGTH,
    DayCount,
    Overview,
    PersonFound,
    PersonKind,
    RefusedRow,
    SourceCount,
    WaitingRow,
)
from motenashi.record_facts import full_name
from motenashi.touchpoint_intake.people import Person
from motenashi.touchpoint_intake.row import Row, Who, from_json
from motenashi.touchpoint_intake.row_problem_words import problems_from_json, told
from motenashi.touchpoint_intake.tables import ASIDE, WAITING, touchpoint_counts, touchpoint_refusals
from motenashi.touchpoint_intake.tables import touchpoint_intake as table
from motenashi.touchpoint_intake.texts import Texts
from motenashi.touchpoint_intake.waiting_rows import NoSuchPerson, WaitingRows, same_person

MOST_FOUND = 20
MOST_COUNTED = 10_000  # a number on a tab need not be exact beyond this
LONGEST_EXCERPT = 300
_RESULTS = ("stored", "changed", "waiting", "refused", "repeated")


class TouchpointViews:
    """Answers the page: a TouchpointDesk (motenashi/pages/touchpoints/touchpoints_view.py)."""

    def __init__(
        self,
        database: Database,
        rows: WaitingRows,
        *,
        zone: tzinfo = UTC,
        country_code: str = "81",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`zone`: of the house, for days. `country_code`: of phone numbers that begin with 0."""
        self._database = database
        self._rows = rows
        self._texts = Texts(database)
        self._zone = zone
        self._country_code = country_code
        self._clock = clock

    def overview(self, days: int) -> Overview:
        today = self._clock().astimezone(self._zone).date()
        first = today - timedelta(days=days - 1)
        texts, failed = self._texts.waiting()
        with self._database.read() as connection:
            return Overview(
                days=_days(connection, first, today),
                sources=_sources(connection, first),
                waiting=_how_many(connection, select(table.c.number).where(table.c.state == WAITING)),
                aside=_how_many(connection, select(table.c.number).where(table.c.state == ASIDE)),
                refused=_how_many(connection, select(touchpoint_refusals.c.number)),
                texts=texts,
                failed=failed,
            )

    def waiting(self, words: str = "", before: int | None = None, *, aside: bool = False) -> Sequence[WaitingRow]:
        query = _WAITING.where(table.c.state == (ASIDE if aside else WAITING))
        if words:
            query = query.where(self._fits(words))
        if before is not None:
            query = query.where(table.c.number < before)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(table.c.number.desc()).limit(PAGE_LENGTH))
            return [_waiting_row(row) for row in rows]

    def _fits(self, words: str) -> ColumnElement[bool]:
        inside = func.lower(table.c.payload).contains(words.lower(), autoescape=True)
        ways = [inside, func.lower(table.c.id) == words.lower(), func.lower(table.c.source) == words.lower()]
        if number := phone_key(words, self._country_code):
            ways.append(table.c.phone_key == number)
        return or_(*ways)

    def waiting_row(self, number: int) -> WaitingRow | None:
        with self._database.read() as connection:
            found = connection.execute(_WAITING.where(table.c.number == number)).first()
            if found is None or found.payload is None or found.state not in (WAITING, ASIDE):
                return None
            others = _others(connection, from_json(found.payload).who, number)
            return replace(_waiting_row(found), others=others)

    def people(self, words: str) -> Sequence[PersonFound]:
        with self._database.read() as connection:
            contacts = connection.execute(self._people_query(crm_contacts, words)).mappings().all()
            leads = connection.execute(self._people_query(crm_leads, words)).mappings().all()
            names = _account_names(connection, {row["account_id"] for row in contacts})
        found = [_found("contact", row, names.get(row["account_id"], "")) for row in contacts]
        return (found + [_found("lead", row, row["company"]) for row in leads])[:MOST_FOUND]

    def _people_query(self, people: Table, words: str) -> Select[Any]:
        ways: list[ColumnElement[bool]] = []
        if address := email_key(words):
            ways.append(people.c.email_key == address)
        elif number := phone_key(words, self._country_code):
            ways += [people.c.phone_key == number, people.c.mobile_key == number]
        else:
            ways.append(_named(people, words))
        query = select(people).where(or_(*ways)).order_by(people.c.last_name, people.c.first_name, people.c.id)
        if people is crm_leads:
            query = query.where(people.c.converted_contact_id == "")
        return query.limit(MOST_FOUND)

    def assign(self, number: int, kind: PersonKind, person_id: str) -> int | None:
        person = Person(person_id) if kind == "contact" else Person("", person_id)
        try:
            return self._rows.assign(number, person, self._clock())
        except NoSuchPerson:
            return None

    def set_aside(self, number: int) -> bool:
        return self._rows.set_aside(number)

    def take_back(self, number: int) -> bool:
        return self._rows.take_back(number)

    def refused(self, language: str, before: int | None = None) -> Sequence[RefusedRow]:
        query = select(touchpoint_refusals).order_by(touchpoint_refusals.c.number.desc()).limit(PAGE_LENGTH)
        if before is not None:
            query = query.where(touchpoint_refusals.c.number < before)
        with self._database.read() as connection:
            return [_refused_row(row, language) for row in connection.execute(query)]

    def forget_refused(self, number: int) -> None:
        with self._database.write() as connection:
            connection.execute(delete(touchpoint_refusals).where(touchpoint_refusals.c.number == number))


_WAITING = select(
    table.c.number, table.c.source, table.c.id, table.c.state, table.c.status, table.c.received_at
).add_columns(table.c.payload)


def _how_many(connection: Connection, query: Select[Any]) -> int:
    counted = select(func.count()).select_from(query.limit(MOST_COUNTED).subquery())
    return int(connection.execute(counted).scalar_one())


def _days(connection: Connection, first: date, last: date) -> tuple[DayCount, ...]:
    """Every day, those without a row too."""
    counts = touchpoint_counts
    query = select(counts.c.day, counts.c.result, func.sum(counts.c.rows)).where(counts.c.day >= first)
    by_day: dict[date, dict[str, int]] = {}
    for day, result, rows in connection.execute(query.group_by(counts.c.day, counts.c.result)):
        if result in _RESULTS:
            by_day.setdefault(day, {})[result] = int(rows)
    length = (last - first).days + 1
    return tuple(DayCount(day, **by_day.get(day, {})) for day in (first + timedelta(days=n) for n in range(length)))


def _sources(connection: Connection, first: date) -> tuple[SourceCount, ...]:
    counts = touchpoint_counts
    query = select(counts.c.source, counts.c.channel, counts.c.result, func.sum(counts.c.rows))
    query = query.where(counts.c.day >= first).group_by(counts.c.source, counts.c.channel, counts.c.result)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for source, channel, result, rows in connection.execute(query):
        if result in _RESULTS:
            found.setdefault((source, channel), {})[result] = int(rows)
    return tuple(SourceCount(name[0], name[1], **results) for name, results in sorted(found.items()))


def _waiting_row(row: Any) -> WaitingRow:
    told_row = from_json(row.payload)
    return WaitingRow(
        number=row.number,
        source=row.source,
        id=row.id,
        channel=told_row.channel,
        signal=told_row.signal,
        status=row.status,
        at=told_row.at,
        received_at=row.received_at,
        title=told_row.title,
        who=_names(told_row.who),
        says=_says(told_row),
    )


def _names(who: Who) -> tuple[str, ...]:
    phone = f"+{who.phone}" if who.phone else ""
    names = (who.email, phone, who.external_key.replace(":", " ", 1), who.contact_id, who.lead_id)
    return tuple(name for name in names if name)


def _says(row: Row) -> str:
    words = row.text or "\n".join(one.text for one in row.segments)
    return words if len(words) <= LONGEST_EXCERPT else f"{words[:LONGEST_EXCERPT]}…"


def _others(connection: Connection, who: Who, number: int) -> int:
    ways = same_person(who)
    if not ways:
        return 0
    return _how_many(connection, select(table.c.number).where(or_(*ways), table.c.number != number))


def _named(people: Table, words: str) -> ColumnElement[bool]:
    """Every word in the name or the company, in whatever order."""
    columns = [people.c.last_name, people.c.first_name, people.c.email]
    columns += [people.c.company] if people is crm_leads else []
    fits = []
    for word in words.lower().split()[:5]:
        inside = [func.lower(column).contains(word, autoescape=True) for column in columns]
        if people is crm_contacts:
            named = select(crm_accounts.c.id).where(func.lower(crm_accounts.c.name).contains(word, autoescape=True))
            inside.append(people.c.account_id.in_(named))
        fits.append(or_(*inside))
    all_of_them = fits[0]
    for one in fits[1:]:
        all_of_them = all_of_them & one
    return all_of_them


def _account_names(connection: Connection, ids: set[str]) -> dict[str, str]:
    query = select(crm_accounts.c.id, crm_accounts.c.name).where(crm_accounts.c.id.in_(sorted(ids - {""})))
    return {row.id: row.name for row in connection.execute(query)}


def _found(kind: PersonKind, row: Any, company: str) -> PersonFound:
    shared = {name: row[name] for name in ("id", "last_name", "first_name", "email", "language")}
    person = Contact(**shared) if kind == "contact" else Lead(company=company, **shared)
    return PersonFound(kind, row["id"], full_name(person), " · ".join(filter(None, (company, row["email"]))))


def _refused_row(row: Any, language: str) -> RefusedRow:
    problems = tuple((one.field, told(one, language)) for one in problems_from_json(row.problems))
    return RefusedRow(row.number, row.source, row.id, problems, _pretty(row.payload), row.times, row.received_at)


def _pretty(payload: str) -> str:
    """Laid out where it is whole; a long row was cut off."""
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=1)
    except ValueError:
        return payload
