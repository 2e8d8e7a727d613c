"""From a deal's page to the CRM and back, with the real desk, store and CRM: seen, done, put off, turned down."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from motenashi.database import Database
from motenashi.suggestions.suggestion import About
from motenashi.suggestions.suggestion_events import SuggestionEvents
from tests.advice_desk.desk_world import AYA, DAY, HOUR, KEN, NOW
from tests.pages.advice.real_desk import RealDesk, build_real_desk
from tests.pages.conftest import House, form_token


@pytest.fixture
def desk(house: House, sqlite_database: Database) -> RealDesk:
    return build_real_desk(house, sqlite_database)


@pytest.fixture
def client(desk: RealDesk) -> FlaskClient:
    return desk.aya()


def post(client: FlaskClient, path: str, **form: Any) -> str:
    data = {"csrf_token": form_token(client, "/staff/password"), "back": "/records/deals/d1", **form}
    answer = client.post(path, data=data, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_a_deal_that_nobody_thought_about_waits_and_is_thought_about(desk: RealDesk, client: FlaskClient) -> None:
    assert "The advice is being worked out" in client.get("/records/deals/d1?lang=en").text

    desk.world.think()
    shown = client.get("/records/deals/d1").text

    assert "Do it" in shown
    assert "The advice is being worked out" not in shown


def test_looking_counts_as_shown_and_doing_makes_the_call(desk: RealDesk, client: FlaskClient) -> None:
    one = desk.world.kept()
    assert "Call about the price" in client.get("/records/deals/d1?lang=en").text
    assert [event.what for event in SuggestionEvents(desk.world.database).of(one.id)] == ["shown"]

    said = post(client, f"/records/suggestions/{one.id}/accept", subject="Price", text="Ask for the budget")

    assert "The call is in the CRM now." in said
    (call,) = desk.world.crm.activities_of(deal_id="d1")
    assert (call.kind, call.subject, call.note, call.owner_id) == ("call", "Price", "Ask for the budget", "o-aya")
    assert "A call" in said  # in the history beside it


def test_rows_of_the_list_that_can_be_seen_count_as_shown(desk: RealDesk, client: FlaskClient) -> None:
    call, other = desk.world.kept(), desk.world.kept(key="2", about=About("", "l1", owner_id="o-aya"), action="e-mail")
    events = SuggestionEvents(desk.world.database)
    client.get("/today?show=call")
    client.get("/today?show=call")

    assert [(event.what, event.by) for event in events.of(call.id)] == [("shown", AYA)]
    assert events.of(other.id) == ()

    client.get("/today")
    assert [event.what for event in events.of(other.id)] == ["shown"]


def test_the_list_is_there_when_nobody_can_count_what_was_shown(
    desk: RealDesk, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.world.kept()

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("insert", {}, Exception("the disk is full"))

    monkeypatch.setattr(SuggestionEvents, "note", full)

    assert "価格の件で電話する" in client.get("/today?lang=ja").text


def test_somebody_who_comes_too_late_is_told_who_was_faster(desk: RealDesk, client: FlaskClient) -> None:
    one = desk.world.kept()
    desk.world.desk.dismiss(one.id, by="ken@example.com", reason="deal_is_dead", now=desk.world.now)

    assert "ken@example.com was faster" in post(client, f"/records/suggestions/{one.id}/accept")
    assert desk.world.crm.activities_of(deal_id="d1") == ()


def test_an_end_before_the_start_is_not_possible_and_nothing_is_made(desk: RealDesk, client: FlaskClient) -> None:
    one = desk.world.kept()
    post(client, f"/records/suggestions/{one.id}/accept", start="2026-11-18T11:00", end="noon")

    assert desk.world.crm.activities_of(deal_id="d1") == ()
    assert desk.world.store.find(one.id) == one


def test_what_was_put_off_leaves_the_list_until_then(desk: RealDesk, client: FlaskClient) -> None:
    one = desk.world.kept()
    assert "Call about the price" in client.get("/today?lang=en").text

    post(client, f"/records/suggestions/{one.id}/snooze", until="tomorrow")
    assert "Call about the price" not in client.get("/today").text
    assert "Put off: it comes back on Wed 18 Nov 09:00." in client.get("/records/deals/d1").text

    desk.world.now += DAY
    assert "Call about the price" in client.get("/today").text


def test_what_was_turned_down_is_counted_with_its_reason(desk: RealDesk, client: FlaskClient) -> None:
    one = desk.world.kept()
    client.get("/records/deals/d1?lang=en")
    post(client, f"/records/suggestions/{one.id}/dismiss", reason="wrong_time")

    assert "The wrong time" in client.get("/advice/results").text


def test_the_list_of_an_owner_is_theirs_alone(desk: RealDesk, client: FlaskClient) -> None:
    desk.world.kept()
    desk.world.kept(key="k", about=About("c2", "", "d2", 1.0, "o-ken", "en"), title={"en": "Ken's"})
    shown = client.get("/today?lang=en").text

    assert shown.count('class="today-row"') == 1
    assert "Notebooks d1" in shown


def test_beside_a_record_stands_ones_own_reminder_and_nobody_elses(desk: RealDesk, client: FlaskClient) -> None:
    desk.know_best_times()
    desk.world.desk.remind("contact", "c1", at=NOW + HOUR, by=KEN, now=NOW)
    shown = client.get("/records/contacts/c1?lang=en").text

    assert "A reminder is set" not in shown
    post(client, "/records/contacts/c1/remind", at=(NOW + 2 * HOUR).isoformat(), channel="call")
    assert "A reminder is set" in client.get("/records/contacts/c1").text


def test_best_times_are_dated_and_set_by_hand_and_reminded_of(desk: RealDesk, client: FlaskClient) -> None:
    desk.know_best_times()
    shown = client.get("/records/contacts/c1?lang=en").text
    assert "4.5 of 5 stars" in shown
    assert 0 < shown.index("Tue 17 Nov 11:00 – 12:00") < shown.index("Mon 23 Nov 11:00 – 12:00")  # by date

    post(client, "/records/contacts/c1/times", weekday=["4"], from_hour="15", to_hour="17")
    shown = client.get("/records/contacts/c1").text
    assert "Set by hand: Fri, 15:00–17:00." in shown
    assert AYA in shown
    assert "Fri 20 Nov 15:00" in shown

    post(client, "/records/contacts/c1/remind", at=(desk.world.now + HOUR).isoformat(), channel="call")
    assert "bell-count" not in client.get("/today").text
    desk.world.now += 2 * HOUR
    assert "森 遥" in client.get("/today").text
    post(client, "/records/contacts/c1/remind/drop")
    assert "bell-count" not in client.get("/today").text


def test_nothing_is_kept_about_somebody_whom_the_crm_does_not_have(desk: RealDesk, client: FlaskClient) -> None:
    assert "not there" in post(client, "/records/contacts/nobody/times", weekday=["4"], from_hour="15", to_hour="17")
    assert desk.world.desk.times("contact", "nobody").override is None


def test_switching_off_holds_at_once_for_everybody(desk: RealDesk, client: FlaskClient) -> None:
    desk.world.kept()
    desk.know_best_times()
    administrator = desk.house.staff()
    data = {"csrf_token": form_token(administrator, "/settings/advice?lang=en")}
    for name in ("next_best_action", "best_time_calls", "best_time_emails"):
        administrator.post("/settings/advice/switch", data={**data, "name": name, "on": "0"})

    shown = client.get("/records/deals/d1?lang=en").text
    assert "Advice is switched off" in shown
    assert "Best time to contact" not in shown
    assert "Advice is switched off" in client.get("/today").text
    assert "administrator@example.com" in administrator.get("/settings/advice").text


def test_learning_is_wanted_until_a_worker_takes_it(desk: RealDesk) -> None:
    administrator = desk.house.staff()
    assert "Nothing has been learned" in administrator.get("/settings/advice?lang=en").text

    administrator.post("/settings/advice/learn", data={"csrf_token": form_token(administrator, "/settings/advice")})
    assert "Learning waits for a free worker." in administrator.get("/settings/advice").text


def test_a_lead_and_a_contact_have_pages_of_their_own(desk: RealDesk, client: FlaskClient) -> None:
    assert "Tom Lane" in client.get("/records/leads/l1?lang=en").text
    shown = client.get("/records/contacts/c1?lang=en").text
    assert "森 遥" in shown
    assert "/records/deals/d1" in shown


def test_a_contact_with_an_open_deal_leads_to_the_deals_advice(desk: RealDesk, client: FlaskClient) -> None:
    desk.world.save_deal("d3", "c1", "o-aya", stage="Closed Won")
    client.get("/records/contacts/c1")
    desk.world.think()
    shown = client.get("/records/contacts/c1?lang=en").text
    card = shown[
        shown.index("Next best action") : shown.index(
            "Learned from" if "Learned from" in shown else "Nothing has been learned"
        )
    ]

    assert "What to do next stands beside the open deal “Notebooks d1”" in card
    assert 'href="/records/deals/d1"' in card
    assert 'href="/records/deals/d3"' not in card
    assert "in 30 days" not in card
    assert "進行中の商談「Notebooks d1」" in client.get("/records/contacts/c1?lang=ja").text


def test_a_closed_deal_asks_for_nothing(desk: RealDesk, client: FlaskClient) -> None:
    desk.world.kept()
    desk.world.save_deal("d1", "c1", "o-aya", stage="Closed Won", closed_at=desk.world.now)
    shown = client.get("/records/deals/d1?lang=en").text

    assert "This record is closed" in shown
    assert "Call about the price" not in shown
