"""What an operator may write about opening times, and what we say when it can't be meant."""

from __future__ import annotations

from typing import Any

import pytest

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.opening_times import WallSpan, check, read_span
from motenashi.business_hours.settings import settings_from
from motenashi.yaml_source import read_documents

WRONG = """\
time_zone: Asia/Tokio
weekly:
  monday: ["09:00-25:00"]
  tuesday: ["09:00-13:00", "12:00-18:00"]
  wensday: ["09:00-18:00"]
  saturday: ["22:00-06:00"]
  sunday: ["05:00-08:00"]
  friday: nine to five
holidays:
  2026-02-30: No such day
  2026-05-05: Children's Day
special_days:
  2026-05-05: ["10:00-12:00"]
departments:
  sales:
    time_zone: Mars/Olympus
    weekday: {}
  support: closed
"""


def section(text: str) -> Any:
    documents, problems = read_documents(text, "config.yaml")
    assert problems == []
    return documents[0]


def test_every_problem_is_told_at_once_with_its_line() -> None:
    told = [str(problem) for problem in check(section(WRONG), "config.yaml")]

    assert [line.split(".")[0] + "." + line.split(".")[1] for line in told] == [
        "config.yaml:1: time zone 'Asia/Tokio' is not known.".rstrip("."),
        "config.yaml:3: monday: 25:00 is no time of the day",
        "config.yaml:4: tuesday: two spans overlap",
        "config.yaml:5: 'wensday' is no weekday",
        "config.yaml:6: saturday's last span runs into sunday's first",
        "config.yaml:8: friday: 'nine to five' is no span of time",
        "config.yaml:10: '2026-02-30' in holidays is no date",
        "config.yaml:13: 2026-05-05 is a holiday and a special day",
        "config.yaml:16: time zone 'Mars/Olympus' is not known",
        "config.yaml:17: 'weekday' is no setting of business hours",
        "config.yaml:18: department 'support' must be a mapping",
    ]
    assert "Did you mean 'Asia/Tokyo'?" in told[0]
    assert "Did you mean 'wednesday'?" in told[3]


def test_what_is_right_earns_no_problem_and_can_be_used() -> None:
    right = section(
        "time_zone: Europe/London\n"
        "weekly: {monday: 09:00-17:00, tuesday: ['09:00-12:00', '12:30-17:00'], sunday: []}\n"
        "holidays: {2026-12-25: {en: Christmas Day, ja: クリスマス}}\n"
        "departments: {support: {weekly: {monday: 00:00-24:00}}, sales: }\n"
    )

    assert check(right, "config.yaml") == []
    hours = BusinessHours(settings_from(right))
    assert str(hours.zone("support")) == "Europe/London"


def test_an_empty_section_is_the_default_office_week() -> None:
    assert check({}, "config.yaml") == []
    assert settings_from({}).weekly["friday"] == ("09:00-18:00",)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("09:00-18:00", WallSpan(540, 1080)),
        (" 9:00 - 18:30 ", WallSpan(540, 1110)),
        ("10:00〜17:00", WallSpan(600, 1020)),
        ("22:00-06:00", WallSpan(1320, 1800)),
        ("18:00-24:00", WallSpan(1080, 1440)),
        ("18:00-00:00", WallSpan(1080, 1440)),
    ],
)
def test_a_span_is_read_as_people_write_it(text: str, span: WallSpan) -> None:
    assert read_span(text) == span


@pytest.mark.parametrize(
    "text", ["25:00-26:00", "09:60-10:00", "9-17", "09:00-09:00", "24:00-25:00", "09:00-24:01", ""]
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read_span(text)
