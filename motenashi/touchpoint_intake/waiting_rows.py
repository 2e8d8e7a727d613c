"""Rows whose person nobody knows yet: matched when the person comes, by a job, or by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select, update

from crm_client.client import CrmClient
from crm_client.embedded.changes import RecordChange
from crm_client.embedded.tables import crm_contacts, crm_leads
from motenashi.database import Database
from motenashi.touchpoint_intake.finishing import Finishing, OnChanges, owners_of
from motenashi.touchpoint_intake.held import Held
from motenashi.touchpoint_intake.intake_rows import held_with, learn, write_held
from motenashi.touchpoint_intake.people import KnownPeople, Person, by_hand, find_people
from motenashi.touchpoint_intake.row import Who
from motenashi.touchpoint_intake.tables import ASIDE, TAKEN, WAITING
from motenashi.touchpoint_intake.tables import touchpoint_intake as table

MOST_AT_ONCE = 500
PATIENCE = timedelta(minutes=1)  # before what is on its way into the CRM is taken for given up


class NoSuchPerson(Exception):
    """Nobody in the CRM has this id."""


class WaitingRows:
    """CrmError and DBAPIError: nothing is lost, do it again."""

    def __init__(self, database: Database, crm: CrmClient, on_changes: OnChanges = lambda changes: None) -> None:
        self._database = database
        self._crm = crm
        self._on_changes = on_changes

    def changed(self, change: RecordChange, now: datetime) -> int:
        """For the CRM's `on_change`: only contacts and leads are looked at."""
        if change.module not in ("contacts", "leads"):
            return 0
        return self.person_changed(change.contact_id, change.lead_id, now)

    def person_changed(self, contact_id: str, lead_id: str, now: datetime) -> int:
        """Somebody was saved: rows that wait for them become touchpoints; how many. One small read when none waits."""
        with self._database.read() as connection:
            if connection.execute(select(table.c.number).where(table.c.state == WAITING).limit(1)).first() is None:
                return 0
            numbers = self._numbers(connection, _ways(connection, contact_id, lead_id))
        return self._match(numbers, now)

    def match_keys(self, external_keys: Collection[str], now: datetime) -> int:
        """Ids of other tools have become known."""
        with self._database.read() as connection:
            numbers = self._numbers(connection, [table.c.external_key.in_(sorted(external_keys)[:MOST_AT_ONCE])])
        return self._match(numbers, now)

    def match_waiting(self, now: datetime, most: int = 1_000) -> int:
        """For a job: look at those that were not looked at for longest, and finish what was given up half-way."""
        with self._database.read() as connection:
            oldest = select(table.c.number).where(table.c.state == WAITING)
            oldest = oldest.order_by(table.c.looked_at.asc().nulls_first(), table.c.number)
            numbers = connection.execute(oldest.limit(most)).scalars().all()
        return self.finish_given_up(now) + self._match(numbers, now)

    def finish_given_up(self, now: datetime, most: int = MOST_AT_ONCE) -> int:
        """Rows that a process which is gone had begun to bring into the CRM."""
        query = select(table.c.number).where(table.c.state == TAKEN).order_by(table.c.looked_at, table.c.number)
        with self._database.read() as connection:
            numbers = connection.execute(query.limit(most)).scalars().all()
            taken = [one for one in held_with(connection, numbers) if one.received_at < now - PATIENCE]
        self._finish(taken, now)
        return len(taken)

    def assign(self, number: int, person: Person, now: datetime) -> int:
        """By hand. Others that name the same person go with it, and later ones will; how many. NoSuchPerson."""
        if not self._exists(person):
            raise NoSuchPerson
        with self._database.write() as connection:
            found = held_with(connection, [number], to_change=True)
            held = next((one for one in found if one.state in (WAITING, ASIDE)), None)
            if held is None or held.row is None:
                return 0
            who = held.row.who
            held.known_as(person)
            write_held(connection, [held])
            learn(connection, dict.fromkeys(_names_of(who), person), now)
        self._finish([held], now)
        with self._database.read() as connection:
            others = self._numbers(connection, same_person(who))
        return 1 + self._match(others, now)

    def set_aside(self, number: int) -> bool:
        return self._move(number, WAITING, ASIDE)

    def take_back(self, number: int) -> bool:
        """Let it wait again."""
        return self._move(number, ASIDE, WAITING)

    def _move(self, number: int, before: str, after: str) -> bool:
        with self._database.write() as connection:
            held = next((one for one in held_with(connection, [number], to_change=True) if one.state == before), None)
            if held is None:
                return False
            held.state, held.changed = after, True
            write_held(connection, [held])
        return True

    def _exists(self, person: Person) -> bool:
        if person.contact_id:
            return self._crm.contact(person.contact_id) is not None
        return self._crm.lead(person.lead_id) is not None

    def _numbers(self, connection: Connection, ways: Sequence[ColumnElement[bool]]) -> Sequence[int]:
        if not ways:
            return ()
        # Only rows that wait have keys: to ask for their state, too, would lead some databases to another index.
        return connection.execute(select(table.c.number).where(or_(*ways))).scalars().all()

    def _match(self, numbers: Sequence[int], now: datetime) -> int:
        found = 0
        for start in range(0, len(numbers), MOST_AT_ONCE):
            found += self._match_some(numbers[start : start + MOST_AT_ONCE], now)
        return found

    def _match_some(self, numbers: Sequence[int], now: datetime) -> int:
        with self._database.read() as connection:
            rows = {one.number: one.row for one in held_with(connection, numbers)}
            people = find_people(connection, (row.who for row in rows.values() if row))
        with self._database.write() as connection:
            held = [one for one in held_with(connection, numbers, to_change=True) if one.state == WAITING]
            matched = [one for one in held if _known_as(one, people)]
            write_held(connection, matched)
            learn(connection, _learned(matched, people), now)
            looked = table.c.number.in_(list(numbers)), table.c.state == WAITING
            connection.execute(update(table).where(*looked).values(looked_at=now))
        self._finish(matched, now)
        return len(matched)

    def _finish(self, taken: Sequence[Held], now: datetime) -> None:
        if taken:
            owners = owners_of(self._crm) if any(one.row and one.row.owner for one in taken) else {}
            Finishing(self._database, self._crm, owners, self._on_changes).finish(taken, now)


