"""When: the customer's times, a time set by hand, the best times, our next hours; and nobody's night."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings, DepartmentHours
from motenashi.suggestions.advice.facts import Busy, RecordFacts
from motenashi.suggestions.advice.make_advice import next_due
from motenashi.suggestions.best_time.best_times import TimeOverride
from motenashi.suggestions.suggestion import Suggestion
from tests.suggestions.advice.world import NOW, TOKYO, advise, facts, learned, mail, moment, times

CALL = "call:quote p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19"
MAIL = "email:quote p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19"
EVENT = "event:meeting p 0.40 base 0.25 lift 1.6 (1.1 to 2.3) 12 of 19"


def by_hand(weekdays: tuple[int, ...], from_hour: int, to_hour: int, by: str = "") -> TimeOverride:
    return TimeOverride(weekdays, from_hour, to_hour, by, NOW)


def starts(one: Suggestion) -> list[str]:
    return [f"{window.start.astimezone(TOKYO):%m-%d %H:%M}" for window in one.windows]


def spans(one: Suggestion) -> list[str]:
    return [
        f"{window.start.astimezone(TOKYO):%m-%d %H:%M}-{window.end.astimezone(TOKYO):%H:%M} {window.source}"
        for window in one.windows
    ]


def reasons(one: Suggestion, language: str = "en") -> str:
    return "\n".join(reason.text[language] for reason in one.reasons)


def elsewhere(zone: str) -> RecordFacts:
    return replace(facts(), time_zone=zone)


def test_a_call_goes_into_the_best_hours_that_come_soon_enough() -> None:
    best = {"call": times("call", (3, 10, 4.5), (4, 9, 3.0), (1, 15, 5.0))}  # Tuesday is too far away
    made = advise(facts(), learned(CALL), times=best)

    assert spans(made) == ["06-03 10:00-11:00 best_time", "06-04 09:00-10:00 best_time"]


def test_a_mail_has_its_own_best_hours() -> None:
    best = {"call": times("call", (3, 10, 4.5)), "email": times("email", (3, 15, 2.0), attempts=20, answered=8)}
    made = advise(facts(), learned(MAIL), times=best)

    assert spans(made) == ["06-03 15:00-16:00 best_time"]
    assert "react to mails best; of 20 mails so far they reacted to 8" in reasons(made)
    assert "メールに最も反応していただきやすい時間帯です（これまで20通中8通）" in reasons(made, "ja")


def test_of_somebody_hardly_ever_called_their_own_numbers_are_not_told() -> None:
    made = advise(facts(), learned(CALL), times={"call": times("call", (3, 10, 4.5), attempts=1, answered=1)})

    assert "of themselves too little is known" in reasons(made)


@pytest.mark.parametrize("known", [times("call"), times("call", (3, 10, 0.0)), None])
def test_without_a_preference_it_is_our_next_hours(known: object) -> None:
    made = advise(facts(), learned(CALL), times={"call": known})

    assert (made.windows[0].start, made.windows[0].end, made.windows[0].source) == (
        NOW,
        moment("2027-06-04 16:00"),
        "hours",
    )
    assert made.title["en"] == "Call Haruka Mori by Fri 4 Jun 16:00 about the quote"


@pytest.mark.parametrize(
    ("by", "english", "japanese"),
    [
        ("Aya Sato", "Aya Sato set this time by hand.", "この時間帯はAya Satoさんが手動で設定しました。"),
        ("", "This time was set by hand.", "この時間帯は手動で設定されています。"),
    ],
)
def test_a_time_set_by_hand_goes_before_what_was_learned_and_says_so(by: str, english: str, japanese: str) -> None:
    best = {"call": times("call", (3, 10, 4.5))}
    made = advise(facts(), learned(CALL), times=best, override=by_hand((3, 4), 16, 18, by))

    assert spans(made) == ["06-03 16:00-18:00 override"]
    assert english in reasons(made) and japanese in reasons(made, "ja")


def test_a_time_set_by_hand_in_which_nobody_of_ours_is_there_is_not_followed() -> None:
    made = advise(facts(), learned(CALL), override=by_hand((5, 6), 10, 12))

    assert made.windows[0].source == "hours"
    assert "by hand" not in reasons(made)


def test_the_customers_own_proposal_goes_before_a_time_set_by_hand() -> None:
    asked = mail("en", {"demo_request": "Show us."}, "Could you show us on Friday at 11:00?")
    made = advise(facts(), None, *asked, override=by_hand((3,), 16, 18))

    assert spans(made) == ["06-04 11:00-12:00 proposed"]


def test_a_call_avoids_the_owners_own_appointments() -> None:
    busy = (Busy(moment("2027-06-03 10:30"), moment("2027-06-03 11:30")),)
    best = {"call": times("call", (3, 10, 4.5), (3, 14, 3.0))}
    made = advise(replace(facts(), busy=busy), learned(CALL), times=best)

    assert starts(made) == ["06-03 14:00"]


def test_an_event_is_proposed_at_free_hours_on_several_days_and_with_notice() -> None:
    busy = (Busy(moment("2027-06-03 09:30"), moment("2027-06-03 12:00")),)
    made = advise(replace(facts(), busy=busy), learned(EVENT))

    assert spans(made) == ["06-03 12:00-13:00 hours", "06-04 14:00-15:00 hours", "06-07 11:00-12:00 hours"]
    assert made.draft is not None and made.draft.start == moment("2027-06-03 12:00")


def test_a_holiday_is_no_day_for_a_call() -> None:
    now = moment("2027-07-16 17:30")  # Friday; Monday is a holiday
    made = advise(facts(), learned(CALL, now=now), times={"call": times("call", (0, 10, 5.0), (1, 10, 3.0))}, now=now)

    assert starts(made) == ["07-20 10:00"]


def test_windows_are_told_in_the_customers_zone_and_titles_on_our_clock() -> None:
    made = advise(elsewhere("Asia/Singapore"), learned(CALL), times={"call": times("call", (3, 10, 4.5))})

    assert (made.windows[0].start.hour, made.windows[0].start.utcoffset()) == (9, timedelta(hours=8))
    assert "between 10:00 and 11:00" in made.title["en"]
    assert "For the customer it is Thu 3 Jun 09:00 then (Asia/Singapore)." in reasons(made)


def test_a_call_waits_for_the_customers_morning() -> None:
    made = advise(elsewhere("Asia/Dubai"), learned(CALL))  # ten in Tokyo is five in Dubai

    assert spans(made) == ["06-02 13:00-18:00 hours"]


def test_an_urgent_call_waits_for_the_customers_morning_too_and_says_when_it_was_due() -> None:
    asked = mail("en", {"complaint": "This is too bad."}, received=NOW)
    made = advise(elsewhere("Asia/Dubai"), None, *asked)

    assert spans(made) == ["06-02 13:00-15:00 hours"]
    assert made.respond_by == moment("2027-06-02 12:00")


def test_where_our_day_is_the_customers_night_that_is_said() -> None:
    made = advise(elsewhere("America/Sao_Paulo"), learned(CALL))  # nine to six in Tokyo is 21:00 to 06:00 there

    assert made.windows[0].start == NOW
    assert "fall into the customer's night (America/Sao_Paulo)" in reasons(made)
    assert "夜間にあたります" in reasons(made, "ja")


def test_the_customers_own_time_is_never_their_night() -> None:
    asked = mail("en", {"meeting_request": "Let us talk."}, "Let us talk tomorrow at 15:00.")
    made = advise(elsewhere("Europe/London"), None, *asked)  # seven in the morning there

    assert "For the customer it is Thu 3 Jun 07:00 then" in reasons(made)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd"])
def test_a_zone_that_is_none_is_as_unknown(zone: str) -> None:
    made = advise(elsewhere(zone), learned(CALL))

    assert made.windows[0].start.tzinfo == TOKYO


def test_where_nobody_of_ours_is_ever_there_clock_time_counts() -> None:
    closed = BusinessHours(BusinessHoursSettings(weekly={}))
    for action in (CALL, MAIL, EVENT):
        made = advise(facts(), learned(action), hours=closed)

        assert made.windows[0].start < made.windows[0].end


def test_the_customer_who_is_away_is_rung_when_they_are_back() -> None:
    asked = mail("en", {"complaint": "This is too bad."})
    made = advise(replace(facts(), away_until=moment("2027-06-07 00:00")), None, *asked)

    assert (made.not_before, starts(made)) == (moment("2027-06-07 00:00"), ["06-07 09:00"])
    assert made.respond_by > moment("2027-06-07 00:00")


def test_advice_is_looked_at_again_when_its_time_has_passed() -> None:
    best = {"call": times("call", (3, 10, 4.5))}
    made = advise(facts(), learned(CALL), times=best)
    asked = advise(facts(), None, *mail("en", {"quote_request": "What does it cost?"}))
    rests = advise(facts(), learned(CALL, suggest=False, due_at=moment("2027-06-04 10:00")))

    assert next_due(made) == moment("2027-06-03 11:00")
    assert next_due(asked) == asked.respond_by == moment("2027-06-02 18:00")
    assert next_due(rests) == moment("2027-06-04 10:00")


def test_late_advice_is_not_looked_at_again_at_once() -> None:
    asked = mail("en", {"quote_request": "What does it cost?"}, received=moment("2027-05-31 09:00"))
    made = advise(facts(), None, *asked)

    assert made.respond_by < NOW < next_due(made)


def test_the_night_the_clock_is_put_back_moves_no_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = BusinessHours(BusinessHoursSettings(time_zone="Europe/Berlin"))
    now = datetime(2027, 10, 29, 16, 0, tzinfo=berlin)  # Friday; the clock goes back on Sunday
    made = advise(
        elsewhere("Europe/Berlin"),
        learned(CALL, now=now),
        times={"call": times("call", (0, 10, 5.0))},
        now=now,
        hours=hours,
    )

    assert made.windows[0].start == datetime(2027, 11, 1, 10, 0, tzinfo=berlin)
    assert made.windows[0].start.astimezone(berlin).hour == 10


def test_the_hours_of_the_department_hold() -> None:
    sales = DepartmentHours(weekly={"thursday": ("13:00-17:00",)})
    hours = BusinessHours(BusinessHoursSettings(departments={"sales": sales}))
    made = advise(facts(), learned(CALL), hours=hours, department="sales")

    assert starts(made) == ["06-03 13:00"]
