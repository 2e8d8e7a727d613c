"""The whole walk: what happened stands in the CRM's tables, the real reader reads it, the page shows it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from motenashi.database import Database
from motenashi.insights.timeline.timeline import Query
from motenashi.pages.timeline.timeline_page import build_timeline_page
from motenashi.timeline_views import TimelineViews
from tests.insights.timeline.story_world import StoryWorld
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import PlainDesk
from tests.pages.conftest import House

PATH = "/records/contacts/c1/timeline"


@pytest.fixture
def world(sqlite_database: Database) -> StoryWorld:
    """Keen, then silent for 40 days; a deal that came and was lost."""
    world = StoryWorld(sqlite_database)
    for ago in (100, 97, 94, 91, 88, 85):
        world.seen(ago, title=f"Page {ago}", duration_s=180, pages=4)
        world.call(ago - 1, result="no_answer" if ago % 2 else "answered")
    world.deal(90)
    world.mail(80)
    world.deal(40, "Closed Lost")
    world.rhythms.recompute(world.now)
    return world


@pytest.fixture
def client(house: House, world: StoryWorld) -> FlaskClient:
    house.now = world.now
    add_advice_pages(house, PlainDesk())
    desk = TimelineViews(world.reader, world.crm)
    house.app.register_blueprint(build_timeline_page(desk, clock=lambda: world.now))
    return house.staff()


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_stands_in_the_store_stands_on_the_page(client: FlaskClient, world: StoryWorld) -> None:
    page = client.get(PATH).text
    words = text_of(page)

    assert page.count('<li class="row ') == world.read().total == 15
    assert "<h1>森</h1>" in page
    assert "40 days without contact" in words
    assert "Silence now 80 days longer than usual" in words
    assert "Laptops Qualification → became Closed Lost" in words.replace("Stage: ", "")
    assert "Page 97 Customer Website visit 3 min 4 pages" in words
    assert "Aya Endo" in words


@pytest.mark.parametrize(
    "asked", ["view=signals", "view=milestones", "rhythm=own", "channel=call", "user=o1", "period=today"]
)
def test_page_and_parts_show_what_the_reader_reads(client: FlaskClient, world: StoryWorld, asked: str) -> None:
    name, _, value = asked.partition("=")
    more = (
        {"channels": frozenset({value})}
        if name == "channel"
        else {"users": frozenset({value})}
        if name == "user"
        else {name: value}
    )
    total = world.read(Query(**more)).total  # type: ignore[arg-type]

    assert client.get(f"{PATH}?{asked}").text.count('<li class="row ') == total
    assert len(client.get(f"{PATH}/rows?{asked}").get_json()["rows"]) == total
    assert client.get(f"{PATH}/print?{asked}").text.count('<li class="row ') == total


def test_files_of_the_real_reader_are_given(client: FlaskClient) -> None:
    sheet, data = client.get(f"{PATH}/export.csv"), client.get(f"{PATH}/export.json")

    assert "Page 97" in sheet.text
    assert data.get_json()


def test_somebody_whom_the_crm_does_not_have_is_not_found(client: FlaskClient) -> None:
    for more in ("", "/rows", "/print", "/export.csv"):
        assert client.get(f"/records/contacts/nobody/timeline{more}").status_code == 404
