"""Hours of the week become dates within business hours; today's are struck through half an hour after they ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings, DepartmentHours
from motenashi.suggestions.best_time.best_times import BestTimes, Slot, TimeOverride
from motenashi.suggestions.best_time.dated_slots import DatedSlot, next_slots, next_window

TOKYO, LONDON = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/London")
MONDAY_10, TUESDAY_14, FRIDAY_9 = (0, 10), (1, 14), (4, 9)
OFFICE = BusinessHours(BusinessHoursSettings())


def person(*slots: tuple[int, int], zone: str = "Asia/Tokyo", stars: Sequence[float] | None = None) -> BestTimes:
    given = stars or [5.0 - place for place in range(len(slots))]
    told = tuple(Slot(day, hour, 0.4, 0.3, 0.5, star) for (day, hour), star in zip(slots, given, strict=True))
    learned_at = datetime(2026, 11, 1, tzinfo=UTC)
    return BestTimes("c1", "call", told, any(given), 9, 4, (), zone, learned_at)


def tokyo(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


def starts(slots: Sequence[DatedSlot]) -> list[datetime]:
    return [slot.start for slot in slots]


NOON = tokyo(16, 12)  # a Monday


def test_slots_keep_their_order_and_get_their_next_dates() -> None:
    told = next_slots(person(FRIDAY_9, TUESDAY_14, MONDAY_10), OFFICE, now=tokyo(16, 8))

    assert starts(told) == [tokyo(20, 9), tokyo(17, 14), tokyo(16, 10)]
    assert [slot.end - slot.start for slot in told] == [timedelta(hours=1)] * 3
    assert [slot.stars for slot in told] == [5.0, 4.0, 3.0]


@pytest.mark.parametrize(("minute", "struck"), [(0, False), (29, False), (30, True), (31, True)])
def test_a_slot_of_today_is_struck_half_an_hour_after_it_passed(minute: int, struck: bool) -> None:
    (told,) = next_slots(person(MONDAY_10), OFFICE, now=tokyo(16, 11, minute))

    assert (told.start, told.struck) == (tokyo(16, 10), struck)


def test_tomorrow_a_struck_slot_is_next_weeks() -> None:
    (told,) = next_slots(person(MONDAY_10), OFFICE, now=tokyo(17, 0))

    assert (told.start, told.struck) == (tokyo(23, 10), False)


def test_today_is_the_companys_day_wherever_the_server_is() -> None:
    """23:30 on Sunday in UTC is Monday morning in Tokyo."""
    (told,) = next_slots(person(MONDAY_10), OFFICE, now=datetime(2026, 11, 15, 23, 30, tzinfo=UTC))

    assert told.start == tokyo(16, 10)


def test_japanese_holidays_are_passed_over() -> None:
    """23 November 2026 is a Monday, and Labour Thanksgiving Day."""
    hours = BusinessHours(
        BusinessHoursSettings(holidays={"2026-11-23": {"en": "Labour Thanksgiving", "ja": "勤労感謝の日"}})
    )

    (told,) = next_slots(person(MONDAY_10), hours, now=tokyo(17, 9))

    assert told.start == tokyo(30, 10)


def test_a_special_day_opens_only_when_it_says() -> None:
    hours = BusinessHours(BusinessHoursSettings(special_days={"2026-11-16": ("13:00-18:00",)}))

    told = next_slots(person(MONDAY_10, (0, 13)), hours, now=tokyo(16, 8))

    assert starts(told) == [tokyo(23, 10), tokyo(16, 13)]


def test_half_an_hour_of_a_slot_is_enough_and_less_is_not() -> None:
    hours = BusinessHours(BusinessHoursSettings(weekly={"monday": ("09:30-12:45",)}))

    told = next_slots(person((0, 9), (0, 12)), hours, now=tokyo(16, 8))
    late = BusinessHours(BusinessHoursSettings(weekly={"monday": ("09:40-12:20",)}))

    assert [(slot.start, slot.end) for slot in told] == [
        (tokyo(16, 9, 30), tokyo(16, 10)),
        (tokyo(16, 12), tokyo(16, 12, 45)),
    ]
    assert next_slots(person((0, 9), (0, 12)), late, now=tokyo(16, 8)) == ()


def test_a_departments_hours_go_before_the_companys() -> None:
    departments = {"sales": DepartmentHours(weekly={"tuesday": ("09:00-18:00",)})}
    hours = BusinessHours(BusinessHoursSettings(departments=departments))

    told = next_slots(person(MONDAY_10, TUESDAY_14), hours, now=tokyo(16, 8), department="sales")

    assert starts(told) == [tokyo(17, 14)]


def test_slots_are_told_on_the_persons_own_clock_too() -> None:
    """Summer time ends in London on 25 October 2026: the same hour in Tokyo is an hour earlier there."""
    times = person((0, 17), zone="Europe/London")

    told = [next_slots(times, OFFICE, now=tokyo(day, 9, month=10))[0] for day in (19, 26)]

    assert [slot.start.hour for slot in told] == [17, 17]
    assert [slot.their_start for slot in told] == [
        datetime(2026, 10, 19, 9, tzinfo=LONDON),
        datetime(2026, 10, 26, 8, tzinfo=LONDON),
    ]


def test_somebody_of_unknown_zone_has_no_clock_of_their_own() -> None:
    (told,) = next_slots(person(MONDAY_10, zone=""), OFFICE, now=NOON)

    assert (told.their_start, told.their_end) == (None, None)


def test_our_own_summer_time_keeps_the_hour_on_the_wall() -> None:
    """Berlin puts its clocks forward on 29 March 2026."""
    berlin = ZoneInfo("Europe/Berlin")
    hours = BusinessHours(BusinessHoursSettings(time_zone="Europe/Berlin"))

    told = next_slots(person(FRIDAY_9, MONDAY_10), hours, now=datetime(2026, 3, 27, 8, tzinfo=berlin))

    assert starts(told) == [datetime(2026, 3, 27, 9, tzinfo=berlin), datetime(2026, 3, 30, 10, tzinfo=berlin)]
    assert told[1].start.utcoffset() == timedelta(hours=2)


def test_without_a_preference_no_slot_is_shown_and_none_suggested() -> None:
    nobody = person(MONDAY_10, TUESDAY_14, stars=(0.0, 0.0))

    assert next_slots(nobody, OFFICE, now=NOON) == ()
    assert next_window(nobody, OFFICE, now=NOON) is None
    assert next_window(None, OFFICE, now=NOON) is None


def test_only_slots_with_stars_are_shown_and_no_more_than_asked_for() -> None:
    times = person(FRIDAY_9, TUESDAY_14, MONDAY_10, stars=(2.0, 1.0, 0.0))

    assert len(next_slots(times, OFFICE, now=NOON)) == 2
    assert len(next_slots(times, OFFICE, now=NOON, most=1)) == 1


def test_the_next_window_is_whichever_good_slot_comes_first() -> None:
    window = next_window(person(FRIDAY_9, TUESDAY_14), OFFICE, now=NOON)

    assert window is not None
    assert (window.start, window.end, window.source) == (tokyo(17, 14), tokyo(17, 15), "best_time")
    assert window.certainty == pytest.approx(0.8)


def test_a_slot_that_runs_now_is_taken_while_enough_of_it_is_left() -> None:
    during = next_window(person(MONDAY_10), OFFICE, now=tokyo(16, 10, 50))
    over = next_window(person(MONDAY_10), OFFICE, now=tokyo(16, 10, 51))

    assert during is not None and (during.start, during.end) == (tokyo(16, 10, 50), tokyo(16, 11))
    assert over is not None and over.start == tokyo(23, 10)


def test_nothing_is_suggested_before_somebody_is_back() -> None:
    window = next_window(person(TUESDAY_14, FRIDAY_9), OFFICE, now=NOON, not_before=tokyo(18, 0))

    assert window is not None and window.start == tokyo(20, 9)


def test_somebodys_word_goes_before_what_was_learned() -> None:
    word = TimeOverride((2, 3), 16, 18, "u1", datetime(2026, 11, 1, tzinfo=UTC))

    window = next_window(person(TUESDAY_14), OFFICE, now=NOON, override=word)

    assert window is not None
    assert (window.start, window.end, window.source) == (tokyo(18, 16), tokyo(18, 18), "override")


def test_somebodys_word_holds_for_people_of_whom_nothing_was_learned() -> None:
    word = TimeOverride((0,), 13, 14, "u1", datetime(2026, 11, 1, tzinfo=UTC))

    window = next_window(None, OFFICE, now=NOON, override=word)

    assert window is not None and window.start == tokyo(16, 13)


def test_somebodys_word_that_no_business_hour_meets_suggests_nothing() -> None:
    word = TimeOverride((6,), 13, 14, "u1", datetime(2026, 11, 1, tzinfo=UTC))

    assert next_window(person(TUESDAY_14), OFFICE, now=NOON, override=word) is None


@pytest.mark.parametrize(("weekdays", "first", "last"), [((), 9, 10), ((7,), 9, 10), ((0,), 10, 10), ((0,), 23, 25)])
def test_an_override_that_no_week_has_is_refused(weekdays: tuple[int, ...], first: int, last: int) -> None:
    with pytest.raises(ValueError, match="an override needs"):
        TimeOverride(weekdays, first, last, "u1", NOON)
