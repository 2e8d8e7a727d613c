"""Who has time when, and taking that time: business hours minus what stands in the owners' calendars in the CRM.

A slot is offered while at least one owner is free. Who of them gets the appointment is decided when it is booked:
the one with the fewest events around that day, so that work is shared fairly whatever process answers; the CRM
itself refuses a second event at the same time. All reckoning is done in UTC.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from crm_client.client import CrmClient
from crm_client.errors import CrmConflict
from crm_client.records import Activity, Owner
from motenashi.booking.appointment_event import Guest, appointment_event
from motenashi.booking.free_time import Busy, busy_times, is_free, length, spread
from motenashi.booking.settings import AppointmentType, BookingSettings
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.opening_times import is_zone

log = logging.getLogger(__name__)

# How far around a slot we look to see who has the least to do.
FAIRNESS = timedelta(days=7)


class SlotTaken(Exception):
    """That time is no longer free: somebody was faster, or it is not offered any more."""


class UnknownAppointment(Exception):
    """No appointment of that name is in the settings."""


@dataclass(frozen=True)
class FreeSlot:
    """Aware times, in the zone that was asked for."""

    start: datetime
    end: datetime


class AppointmentDiary:
    """All calls let CrmError pass: a CRM that is away is no empty diary."""

    def __init__(self, crm: CrmClient, hours: BusinessHours, settings: BookingSettings) -> None:
        self._crm = crm
        self._hours = hours
        self._settings = settings

    def slots(self, *, appointment: str, now: datetime, days: int, time_zone: str) -> tuple[FreeSlot, ...]:
        """Free slots from now (plus lead time) on, for so many calendar days with today as the first; in order.

        `now` is aware; `time_zone` is the IANA name of the zone to give times in, '' or an unknown one means the
        department's. UnknownAppointment, CrmError.
        """
        kind = self._kind(appointment)
        zone = ZoneInfo(time_zone) if time_zone and is_zone(time_zone) else self._hours.zone(kind.department)
        earliest = now.astimezone(UTC) + timedelta(minutes=kind.lead_time_minutes)
        latest = min(_end_of_day(now, days, zone), now.astimezone(UTC) + timedelta(days=kind.horizon_days))
        owners = self._owners(kind)
        busy = self._busy(kind, earliest, latest)
        free = [
            start
            for start in self._starts(kind, earliest, latest)
            if any(is_free(kind, start, busy[owner.id]) for owner in owners)
        ]
        return tuple(_slot(kind, start, zone) for start in spread(free, zone, kind.most_slots_per_day))

    def book(
        self,
        *,
        appointment: str,
        start: datetime,
        name: str,
        email: str,
        contact_id: str,
        lead_id: str,
        note: str,
        key: str,
        language: str = "",
        now: datetime | None = None,
    ) -> str:
        """The id of the event written into the CRM; the same key again gives the same event.

        `start` is a slot's, aware. `language` is the visitor's; '' takes the contact's or lead's, else English.
        With `now`, a slot that has passed while the visitor thought is refused.
        SlotTaken when no owner is free then (any more); UnknownAppointment; CrmError.
        """
        kind, start = self._kind(appointment), start.astimezone(UTC)
        nearby = self._crm.events_between(start - FAIRNESS, start + FAIRNESS)
        for event in nearby:
            if event.key == key:
                return event.id
        if now is not None and start <= now:
            raise SlotTaken(f"{appointment} at {start.isoformat()} has passed")
        language = language or self._language_of(contact_id, lead_id)
        guest = Guest(name, email, contact_id, lead_id, note, language)
        for owner in self._free_owners(kind, start, nearby, key):
            try:
                return self._crm.book_event(appointment_event(kind, start, guest, owner.id), key=key).id
            except CrmConflict:
                continue
        raise SlotTaken(f"{appointment} at {start.isoformat()}")

    def _kind(self, appointment: str) -> AppointmentType:
        try:
            return self._settings.appointments[appointment]
        except KeyError:
            raise UnknownAppointment(appointment) from None

    def _owners(self, kind: AppointmentType) -> list[Owner]:
        """Who may take it, active ones only."""
        active = [owner for owner in self._crm.owners() if owner.active]
        wanted = {email.casefold() for email in kind.owners or self._settings.departments.get(kind.department, ())}
        owners = [owner for owner in active if not wanted or owner.email.casefold() in wanted]
        if not owners:
            log.warning(
                "nobody can take appointments of department '%s': check booking in config.yaml", kind.department
            )
        return owners

    def _busy(self, kind: AppointmentType, start: datetime, end: datetime) -> Mapping[str, list[Busy]]:
        before, after = timedelta(minutes=kind.buffer_before), timedelta(minutes=kind.buffer_after)
        return busy_times(self._crm.events_between(start - before, end + after + length(kind)))

    def _starts(self, kind: AppointmentType, earliest: datetime, latest: datetime) -> Iterator[datetime]:
        """Every beginning that business hours allow."""
        zone, step = self._hours.zone(kind.department), timedelta(minutes=kind.slot_step_minutes)
        day = earliest.astimezone(zone).date() - timedelta(days=1)  # yesterday's night may reach into today
        while day <= latest.astimezone(zone).date():
            for start, end in self._spans(kind, day):
                while start + length(kind) <= end:
                    if earliest <= start < latest:
                        yield start
                    start += step
            day += timedelta(days=1)

    def _spans(self, kind: AppointmentType, day: date) -> list[tuple[datetime, datetime]]:
        spans = self._hours.spans(kind.department, day)
        return [(span.start.astimezone(UTC), span.end.astimezone(UTC)) for span in spans]

    def _free_owners(
        self, kind: AppointmentType, start: datetime, nearby: Sequence[Activity], key: str
    ) -> Sequence[Owner]:
        """Those who have time, the one with the fewest events first; equal ones in an order the key decides."""
        if not self._within_hours(kind, start):
            return ()
        busy = busy_times(nearby)
        free = [owner for owner in self._owners(kind) if is_free(kind, start, busy[owner.id])]
        return sorted(free, key=lambda owner: (len(busy[owner.id]), _lot(key, owner.id)))

    def _within_hours(self, kind: AppointmentType, start: datetime) -> bool:
        today = start.astimezone(self._hours.zone(kind.department)).date()
        spans = self._spans(kind, today - timedelta(days=1)) + self._spans(kind, today)
        return any(opens <= start and start + length(kind) <= closes for opens, closes in spans)

    def _language_of(self, contact_id: str, lead_id: str) -> str:
        contact = self._crm.contact(contact_id) if contact_id else None
        if contact is not None:
            return contact.language
        lead = self._crm.lead(lead_id) if lead_id else None
        return lead.language if lead is not None else ""


def _end_of_day(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The midnight in that zone which ends the last of so many days."""
    last = now.astimezone(zone).date() + timedelta(days=max(1, days))
    return datetime.combine(last, time(), zone).astimezone(UTC)


def _slot(kind: AppointmentType, start: datetime, zone: ZoneInfo) -> FreeSlot:
    return FreeSlot(start.astimezone(zone), (start + length(kind)).astimezone(zone))


def _lot(key: str, owner_id: str) -> bytes:
    """A draw that is the same for the same key in every process."""
    return blake2b(f"{key}\x00{owner_id}".encode("utf-8", "replace"), digest_size=8).digest()
