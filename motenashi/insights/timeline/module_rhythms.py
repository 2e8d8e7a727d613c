"""The mean gap between consecutive entries over all people of a module: computed by the database, kept for a week.

Gaps of one person add up to the time from their first to their last entry, so the mean is the sum of those times by
the number of gaps, and no gap need be looked at. What is an entry, and whose, is as in `entries` and `person_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    extract,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from crm_client.embedded.tables import (
    crm_activities,
    crm_contacts,
    crm_deals,
    crm_emails,
    crm_leads,
    crm_stage_changes,
    crm_touchpoints,
)
from crm_client.touch_channels import stored_words
from motenashi.database import Database
from motenashi.insights.timeline.entries import AUTOMATIC, CAMPAIGN, REACHING_OUT
from motenashi.insights.timeline.tables import timeline_rhythms
from motenashi.insights.timeline.timeline import PersonKind
from motenashi.insights.timeline.touches import happened_activity, happened_email

MODULES: Final[dict[str, PersonKind]] = {"contacts": "contact", "leads": "lead"}
_TABLE = timeline_rhythms
_OF_MODULE = select(_TABLE).where(_TABLE.c.module == bindparam("name"))


@dataclass(frozen=True)
class ModuleRhythm:
    """`mean_s` is None where nobody has two entries."""

    module: str
    mean_s: float | None
    gaps: int
    persons: int  # with two entries or more
    computed_at: datetime


class ModuleRhythms:
    """`zone`: of the house, in which weeks begin (Monday, 00:00)."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    def of(self, module: str, connection: Connection | None = None) -> ModuleRhythm | None:
        """None: never computed. `connection`: one that is open already."""
        if connection is None:
            with self._database.read() as connection:
                return self.of(module, connection)
        row = connection.execute(_OF_MODULE, {"name": module}).first()
        if row is None:
            return None
        mean_s = None if row.mean_us is None else row.mean_us / 1_000_000
        return ModuleRhythm(module, mean_s, row.gaps, row.persons, row.computed_at)

    def recompute_if_due(self, now: datetime) -> bool:
        """Once a week has ended since the last time, or when there was none. For a job that comes round often."""
        with self._database.read() as connection:
            computed = [self.of(module, connection) for module in MODULES]
        begin = self.week_of(now)
        if all(one is not None and one.computed_at >= begin for one in computed):
            return False
        self.recompute(now)
        return True

    def recompute(self, now: datetime) -> None:
        """Over everything up to `now`. Reads all histories once; no request should wait for it."""
        with self._database.read() as connection:
            found = {module: connection.execute(_mean_of(connection, module, now)).one() for module in MODULES}
        upsert: Any = postgresql.insert if self._database.dialect == "postgresql" else sqlite.insert
        with self._database.write() as connection:
            for module, (total, gaps, persons) in found.items():
                values = {
                    "module": module,
                    "mean_us": int(total) / int(gaps) if gaps else None,
                    "gaps": int(gaps or 0),
                    "persons": persons,
                    "computed_at": now,
                }
                changed = {name: value for name, value in values.items() if name != "module"}
                statement = upsert(_TABLE).values(values)
                connection.execute(statement.on_conflict_do_update(index_elements=["module"], set_=changed))

    def week_of(self, now: datetime) -> datetime:
        """When the week of this moment began."""
        today = now.astimezone(self._zone).date()
        monday = today - timedelta(days=today.weekday())
        return datetime.combine(monday, time(), self._zone).astimezone(UTC)


def _mean_of(connection: Connection, module: str, now: datetime) -> Select[Any]:
    parts = list(_contacts_entries(now) if module == "contacts" else _leads_entries(now))
    people = crm_contacts if module == "contacts" else crm_leads
    entries = union_all(*parts).subquery()
    each = (
        select(
            func.min(entries.c.first).label("first"),
            func.max(entries.c.last).label("last"),
            func.sum(entries.c.entries).label("entries"),
        )
        .join(people, people.c.id == entries.c.person)
        .group_by(entries.c.person)
        .having(func.sum(entries.c.entries) >= 2)
        .subquery()
    )
    length = _microseconds_between(connection, each.c.first, each.c.last)
    return select(func.sum(length), func.sum(each.c.entries - 1), func.count())


def _microseconds_between(connection: Connection, first: ColumnElement[Any], last: ColumnElement[Any]) -> Any:
    """Exact: a gap that is as long as the mean must not become longer by a rounding."""
    if connection.dialect.name == "postgresql":
        return cast(extract("epoch", last - first) * 1_000_000, BigInteger)
    return _microseconds(last) - _microseconds(first)


def _microseconds(text: ColumnElement[Any]) -> Any:
    """SQLite keeps moments as 2026-05-12 01:00:00.000000; its own functions would round to milliseconds."""
    said = type_coerce(text, String)
    seconds = cast(func.strftime("%s", func.substr(said, 1, 19)), BigInteger)
    return seconds * 1_000_000 + cast(func.substr(said, 21, 6), Integer)


