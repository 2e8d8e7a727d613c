"""The pages of records say what is known and nothing else, and hand on what people decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from motenashi.identity.roles import Role
from motenashi.pages.advice.advice_view import AdviceView, ChannelTimes
from motenashi.suggestions.acted import Acted
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import (
    NOW,
    OWN_TIMES,
    PERSON,
    PRIOR,
    PlainDesk,
    best_times,
    mail_suggestion,
    next_slots,
    nothing_needed,
    suggestion,
    times,
)
from tests.pages.conftest import House, form_token

REP = "representative@example.com"


@pytest.fixture
def desk(house: House) -> PlainDesk:
    desk = PlainDesk()
    add_advice_pages(house, desk)
    return desk


@pytest.fixture
def client(house: House, desk: PlainDesk) -> FlaskClient:
    return house.staff(Role.REPRESENTATIVE)


def page(client: FlaskClient, path: str = "/records/deals/d1", language: str = "en") -> str:
    answer = client.get(f"{path}?lang={language}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def post(client: FlaskClient, path: str, **form: Any) -> Any:
    data = {"csrf_token": form_token(client, "/staff/password"), "back": "/records/deals/d1", **form}
    return client.post(path, data=data, follow_redirects=True)


def test_a_deal_shows_what_to_do_when_and_why(client: FlaskClient) -> None:
    shown = page(client)

    for words in (
        "Call about the quotation",
        "Tue 12 May 10:00 – 11:00",
        "03:00 – 04:00 on their clock (Berlin)",
        "Moves on 1.6 times as often as what is usual here (1.1 to 2.3).",
        "12 of 19 moved on after it (deals of this industry, type and stage).",
        "The customer asks what it costs.",
        "Arrange a demonstration",
        "Learned from 1204 closed deals of your own.",
        "¥4,280,000",
        "20 × ¥198,000",
        "24 days",
    ):
        assert words in shown, words


def test_a_deal_speaks_japanese(client: FlaskClient) -> None:
    shown = page(client, language="ja")

    for words in (
        "お見積もりの件で電話する",
        "5月12日(火) 10:00 – 11:00",
        "1.6倍",
        "採用しない…",
        "商談1204件から学習",
    ):
        assert words in shown, words
    assert "Not now" not in shown


def test_the_customers_own_words_are_text_and_never_markup(client: FlaskClient) -> None:
    shown = page(client)

    assert "&lt;b&gt;bis Freitag&lt;/b&gt;" in shown
    assert "<b>bis Freitag" not in shown


def test_an_effect_that_may_be_none_is_not_called_one(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, suggestion=suggestion(effect=PRIOR, alternatives=()), learned_from=0)
    shown = page(client)

    assert "No clear difference yet" in shown
    assert "this is prior knowledge only" in shown
    assert "Nothing has been learned from your own deals yet." in shown
    assert "Moves on" not in shown
    assert " of 0 " not in shown


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        (AdviceView(computing=True), "The advice is being worked out"),
        (AdviceView(switched_off=True), "Advice is switched off"),
        (AdviceView(closed=True), "This record is closed"),
        (AdviceView(), "Too little is known about this record"),
        (AdviceView(nothing_needed(), PERSON), "No action needed; the next contact is due on Thu 14 May"),
        (
            AdviceView(replace(suggestion(), snoozed_until=NOW + timedelta(days=2)), PERSON),
            "Put off: it comes back on Wed 13 May 09:30.",
        ),
    ],
)
def test_every_state_is_told_and_nothing_is_invented(
    client: FlaskClient, desk: PlainDesk, advice: AdviceView, words: str
) -> None:
    desk.advice = advice
    shown = page(client)

    assert words in shown
    assert ("Do it" in shown) == (advice.suggestion is not None and advice.suggestion.action != "none")


@pytest.mark.parametrize("path", ["/records/deals/nobody", "/records/leads/" + "x" * 300])
def test_a_record_that_the_crm_does_not_have_is_said_to_be_missing(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "The CRM answered and does not have it." in answer.text


def test_a_crm_that_is_away_is_not_an_empty_one(client: FlaskClient, desk: PlainDesk) -> None:
    desk.away = True
    answer = client.get("/records/deals/d1")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "The CRM does not answer" in answer.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DESIGNER])
def test_records_are_not_for_every_role(house: House, desk: PlainDesk, role: Role) -> None:
    assert house.staff(role).get("/records/deals/d1").status_code == 403


def test_accepting_hands_on_the_draft_as_it_was_left(client: FlaskClient, desk: PlainDesk) -> None:
    answer = post(
        client,
        "/records/suggestions/7/accept",
        subject=" Angebot ",
        text="Guten Tag\r\nbis bald",
        start="2026-05-12T10:00",
        end="noon",
    )

    tokyo = timedelta(hours=9)
    ((what, number, changes, by),) = desk.told
    assert (what, number, by) == ("accept", 7, REP)
    assert changes["start"] == datetime(2026, 5, 12, 10, tzinfo=UTC) - tokyo
    assert {name: value for name, value in changes.items() if name != "start"} == {
        "subject": "Angebot",
        "text": "Guten Tag\nbis bald",
        "end": "noon",
    }
    assert "The call is in the CRM now." in answer.text


def test_a_mail_is_sent_only_by_the_button_that_says_so(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, suggestion=mail_suggestion())
    assert "Send it now" in page(client)

    post(client, "/records/suggestions/8/accept", subject="a")
    post(client, "/records/suggestions/8/accept", subject="a", send="1")

    assert [told[2].get("send") for told in desk.told] == [None, True]


def test_turning_down_needs_a_reason(client: FlaskClient, desk: PlainDesk) -> None:
    assert "Please say what is wrong with it." in post(client, "/records/suggestions/7/dismiss", reason="bored").text
    assert desk.told == []

    post(client, "/records/suggestions/7/dismiss", reason="wrong_time", note=" she is in Osaka ")
    assert desk.told == [("dismiss", 7, "wrong_time", "she is in Osaka", REP)]


def test_putting_off_comes_back_in_the_morning(client: FlaskClient, desk: PlainDesk) -> None:
    answer = post(client, "/records/suggestions/7/snooze", until="tomorrow")

    assert desk.told[0][2] == datetime(2026, 5, 12, 0, tzinfo=UTC)  # 9:00 in Tokyo
    assert "It comes back: Tue 12 May 09:00." in answer.text
    assert "lies ahead" in post(client, "/records/suggestions/7/snooze", until="date", date="2020-01-01").text
    assert len(desk.told) == 1


@pytest.mark.parametrize(
    ("acted", "words"),
    [
        (Acted("gone", state="done", by="haruto@example.com", at=NOW), "haruto@example.com was faster"),
        (Acted("gone", state="replaced"), "A newer suggestion has taken its place"),
        (Acted("unknown"), "This suggestion is not there any more."),
        (Acted("not_possible", words={"en": "There is another event then.", "ja": "重複"}), "There is another event"),
    ],
)
def test_who_comes_too_late_is_told_so(client: FlaskClient, desk: PlainDesk, acted: Acted, words: str) -> None:
    desk.acted = acted

    assert words in post(client, "/records/suggestions/7/accept").text


@pytest.mark.parametrize("number", ["8", "99999999999999999999"])
def test_a_suggestion_that_nobody_knows_is_not_there(client: FlaskClient, desk: PlainDesk, number: str) -> None:
    assert post(client, f"/records/suggestions/{number}/accept").status_code == 404
    assert desk.told == []


def test_a_form_without_its_token_changes_nothing(client: FlaskClient, desk: PlainDesk) -> None:
    assert client.post("/records/suggestions/7/accept", data={}).status_code == 400
    assert desk.told == []


def test_a_form_leads_back_to_our_own_pages_only(client: FlaskClient) -> None:
    data = {"csrf_token": form_token(client, "/staff/password"), "back": "https://evil.example/x"}
    answer = client.post("/records/suggestions/7/snooze", data={**data, "until": "week"})

    assert answer.headers["Location"] == "/today"


def test_best_times_are_a_table_with_stars_and_the_persons_own_clock(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, times=times())
    shown = page(client, "/records/contacts/c1")

    assert "their clock: Berlin" in shown
    assert "4.5 of 5 stars" in shown
    assert '<s>Mon 11 May 06:30 – 07:30</s> <span class="hint">has passed</span>' in shown
    assert "9 of 14 calls were answered." in shown


def test_the_mails_have_their_own_times(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, times=times())

    assert (
        "9 of 14 e-mails got a reaction within a day." in client.get("/records/contacts/c1?channel=email&lang=en").text
    )


def test_where_the_data_shows_no_preference_none_is_claimed(client: FlaskClient, desk: PlainDesk) -> None:
    none = ChannelTimes("call", best_times(preference=False), next_slots()[1:])
    desk.advice = replace(desk.advice, times=times(channels=(none,)))
    shown = page(client, "/records/contacts/c1")

    assert "No preference seen: every business hour is as good as another." in shown
    assert "of 5 stars" not in shown


def test_times_set_by_hand_say_who_set_them(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, times=times(own=OWN_TIMES))
    shown = page(client, "/records/contacts/c1")

    assert "Set by hand: Tue, Thu, 15:00–17:00." in shown
    assert "rep@example.com, Sat 9 May" in shown
    assert "chosen by hand" in shown

    post(client, "/records/contacts/c1/times", weekday=["2", "4"], from_hour="9", to_hour="11")
    post(client, "/records/contacts/c1/times/drop")
    assert desk.told == [("own times", "contact", "c1", (2, 4), 9, 11, REP), ("drop own times", "contact", "c1", REP)]


@pytest.mark.parametrize(
    "form", [{}, {"weekday": "1", "from_hour": "12", "to_hour": "11"}, {"weekday": "9", "from_hour": "x"}]
)
def test_hours_that_are_none_are_not_kept(client: FlaskClient, desk: PlainDesk, form: dict[str, str]) -> None:
    assert "Choose at least one weekday" in post(client, "/records/contacts/c1/times", **form).text
    assert desk.told == []


def test_a_reminder_is_set_and_given_up(client: FlaskClient, desk: PlainDesk) -> None:
    at = (NOW + timedelta(days=1)).isoformat()
    post(client, "/records/leads/c1/remind", at=at, channel="email")
    post(client, "/records/leads/c1/remind/drop")

    assert desk.told == [
        ("remind", "lead", "c1", NOW + timedelta(days=1), "email", REP),
        ("forget reminder", "lead", "c1", REP),
    ]
    for never in ("2026-05-10T10:00", "9999-12-31T23:59:59-12:00", "soon"):
        assert "Please choose a time" in post(client, "/records/leads/c1/remind", at=never).text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_do_no_harm(client: FlaskClient, desk: PlainDesk, day: str) -> None:
    assert post(client, "/records/suggestions/7/snooze", until="date", date=day).status_code == 200
    assert post(client, "/records/leads/c1/remind", at=f"{day}T00:00").status_code == 200
    assert post(client, "/records/suggestions/7/accept", start=f"{day}T23:59").status_code == 200


@pytest.mark.parametrize("record_id", ["%00", "a%00b", "a%0Ab", "%E2%80%AE"])
def test_an_id_that_no_database_can_hold_names_no_record(client: FlaskClient, desk: PlainDesk, record_id: str) -> None:
    assert client.get(f"/records/deals/{record_id}").status_code == 404
    assert post(client, f"/records/leads/{record_id}/remind/drop").status_code == 404
    assert desk.told == []


def test_letters_that_no_database_can_hold_are_left_out(client: FlaskClient, desk: PlainDesk) -> None:
    post(client, "/records/suggestions/7/accept", subject="a\x00b", text="c\x00d")

    assert desk.told[0][2] == {"subject": "ab", "text": "cd"}


def test_a_time_zone_that_nobody_knows_is_left_out(client: FlaskClient, desk: PlainDesk) -> None:
    desk.advice = replace(desk.advice, person=replace(PERSON, time_zone="Mars/Base"))

    assert "on their clock" not in page(client)
