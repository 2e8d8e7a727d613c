"""What people and times are called in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_client.records import Account, Contact
from motenashi.suggestions.advice.moments import day_and_span, day_word, when_words, zone_word
from motenashi.suggestions.advice.names import our_name, person_name, who
from motenashi.suggestions.suggestion import TimeWindow
from tests.suggestions.advice.world import NOW, TOKYO, facts, moment


@pytest.mark.parametrize(
    ("last", "first", "english", "japanese"),
    [
        ("Mori", "Haruka", "Haruka Mori", "Haruka Mori様"),
        ("森", "春香", "森 春香", "森様"),
        ("森", "", "森", "森様"),
        ("森様", "", "森様", "森様"),
        ("", "Haruka", "Haruka", "Haruka様"),
        (
            "Miller\n\nBcc: x@example.com",
            "Sarah",
            "Sarah Miller Bcc: x@example.com",
            "Sarah Miller Bcc: x@example.com様",
        ),
        ("", "", "your contact at Sazanami Ltd", "Sazanami Ltdのご担当者様"),
    ],
)
def test_a_person_is_called_as_is_usual_and_never_by_a_guessed_title(
    last: str, first: str, english: str, japanese: str
) -> None:
    about = replace(facts(), contact=Contact("c1", last, first))

    assert (who(about, "en"), who(about, "ja")) == (english, japanese)


def test_without_any_name_it_is_the_customer() -> None:
    nobody = replace(facts(), contact=None, account=Account("a1", ""))

    assert (who(nobody, "en"), who(nobody, "ja"), person_name(nobody, "en")) == ("the customer", "お客様", "")


def test_our_own_name_stands_in_for_the_other_language() -> None:
    assert our_name(replace(facts(), company={"en": "", "ja": "ミナモ株式会社"}), "en") == "ミナモ株式会社"
    assert our_name(replace(facts(), company={}), "en") == ""


def test_a_day_has_its_year_only_where_it_is_another_one() -> None:
    today = date(2027, 6, 2)

    assert (day_word(date(2027, 6, 3), today, "en"), day_word(date(2027, 6, 3), today, "ja")) == (
        "Thu 3 Jun",
        "6月3日(木)",
    )
    assert day_word(date(2028, 1, 4), today, "en") == "Tue 4 Jan 2028"


def test_a_span_over_midnight_names_both_days() -> None:
    start = moment("2027-06-03 23:00")

    assert day_and_span(start, start + timedelta(hours=2), NOW, "en") == "Thu 3 Jun 23:00 – Fri 4 Jun 01:00"


def test_an_appointment_has_its_hour_whoever_chose_it() -> None:
    window = TimeWindow(moment("2027-06-03 10:00"), moment("2027-06-03 11:00"))
    due = moment("2027-06-04 15:00")

    assert when_words(window, due, TOKYO, NOW, "en", exact=True) == " on Thu 3 Jun between 10:00 and 11:00"
    assert when_words(window, due, TOKYO, NOW, "en") == " by Fri 4 Jun 15:00"


def test_a_time_to_be_done_by_is_a_full_quarter_of_an_hour() -> None:
    window = TimeWindow(NOW, moment("2027-06-02 15:11"))

    assert when_words(window, window.end, TOKYO, NOW, "en") == " by Wed 2 Jun 15:00"
    assert when_words(window, NOW + timedelta(minutes=9), TOKYO, NOW, "en") == " by Wed 2 Jun 10:09"


@pytest.mark.parametrize(
    ("zone", "english", "japanese"), [("Asia/Tokyo", "Japan Time", "日本時間"), ("UTC", "UTC", "UTC")]
)
def test_a_zone_is_called_by_its_place(zone: str, english: str, japanese: str) -> None:
    assert (zone_word(ZoneInfo(zone), "en"), zone_word(ZoneInfo(zone), "ja")) == (english, japanese)


@pytest.mark.parametrize(
    ("start", "end", "source", "english", "japanese"),
    [
        (
            "06-03 10:00",
            "06-03 11:00",
            "best_time",
            " on Thu 3 Jun between 10:00 and 11:00",
            "6月3日(木) 10:00〜11:00に、",
        ),
        ("06-03 09:00", "06-03 18:00", "proposed", " on Thu 3 Jun", "6月3日(木)に、"),
        ("06-02 10:00", "06-04 16:00", "hours", " by Fri 4 Jun 16:00", "6月4日(金) 16:00までに、"),
        ("06-03 09:00", "06-05 18:00", "proposed", " by Fri 4 Jun 16:00", "6月4日(金) 16:00までに、"),
    ],
)
def test_a_title_says_when_on_our_clock(start: str, end: str, source: str, english: str, japanese: str) -> None:
    zone = ZoneInfo("America/Los_Angeles")  # told in the customer's zone, said on ours
    times = (datetime.fromisoformat(f"2027-{each}").replace(tzinfo=TOKYO).astimezone(zone) for each in (start, end))
    window = TimeWindow(*times, source)  # type: ignore[arg-type]
    due = moment("2027-06-04 16:00")

    assert when_words(window, due, TOKYO, NOW, "en") == english
    assert when_words(window, due, TOKYO, NOW, "ja") == japanese