def _leads_entries(now: datetime) -> Iterator[Select[Any]]:
    for table, moment, counts in _tables(now):
        yield _by_person(table.c.lead_id, moment, counts, table.c.lead_id != "")


def _contacts_entries(now: datetime) -> Iterator[Select[Any]]:
    became = _became().subquery()
    for table, moment, counts in _tables(now):
        yield _by_person(table.c.contact_id, moment, counts, table.c.contact_id != "")
        yield _by_person(
            became.c.contact_id,
            moment,
            counts,
            table.c.lead_id == became.c.lead_id,
            table.c.contact_id != became.c.contact_id,
        )
        yield _by_person(
            crm_deals.c.contact_id,
            moment,
            counts,
            table.c.deal_id == crm_deals.c.id,
            table.c.contact_id == "",
            table.c.lead_id == "",
            crm_deals.c.contact_id != "",
        )
    changes = crm_stage_changes.c
    of_deal = and_(changes.deal_id == crm_deals.c.id, crm_deals.c.contact_id != "")
    yield _by_person(crm_deals.c.contact_id, changes.at, changes.at <= now, of_deal)


def _became() -> Any:
    """Which contact a lead became; without saying so, the contact of the deal it was converted to."""
    said = select(crm_leads.c.id.label("lead_id"), crm_leads.c.converted_contact_id.label("contact_id"))
    by_deal = select(crm_leads.c.id, crm_deals.c.contact_id).join(
        crm_deals, crm_deals.c.id == crm_leads.c.converted_deal_id
    )
    return union_all(
        said.where(crm_leads.c.converted_contact_id != ""),
        by_deal.where(crm_leads.c.converted_contact_id == "", crm_deals.c.contact_id != ""),
    )


def _by_person(person: ColumnElement[str], moment: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            person.label("person"),
            func.min(moment).label("first"),
            func.max(moment).label("last"),
            func.count().label("entries"),
        )
        .where(*conditions)
        .group_by(person)
    )


def _tables(now: datetime) -> Iterator[tuple[FromClause, Any, ColumnElement[bool]]]:
    """Each table with the moment of its rows, and which of them are entries."""
    activities, emails, touchpoints = crm_activities.c, crm_emails.c, crm_touchpoints.c
    automatic = and_(emails.direction == "in", emails.status == AUTOMATIC)
    to_many = and_(emails.direction == "out", emails.purpose == CAMPAIGN)
    yield crm_activities, activities.start_at, happened_activity(now)
    yield crm_emails, emails.sent_at, and_(happened_email(now), ~automatic, ~to_many)
    reaching_out = or_(touchpoints.signal, _channel_is(*REACHING_OUT))
    once = or_(~_channel_is(*REACHING_OUT), and_(~_told_as_email(now), ~_told_as_activity(now)))
    yield (
        crm_touchpoints,
        touchpoints.at,
        and_(touchpoints.at <= now, touchpoints.status != AUTOMATIC, reaching_out, once),
    )


def _channel_is(*channels: str) -> ColumnElement[bool]:
    """As `channel_of` reads the word."""
    word = func.replace(func.lower(func.trim(crm_touchpoints.c.channel)), " ", "_")
    return word.in_(stored_words(*channels))


def _told_as_email(now: datetime) -> ColumnElement[bool]:
    mine, emails = crm_touchpoints.c, crm_emails.c
    same_moment = and_(emails.sent_at == mine.at, (emails.direction == "in") == mine.signal)
    return _exists(crm_emails, happened_email(now), same_moment, _channel_is("email"))


def _told_as_activity(now: datetime) -> ColumnElement[bool]:
    mine, activities = crm_touchpoints.c, crm_activities.c
    theirs = and_(activities.kind == "call", activities.direction == "inbound")
    same_moment = and_(activities.start_at == mine.at, theirs == mine.signal)
    same_kind = or_(
        and_(_channel_is("call"), activities.kind == "call"),
        and_(_channel_is("event", "meeting"), activities.kind == "event"),
    )
    return _exists(crm_activities, happened_activity(now), same_moment, same_kind)


def _exists(table: FromClause, happened: Any, same_moment: Any, same_channel: Any) -> ColumnElement[bool]:
    mine, other = crm_touchpoints.c, table.c
    same_person = and_(other.contact_id == mine.contact_id, other.lead_id == mine.lead_id)
    # Two questions, each with an index of its own; as one the database would look at all of a person's rows.
    told = (
        select(literal_column("1"))
        .select_from(table)
        .where(same_person, happened, way, same_channel)
        .correlate(crm_touchpoints)
        .exists()
        for way in (same_moment, other.key == mine.key)
    )
    return or_(*told)
