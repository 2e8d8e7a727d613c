"""Opening times: by the week, on holidays, over midnight and when the clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import WEEKDAYS, BusinessHoursSettings, DepartmentHours

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")

SHOP = BusinessHours(
    BusinessHoursSettings(
        weekly=dict.fromkeys(WEEKDAYS[:5], ("09:00-12:00", "13:00-18:00")),
        holidays={"2026-05-05": {"en": "Children's Day", "ja": "こどもの日"}, "2026-05-06": "Rest day"},
        special_days={"2026-05-09": ("10:00-14:00",)},
        departments={
            "support": DepartmentHours(weekly=dict.fromkeys(WEEKDAYS, ("22:00-06:00",))),
            "emergency": DepartmentHours(
                weekly=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), keeps_company_holidays=False
            ),
            "sales": DepartmentHours(special_days={"2026-05-05": ("10:00-11:00",)}),
            "overseas": DepartmentHours(time_zone="America/New_York"),
        },
    )
)


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (tokyo(7, 8, 59), False),
        (tokyo(7, 9), True),
        (tokyo(7, 12), False),
        (tokyo(7, 13), True),
        (tokyo(7, 17, 59), True),
        (tokyo(7, 18), False),
        (tokyo(9, 11), True),
        (tokyo(10, 11), False),
        (datetime(2026, 5, 7, 0, 30, tzinfo=UTC), True),
    ],
)
def test_the_company_is_open_in_its_spans_only(at: datetime, is_open: bool) -> None:
    assert SHOP.is_open("", at) is is_open


def test_a_holiday_is_closed_all_day_and_has_a_name_in_both_languages() -> None:
    assert not SHOP.is_open("", tokyo(5, 10))
    assert SHOP.holiday("", date(2026, 5, 5), "ja") == "こどもの日"
    assert SHOP.holiday("", date(2026, 5, 5), "en") == "Children's Day"
    assert SHOP.holiday("", date(2026, 5, 6), "ja") == "Rest day"
    assert SHOP.holiday("", date(2026, 5, 7)) == ""


def test_a_departments_special_day_goes_before_the_companys_holiday() -> None:
    assert SHOP.is_open("sales", tokyo(5, 10, 30))
    assert SHOP.holiday("sales", date(2026, 5, 5)) == ""


def test_a_department_may_work_on_the_companys_holidays() -> None:
    assert SHOP.is_open("emergency", tokyo(5, 3))


def test_an_unknown_department_keeps_the_companys_hours() -> None:
    assert SHOP.is_open("gardening", tokyo(7, 9))
    assert not SHOP.is_open("gardening", tokyo(7, 8))


def test_a_departments_name_may_be_written_in_any_case() -> None:
    assert SHOP.is_open(" Support ", tokyo(7, 23))


def test_a_span_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    assert SHOP.is_open("support", tokyo(8, 5, 59))
    assert not SHOP.is_open("support", tokyo(8, 6))
    assert SHOP.is_open("support", tokyo(5, 5))  # the night of the fourth goes on into the holiday
    assert not SHOP.is_open("support", tokyo(6, 1))  # the night of the holiday does not begin
    (night,) = SHOP.spans("support", date(2026, 5, 7))
    assert (night.start, night.end) == (tokyo(7, 22), tokyo(8, 6))


def test_the_next_opening_is_now_when_open_and_else_skips_weekend_and_holidays() -> None:
    assert SHOP.next_opening("", tokyo(7, 10)) == tokyo(7, 10)
    assert SHOP.next_opening("", tokyo(4, 18)) == tokyo(7, 9)
    assert SHOP.next_opening("", tokyo(9, 15)) == tokyo(11, 9)


def test_who_is_closed_all_year_never_opens() -> None:
    never = BusinessHours(BusinessHoursSettings(weekly={}))

    assert never.next_opening("", tokyo(7, 10)) is None
    assert never.spans("", date(2026, 5, 7)) == ()


def test_a_year_of_holidays_ends() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = BusinessHours(BusinessHoursSettings(holidays={str(day): "Rebuilding" for day in days}))

    assert closed.next_opening("", datetime(2026, 1, 1, tzinfo=TOKYO)) == datetime(2027, 1, 1, 9, tzinfo=TOKYO)


def test_hours_follow_the_wall_clock_through_both_changes_of_the_clock() -> None:
    for day in (date(2026, 3, 6), date(2026, 3, 9), date(2026, 10, 30), date(2026, 11, 2)):
        (span,) = BusinessHours(
            BusinessHoursSettings(time_zone="America/New_York", weekly=dict.fromkeys(WEEKDAYS, ("09:00-17:00",)))
        ).spans("", day)
        assert (span.start.hour, span.end.hour) == (9, 17)


def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = BusinessHours(
        BusinessHoursSettings(time_zone="America/New_York", weekly=dict.fromkeys(WEEKDAYS, ("22:00-06:00",)))
    )
    lengths = [
        span.end.astimezone(UTC) - span.start.astimezone(UTC)
        for day in (date(2026, 3, 7), date(2026, 10, 31))
        for span in night.spans("", day)
    ]
    assert lengths == [timedelta(hours=7), timedelta(hours=9)]


def test_both_of_two_equal_wall_times_are_open_and_a_skipped_span_is_none() -> None:
    hours = BusinessHours(
        BusinessHoursSettings(
            time_zone="America/New_York",
            weekly={},
            special_days={"2026-11-01": ("01:00-01:30",), "2026-03-08": ("02:10-03:05",)},
        )
    )
    for fold in (0, 1):
        assert hours.is_open("", datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK, fold=fold))
    assert hours.spans("", date(2026, 3, 8)) == ()


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        SHOP.is_open("", datetime(2026, 5, 7, 10))


@st.composite
def opening_times(draw: st.DrawFn) -> BusinessHours:
    """Weeks with up to three spans a day, in zones with and without changes of the clock."""
    clock = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")

    def day_spans() -> tuple[str, ...]:
        times = sorted(draw(st.lists(clock, max_size=6, unique=True)))
        return tuple(f"{first}-{last}" for first, last in zip(times[::2], times[1::2], strict=False))

    night = draw(st.booleans())
    week = {day: day_spans() for day in WEEKDAYS if draw(st.booleans())}
    if night:
        week["friday"] = ("23:30-00:45",)
    zone = draw(st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe"]))
    closed = draw(st.lists(st.integers(1, 365), max_size=5))
    holidays = {str(date(2026, 1, 1) + timedelta(days=day)): "Closed" for day in closed}
    return BusinessHours(BusinessHoursSettings(time_zone=zone, weekly=week, holidays=holidays))


MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


@settings(max_examples=60, deadline=None)
@given(opening_times(), MOMENTS, st.lists(st.integers(0, 999), max_size=10))
def test_the_next_opening_is_open_and_nothing_before_it_is(
    hours: BusinessHours, at: datetime, places: list[int]
) -> None:
    opening = hours.next_opening("", at)
    until = (opening or at + timedelta(days=300)).astimezone(UTC)

    if opening is not None:
        assert opening.astimezone(UTC) >= at
        assert hours.is_open("", opening)
    for place in places:
        assert not hours.is_open("", at + (until - at) * place / 1000) or until == at


@settings(max_examples=60, deadline=None)
@given(opening_times(), st.integers(0, 364))
def test_spans_are_in_order_apart_and_open_from_end_to_end(hours: BusinessHours, number: int) -> None:
    spans = hours.spans("", date(2026, 1, 1) + timedelta(days=number))

    for span in spans:
        assert span.start.astimezone(UTC) < span.end.astimezone(UTC)
        assert hours.is_open("", span.start)
        assert hours.is_open("", span.end.astimezone(UTC) - timedelta(microseconds=1))
    for first, second in pairwise(spans):
        assert first.end.astimezone(UTC) < second.start.astimezone(UTC)
