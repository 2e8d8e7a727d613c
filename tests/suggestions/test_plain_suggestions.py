"""From a reading and the table of actions to suggestions: what to do, by when, in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.suggestions.intent_actions import intent_actions
from motenashi.suggestions.plain_suggestion import Asked, plain_suggestions
from motenashi.suggestions.suggestion import About, Suggestion, TimeWindow
from nlp.dates import find_dates
from nlp.labels import INTENTS
from nlp.mentions.mention import Mention
from nlp.reading import Intent, Reading, Sentiment

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO)  # a Friday
HOURS = BusinessHours(BusinessHoursSettings(holidays={"2026-11-23": "勤労感謝の日"}))
ASKED = Asked("mail:1", About(contact_id="c1", deal_id="d1", deal_certainty=0.9, owner_id="o1", language="en"))
SAID = {"en": "A sentence.", "ja": "文です。"}


def suggest(
    *labels: str,
    text: str = "",
    tone: str = "neutral",
    asked: Asked = ASKED,
    now: datetime = NOW,
    more: Sequence[Mention] = (),
) -> tuple[Suggestion, ...]:
    reading = Reading(
        "en",
        tuple(Intent(label, 0.8, f"I say {label}.") for label in labels),
        text,
        sentiment=Sentiment(tone, 0.0, 0.8 if tone == "negative" else 0.0, "That is sad."),  # type: ignore[arg-type]
        dates=find_dates(text, "en", reference=now),
        mentions=tuple(more),
    )
    return plain_suggestions(reading, asked, intent_actions(), HOURS, now=now)


def times(one: Suggestion) -> list[tuple[str, str]]:
    return [(window.start.strftime("%m-%d %H:%M"), window.end.strftime("%m-%d %H:%M")) for window in one.windows]


@pytest.mark.parametrize("label", INTENTS)
def test_every_intent_has_its_advice_in_both_languages_or_says_that_nothing_is_to_be_done(label: str) -> None:
    found = suggest(label)

    assert bool(found) != intent_actions().intents[label].nothing
    for one in found:
        assert all(one.title[language] and one.reasons[0].text[language] for language in ("en", "ja"))
        assert one.reasons[0].sentence == f"I say {label}."
        assert one.windows[0].start >= NOW
        assert one.respond_by > NOW


def test_wishes_of_one_kind_are_one_suggestion_and_others_their_own() -> None:
    found = suggest("product_info", "quote_request", "demo_request")

    assert [(one.action, one.purposes) for one in found] == [
        ("event", ("demo",)),
        ("e-mail", ("quote", "product_info")),
    ]
    assert found[1].title == {
        "en": "Send a quotation / Send product information",
        "ja": "見積書を送る / 製品資料を送る",
    }
    assert [reason.sentence for reason in found[1].reasons] == ["I say quote_request.", "I say product_info."]
    assert len({one.key for one in found}) == 2


def test_what_is_urgent_comes_first() -> None:
    assert [one.action for one in suggest("product_info", "demo_request", "complaint")] == ["call", "event", "e-mail"]


def test_time_counts_in_business_hours_over_a_weekend_and_a_holiday() -> None:
    (one,) = suggest("product_info", now=NOW.replace(hour=17))  # Friday; Monday is a holiday; 16 hours

    assert times(one) == [("11-20 17:00", "11-25 15:00")]
    assert one.respond_by == datetime(2026, 11, 25, 15, 0, tzinfo=TOKYO)


def test_at_night_it_begins_when_the_office_opens() -> None:
    (one,) = suggest("complaint", now=NOW.replace(hour=23))

    assert times(one) == [("11-24 09:00", "11-24 11:00")]


def test_a_proposal_is_kept_where_we_are_there_and_cut_where_it_is_only_partly_so() -> None:
    (one,) = suggest("demo_request", text="Could we meet next Wednesday? How about Thursday at 15:30?")

    assert times(one) == [("11-25 09:00", "11-25 18:00"), ("11-26 15:30", "11-26 16:30")]
    assert [window.source for window in one.windows] == ["proposed", "proposed"]
    assert "next Wednesday" in " ".join(reason.text["en"] for reason in one.reasons)
    assert one.respond_by == datetime(2026, 11, 20, 18, 0, tzinfo=TOKYO)  # the answer is due long before


def test_a_meeting_takes_as_long_as_the_mail_says() -> None:
    (one,) = suggest("meeting_request", text="Could we talk for 30 minutes on Thursday at 15:30?")

    assert times(one) == [("11-26 15:30", "11-26 16:00")]


def test_a_proposal_of_when_nobody_is_there_is_kept_and_marked() -> None:
    (one,) = suggest("meeting_request", text="Could we meet on Monday at 10:00?")  # the holiday

    assert (times(one), one.windows[0].off_hours) == ([("11-23 10:00", "11-23 11:00")], True)


@pytest.mark.parametrize(
    ("read_at", "expected"),
    [
        (NOW, [("11-20 14:00", "11-20 16:00", "proposed"), ("11-25 11:00", "11-25 12:00", "proposed")]),
        (
            NOW.replace(hour=15),
            [("11-20 15:00", "11-20 16:00", "proposed"), ("11-25 11:00", "11-25 12:00", "proposed")],
        ),
        (NOW.replace(hour=17), [("11-25 11:00", "11-25 12:00", "proposed")]),
        (NOW.replace(day=26), [("11-26 10:00", "11-26 18:00", "hours")]),
    ],
)
def test_of_what_was_proposed_only_what_is_still_to_come_counts(
    read_at: datetime, expected: list[tuple[str, str, str]]
) -> None:
    text = "Could we meet today from 14:00 to 16:00? How about Wednesday at 11:00?"
    dates = find_dates(text, "en", reference=NOW)
    reading = Reading("en", (Intent("meeting_request", 0.9),), text, dates=dates)
    (one,) = plain_suggestions(reading, ASKED, intent_actions(), HOURS, now=read_at)

    told = zip(times(one), one.windows, strict=True)
    assert [(start, end, window.source) for (start, end), window in told] == expected


def test_a_date_is_no_time_for_an_email() -> None:
    (one,) = suggest("quote_request", text="Could you send it next Wednesday at 10:00?")

    assert one.windows[0].source == "hours"


def test_a_deadline_ends_the_time_there_is() -> None:
    (one,) = suggest("product_info", text="Please reply by 13:00 today.")

    assert one.respond_by == NOW.replace(hour=13)
    assert times(one) == [("11-20 10:00", "11-20 13:00")]


def test_an_invitations_time_goes_first_and_is_told_once() -> None:
    start = datetime(2026, 11, 26, 15, 30, tzinfo=TOKYO)
    asked = replace(ASKED, invitations=[TimeWindow(start, start + timedelta(hours=1), "invitation", 1.0, "Talk")])
    (one,) = suggest(
        "meeting_request", text="Could we meet on Wednesday at 11:00 or on Thursday at 15:30?", asked=asked
    )

    assert [(window.source, window.start.hour) for window in one.windows] == [("invitation", 15), ("proposed", 11)]


def test_a_negative_tone_alone_asks_for_a_call() -> None:
    (one,) = suggest("thanks_ack", tone="negative")

    assert (one.action, one.urgency, one.purposes) == ("call", "urgent", ("complaint",))
    assert one.reasons[0].sentence == "That is sad."


def test_a_negative_tone_hurries_a_call_that_is_due_anyway() -> None:
    calm, cross = suggest("support_issue")[0], suggest("support_issue", tone="negative")[0]

    assert (calm.urgency, cross.urgency) == ("soon", "urgent")
    assert cross.respond_by < calm.respond_by
    assert cross.purposes == ("support",)
    assert [reason.sentence for reason in cross.reasons] == ["I say support_issue.", "That is sad."]


def test_an_absent_customer_is_approached_when_they_are_back() -> None:
    back = datetime(2026, 11, 30, 0, 0, tzinfo=TOKYO)
    (one,) = suggest("quote_request", asked=replace(ASKED, away_until=back))
    assert (one.not_before, times(one)) == (back, [("11-30 09:00", "11-30 17:00")])

    (mark,) = suggest("unsubscribe", asked=replace(ASKED, away_until=back))  # for this nobody need be there
    assert mark.windows[0].start == NOW


def test_products_and_competitors_are_told() -> None:
    more = [
        Mention("product", "nb-14", 0, 1, "AeroBook", 1, "exact"),
        Mention("competitor", "k", 2, 3, "KestrelBook", 1, "exact"),
    ]
    (one,) = suggest("comparison_request", more=more)

    assert one.product_ids == ("nb-14",)
    assert {"en": "A competitor is named: KestrelBook.", "ja": "競合他社の名前が挙がっています：KestrelBook"} in [
        reason.text for reason in one.reasons
    ]


def test_a_company_that_is_never_there_gets_clock_time() -> None:
    closed = BusinessHours(BusinessHoursSettings(weekly={}))
    reading = Reading("en", (Intent("complaint", 0.9),))
    (one,) = plain_suggestions(reading, ASKED, intent_actions(), closed, now=NOW)

    assert one.respond_by == NOW + timedelta(hours=2)


def test_the_autumn_night_has_an_hour_more() -> None:
    """Business hours through the night in which Berlin's clock is put back: eight hours of work are eight hours."""
    night = BusinessHours(BusinessHoursSettings(time_zone="Europe/Berlin", weekly={"saturday": ("22:00-06:00",)}))
    begins = datetime(2026, 10, 24, 22, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    reading = Reading("en", (Intent("quote_request", 0.9),))
    (one,) = plain_suggestions(reading, ASKED, intent_actions(), night, now=begins)

    assert one.respond_by.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=8)
