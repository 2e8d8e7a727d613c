"""Administrators switch the advice on and off and see what was learned; results are counted, never made up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motenashi.identity.roles import Role
from motenashi.pages.advice.advice_view import Learning
from motenashi.pages.today.today_view import Notice
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import ALL_SWITCHES, NOW, PlainDesk, some_results
from tests.pages.conftest import House, form_token

ADMINISTRATOR = "administrator@example.com"


@pytest.fixture
def desk(house: House) -> PlainDesk:
    desk = PlainDesk()
    add_advice_pages(house, desk)
    return desk


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REPRESENTATIVE, Role.DESIGNER])
def test_only_administrators_switch(house: House, desk: PlainDesk, role: Role) -> None:
    client = house.staff(role)
    token = form_token(client, "/staff/password")

    assert client.get("/settings/advice").status_code == 403
    assert client.post("/settings/advice/switch", data={"csrf_token": token, "name": "reminders"}).status_code == 403
    assert client.post("/settings/advice/learn", data={"csrf_token": token}).status_code == 403
    assert desk.told == []


def test_every_switch_has_its_words_and_can_be_turned(house: House, desk: PlainDesk) -> None:
    client = house.staff()
    shown = client.get("/settings/advice?lang=ja").text
    assert shown.count('role="switch"') == len(ALL_SWITCHES)
    assert not [name for name in ALL_SWITCHES if f">{name}<" in shown]

    data = {"csrf_token": form_token(client, "/settings/advice"), "name": "reminders", "on": "0"}
    answer = client.post("/settings/advice/switch", data=data, follow_redirects=True)

    assert desk.told == [("turn", "reminders", False, ADMINISTRATOR)]
    assert "「リマインダー」をオフにしました。" in answer.text


def test_a_switch_that_nobody_knows_is_left_alone(house: House, desk: PlainDesk) -> None:
    client = house.staff()
    data = {"csrf_token": form_token(client, "/settings/advice"), "name": "everything", "on": "1"}

    assert client.post("/settings/advice/switch", data=data).status_code == 303
    assert desk.told == []


@pytest.mark.parametrize(
    ("learning", "words"),
    [
        (Learning(), "Nothing has been learned from your history yet."),
        (Learning("waiting"), "Learning waits for a free worker."),
        (Learning("running", progress=0.4), 'value="40"'),
        (Learning("failed", trouble="MemoryError"), "MemoryError"),
        (Learning("done", NOW - timedelta(hours=6), deals=2000, closed_deals=1800), "1,800"),
    ],
)
def test_how_it_stands_with_learning_is_told(house: House, desk: PlainDesk, learning: Learning, words: str) -> None:
    desk.how_learning = learning

    assert words in house.staff().get("/settings/advice?lang=en").text


def test_learning_is_asked_for(house: House, desk: PlainDesk) -> None:
    client = house.staff()
    data = {"csrf_token": form_token(client, "/settings/advice")}

    shown = client.post("/settings/advice/learn?lang=en", data=data, follow_redirects=True).text
    assert "as soon as a worker is free" in shown
    assert desk.told == [("learn", "")]


def test_without_results_no_number_is_shown(house: House, desk: PlainDesk) -> None:
    shown = house.staff(Role.REPRESENTATIVE).get("/advice/results?lang=en").text

    assert "Nothing to count yet" in shown
    assert '<svg class="calibration"' not in shown
    assert "%" not in shown.split("<main")[1]


def test_results_are_counted_and_drawn(house: House, desk: PlainDesk) -> None:
    desk.outcome = some_results()
    shown = house.staff(Role.REPRESENTATIVE).get("/advice/results?days=30&lang=en").text

    assert desk.told == [("results", 30)]
    assert shown.count('class="bubble"') == 3
    for words in ("Call · quotation", "54%", "The wrong time", "shown, not followed"):
        assert words in shown, words


def test_a_period_that_is_none_is_the_usual_one(house: House, desk: PlainDesk) -> None:
    house.staff().get("/advice/results?days=-5")

    assert desk.told == [("results", 90)]


def test_the_bell_rings_for_what_is_due(house: House, desk: PlainDesk) -> None:
    client = house.staff(Role.REPRESENTATIVE)
    assert "bell-count" not in client.get("/today").text

    notice = Notice(1, "contact", "c1", "Anna <b>Weber</b>", NOW)
    house.bell = lambda email: (notice,) if email == "representative@example.com" else ()
    shown = client.get("/today?lang=en").text

    assert "Anna &lt;b&gt;Weber&lt;/b&gt;" in shown
    assert "/records/contacts/c1/remind/drop" in shown
    assert "bell-count" not in house.staff(Role.SUPERVISOR).get("/today").text
