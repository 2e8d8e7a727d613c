"""Appointments on the embedded CRM: what is offered, who gets it, and that nothing is booked twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmUnreachable
from crm_client.records import Activity, Contact, Owner
from motenashi.booking.diary import AppointmentDiary, SlotTaken, UnknownAppointment
from motenashi.booking.settings import AppointmentType, BookingSettings
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings
from motenashi.database import Database
from motenashi.storage.open_database import open_database

TOKYO = ZoneInfo("Asia/Tokyo")
THURSDAY = datetime(2026, 11, 19, 9, tzinfo=TOKYO)

HOURS = BusinessHours(
    BusinessHoursSettings(
        weekly=dict.fromkeys(WEEKDAYS[:5], ("09:00-12:00", "13:00-17:00")), holidays={"2026-11-23": "Thanksgiving"}
    )
)
TALK = AppointmentType(
    {"en": "Consultation", "ja": "ご相談"}, minutes=60, lead_time_minutes=60, slot_step_minutes=60, most_slots_per_day=0
)


@pytest.fixture
def crm(database: Database) -> EmbeddedCrm:
    metadata.create_all(database.engine)
    crm = EmbeddedCrm(database)
    for name, active in (("aya", True), ("ben", True), ("gone", False)):
        crm.save_owner(Owner(name, name.title(), f"{name}@example.com", active=active))
    return crm


def diary_of(crm: EmbeddedCrm, **changes: Any) -> AppointmentDiary:
    settings = BookingSettings({"talk": replace(TALK, **changes)}, {"support": ("ben@example.com",)})
    return AppointmentDiary(crm, HOURS, settings)


def busy(crm: EmbeddedCrm, owner: str, hour: int, minutes: int = 60) -> None:
    start = THURSDAY.replace(hour=hour)
    end = start + timedelta(minutes=minutes)
    crm.save_activity(Activity("", "event", "Internal", start, end, owner_id=owner))


def offered(diary: AppointmentDiary, days: int = 1, time_zone: str = "", now: datetime = THURSDAY) -> list[str]:
    slots = diary.slots(appointment="talk", now=now, days=days, time_zone=time_zone)
    return [f"{slot.start:%d %H:%M}" for slot in slots]


def booking(hour: int = 10, **changes: Any) -> dict[str, Any]:
    return {
        "appointment": "talk",
        "start": THURSDAY.replace(hour=hour),
        "name": "Tom Becker",
        "email": "tom.becker@example.com",
        "contact_id": "",
        "lead_id": "",
        "note": "Two servers",
        "key": f"c-1/{hour}",
    } | changes


def test_slots_lie_in_business_hours_after_the_lead_time(crm: EmbeddedCrm) -> None:
    slots = offered(diary_of(crm), days=6)

    assert slots[:6] == ["19 10:00", "19 11:00", "19 13:00", "19 14:00", "19 15:00", "19 16:00"]
    assert [slot for slot in slots if slot[:2] in ("21", "22", "23")] == []  # weekend and holiday
    assert slots[-1] == "24 16:00"


def test_a_slot_is_offered_while_one_owner_is_free(crm: EmbeddedCrm) -> None:
    busy(crm, "aya", 10)
    assert "19 10:00" in offered(diary_of(crm))

    busy(crm, "ben", 10, minutes=30)
    assert "19 10:00" not in offered(diary_of(crm))
    assert "19 11:00" in offered(diary_of(crm))


def test_only_the_owners_of_the_appointment_or_its_department_count(crm: EmbeddedCrm) -> None:
    busy(crm, "ben", 10)

    assert "19 10:00" not in offered(diary_of(crm, department="support"))
    assert "19 10:00" in offered(diary_of(crm, department="support", owners=("AYA@example.com",)))


def test_buffers_keep_time_free_on_both_sides(crm: EmbeddedCrm) -> None:
    busy(crm, "aya", 14)
    diary = diary_of(crm, owners=("aya@example.com",), buffer_before=30, buffer_after=15)

    assert offered(diary) == ["19 10:00", "19 11:00", "19 16:00"]


def test_the_horizon_ends_what_is_offered(crm: EmbeddedCrm) -> None:
    assert offered(diary_of(crm, horizon_days=1), days=30)[-1] == "19 16:00"


def test_slots_are_told_in_the_visitors_zone_and_an_unknown_zone_means_ours(crm: EmbeddedCrm) -> None:
    (first, *_) = diary_of(crm).slots(appointment="talk", now=THURSDAY, days=1, time_zone="America/New_York")

    assert (first.start.hour, str(first.start.tzinfo)) == (20, "America/New_York")
    assert offered(diary_of(crm), time_zone="Mars/Olympus")[0] == "19 10:00"


def test_few_slots_a_day_are_spread_over_the_day(crm: EmbeddedCrm) -> None:
    assert offered(diary_of(crm, most_slots_per_day=3)) == ["19 10:00", "19 13:00", "19 16:00"]
    assert offered(diary_of(crm, most_slots_per_day=1)) == ["19 10:00"]


def test_a_booking_becomes_an_event_in_the_language_of_the_visitor(crm: EmbeddedCrm) -> None:
    contact = crm.save_contact(Contact("", "森", "遥", email="haruka.mori@example.com", language="ja"))
    diary = diary_of(crm)
    english = diary.book(**booking(10))
    japanese = diary.book(**booking(11, name="森 遥", contact_id=contact.id))

    events = {event.id: event for event in crm.events_between(THURSDAY, THURSDAY + timedelta(days=1))}
    assert events[english].subject == "Consultation: Tom Becker"
    assert events[english].note == "Name: Tom Becker\nE-mail: tom.becker@example.com\nAbout: Two servers"
    assert events[japanese].subject == "ご相談（森 遥様）"
    assert events[japanese].note.startswith("お名前：森 遥\nメール：")
    assert events[japanese].contact_id == contact.id
    assert events[japanese].end_at == THURSDAY.replace(hour=12)


def test_the_same_key_books_once(crm: EmbeddedCrm) -> None:
    diary = diary_of(crm, owners=("aya@example.com",))

    assert diary.book(**booking()) == diary.book(**booking())
    assert len(crm.events_between(THURSDAY, THURSDAY + timedelta(days=1))) == 1


def test_the_last_free_owner_gets_it_and_then_it_is_taken(crm: EmbeddedCrm) -> None:
    diary = diary_of(crm)
    for key in ("one", "two"):
        diary.book(**booking(key=key))

    with pytest.raises(SlotTaken):
        diary.book(**booking(key="three"))
    assert "19 10:00" not in offered(diary)


def test_many_at_the_same_moment_get_no_more_than_there_are_owners(crm: EmbeddedCrm) -> None:
    diary = diary_of(crm)

    def attempt(number: int) -> str:
        try:
            return diary.book(**booking(key=f"visitor {number}"))
        except SlotTaken:
            return ""

    with ThreadPoolExecutor(4) as threads:
        booked = [event for event in threads.map(attempt, range(6)) if event]

    assert len(set(booked)) == len(booked) == 2


def test_work_is_shared_fairly(crm: EmbeddedCrm) -> None:
    diary = diary_of(crm)
    for hour in (10, 11, 13, 14, 15, 16):
        diary.book(**booking(hour))

    events = crm.events_between(THURSDAY, THURSDAY + timedelta(days=1))
    assert Counter(event.owner_id for event in events) == {"aya": 3, "ben": 3}


def test_the_same_key_at_the_same_moment_books_once(crm: EmbeddedCrm) -> None:
    diary = diary_of(crm)

    with ThreadPoolExecutor(4) as threads:
        booked = set(threads.map(lambda _: diary.book(**booking()), range(6)))

    assert len(booked) == 1
    assert len(crm.events_between(THURSDAY, THURSDAY + timedelta(days=1))) == 1


def test_a_slot_that_passed_while_the_visitor_thought_is_refused(crm: EmbeddedCrm) -> None:
    with pytest.raises(SlotTaken):
        diary_of(crm).book(**booking(10, now=THURSDAY.replace(hour=10, minute=1)))


@pytest.mark.parametrize("hour", [8, 12, 17])
def test_what_lies_outside_business_hours_is_not_booked(crm: EmbeddedCrm, hour: int) -> None:
    with pytest.raises(SlotTaken):
        diary_of(crm).book(**booking(hour))


def test_an_unknown_appointment_says_so(crm: EmbeddedCrm) -> None:
    with pytest.raises(UnknownAppointment):
        diary_of(crm).slots(appointment="party", now=THURSDAY, days=1, time_zone="")


def test_a_crm_that_is_away_is_no_empty_diary(tmp_path: Path) -> None:
    crm = EmbeddedCrm(open_database(f"sqlite:///{tmp_path}/no_tables.db"))
    with pytest.raises(CrmUnreachable):
        diary_of(crm).slots(appointment="talk", now=THURSDAY.astimezone(UTC), days=1, time_zone="")
