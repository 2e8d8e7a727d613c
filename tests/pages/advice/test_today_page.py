"""Everybody sees their own list; who leads others may look at theirs; and an empty list says why it is empty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motenashi.identity.roles import Role
from motenashi.pages.today.today_page import FIRST_ROWS
from motenashi.pages.today.today_view import Somebody, TodayView
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import NOW, PlainDesk, today_rows
from tests.pages.conftest import House

ME = Somebody("o1", "Haruto Sato", "Representative@Example.com")
OTHER = Somebody("o2", "Hina Kato", "hina@example.com")


@pytest.fixture
def desk(house: House) -> PlainDesk:
    desk = PlainDesk(someone=[ME, OTHER], today_view=TodayView(today_rows(), 31, NOW + timedelta(days=2)))
    add_advice_pages(house, desk)
    return desk


def test_the_list_is_that_of_the_address_in_any_case(house: House, desk: PlainDesk) -> None:
    shown = house.staff(Role.REPRESENTATIVE).get("/today?lang=en").text

    assert desk.told == [("today", "o1")]
    assert shown.count('class="today-row"') == 6
    assert "31 records need nothing now. The next contact is due on Wed 13 May." in shown
    assert "Hina Kato" not in shown


def test_a_representative_sees_nobody_elses_list(house: House, desk: PlainDesk) -> None:
    house.staff(Role.REPRESENTATIVE).get("/today?owner=o2")

    assert desk.told == [("today", "o1")]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR])
def test_who_leads_others_picks_a_list(house: House, desk: PlainDesk, role: Role) -> None:
    client = house.staff(role)
    before = client.get("/today?lang=en").text
    shown = client.get("/today?owner=o2").text

    assert "No list of your own" in before
    assert "Choose somebody" in before
    assert desk.told == [("today", "o2")]
    assert "Hina Kato" in shown


def test_a_filter_shows_one_kind_and_says_how_many(house: House, desk: PlainDesk) -> None:
    client = house.staff(Role.REPRESENTATIVE)

    assert client.get("/today?show=event").text.count('class="today-row"') == 1
    assert client.get("/today?show=overdue").text.count('class="today-row"') == 1
    assert client.get("/today?show=nonsense").text.count('class="today-row"') == 6


def test_a_long_list_begins_with_the_most_worthwhile_and_goes_on(house: House, desk: PlainDesk) -> None:
    desk.today_view = TodayView(today_rows(500))
    client = house.staff(Role.REPRESENTATIVE)
    shown = client.get("/today?lang=en").text

    assert shown.count('class="today-row"') == FIRST_ROWS
    assert "Show 450 more" in shown
    assert client.get("/today?all=1").text.count('class="today-row"') == 500


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (TodayView(quiet=4), "Everybody is being looked after in good time."),
        (TodayView(), "There are no open deals or leads on this list."),
        (TodayView(switched_off=True), "Advice is switched off"),
    ],
)
def test_an_empty_list_says_why(house: House, desk: PlainDesk, view: TodayView, words: str) -> None:
    desk.today_view = view

    assert words in house.staff(Role.REPRESENTATIVE).get("/today?lang=en").text


def test_who_is_nobody_in_the_crm_is_told_so(house: House, desk: PlainDesk) -> None:
    desk.someone = [OTHER]
    shown = house.staff(Role.REPRESENTATIVE).get("/today?lang=en").text

    assert "Nobody in the CRM has your address (representative@example.com)" in shown
    assert desk.told == []


def test_a_crm_that_is_away_is_said_to_be(house: House, desk: PlainDesk) -> None:
    desk.away = True

    assert house.staff(Role.REPRESENTATIVE).get("/today").status_code == 503
