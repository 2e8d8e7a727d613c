"""The lists and the filter builder in a real browser, on a real store with the real desk for filters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from motenashi.database import Database
from tests.browser.conftest import accessibility_problems
from tests.browser.test_advice_pages import complaints, log_in, served
from tests.pages.conftest import House, build_house, house
from tests.pages.lists.list_world import UNHAPPY, ListWorld, build_list_world, path_of

__all__ = ["build_house", "complaints", "house"]  # fixtures
pytestmark = pytest.mark.browser

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3
ADMINISTRATOR = "administrator@example.com"
NESTED = path_of(
    "contacts",
    {"language": {"in": ["ja", "en"]}},
    UNHAPPY,
    {"title": {"contains": LONG}},
    {"events": {"none": {"kind": "churn"}}},
    {"created_at": {"between": ["2026-01-01", "today"]}},
    {"created_at": {"weekday_in": ["mon", "fri"]}},
    pattern="(1 or (2 and 3)) and not 4 and 5 and 6",
)
BROKEN = path_of("contacts", {"account.industri": "Retail"}, {"responses": {"some": {"tones": "negative"}}})
PAGES = (
    "/lists/leads",
    "/lists/contacts",
    "/lists/accounts",
    "/lists/deals?sort=amount&down=1",
    "/lists/contacts?q=nobody",
    "/lists/contacts?saved=1",
    NESTED,
    f"{NESTED}&build=1",
    f"{BROKEN}&build=1",
)


@pytest.fixture
def world(house: House, sqlite_database: Database) -> ListWorld:
    return build_list_world(house, sqlite_database)


@pytest.fixture
def address(world: ListWorld) -> Iterator[str]:
    with served(world.house.app) as address:
        yield address


def open_list(page: Page, address: str, path: str = "/lists/contacts", language: str = "en") -> None:
    log_in(page, address, language)
    page.goto(f"{address}{path}")


def filter_in(page: Page) -> Any:
    """What the address says is shown."""
    written = parse_qs(urlsplit(page.url).query).get("filter")
    return json.loads(written[0]) if written else None


def add(page: Page, typed: str, name: str) -> None:
    """One more condition, by keys alone."""
    page.locator("#conditions > .fb-buttons .fb-add").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Search fields")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.get_by_role("option", name=name, exact=True).first).to_be_visible()
    page.keyboard.press("Enter")


def test_a_filter_is_built_by_keys_and_counted_as_one_builds(page: Page, address: str, complaints: list[str]) -> None:
    open_list(page, address)
    page.get_by_role("button", name="Filter", exact=True).focus()
    page.keyboard.press("Enter")
    search = page.get_by_role("combobox", name="Search fields")
    expect(search).to_be_focused()
    page.keyboard.type("account industry")
    page.keyboard.press("Enter")

    value = page.get_by_role("combobox", name="Value for Account › Industry")
    expect(value).to_be_focused()
    expect(page.get_by_role("option", name="Retail")).to_be_visible()
    page.keyboard.type("ret")
    expect(page.get_by_role("option", name="Food")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="2 contacts")).to_be_visible()
    expect(page.locator(".fb-count")).to_have_text("2")
    expect(page.get_by_role("rowheader")).to_have_count(2)
    assert filter_in(page) == {"if": [{"account.industry": {"is": "Retail"}}]}

    add(page, "title", "Title")
    page.keyboard.type("Buyer")
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    expect(page.get_by_role("rowheader", name="Jane Ford")).to_be_visible()
    expect(page.locator(".filter-chip")).to_have_count(2)
    assert complaints == []


def test_what_they_said_is_asked_of_one_response_at_a_time(page: Page, address: str, world: ListWorld) -> None:
    world.said(9, "c2", "positive", "price")  # and, elsewhere, something negative about the support
    open_list(page, address)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.keyboard.type("tone")
    page.keyboard.press("Enter")
    page.get_by_label("Value for Tone").select_option("Negative")
    expect(page.locator("#counts-said")).to_have_text("2 contacts")

    page.get_by_role("button", name="And the same one …").click()
    page.keyboard.type("keyword")
    page.keyboard.press("Enter")
    page.keyboard.type("price")
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    assert filter_in(page) == {
        "if": [{"responses": {"some": [{"tone": {"is": "negative"}}, {"keyword": {"is": "price"}}]}}]
    }

    page.get_by_label("How many there must be").select_option("Responses: none")
    expect(page.locator("#counts-said")).to_have_text("2 contacts")
    page.get_by_label("How many there must be").select_option("Responses: at least …")
    page.get_by_label("At least how many").fill("3")
    expect(page.locator("#counts-said")).to_have_text("0 contacts")
    expect(page.get_by_text("No record meets all of this.")).to_be_visible()


def test_groups_and_the_pattern_say_the_same(page: Page, address: str) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "ja"}}, {"title": {"is": "Buyer"}}, build=1))
    expect(page.locator("#counts-said")).to_have_text("0 contacts")

    page.get_by_label("Which of these must hold").select_option("Any of these")
    expect(page.locator("#counts-said")).to_have_text("2 contacts")
    assert filter_in(page)["pattern"] == "1 or 2"

    page.get_by_text("Write it as a pattern").click()
    pattern = page.get_by_label("How the numbered conditions are joined")
    expect(pattern).to_have_value("1 or 2")
    pattern.fill("not (1 or 2)")
    pattern.press("Enter")
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    expect(page.get_by_label("Which of these must hold")).to_have_value("none")
    assert filter_in(page)["pattern"] == "not (1 or 2)"

    told = {"1 and": "This is no pattern.", "1 or 3": "There is no condition 3", "1": "Condition 2 is missing"}
    for wrong, said in told.items():
        pattern.fill(wrong)
        pattern.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    assert filter_in(page)["pattern"] == "not (1 or 2)"


def test_back_and_forward_go_through_what_was_built(page: Page, address: str) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "en"}}, build=1))
    expect(page.locator("#counts-said")).to_have_text("2 contacts")
    page.get_by_label("How Language is compared").select_option("is not")
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    page.get_by_role("button", name="Remove: Language").click()
    expect(page.locator("#counts-said")).to_have_text("3 contacts")

    page.go_back()
    expect(page.get_by_label("How Language is compared")).to_have_value("is_not")
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    page.go_back()
    expect(page.get_by_label("How Language is compared")).to_have_value("is")
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.go_forward()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("rowheader")).to_have_count(1)


@pytest.mark.parametrize(
    "written",
    [
        {"if": {"language": "en", "title": {"starts_with": "b", "ends_with": "r"}}},
        {"if": [{"language": "en", "title": "Buyer"}, {"email": "is_empty"}], "pattern": "1 or not 2"},
        {"if": [{"language": "ja"}, {"title": "Buyer"}, {"open_deals": 1}], "pattern": "not (1 and 3) and (2 or 3)"},
        {"if": [{"language": "ja"}, {"open_deals": {"gt": 0}}], "pattern": "not (not 1 or not (1 and 2))"},
        {"if": [{"title": ["Buyer", "部長"]}, {"account": None}]},
        {"if": [{"responses": {"some": {"tone": "negative", "keyword": "price"}, "at_least": 1}}]},
        {"if": [{"responses": {"none": [{"tone": "positive"}, {"keyword": "support"}], "pattern": "1 or 2"}}]},
        {"if": [{"responses": {"some": {}}}, {"deals": {"some": {}, "at_least": 2}}], "pattern": "1 and not 2"},
        {"if": [{"responses": {"some": {"keywords": {"some": {"keyword": "delivery"}}}}}]},
        {"if": [{"deals": "is_empty"}]},
    ],
    ids=range(10),
)
def test_the_builder_changes_nothing_by_being_opened(
    page: Page, address: str, world: ListWorld, written: dict[str, Any]
) -> None:
    expected = world.desk.ids(world.desk.read("contacts", written), 10)
    open_list(page, address, f"/lists/contacts?build=1&filter={quote(json.dumps(written))}")
    page.get_by_role("searchbox").fill(" nobody")  # the address is written anew, out of the builder
    page.wait_for_url("**q=nobody*")

    again = world.desk.read("contacts", filter_in(page))
    assert world.desk.ids(again, 10) == expected


def test_chips_open_and_take_away(page: Page, address: str) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "en"}}, {"title": {"is": "Buyer"}}))
    page.get_by_role("link", name="Title is “Buyer”", exact=True).click()
    expect(page.get_by_role("button", name="Title: choose another field")).to_be_focused()

    page.get_by_role("link", name="Remove: Title is “Buyer”").click()
    expect(page.get_by_role("rowheader")).to_have_count(2)
    expect(page.locator(".fb-row")).to_have_count(1)
    expect(page.locator("#found")).to_be_focused()


def test_saved_by_name_and_changed(page: Page, address: str, world: ListWorld, complaints: list[str]) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "en"}}, build=1))
    page.get_by_text("Save as …").click()
    page.get_by_label("Name of the filter").fill("Speaks English")
    page.get_by_label("Share with everybody").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Speaks English")).to_be_visible()
    assert page.url.endswith("/lists/contacts?saved=1")

    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Value for Language").fill("ja")
    expect(page.get_by_text("changed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("“Speaks English” is this filter now.")).to_be_visible()
    (kept,) = world.desk.saved("contacts", "somebody@else.example")
    assert kept.written == {"if": [{"language": {"is": "ja"}}]}
    assert complaints == []


def test_several_values_are_tokens(page: Page, address: str) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "en"}}, build=1))
    page.get_by_label("How Language is compared").select_option("is any of")
    box = page.get_by_role("combobox", name="Value for Language")
    box.fill("ja")
    box.press("Enter")
    expect(page.locator("#counts-said")).to_have_text("3 contacts")
    page.get_by_role("button", name="Remove en").click()
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    assert filter_in(page) == {"if": [{"language": {"in": ["ja"]}}]}


def test_the_search_box_looks_as_one_types(page: Page, address: str) -> None:
    open_list(page, address)
    page.get_by_role("searchbox").type("jane")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert parse_qs(urlsplit(page.url).query) == {"q": ["jane"]}


def test_a_broken_filter_is_repaired_in_place(page: Page, address: str) -> None:
    open_list(page, address, f"{BROKEN}&build=1")
    expect(page.locator("#counts-said")).to_have_text("One of the conditions can't be used.")
    expect(page.get_by_role("alert").filter(has_text="account.industri")).to_be_visible()

    page.get_by_role("link", name="Use “Account › Industry” instead").click()
    page.get_by_role("link", name="Use “Tone” instead").click()
    expect(page.locator("#counts-said")).to_have_text("1 contact")
    expect(page.get_by_role("rowheader", name="Jane Ford")).to_be_visible()


def test_without_the_script_filters_are_shown_and_taken_away(browser: Browser, address: str, world: ListWorld) -> None:
    world.desk.save("contacts", "English", {"if": [{"language": "en"}]}, owner=ADMINISTRATOR, shared=False)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_list(page, address, path_of("contacts", UNHAPPY))
    expect(page.get_by_role("button", name="Filter", exact=True)).to_be_hidden()
    expect(page.locator("noscript p")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Remove: There are some responses")).click()
    expect(page.get_by_role("rowheader")).to_have_count(3)

    page.get_by_text("Saved filters").click()
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.get_by_role("rowheader")).to_have_count(2)
    page.get_by_role("searchbox").fill("jane")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    context.close()


def test_a_server_that_is_away_loses_nothing(page: Page, address: str) -> None:
    open_list(page, address, path_of("contacts", {"language": {"is": "en"}}, build=1))
    expect(page.locator("#counts-said")).to_have_text("2 contacts")
    page.route("**/counts", lambda route: route.abort())
    page.get_by_label("How Language is compared").select_option("is not")
    expect(page.locator("#counts-said")).to_contain_text("What you built is still here")
    page.unroute("**/counts")
    page.get_by_label("How Language is compared").select_option("is")
    expect(page.locator("#counts-said")).to_have_text("2 contacts")


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ja", 768)])
def test_no_list_is_wider_than_the_screen(
    page: Page, address: str, world: ListWorld, complaints: list[str], language: str, width: int
) -> None:
    world.desk.save("contacts", LONG[:100], {"if": [{"title": LONG}]}, owner=ADMINISTRATOR, shared=True)
    page.set_viewport_size({"width": width, "height": 640})
    log_in(page, address, language)
    too_wide = []
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert too_wide == []
    assert complaints == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ja", "dark")])
def test_axe_finds_nothing_wrong_with_lists(
    page: Page, address: str, world: ListWorld, language: str, scheme: Any
) -> None:
    world.desk.save("contacts", "English", {"if": [{"language": "en"}]}, owner=ADMINISTRATOR, shared=True)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    log_in(page, address, language)
    found = []
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        if "build=1" in path:
            page.locator("#conditions > .fb-buttons .fb-add").first.click()
        found += [f"{path} {problem}" for problem in accessibility_problems(page)]

    assert found == [], "\n".join(found)
