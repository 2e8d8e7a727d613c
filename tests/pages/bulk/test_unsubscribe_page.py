"""`/unsubscribe`: looking changes nothing, the button and the one-click post do, nobody else's address is touched."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from motenashi.bulk_actions.stop_links import StopLinks
from motenashi.database import Database
from tests.bulk_actions.bulk_world import ADDRESS, KEY
from tests.pages.bulk.bulk_pages import BulkPages, add_bulk_pages
from tests.pages.conftest import House

LINKS = StopLinks([KEY], ADDRESS)
PATH = f"/unsubscribe/{LINKS.token('ann@example.com')}"


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> BulkPages:
    return add_bulk_pages(house, sqlite_database)


@pytest.fixture
def client(pages: BulkPages) -> FlaskClient:
    return pages.house.client()


def test_looking_changes_nothing(pages: BulkPages, client: FlaskClient) -> None:
    page = client.get(PATH)

    assert (page.status_code, "a***@example.com" in page.text) == (200, True)
    assert "ann@example.com" not in page.text
    assert client.head(PATH).status_code == 200
    assert not pages.world.room.refusals.refused("ann@example.com")


def test_the_button_stops_it_and_a_second_takes_it_back(pages: BulkPages, client: FlaskClient) -> None:
    page = client.post(PATH, follow_redirects=True)
    assert "You will get no more of these mails" in page.text
    assert pages.world.room.refusals.refused("ann@example.com")

    page = client.post(f"{PATH}/again", follow_redirects=True)
    assert "You will get our mails again" in page.text
    assert not pages.world.room.refusals.refused("ann@example.com")


def test_a_mail_programs_one_click_needs_nothing_else(pages: BulkPages, client: FlaskClient) -> None:
    answer = client.post(f"{PATH}?lang=ja", data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.text, answer.headers.get("Set-Cookie")) == (200, "", None)
    assert pages.world.room.refusals.refused("Ann@Example.com ")
    assert client.post(PATH, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        LINKS.token("ann@example.com")[:-2],
        "ImFubkBleGFtcGxlLmNvbSI.x",
        "x" * 5_000,
        StopLinks(["another key" * 4], ADDRESS).token("ann@example.com"),
        LINKS.token("no address"),
    ],
    ids=["cut off", "made up", "long", "somebody else's", "of nobody"],
)
def test_a_link_that_is_not_ours_does_nothing(pages: BulkPages, client: FlaskClient, token: str) -> None:
    for answer in (client.get(f"/unsubscribe/{token}"), client.post(f"/unsubscribe/{token}")):
        assert (answer.status_code, "This link does not work" in answer.text) == (404, True)
    assert not pages.world.room.refusals.refused("ann@example.com")


def test_a_key_may_be_changed(pages: BulkPages, client: FlaskClient) -> None:
    assert StopLinks([KEY, "a newer key" * 4], ADDRESS).address_in(LINKS.token("ann@example.com")) == "ann@example.com"


def test_the_page_speaks_the_mails_language_and_keeps_nothing(client: FlaskClient) -> None:
    page = client.get(f"{PATH}?lang=ja")

    assert '<html lang="ja">' in page.text
    assert page.headers.get("Set-Cookie") is None
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
