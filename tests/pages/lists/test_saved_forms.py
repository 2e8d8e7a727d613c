"""Filters kept under a name: saved, shared, changed, renamed, deleted, and broken ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from motenashi.database import Database
from motenashi.filters.tables import saved_filters
from motenashi.identity.roles import Role
from tests.pages.conftest import House, form_token
from tests.pages.lists.list_world import ListWorld, build_list_world

ENGLISH = {"if": [{"language": "en"}]}
JAPANESE = {"if": [{"language": "ja"}]}
ADMINISTRATOR = "administrator@example.com"


@pytest.fixture
def world(house: House, sqlite_database: Database) -> ListWorld:
    return build_list_world(house, sqlite_database)


def send(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    token = form_token(client, "/staff/password")
    return client.post(f"/lists/contacts/saved{path}", data={"csrf_token": token, **form}, follow_redirects=True)


def save(client: FlaskClient, name: str, written: Any = ENGLISH, **form: str) -> TestResponse:
    return send(client, "", name=name, filter=json.dumps(written), **form)


def test_a_saved_filter_is_there_by_name(world: ListWorld) -> None:
    client = world.house.staff()
    html = save(client, "  Speaks   English ").text

    assert "Saved as “Speaks English”." in html
    assert "2 contacts" in html
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)
    assert (kept.name, kept.written, kept.shared) == ("Speaks English", ENGLISH, False)
    assert "2 contacts" in client.get(f"/lists/contacts?saved={kept.id}").text


def test_only_what_is_shared_is_seen_by_others_and_nobody_changes_a_colleagues(world: ListWorld) -> None:
    mine, colleague = world.house.staff(), world.house.staff(Role.SUPERVISOR)
    save(mine, "Mine")
    save(mine, "Ours", shared="1")
    own, shared = world.desk.saved("contacts", ADMINISTRATOR)

    html = colleague.get("/lists/contacts").text
    assert "Ours" in html
    assert "Mine" not in html
    assert "is not there" in colleague.get(f"/lists/contacts?saved={own.id}").text
    assert "2 contacts" in colleague.get(f"/lists/contacts?saved={shared.id}").text
    assert send(colleague, f"/{own.id}/delete").status_code == 404
    for act in ("delete", "rename", "update"):
        assert send(colleague, f"/{shared.id}/{act}", name="x", filter="{}").status_code == 403
    assert len(world.desk.saved("contacts", ADMINISTRATOR)) == 2


def test_a_name_is_taken_once(world: ListWorld) -> None:
    client = world.house.staff()
    save(client, "English")

    assert "already" in save(client, "ENGLISH", JAPANESE).text
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)
    assert kept.written == ENGLISH


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("", ENGLISH, "Please give the filter a name."),
        (" \u200b ", ENGLISH, "Please give the filter a name."),
        ("All", {}, "There is no filter to save yet."),
        ("Wrong", {"if": [{"langage": "en"}]}, "so it was not saved"),
    ],
)
def test_what_can_not_be_saved_says_why(world: ListWorld, name: str, written: Any, said: str) -> None:
    assert said in save(world.house.staff(), name, written).text
    assert world.desk.saved("contacts", ADMINISTRATOR) == ()


def test_changes_are_seen_and_kept_when_asked(world: ListWorld) -> None:
    client = world.house.staff()
    save(client, "Mine")
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)

    html = client.get(f"/lists/contacts?saved={kept.id}&filter={json.dumps(JAPANESE)}").text
    assert "Save changes" in html
    assert "1 contact" in html
    send(client, f"/{kept.id}/update", filter=json.dumps(JAPANESE))
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)
    assert (kept.name, kept.written) == ("Mine", JAPANESE)


def test_renamed_and_shared_and_deleted(world: ListWorld) -> None:
    client = world.house.staff()
    save(client, "Old")
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)
    send(client, f"/{kept.id}/rename", name="New", shared="1")
    (renamed,) = world.desk.saved("contacts", ADMINISTRATOR)

    assert (renamed.name, renamed.shared, renamed.written) == ("New", True, ENGLISH)
    send(client, f"/{renamed.id}/rename", name="New")
    (renamed,) = world.desk.saved("contacts", ADMINISTRATOR)
    assert renamed.shared is False
    assert "is deleted" in send(client, f"/{renamed.id}/delete").text
    assert world.desk.saved("contacts", ADMINISTRATOR) == ()


def test_a_broken_saved_filter_is_repaired_and_kept(world: ListWorld) -> None:
    client = world.house.staff()
    save(client, "Mine")
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)
    with world.database.write() as connection:
        connection.execute(update(saved_filters).values(written={"if": [{"langage": "en"}]}))

    html = client.get(f"/lists/contacts?saved={kept.id}").text
    assert "Condition 1 asks for “langage”" in html
    assert "Use “Language” instead" in html
    assert "Put it right" in send(client, f"/{kept.id}/rename", name="Other").text
    send(client, f"/{kept.id}/update", filter=json.dumps(ENGLISH))
    assert "2 contacts" in client.get(f"/lists/contacts?saved={kept.id}").text


def test_another_modules_filter_is_not_found_here(world: ListWorld) -> None:
    client = world.house.staff()
    save(client, "Mine")
    (kept,) = world.desk.saved("contacts", ADMINISTRATOR)

    assert "is not there" in client.get(f"/lists/deals?saved={kept.id}").text
