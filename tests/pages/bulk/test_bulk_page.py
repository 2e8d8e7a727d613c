"""`/bulk`: from the filter over the preview to the results; who may; and what is told when something is wrong."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from motenashi.bulk_actions.settings import BulkSettings
from motenashi.database import Database
from motenashi.filters.filter import FilterProblem
from motenashi.identity.roles import Role
from motenashi.outgoing_mail.outbox import Outbox
from tests.pages.bulk.bulk_pages import MAIL, BulkPages, add_bulk_pages
from tests.pages.conftest import House


@pytest.fixture
def pages(house: House, sqlite_database: Database) -> BulkPages:
    pages = add_bulk_pages(house, sqlite_database)
    for number in (1, 2):
        pages.world.contact(number)
    pages.world.contact(3, email="")
    return pages


@pytest.fixture
def boss(pages: BulkPages) -> FlaskClient:
    return pages.house.staff(Role.SUPERVISOR)


def test_from_the_filter_to_the_results(pages: BulkPages, boss: FlaskClient) -> None:
    chosen = boss.get("/bulk/new?module=contacts&filter=%7B%7D").text
    assert "Contacts in Retail" in chosen
    assert "3 records" in chosen
    assert "action=mail" in chosen
    assert 'name="body_ja"' in boss.get("/bulk/new?module=contacts&filter=%7B%7D&action=mail").text

    path = pages.planned(boss)
    preview = boss.get(path).text
    assert "News for Ann1" in preview
    assert "no e-mail address" in preview
    assert "Send to 2 people now" in preview
    assert "News for Ann2" in boss.get(f"{path}?person=2").text
    assert Outbox(pages.world.database).newest() == []

    assert pages.post(boss, f"{path}/confirm", version="1", said="2").status_code == 303
    assert "It is under way" in boss.get(path).text
    pages.work()

    results = boss.get(path).text
    assert "It is done" in results
    assert "supervisor@example.com" in results
    assert sorted(mail.to for mail in Outbox(pages.world.database).newest()) == ["ann1@example.com", "ann2@example.com"]
    assert "2 of 3" in boss.get("/bulk").text


def test_progress_is_told_as_numbers(pages: BulkPages, boss: FlaskClient) -> None:
    path = pages.planned(boss)
    pages.post(boss, f"{path}/confirm", version="1", said="2")
    before = json.loads(boss.get(f"{path}/progress").text)
    pages.work()
    after = json.loads(boss.get(f"{path}/progress").text)

    assert (before["state"], before["over"], before["of"]) == ("running", 0, 2)
    assert (after["state"], after["over"], after["counts"]["done"], after["counts"]["left_out"]) == ("done", 2, 2, 1)


def test_what_is_wrong_is_told_by_place_and_line_and_nothing_is_lost(pages: BulkPages, boss: FlaskClient) -> None:
    answer = pages.post(boss, "/bulk/new", **{**MAIL, "body_en": "Dear\n{{ contact.frist_name }} {{ ''.__class__ }}"})

    assert answer.status_code == 422
    assert "Text (English), line 2" in answer.text
    assert "Did you mean &#39;contact.first_name&#39;?" in answer.text
    assert "{{ contact.frist_name }} {{ &#39;&#39;.__class__ }}" in answer.text  # what was typed is still there
    assert "春のご案内です" in answer.text
    assert "Nothing was done to many yet" in boss.get("/bulk").text


def test_the_same_in_japanese(pages: BulkPages, boss: FlaskClient) -> None:
    boss.get("/bulk?lang=ja")
    answer = pages.post(boss, "/bulk/new", **{**MAIL, "subject_en": "{{ contact.frist_name }}"})

    assert "「contact.frist_name」という項目はありません" in answer.text


def test_a_filter_that_can_not_be_used_says_so(pages: BulkPages, boss: FlaskClient) -> None:
    pages.world.filters.problems = [FilterProblem(1, "there is no field 'sector'.", "Did you mean 'industry'?")]
    page = boss.get('/bulk/new?module=contacts&filter={"if":[{"sector":"x"}]}')

    assert page.status_code == 200
    assert "there is no field &#39;sector&#39;" in page.text
    assert "/lists/contacts?filter=" in page.text
    pages.world.filters.problems, pages.world.filters.found = [], []
    assert "Nobody fits this filter" in boss.get("/bulk/new?module=contacts").text


def test_the_text_can_be_changed_for_the_same_list(pages: BulkPages, boss: FlaskClient) -> None:
    path = pages.planned(boss)
    pages.world.contact(9)
    assert "Dear {{ contact.first_name }}" in boss.get(f"{path}/edit").text
    assert (
        pages.post(boss, f"{path}/edit", **{**MAIL, "subject_en": "Hello {{ contact.first_name }}"}).status_code == 303
    )

    page = boss.get(path).text
    assert "Hello Ann1" in page
    assert "Send to 2 people now" in page
    stale = pages.post(boss, f"{path}/confirm", version="1", said="2")
    assert stale.status_code == 422
    assert "look at it again" in stale.text


def test_many_need_the_number_typed(house: House, sqlite_database: Database) -> None:
    pages = add_bulk_pages(house, sqlite_database, BulkSettings(type_number_over=1))
    for number in (1, 2):
        pages.world.contact(number)
    boss = house.staff(Role.ADMINISTRATOR)
    path = pages.planned(boss)

    assert "type the number 2" in boss.get(path).text
    answer = pages.post(boss, f"{path}/confirm", version="1", said="2", typed="1")
    assert (answer.status_code, "Type the number 2 to confirm." in answer.text) == (422, True)
    assert pages.post(boss, f"{path}/confirm", version="1", said="2", typed="2").status_code == 303


def test_new_values_are_seen_before_and_after_and_undone(pages: BulkPages, boss: FlaskClient) -> None:
    form = {"action": "update", "set_title": "1", "value_title": "VIP", "value_language": "ja"}
    path = pages.planned(boss, **form)
    page = boss.get(path).text
    assert "<del>Buyer</del> → <ins>VIP</ins>" in page
    assert "Change 3 records now" in page
    pages.post(boss, f"{path}/confirm", version="1", said="3")
    pages.work()
    contact = pages.world.crm.contact("c00001")
    assert contact is not None
    assert (contact.title, contact.language) == ("VIP", "en")  # a value without its tick is not set

    assert pages.post(boss, f"{path}/undo").status_code == 303
    pages.work()
    assert "undone" in boss.get(path).text
    contact = pages.world.crm.contact("c00001")
    assert contact is not None
    assert contact.title == "Buyer"


def test_tasks_for_owners(pages: BulkPages, boss: FlaskClient) -> None:
    form = {"action": "task", "subject": "Call {{ contact.first_name }}", "note": "", "due": "2026-06-01"}
    path = pages.planned(boss, **form)
    assert "Call Ann1" in boss.get(path).text
    pages.post(boss, f"{path}/confirm", version="1", said="3")
    pages.work()

    assert [task.subject for task in pages.world.crm.activities_of(contact_id="c00002")] == ["Call Ann2"]
    answer = pages.post(boss, "/bulk/new", **{**MAIL, **form, "due": "soon"})
    assert "Choose the day by which it is due." in answer.text


def test_pause_go_on_and_cancel(pages: BulkPages, boss: FlaskClient) -> None:
    path = pages.planned(boss)
    pages.post(boss, f"{path}/confirm", version="1", said="2")
    for deed, told in (("pause", "It pauses"), ("resume", "It goes on"), ("cancel", "It was cancelled")):
        pages.post(boss, f"{path}/{deed}")
        assert told in boss.get(path).text
    pages.work()
    assert Outbox(pages.world.database).newest() == []
    pages.post(boss, f"{path}/resume")
    assert "This has begun or was cancelled in the meantime" in boss.get(path).text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DESIGNER, Role.REPRESENTATIVE])
def test_who_may_not(pages: BulkPages, boss: FlaskClient, role: Role) -> None:
    path = pages.planned(boss)
    client = pages.house.staff(role)

    assert [client.get(where).status_code for where in ("/bulk", "/bulk/new?module=leads", path)] == [403] * 3
    assert pages.post(client, f"{path}/confirm", version="1", said="2").status_code == 403
    assert pages.house.client().get(path).status_code == 302


def test_representatives_where_the_operator_says_so(house: House, sqlite_database: Database) -> None:
    pages = add_bulk_pages(house, sqlite_database, BulkSettings(representatives=True))
    pages.world.contact(1)
    theirs = pages.planned(house.staff(Role.SUPERVISOR))
    client = house.staff(Role.REPRESENTATIVE)

    assert client.get("/bulk").status_code == 200
    assert client.get(theirs).status_code == 404
    answer = pages.post(client, "/bulk/new", **MAIL)
    assert (answer.status_code, "no records are yours" in answer.text) == (422, True)


def test_a_form_of_another_site_does_nothing(pages: BulkPages, boss: FlaskClient) -> None:
    path = pages.planned(boss)

    for where in (f"{path}/confirm", f"{path}/cancel", "/bulk/new"):
        assert boss.post(where, data={**MAIL, "version": "1", "said": "2"}).status_code == 400
    assert "Send to 2 people now" in boss.get(path).text


@pytest.mark.parametrize("path", ["/bulk/99", "/bulk/99999999999", "/bulk/1/progress", "/bulk/99/edit"])
def test_what_is_not_there(pages: BulkPages, boss: FlaskClient, path: str) -> None:
    assert boss.get(path).status_code == 404


def test_nothing_is_kept_by_caches(pages: BulkPages, boss: FlaskClient) -> None:
    assert boss.get("/bulk").headers["Cache-Control"] == "no-store"
