"""The CSV file of a list: all of it, readable by spreadsheets, and nothing in it that they would run."""

from __future__ import annotations

import csv
import io

import pytest

from crm_client.records import Contact
from motenashi.database import Database
from motenashi.pages.lists import export
from motenashi.pages.lists.export import harmless
from tests.pages.conftest import NOW, House
from tests.pages.lists.list_world import ListWorld, build_list_world, path_of


@pytest.fixture
def world(house: House, sqlite_database: Database) -> ListWorld:
    return build_list_world(house, sqlite_database)


def rows_of(world: ListWorld, path: str) -> list[dict[str, str]]:
    answer = world.house.staff().get(path.replace("?", "/export.csv?", 1))
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8-sig")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_filters_records_and_only_those(world: ListWorld) -> None:
    rows = rows_of(world, path_of("contacts", {"language": "ja"}))

    assert [row["Name"] for row in rows] == ["森 遥"]
    assert rows[0]["Account: Account name"] == "Mori Foods"
    assert rows[0]["Open deals"] == "1"
    assert rows[0]["Last touch"] == "2026-05-09 09:30"  # in Tokyo


def test_what_was_typed_narrows_the_file_too_and_order_stays(world: ListWorld) -> None:
    rows = rows_of(world, "/lists/contacts?q=lane&sort=name&down=1")

    assert [row["Name"] for row in rows] == ["Lane Tom", "Ford Jane"]


def test_no_cell_is_a_formula(world: ListWorld) -> None:
    (row,) = rows_of(world, path_of("contacts", {"first_name": "Tom"}))

    assert row["Title"] == "'=HYPERLINK(1)"
    assert harmless("plain") == "plain"
    assert {harmless(text)[0] for text in ("=1", "+81", "-1", "@x", "\tx", "＝1")} == {"'"}


def test_money_is_in_units(world: ListWorld) -> None:
    rows = rows_of(world, "/lists/deals?q=")

    assert {row["Amount"] for row in rows} == {"1000000"}


def test_long_lists_are_read_page_by_page_and_end_where_it_says(
    world: ListWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        world.crm.save_contact(Contact(f"m{number}", f"Person {number}", created_at=NOW))
    monkeypatch.setattr(export, "AT_ONCE", 3)
    assert len(rows_of(world, "/lists/contacts?sort=name")) == 10

    monkeypatch.setattr(export, "MOST_ROWS", 5)
    *rows, told = rows_of(world, "/lists/contacts?sort=name")
    assert len(rows) == 5
    assert told["Id"] == "Only the first 5 of 10 are in this file."


def test_a_wrong_filter_leads_back_to_the_list_that_says_so(world: ListWorld) -> None:
    answer = world.house.staff().get('/lists/contacts/export.csv?filter={"if":[{"gone":1}]}')

    assert answer.status_code == 302
    assert "/lists/contacts?filter=" in answer.headers["Location"]
