"""Dates of a mail as months to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from motenashi.pages.mail.calendar_months import MOST_MONTHS, Month, months_of
from nlp.dates import find_dates

SENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


def shown(text: str) -> list[Month]:
    return months_of(find_dates(text, "en", reference=SENT), SENT.date())


def coloured(months: list[Month]) -> dict[date, str]:
    return {day.day: day.role for month in months for week in month.weeks for day in week if day.role}


def test_offered_days_and_a_deadline_are_coloured_by_their_role() -> None:
    months = shown("Could we meet on Tuesday or Wednesday afternoon? We need the quote by 4 December.")
    assert coloured(months) == {
        date(2026, 11, 24): "proposed",
        date(2026, 11, 25): "proposed",
        date(2026, 12, 4): "deadline",
    }
    assert [month.first for month in months] == [date(2026, 11, 1), date(2026, 12, 1)]


def test_weeks_begin_on_monday_and_days_of_neighbouring_months_are_outside() -> None:
    (november,) = shown("Are you free on Tuesday?")
    assert all(len(week) == 7 and week[0].day.weekday() == 0 for week in november.weeks)
    assert [day.day.day for day in november.weeks[0] if day.inside] == [1]


def test_the_day_it_was_written_is_marked() -> None:
    (november,) = shown("Are you free on Tuesday?")
    assert [day.day for week in november.weeks for day in week if day.today] == [SENT.date()]


def test_what_has_no_day_colours_nothing() -> None:
    assert shown("It takes two hours, every Monday.") == []


def test_a_mail_that_speaks_of_many_months_shows_the_first_ones() -> None:
    text = "We meet on " + ", ".join(f"{month}/15/2027" for month in range(1, 10)) + "."
    assert len(shown(text)) == MOST_MONTHS


def test_a_stretch_until_which_something_is_needed_colours_its_last_day() -> None:
    (mention,) = find_dates("月末で期限が切れてしまいます。", "ja", reference=SENT)
    mention = replace(mention, role="deadline")
    assert mention.begins is not None and mention.ends is not None and (mention.ends - mention.begins).days > 1
    assert coloured(months_of([mention], SENT.date())) == {date(2026, 11, 30): "deadline"}


def test_a_month_in_which_something_was_colours_nothing() -> None:
    mentions = find_dates("We bought three of them last month.", "en", reference=SENT)
    assert [mention.role for mention in mentions] == ["past"]
    assert months_of(mentions, SENT.date()) == []
