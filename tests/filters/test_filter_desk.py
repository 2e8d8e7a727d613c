"""The desk: counts of parts, pages that can be turned, custom fields, values to choose from, saved filters, limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from crm_client.embedded import tables as crm
from motenashi.database import Database
from motenashi.filters.asking import asking
from motenashi.filters.desk import FilterDesk
from motenashi.filters.filter import FilterTooSlow, FilterWrong
from motenashi.filters.saved import NameWrong
from motenashi.filters.tables import metadata
from motenashi.insights.voice import tables as voice
from motenashi.insights.voice.response import Response, SaidKeyword
from motenashi.insights.voice.responses import Responses
from tests.filters.brute_force import TOKYO
from tests.filters.small_world import NOW, make_tables

BEFORE = NOW - timedelta(days=400)


@pytest.fixture
def shop(database: Database) -> Database:
    """Seven contacts of two accounts; the first ones said something."""
    make_tables(database)
    metadata.create_all(database.engine)
    owner = {"time_zone": "Asia/Tokyo", "active": True}
    with database.write() as connection:
        connection.execute(
            insert(crm.crm_owners), [{"id": "o1", "name": "Aya Endo", "email": "aya@example.com", **owner}]
        )
        accounts = [("a1", "Hart Ltd", "Retail"), ("a2", "青葉", "製造")]
        rows = [{"id": key, "name": name, "industry": kind, "created_at": BEFORE} for key, name, kind in accounts]
        connection.execute(insert(crm.crm_accounts), rows)
        for number in range(7):
            extra = {"Tier": ("Gold", "Silver")[number % 2], "Seats": number} if number else None
            row = {"id": f"c{number}", "last_name": f"Name{number}", "account_id": f"a{number % 3}", "extra": extra}
            row |= {"created_at": BEFORE + timedelta(days=number // 2), "owner_id": "o1", "email": f"c{number}@x.jp"}
            connection.execute(insert(crm.crm_contacts), [row])
    said = Responses(database)
    for number, tone in enumerate(("negative", "negative", "positive")):
        word = SaidKeyword("Price", "Ｐrice", tone=tone)
        text = "The PRICE is\nhigh" if number == 0 else "Thank you"
        said.add(
            Response(0, f"k{number}", NOW - timedelta(days=number * 20), "email", "mail", contact_id=f"c{number}",
                     tone=tone, keywords=(word,), text=text)
        )  # fmt: skip
    return database


@pytest.fixture
def desk(shop: Database) -> FilterDesk:
    return FilterDesk(shop, zone=TOKYO, clock=lambda: NOW)


def test_how_many_each_condition_leaves(desk: FilterDesk) -> None:
    raw = {
        "if": [{"account.industry": "retail"}, {"responses": {"some": {"tone": "negative"}}}],
        "pattern": "1 and not 2",
    }
    parts = desk.parts(desk.read("contacts", raw))

    assert (parts.total, parts.whole) == (7, 1)
    assert [(part.number, part.count) for part in parts.conditions] == [(1, 2), (2, 2)]
    assert parts.conditions[1].words == {
        "en": "there are some responses where tone is negative",
        "ja": "お客様の声（トーンが否定的）がある",
    }


def test_a_text_is_found_in_whatever_width_and_case_it_was_written(desk: FilterDesk) -> None:
    for typed in ("the price is high", "ＰＲＩＣＥ  is", "price is　high"):
        assert desk.ids(desk.read("contacts", {"responses": {"some": {"text": {"contains": typed}}}}), 9) == ("c0",)


def test_an_expression_that_finds_something_in_nothing_finds_missing_records_too(desk: FilterDesk) -> None:
    for field in ("account.industry", "title", "Tier"):
        assert desk.count(desk.read("contacts", {field: {"matches": "x*"}})) == 7
        assert desk.count(desk.read("contacts", {"if": [{field: {"matches": "x*"}}], "pattern": "not 1"})) == 0


def test_a_response_that_nobody_folded_is_found_too(shop: Database, desk: FilterDesk) -> None:
    with shop.write() as connection:
        connection.execute(voice.voice_responses.update().values(text_folded=None))

    assert desk.count(desk.read("contacts", {"responses": {"some": {"text": {"contains": "price is high"}}}})) == 1


@pytest.mark.parametrize(
    "sort",
    ["created_at", "last_name", "account.name", "Tier", "last_response_at", "number_of_deals", "can_be_mailed",
     "days_since_last_touch"],
)  # fmt: skip
@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_record_once(desk: FilterDesk, sort: str, descending: bool) -> None:
    chosen = desk.read("contacts", None)
    seen: list[str] = []
    after = ""
    while True:
        page = desk.page(chosen, sort=sort, descending=descending, after=after, most=2)
        assert page.total == 7
        seen += [row.id for row in page.rows]
        after = page.next
        if not after:
            break

    whole = [row.id for row in desk.page(chosen, sort=sort, descending=descending).rows]
    assert seen == whole
    assert sorted(seen) == [f"c{number}" for number in range(7)]
    if sort == "created_at":
        assert whole == sorted(whole, reverse=descending)


def test_a_page_shows_what_was_asked_for(desk: FilterDesk) -> None:
    columns = ["name", "account.name", "owner.name", "Tier", "Seats", "created_at", "last_response_at",
               "number_of_deals", "can_be_mailed", "days_since_last_touch"]  # fmt: skip
    page = desk.page(desk.read("contacts", {"id": "c1"}), columns=columns, total=False)

    assert page.total == -1
    assert page.rows[0].values == {
        "name": "Name1",
        "account.name": "Hart Ltd",
        "owner.name": "Aya Endo",
        "Tier": "Silver",
        "Seats": pytest.approx(1),
        "created_at": BEFORE,
        "last_response_at": NOW - timedelta(days=20),
        "number_of_deals": 0,
        "can_be_mailed": True,
        "days_since_last_touch": None,
    }
    assert {"last_name", "email", "owner.name"} <= set(desk.page(desk.read("contacts", None)).rows[0].values)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"sort": "titel"}, "Did you mean 'title'?"),
        ({"sort": "responses"}, "is a list of records and no column"),
        ({"columns": ["nothing.here"]}, "there is no field 'nothing.here'"),
        ({"after": "abc"}, "'after' is not from a page before this one"),
        ({"after": "W10"}, "'after' is not from a page before this one"),
        ({"after": "WyJcdTAwMDAiLCAiYyJd", "sort": "title"}, "'after' is not from a page before this one"),
        ({"after": "ü"}, "'after' is not from a page before this one"),
    ],
)
def test_a_wrong_page_is_told(desk: FilterDesk, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(FilterWrong, match=r".") as wrong:
        desk.page(desk.read("contacts", None), **asked)
    assert words in str(wrong.value)


def test_custom_fields_are_found_by_what_stands_in_the_records(desk: FilterDesk) -> None:
    custom = {info.name: info.type for info in desk.fields("contacts") if info.custom}

    assert custom == {"Tier": "text", "Seats": "number"}
    assert desk.ids(desk.read("contacts", {"Tier": "ＧＯＬＤ", "Seats": {"gt": 2}}), 9) == ("c4", "c6")
    assert desk.count(desk.read("contacts", {"Tier": {"is_not": "gold"}})) == 4


def test_a_field_that_is_gone_is_told_and_nothing_runs(shop: Database) -> None:
    desk = FilterDesk(shop, clock=lambda: NOW)
    saved = desk.save("contacts", "Gold", {"if": {"Tier": "Gold"}}, owner="Aya@example.com", shared=False)
    with shop.write() as connection:
        connection.execute(crm.crm_contacts.update().values(extra={"Level": "Gold"}))
    later = FilterDesk(shop, clock=lambda: NOW)

    found = later.find(saved.id, "aya@example.com")
    assert found is not None
    with pytest.raises(FilterWrong, match=r"there is no field 'Tier' .* renamed or removed"):
        later.read(found.module, found.written)


def test_saved_filters_have_an_owner_and_may_be_shared(desk: FilterDesk) -> None:
    mine = desk.save("contacts", " My  list ", {"if": {"title": "Buyer"}}, owner="Aya@Example.com", shared=False)
    shared = desk.save("contacts", "Ours", {"if": {"title": "CTO"}}, owner="ben@example.com", shared=True)
    desk.save("deals", "Other", {}, owner="aya@example.com", shared=True)

    assert (mine.name, mine.owner) == ("My list", "aya@example.com")
    assert [one.name for one in desk.saved("contacts", "AYA@example.com")] == ["My list", "Ours"]
    assert [one.name for one in desk.saved("contacts", "ben@example.com")] == ["Ours"]
    assert desk.find(mine.id, "ben@example.com") is None
    again = desk.save("contacts", "My list", {"if": {"title": "CEO"}}, owner="aya@example.com", shared=True)
    assert (again.id, again.shared, again.written) == (mine.id, True, {"if": {"title": "CEO"}})
    assert not desk.remove(shared.id, "aya@example.com")
    assert desk.remove(mine.id, "aya@example.com")
    assert desk.saved("contacts", "aya@example.com") == (shared,)


def test_a_saved_filter_needs_a_name_and_must_be_readable(desk: FilterDesk) -> None:
    with pytest.raises(NameWrong):
        desk.save("contacts", "  ", {}, owner="a@example.com", shared=False)
    with pytest.raises(NameWrong):
        desk.save("contacts", "x" * 101, {}, owner="a@example.com", shared=False)
    with pytest.raises(FilterWrong):
        desk.save("contacts", "x", {"if": {"titel": "a"}}, owner="a@example.com", shared=False)
    assert desk.saved("contacts", "a@example.com") == ()


def test_values_to_choose_from(desk: FilterDesk) -> None:
    assert desk.values("contacts", "responses.keyword", "PRI") == ("price",)
    assert desk.values("contacts", "account.industry") == ("Retail", "製造")
    assert desk.values("contacts", "responses.tone", "pos") == ("positive",)
    assert desk.values("contacts", "last_name", "name", most=2) == ("Name0", "Name1")
    assert desk.values("contacts", "nothing") == desk.values("contacts", "responses") == ()
    assert desk.values("contacts", "created_at") == desk.values("contacts", "last_name", "\0zz") == ()


def test_a_filter_may_take_only_so_long(shop: Database) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT max(i) FROM n"
    )
    with pytest.raises(FilterTooSlow, match=r"within 0\.05 seconds"), asking(shop, 0.05) as connection:
        connection.exec_driver_sql(endless)
    with shop.read() as connection:  # and the connection is as it was
        many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"
        assert connection.exec_driver_sql(many).scalar() == 300_000


def test_our_own_functions_look_at_the_clock_too(sqlite_database: Database) -> None:
    few = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT {} FROM n"
    for function in ("count(motenashi_fold(i))", "sum(motenashi_found('1', CAST('1' AS BLOB)))"):
        late = asking(sqlite_database, -1.0)
        with pytest.raises(FilterTooSlow), late as connection:
            connection.exec_driver_sql(few.format(function))
        with asking(sqlite_database, 60.0) as connection:
            assert connection.exec_driver_sql(few.format(function)).scalar() == 5


def test_the_query_can_be_used_by_others(desk: FilterDesk) -> None:
    chosen = desk.read("contacts", {"last_name": {"ends_with": "1"}})
    with desk.asking() as connection:
        assert connection.execute(desk.query(chosen, connection)).scalars().all() == ["c1"]


def test_an_unknown_module_is_a_mistake_of_the_caller(desk: FilterDesk) -> None:
    with pytest.raises(KeyError):
        desk.read("owners", {})
    with pytest.raises(KeyError):
        desk.fields("owners")


def test_days_are_those_of_the_house(shop: Database) -> None:
    """Half past midnight in Tokyo is still the day before in Greenwich."""
    at = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
    with shop.write() as connection:
        connection.execute(crm.crm_contacts.update().where(crm.crm_contacts.c.id == "c3").values(created_at=at))
    asked = {"created_at": {"on": date(2026, 11, 3).isoformat()}}

    for zone, found in ((TOKYO, ("c3",)), (UTC, ())):
        desk = FilterDesk(shop, zone=zone, clock=lambda: NOW)
        assert desk.ids(desk.read("contacts", asked), 9) == found
