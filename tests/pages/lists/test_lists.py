"""`/lists`: what a filter shows, in words, without the script; who may see it; what a broken one says."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import unquote_plus

import pytest
from flask import render_template_string

from crm_client.records import Account
from motenashi.database import Database
from motenashi.filters.filter import FilterTooSlow
from motenashi.identity.roles import Role
from tests.pages.conftest import House
from tests.pages.lists.list_world import UNHAPPY, ListWorld, build_list_world, path_of

MODULES = ("leads", "contacts", "accounts", "deals")


@pytest.fixture
def world(house: House, sqlite_database: Database) -> ListWorld:
    return build_list_world(house, sqlite_database)


def names_in(html: str) -> list[str]:
    rows = re.findall(r'<th scope="row".*?</th>', html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", row)).strip() for row in rows]


def links_out(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'class="filter-chip-out" href="([^"]+)"', html)]


def chips_in(html: str) -> list[str]:
    return [unescape(words) for words in re.findall(r'data-condition="\d+">([^<]*)</a>', html)]


@pytest.mark.parametrize("role", Role)
def test_lists_are_for_those_who_sell(world: ListWorld, role: Role) -> None:
    may_see = role in (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.REPRESENTATIVE)
    client = world.house.staff(role)

    for path in (*(f"/lists/{module}" for module in MODULES), "/lists/leads/export.csv", "/lists/leads/values"):
        assert client.get(path).status_code == (200 if may_see else 403), path


def test_strangers_are_asked_to_log_in(world: ListWorld) -> None:
    assert world.house.client().get("/lists/contacts").headers["Location"].startswith("/login?next=")


def test_lists_alone_lead_to_the_contacts(world: ListWorld) -> None:
    client = world.house.staff()

    assert client.get("/lists").headers["Location"] == "/lists/contacts"
    assert client.get("/lists/quotes").status_code == 404


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("leads", ["Ida Berg"]),
        ("contacts", ["Jane Ford", "Tom Lane", "森 遥"]),
        ("accounts", ["Lane Retail", "Mori Foods"]),
        ("deals", ["Notebooks 1", "Notebooks 2"]),
    ],
)
def test_every_list_shows_its_records(world: ListWorld, module: str, names: list[str]) -> None:
    assert sorted(names_in(world.house.staff().get(f"/lists/{module}").text)) == names


def test_names_lead_to_records_and_accounts_to_their_contacts_and_deals(world: ListWorld) -> None:
    client = world.house.staff()

    assert 'href="/records/contacts/c1"' in client.get("/lists/contacts").text
    accounts = client.get("/lists/accounts").text
    (to_contacts, *_) = [
        unescape(link) for link in re.findall(r'<a href="(/lists/contacts\?filter=[^"]+)"', accounts) if "a1" in link
    ]
    assert names_in(client.get(to_contacts).text) == ["森 遥"]


def test_a_filter_is_applied_and_told_in_words(world: ListWorld) -> None:
    html = world.house.staff().get(path_of("contacts", {"language": "en"}, UNHAPPY)).text

    assert names_in(html) == []  # the one who complained about the price speaks Japanese
    assert chips_in(html)[0] == "Language is “en”"
    assert "tone is negative" in chips_in(html)[1]


def test_conditions_come_out_one_by_one(world: ListWorld) -> None:
    client = world.house.staff()
    html = client.get(path_of("contacts", {"language": "en"}, UNHAPPY)).text

    without_language = client.get(links_out(html)[0]).text
    assert names_in(without_language) == ["森 遥"]
    assert len(links_out(without_language)) == 1
    assert len(names_in(client.get(links_out(without_language)[0]).text)) == 3


def test_a_pattern_stays_whole_when_a_condition_goes(world: ListWorld) -> None:
    client = world.house.staff()
    path = path_of("contacts", {"language": "ja"}, {"first_name": "Jane"}, {"title": "Buyer"}, pattern="1 or (2 and 3)")
    html = client.get(path).text
    assert sorted(names_in(html)) == ["Jane Ford", "森 遥"]

    left = client.get(links_out(html)[0]).text
    assert names_in(left) == ["Jane Ford"]
    assert len(chips_in(left)) == 2


def test_the_search_box_narrows_any_filter_down(world: ListWorld) -> None:
    client = world.house.staff()

    assert names_in(client.get("/lists/contacts?q=mori").text) == ["森 遥"]  # the company
    assert names_in(client.get("/lists/contacts?q=森").text) == ["森 遥"]
    assert names_in(client.get("/lists/contacts?q=jane@lane").text) == ["Jane Ford"]
    assert names_in(client.get("/lists/contacts?q=jane+retail").text) == ["Jane Ford"]  # every word, anywhere
    either = path_of("contacts", {"language": "ja"}, {"first_name": "Tom"}, pattern="1 or 2")
    assert names_in(client.get(f"{either}&q=lane").text) == ["Tom Lane"]
    assert names_in(client.get("/lists/leads?q=gmbh").text) == ["Ida Berg"]
    assert names_in(client.get("/lists/accounts?q=food").text) == ["Mori Foods"]
    assert len(names_in(client.get("/lists/deals?q=森").text)) == 2


def test_what_is_acted_on_is_what_is_shown(world: ListWorld) -> None:
    html = world.house.staff().get(path_of("contacts", {"account.name": "Lane Retail"}, q="jane")).text

    (written,) = re.findall(r'href="/bulk/new\?module=contacts&amp;filter=([^"]+)"', html)
    chosen = world.desk.read("contacts", unquote_plus(unescape(written)))
    assert world.desk.ids(chosen, 10) == ("c2",)
    assert "Act on this one" in html


def test_columns_sort_both_ways(world: ListWorld) -> None:
    client = world.house.staff()
    up = client.get("/lists/contacts?sort=name")

    assert names_in(up.text) == ["Jane Ford", "Tom Lane", "森 遥"]
    assert 'aria-sort="ascending"' in up.text
    assert names_in(client.get("/lists/contacts?sort=name&down=1").text) == ["森 遥", "Tom Lane", "Jane Ford"]
    assert names_in(client.get("/lists/contacts?sort=last_touch_at&down=1").text)[0] == "森 遥"
    assert len(names_in(client.get("/lists/contacts?sort=nothing").text)) == 3


def test_pages_follow_one_another(house: House, sqlite_database: Database) -> None:
    client = build_list_world(house, sqlite_database, more_contacts=60).house.staff()
    first = client.get("/lists/contacts?sort=name").text
    (following,) = re.findall(r'href="([^"]*after=[^"]+)"', first)
    second = client.get(unescape(following)).text

    assert "63 contacts" in first
    assert (len(names_in(first)), len(names_in(second))) == (50, 13)
    assert not set(names_in(first)) & set(names_in(second))
    assert "First page" in second
    assert len(names_in(client.get("/lists/contacts?after=nonsense").text)) == 50


def test_nobody_fits_and_nothing_there_yet_are_told_apart(house: House, sqlite_database: Database) -> None:
    world = build_list_world(house, sqlite_database)
    client = house.staff()

    assert "No record meets all of this." in client.get("/lists/contacts?q=nobody-at-all").text
    with world.database.write() as connection:
        connection.exec_driver_sql("delete from crm_leads")
    assert "Nothing here yet" in client.get("/lists/leads").text


@pytest.mark.parametrize(
    "path",
    [
        "/lists/contacts?filter=nonsense",
        "/lists/contacts?filter=[1]",
        "/lists/contacts?filter=3",
        '/lists/contacts?filter={"if":[]}&q=%00',
        '/lists/contacts?filter={"iff":{}}',
        '/lists/contacts?filter={"if":[{"language":"ja"}],"pattern":"1 and"}',
        '/lists/contacts?filter={"if":[{"language":"ja"}],"pattern":"1 or 2"}',
        '/lists/contacts?filter={"if":[{"language":"ja"},{"title":"x"}],"pattern":"1"}',
        '/lists/contacts?filter={"if":{"language":"ja"},"pattern":7}',
        "/lists/contacts?filter=" + "[" * 5000,
        "/lists/contacts?saved=99999999999999999999",
        "/lists/contacts?saved=-1&down=1&after=e30",
        r'/lists/contacts?filter={"title":"\ud800"}',
        r'/lists/contacts?filter={"title":"\u0000"}',
    ],
)
def test_whatever_an_address_holds_there_is_a_page(world: ListWorld, path: str) -> None:
    answer = world.house.staff().get(path)

    assert answer.status_code == 200
    assert "Contacts" in answer.text


def test_a_field_that_is_gone_is_named_and_can_be_put_right(world: ListWorld) -> None:
    client = world.house.staff()
    html = client.get(path_of("contacts", {"title": "Buyer"}, {"account.industri": "Retail"})).text

    assert "Condition 2 asks for “account.industri”" in html
    assert names_in(html) == []
    (cure,) = re.findall(r'href="([^"]+)" data-live>Use “Account › Industry” instead', html)
    assert names_in(client.get(unescape(cure)).text) == ["Jane Ford"]
    (removed,) = re.findall(r'href="([^"]+)" data-live>Remove condition 2', html)
    assert names_in(client.get(unescape(removed)).text) == ["Jane Ford"]


def test_a_field_that_is_gone_inside_a_related_record_can_be_put_right(world: ListWorld) -> None:
    client = world.house.staff()
    html = client.get(path_of("contacts", {"responses": {"some": {"tones": "negative", "keyword": "price"}}})).text

    (cure,) = re.findall(r'href="([^"]+)" data-live>Use “Tone” instead', html)
    assert names_in(client.get(unescape(cure)).text) == ["森 遥"]


def test_a_wrong_value_says_which_condition(world: ListWorld) -> None:
    html = world.house.staff().get(path_of("contacts", {"title": "Buyer"}, {"number_of_deals": {"ge": "many"}})).text

    assert "Condition 2 can&#39;t be used." in html
    assert "Remove condition 2" in html


def test_a_filter_that_takes_too_long_says_so(world: ListWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise FilterTooSlow

    monkeypatch.setattr(world.desk, "page", slow)
    client = world.house.staff()

    assert "This takes too long" in client.get("/lists/contacts").text
    assert client.get("/lists/contacts/export.csv").status_code == 302


def test_the_page_holds_no_markup_from_records_or_addresses(world: ListWorld) -> None:
    world.crm.save_account(Account("a9", "<script>alert(1)</script>"))
    client = world.house.staff()

    assert "<script>alert" not in client.get("/lists/accounts").text
    html = client.get(path_of("accounts", {"name": "</script><script>alert(1)"}, q="<b>")).text
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_the_part_for_the_script_is_the_same_results(world: ListWorld) -> None:
    client = world.house.staff()
    part = client.get(path_of("contacts", UNHAPPY, part="results")).text

    assert names_in(part) == ["森 遥"]
    assert "<html" not in part
    (state,) = re.findall(r'id="state">(.*?)</script>', part, re.S)
    assert json.loads(state)["filter"] == {"if": [UNHAPPY]}


def test_japanese_everywhere(world: ListWorld) -> None:
    html = world.house.staff().get(f"{path_of('contacts', UNHAPPY)}&lang=ja").text

    assert "お客様の声" in chips_in(html)[0]
    assert 'lang="ja"' in html


@pytest.mark.parametrize(("role", "leads"), [(Role.REPRESENTATIVE, True), (Role.OPERATOR, False)])
def test_a_keyword_leads_to_everybody_who_said_it(world: ListWorld, role: Role, leads: bool) -> None:
    @world.house.app.get("/staff/keyword")
    def keyword() -> str:
        return render_template_string("{{ keyword_path('price') }}")

    client = world.house.staff(role)
    path = unescape(client.get("/staff/keyword").text)
    assert bool(path) == leads
    if leads:
        assert names_in(client.get(path).text) == ["森 遥"]
