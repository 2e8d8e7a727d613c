"""One person's touches, lean: what was a contact in activities, e-mails and touchpoints, each thing once.

A touchpoint tells again what stands in the CRM as an e-mail or activity when it is of the same person and channel and
has the same key, or the same moment and side: so an inbound mail is written down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, DateTime, Select, String, and_, select, type_coerce

from crm_client.embedded.tables import crm_activities, crm_emails, crm_touchpoints
from motenashi.insights.timeline.entries import (
    AUTOMATIC,
    CAMPAIGN,
    RANKS,
    REACHING_OUT,
    Entry,
    microseconds,
    touchpoint_shown,
)
from motenashi.insights.timeline.person_rows import NOW, Person, Shape, theirs

_ACTIVITY, _EMAIL, _TOUCHPOINT = RANKS["activity"], RANKS["email"], RANKS["touchpoint"]
_CHANNELS_OF_KIND = {"call": ("call",), "event": ("event", "meeting")}

Sighting = tuple[str, str, str, Any]  # contact, lead, channel; a key, or the moment and whether it is a signal


def happened_activity(now: Any) -> ColumnElement[bool]:
    """Calls and events that took place. A task is work in the house."""
    done = crm_activities.c
    return and_(done.kind.in_(("call", "event")), done.status == "completed", done.start_at <= now)


def happened_email(now: Any) -> ColumnElement[bool]:
    return and_(crm_emails.c.status != "draft", crm_emails.c.sent_at <= now)


def read_touches(connection: Connection, person: Person, now: datetime) -> list[Entry]:
    """In no order."""
    seen: set[Sighting] = set()
    entries = list(_activities(connection, person, now, seen))
    entries += _emails(connection, person, now, seen)
    entries += _touchpoints(connection, person, now, seen)
    return entries


def _plain(*columns: Column[Any]) -> list[Any]:
    """Columns as the driver gives them: at ten thousand rows each step between costs milliseconds."""
    return [
        type_coerce(column, DateTime(timezone=True) if _is_time(column) else String) if _is_wrapped(column) else column
        for column in columns
    ]


def _is_time(column: Column[Any]) -> bool:
    return column.name in ("at", "start_at", "sent_at", "opened_at")


def _is_wrapped(column: Column[Any]) -> bool:
    return column.name != "signal"


_A = crm_activities.c
_ACTIVITY_COLUMNS = _plain(_A.id, _A.start_at, _A.kind, _A.direction, _A.result, _A.owner_id, _A.contact_id)
_ACTIVITY_COLUMNS += _plain(_A.lead_id, _A.key)
_E = crm_emails.c
_EMAIL_COLUMNS = _plain(_E.id, _E.sent_at, _E.direction, _E.status, _E.opened_at, _E.owner_id, _E.contact_id)
_EMAIL_COLUMNS += _plain(_E.lead_id, _E.purpose, _E.key)
_T = crm_touchpoints.c
_TOUCHPOINT_COLUMNS = _plain(_T.id, _T.at, _T.channel, _T.signal, _T.status, _T.owner_id, _T.contact_id)
_TOUCHPOINT_COLUMNS += _plain(_T.lead_id, _T.key)


@cache
def _asked_activities(shape: Shape) -> Select[Any]:
    return select(*_ACTIVITY_COLUMNS).where(theirs(crm_activities, shape), happened_activity(NOW))


@cache
def _asked_emails(shape: Shape) -> Select[Any]:
    return select(*_EMAIL_COLUMNS).where(theirs(crm_emails, shape), happened_email(NOW))


@cache
def _asked_touchpoints(shape: Shape) -> Select[Any]:
    return select(*_TOUCHPOINT_COLUMNS).where(theirs(crm_touchpoints, shape), crm_touchpoints.c.at <= NOW)


def _activities(connection: Connection, person: Person, now: datetime, seen: set[Sighting]) -> Iterator[Entry]:
    rows = connection.execute(_asked_activities(person.shape), person.values(now)).all()
    for record_id, start_at, kind, direction, result, owner_id, *whose, key in rows:
        at, signal = microseconds(start_at), kind == "call" and direction == "inbound"
        for channel in _CHANNELS_OF_KIND[kind]:
            _see(seen, whose, channel, key, at, signal)
        yield Entry(at, _ACTIVITY, record_id, "activity", signal, kind, result, owner_id, True)


def _emails(connection: Connection, person: Person, now: datetime, seen: set[Sighting]) -> Iterator[Entry]:
    rows = connection.execute(_asked_emails(person.shape), person.values(now)).all()
    for record_id, sent_at, direction, status, opened_at, owner_id, *whose, purpose, key in rows:
        at, signal = microseconds(sent_at), direction == "in"
        to_many = purpose == CAMPAIGN and not signal
        _see(seen, whose, "email", key, at, signal)
        told = email_status(signal=signal, status=status, opened=opened_at is not None)
        counts = not to_many and not (signal and status == AUTOMATIC)
        channel = "campaign" if to_many else "email"
        yield Entry(at, _EMAIL, record_id, "email", signal, channel, told, owner_id, counts)


def _touchpoints(connection: Connection, person: Person, now: datetime, seen: Collection[Sighting]) -> Iterator[Entry]:
    rows = connection.execute(_asked_touchpoints(person.shape), person.values(now)).all()
    for record_id, moment, stored, signal, status, owner_id, contact_id, lead_id, key in rows:
        at, (channel, counts) = microseconds(moment), touchpoint_shown(stored, signal, status)
        if seen and channel in REACHING_OUT:
            whose = (contact_id, lead_id, channel)
            if (*whose, (at, signal)) in seen or (key and (*whose, key) in seen):
                continue
        yield Entry(at, _TOUCHPOINT, record_id, "touchpoint", signal, channel, status, owner_id, counts)


def _see(seen: set[Sighting], whose: Sequence[str], channel: str, key: str | None, at: int, signal: bool) -> None:
    contact_id, lead_id = whose
    seen.add((contact_id, lead_id, channel, (at, signal)))
    if key:
        seen.add((contact_id, lead_id, channel, key))


def email_status(*, signal: bool, status: str, opened: bool) -> str:
    """Of a mail of ours the furthest it got: bounced, opened, delivered, sent."""
    return "opened" if opened and not signal and status != "bounced" else status
