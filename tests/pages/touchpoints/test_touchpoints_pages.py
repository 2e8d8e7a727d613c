"""The pages of touchpoints over the real intake: what came in, what waits, what was refused, how to connect a tool."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from crm_client.records import Account, Contact
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.pages.touchpoints.days_picture import HEIGHT, draw_days
from motenashi.pages.touchpoints.touchpoints_page import build_touchpoints_page
from motenashi.pages.touchpoints.touchpoints_view import PAGE_LENGTH, DayCount
from motenashi.touchpoint_intake.refusals import forget_refused
from motenashi.touchpoint_intake.settings import TouchpointSettings
from motenashi.touchpoint_intake.texts import IN_TROUBLE, Texts
from motenashi.touchpoint_views import TouchpointViews
from tests.pages.conftest import House, form_token
from tests.touchpoint_intake.intake_room import NOW, Room, row


class TouchpointPages:
    def __init__(self, house: House, database: Database) -> None:
        self.house = house
        self.room = Room(database)
        self.views = TouchpointViews(database, self.room.intake.waiting, clock=lambda: NOW)
        page = build_touchpoints_page(self.views, address="https://chat.example.com/touchpoints", signed=lambda: True)
        house.app.register_blueprint(page)

    def get(self, path: str = "", role: Role = Role.SUPERVISOR) -> str:
        return self.house.staff(role).get(f"/touchpoints{path}").text

    def post(self, client: FlaskClient, path: str, page: str, **form: Any) -> str:
        token = form_token(client, f"/touchpoints{page}")
        data = {"csrf_token": token, **form}
        return client.post(f"/touchpoints{path}", data=data, follow_redirects=True).text


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> TouchpointPages:
    return TouchpointPages(house, sqlite_database)


NOBODY = {"email": "nobody@example.net", "phone": "090-1111-2222"}


@pytest.mark.parametrize("path", ["", "/waiting", "/waiting/1", "/refused", "/connect"])
def test_only_supervisors_and_administrators_come_in(pages: TouchpointPages, path: str) -> None:
    pages.room.send(row(who=NOBODY))
    answers = {role: pages.house.staff(role).get(f"/touchpoints{path}").status_code for role in Role}

    assert {role for role, status in answers.items() if status == 200} == {Role.SUPERVISOR, Role.ADMINISTRATOR}
    assert set(answers.values()) == {200, 403}
    assert pages.house.client().get(f"/touchpoints{path}").status_code == 302


def test_what_a_page_shows_is_kept_by_no_cache(pages: TouchpointPages) -> None:
    assert pages.house.staff().get("/touchpoints").headers["Cache-Control"] == "no-store"


def test_an_empty_room_says_how_to_connect_a_tool(pages: TouchpointPages) -> None:
    assert "No tool is connected yet" in pages.get()
    assert "Every touchpoint has found its person." in pages.get("/waiting")
    assert "No row was refused." in pages.get("/refused")


def test_what_came_in_stands_by_source_and_channel(pages: TouchpointPages) -> None:
    pages.room.send(row(1), row(2), row(2), row(3, who=NOBODY), row(4, channel="webinr"))

    text = pages.get()

    assert "Webinars" in text and '<rect class="day-stored"' in text and '<rect class="day-refused"' in text
    overview = pages.views.overview(30)
    (unknown, webinar) = overview.sources
    assert (webinar.channel, webinar.stored, webinar.waiting, webinar.repeated) == ("webinar", 2, 1, 1)
    assert (unknown.channel, unknown.refused) == ("", 1)
    assert len(overview.days) == 30 and overview.days[-1].stored == 2
    assert (overview.waiting, overview.refused, overview.aside) == (1, 1, 0)


def test_texts_that_the_voice_fails_on_are_told(pages: TouchpointPages) -> None:
    pages.room.send(row(text="Hello"))
    for number in range(IN_TROUBLE):
        Texts(pages.room.database).hand_on(lambda text: 1 / 0, NOW + timedelta(days=number))

    assert "and are tried again: 1." in pages.get()


def test_a_waiting_one_is_found_and_assigned_by_hand(pages: TouchpointPages) -> None:
    pages.room.crm.save_account(Account("a1", "Contoso Ltd"))
    pages.room.crm.save_contact(Contact("may", "Mori", "May", email="may@example.com", account_id="a1"))
    pages.room.send(row(1, who=NOBODY, title="Backups", text="Very <b>dear</b>"), row(2, who=NOBODY))
    assert "nobody@example.net" in pages.get("/waiting") and "<b>dear" not in pages.get("/waiting")

    text = pages.get("/waiting/1?q=mori contoso")
    assert 'value="contact:may"' in text and "Contoso Ltd" in text
    assert "1 other touchpoint names the same person" in text

    client = pages.house.staff(Role.SUPERVISOR)
    text = pages.post(client, "/waiting/1/assign", "/waiting/1?q=may@example.com", person="contact:may")
    assert "On their timeline now: 2." in text
    assert len(pages.room.touchpoints("may")) == 2


@pytest.mark.parametrize("words", ["lee", "ANN", "ann@example.com", "03 1234 5678", "+81-3-1234-5678"])
def test_people_are_found_by_whatever_is_known_of_them(pages: TouchpointPages, words: str) -> None:
    assert [one.id for one in pages.views.people(words)] == ["ann"]


def test_leads_are_found_by_their_company(pages: TouchpointPages) -> None:
    assert [(one.kind, one.id) for one in pages.views.people("lane ltd")] == [("lead", "leo")]
    assert pages.views.people("100%") == []


@pytest.mark.parametrize(
    ("person", "told"), [("", "Choose a person first."), ("contact:gone", "not in the CRM any more"), ("x:y", "Choose")]
)
def test_nobody_is_assigned_by_mistake(pages: TouchpointPages, person: str, told: str) -> None:
    pages.room.send(row(who=NOBODY))

    text = pages.post(pages.house.staff(), "/waiting/1/assign", "/waiting/1?q=lee", person=person)

    assert told in text
    assert pages.room.count() == 0


def test_set_aside_and_taken_back(pages: TouchpointPages) -> None:
    pages.room.send(row(who=NOBODY))
    client = pages.house.staff()

    assert "is set aside" in pages.post(client, "/waiting/1/aside", "/waiting")
    assert "nobody@example.net" not in pages.get("/waiting")
    assert "nobody@example.net" in pages.get("/waiting?aside=1")
    assert "waits for its person again" in pages.post(client, "/waiting/1/back", "/waiting?aside=1")
    assert "nobody@example.net" in pages.get("/waiting")


@pytest.mark.parametrize("words", ["nobody@", "09011112222", "backups", "webinars", "e1"])
def test_waiting_ones_are_searched(pages: TouchpointPages, words: str) -> None:
    pages.room.send(row(1, who=NOBODY, title="Backups"), row(2, source="Desk", who={"email": "else@example.org"}))

    assert [one.id for one in pages.views.waiting(words)] == ["e1"]
    assert pages.views.waiting("100%") == []


def test_long_lists_are_shown_in_parts(pages: TouchpointPages) -> None:
    pages.room.send(*(row(number, who=NOBODY) for number in range(PAGE_LENGTH + 3)))
    first = pages.views.waiting()

    assert len(first) == PAGE_LENGTH
    assert len(pages.views.waiting(before=first[-1].number)) == 3
    assert f"before={first[-1].number}" in pages.get("/waiting")


def test_refused_ones_say_why_and_go_when_they_come_in_well(pages: TouchpointPages) -> None:
    pages.room.send(row(channel="webinr", title="<script>alert(1)</script>"), "no row")

    text = pages.get("/refused")
    assert "Did you mean “webinar”?" in text and "not an object" in text
    assert "<script>alert" not in text
    assert "というチャネルはありません" in pages.get("/refused?lang=ja")

    pages.room.send(row())
    assert [one.id for one in pages.views.refused("en")] == [""]
    pages.post(pages.house.staff(), f"/refused/{pages.views.refused('en')[0].number}/forget", "/refused")
    assert pages.views.refused("en") == []


def test_old_refusals_go_and_so_do_too_many(pages: TouchpointPages) -> None:
    pages.room.send(*(row(number, channel="webinr") for number in range(5)))
    database, settings = pages.room.database, TouchpointSettings(most_refused=3)

    assert forget_refused(database, settings, NOW) == 2
    assert [one.id for one in pages.views.refused("en")] == ["e4", "e3", "e2"]
    assert forget_refused(database, settings, NOW + timedelta(days=31)) == 3


def test_how_to_connect_a_tool(pages: TouchpointPages) -> None:
    text = pages.get("/connect")

    assert "https://chat.example.com/touchpoints" in text and "escalated" in text
    assert "No secret is configured" not in text


def test_numbers_that_name_nothing_lead_nowhere(pages: TouchpointPages) -> None:
    client = pages.house.staff()
    for path in ("/waiting/99", f"/waiting/{2**70}"):
        assert client.get(f"/touchpoints{path}").status_code == 404
    for path in ("/waiting?before=x", f"/waiting?before={'9' * 40}", "/refused?before=-1"):
        assert client.get(f"/touchpoints{path}").status_code == 200


def test_the_picture_shows_even_a_little_and_stays_in_its_frame() -> None:
    day = NOW.date()
    picture = draw_days([DayCount(day, stored=10_000, waiting=1, refused=1), DayCount(day), DayCount(day, changed=5)])

    first, empty, last = picture.columns
    assert [piece.kind for piece in first.pieces] == ["stored", "waiting", "refused"]
    assert all(piece.height >= 1 and piece.y >= 0 for column in picture.columns for piece in column.pieces)
    assert first.pieces[0].y + first.pieces[0].height == pytest.approx(HEIGHT)
    assert empty.pieces == () and last.total == 5
    assert draw_days([]).columns == ()