def _known_as(held: Held, people: KnownPeople) -> bool:
    person = people.who(held.row.who) if held.row else None
    if person is not None:
        held.known_as(person)
    return person is not None


def _learned(matched: Iterable[Held], people: KnownPeople) -> dict[str, Person]:
    """Ids of other tools that stood beside an address which somebody has now."""
    learned: dict[str, Person] = {}
    for one in matched:
        who = one.row.who if one.row else Who()
        person = people.who(who)
        if who.external_key and person is not None:
            learned[who.external_key] = person
    return learned


def _names_of(who: Who) -> list[str]:
    """What is remembered of who was assigned by hand. Many share a telephone: it counts where there is no address."""
    phone = "" if who.email else who.phone
    return [name for name in (who.external_key, by_hand("email", who.email), by_hand("phone", phone)) if name]


def same_person(who: Who) -> list[ColumnElement[bool]]:
    """Rows that wait and name the same person: by address or another tool's id, by telephone where neither is given."""
    ways: list[ColumnElement[bool]] = []
    if who.email:
        ways.append(table.c.email_key == who.email)
    elif who.phone:
        ways.append(and_(table.c.phone_key == who.phone, table.c.email_key.is_(None)))
    if who.external_key:
        ways.append(table.c.external_key == who.external_key)
    return ways


def _ways(connection: Connection, contact_id: str, lead_id: str) -> list[ColumnElement[bool]]:
    """Every way in which a waiting row may name this person."""
    ways: list[ColumnElement[bool]] = []
    if contact_id:
        ways.append(table.c.wanted_contact_id == contact_id)
        names = ("email_key", "secondary_email_key", "phone_key", "mobile_key")
        ways += _by_keys(connection, crm_contacts, names, contact_id)
    if lead_id:
        ways.append(table.c.wanted_lead_id == lead_id)
        ways += _by_keys(connection, crm_leads, ("email_key", "phone_key", "mobile_key"), lead_id)
    return ways


def _by_keys(connection: Connection, people: Table, names: Sequence[str], record_id: str) -> list[ColumnElement[bool]]:
    columns = people.c
    row = connection.execute(select(*(columns[name] for name in names)).where(columns.id == record_id)).first()
    if row is None:
        return []
    keys = dict(zip(names, row, strict=True))
    emails = sorted({key for name, key in keys.items() if key and "email" in name})
    phones = sorted({key for name, key in keys.items() if key and "email" not in name})
    ways: list[ColumnElement[bool]] = []
    if emails:
        ways.append(table.c.email_key.in_(emails))
    if phones:
        ways.append(table.c.phone_key.in_(phones))
    return ways
