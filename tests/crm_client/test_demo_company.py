"""The demo company: how much of it there is, the people everybody knows, and that nothing in it is impossible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crm_client.demo.block import Block
from crm_client.demo.catalogue import catalogue
from crm_client.demo.company import DemoCounts, demo_is_there, make_demo
from crm_client.demo.pictures import draw
from crm_client.demo.sales_rules import STAGE_RULES
from crm_client.embedded import tables
from crm_client.embedded.bulk import DealHistory, WithHistory, insert_many
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.stages import DEFAULT_STAGES
from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.records import Contact, Outcome
from motenashi.database import Database
from motenashi.storage.open_database import open_database

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, int]]:
    """What the making of the demo said last about each kind of record: done, total."""
    return {}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, told: dict[str, tuple[int, int]]) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db")
    tables.metadata.create_all(database.engine)
    make_demo(database, now=NOW, progress=lambda what, done, total: told.update({what: (done, total)}))
    yield database
    database.engine.dispose()


@pytest.fixture(scope="module")
def histories() -> list[DealHistory]:
    return list(Block(2_026, 0, NOW).deals())


def rows(database: Database, query: Any) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(query))


def how_many(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0)


def test_there_is_as_much_as_was_promised(demo: Database) -> None:
    counts = make_demo(demo, now=NOW)

    assert (counts.owners, counts.products, counts.accounts) == (8, 26, 120)
    assert (counts.contacts, counts.leads, counts.deals) == (400, 300, 2_000)
    for name in ("owners", "products", "accounts", "contacts", "leads", "deals", "activities", "emails", "touchpoints"):
        assert how_many(demo, f"crm_{name}") == getattr(counts, name) > 0


def test_a_second_call_changes_nothing_and_says_so(demo: Database) -> None:
    before = {name: how_many(demo, name) for name in tables.metadata.tables}
    again = make_demo(demo, scale=3, seed=1, now=NOW + timedelta(days=9))

    assert again.already_there
    assert {name: how_many(demo, name) for name in tables.metadata.tables} == before
    assert demo_is_there(demo)


def test_six_hundred_won_deals_have_five_finished_activities(histories: list[DealHistory]) -> None:
    rich = [
        one
        for one in histories
        if one.deal.stage == "Closed Won" and sum(done.status == "completed" for done in one.activities) >= 5
    ]

    assert len(rich) >= 600


def test_haruka_mori_has_bought_twice_and_is_exploring(demo: Database) -> None:
    crm = EmbeddedCrm(demo)
    haruka = crm.find_contact(email="Haruka.Mori@example.com")
    assert haruka is not None
    assert (haruka.last_name, haruka.first_name, haruka.language) == ("森", "遥", "ja")

    won = crm.deals_of_contact(haruka.id, [Outcome.WON])
    still_open = crm.deals_of_contact(haruka.id, [Outcome.OPEN])
    assert (len(won), len(still_open)) == (2, 1)
    for deal in (*won, *still_open):
        assert crm.products_of_deals([deal.id])
        assert len(crm.stage_history(deal.id)) > 1
        assert crm.activities_of(deal_id=deal.id)
    assert crm.find_lead(email="haruka.mori@example.com") is None


def test_the_other_fixed_people_are_there_and_nobody_is_not(demo: Database) -> None:
    crm = EmbeddedCrm(demo)
    tom, nora = crm.find_lead(email="tom.becker@example.com"), crm.find_contact(email="new.contact@example.com")

    assert tom is not None
    assert (tom.first_name, tom.language) == ("Tom", "en")
    assert crm.find_contact(email="tom.becker@example.com") is None
    assert crm.touchpoints_of(lead_id=tom.id)
    assert nora is not None
    assert list(crm.deals_of_contact(nora.id)) == []
    assert crm.find_contact(email="nobody@example.com") is None
    assert crm.find_lead(email="nobody@example.com") is None


def test_every_address_lies_where_nobody_can_live(demo: Database) -> None:
    reserved = re.compile(r"@(example\.(com|net|org)|[a-z0-9-]+\.example)$")
    addresses = [
        address
        for table in (tables.crm_contacts, tables.crm_leads, tables.crm_owners)
        for (address,) in rows(demo, select(table.c.email))
    ]

    assert [address for address in addresses if not reserved.search(address)] == []
    contacts = [address for (address,) in rows(demo, select(tables.crm_contacts.c.email_key))]
    assert len(set(contacts)) == len(contacts)


def test_each_phone_number_is_one_persons(demo: Database) -> None:
    for table in (tables.crm_contacts, tables.crm_leads):
        query = select(table.c.phone_key).where(table.c.phone_key.is_not(None))
        if table is tables.crm_leads:
            query = query.where(table.c.converted_contact_id == "")
        numbers = [number for (number,) in rows(demo, query)]
        assert len(set(numbers)) == len(numbers) > 50


def test_both_languages_and_several_time_zones_are_there(demo: Database) -> None:
    languages = [language for (language,) in rows(demo, select(tables.crm_contacts.c.language))]
    zones = {zone for (zone,) in rows(demo, select(tables.crm_contacts.c.time_zone))}

    assert {language: languages.count(language) > 100 for language in set(languages)} == {"en": True, "ja": True}
    assert len(zones) >= 8


def test_the_same_seed_makes_the_same_company_and_another_one_another(histories: list[DealHistory]) -> None:
    assert list(Block(2_026, 0, NOW).deals()) == histories
    assert list(Block(2_026, 0, NOW).leads()) == list(Block(2_026, 0, NOW).leads())
    assert next(Block(7, 0, NOW).deals()) != histories[0]


def test_stages_follow_each_other_in_order_and_time(histories: list[DealHistory]) -> None:
    order = [stage.name for stage in DEFAULT_STAGES]
    for one in histories:
        changes = one.stage_changes
        assert changes[0].from_stage == ""
        assert changes[0].at == one.deal.created_at
        assert changes[-1].to_stage == one.deal.stage
        for earlier, later in pairwise(changes):
            assert earlier.at < later.at
            assert earlier.to_stage == later.from_stage
            lost = later.to_stage == "Closed Lost"
            assert lost or order.index(later.to_stage) == order.index(later.from_stage) + 1
        closed = one.deal.stage.startswith("Closed")
        assert one.deal.closed_at == (changes[-1].at if closed else None)


def test_nothing_happens_before_it_began_or_after_now(histories: list[DealHistory]) -> None:
    for one in histories:
        created_at = one.deal.created_at
        assert created_at is not None
        assert NOW - timedelta(days=745) < created_at < NOW
        assert all(change.at < NOW for change in one.stage_changes)
        for activity in one.activities:
            assert activity.end_at is not None
            assert created_at <= activity.start_at <= activity.end_at
            assert activity.status == "open" or activity.end_at < NOW
            assert (activity.result == "") == (activity.status == "open" or activity.kind == "task")
        for mail in one.emails:
            assert created_at <= mail.sent_at < NOW
            moments = [at for at in (mail.sent_at, mail.opened_at, mail.replied_at) if at]
            assert moments == sorted(moments)
            assert all(at < NOW for at in moments)
            assert not (mail.clicked_at or mail.replied_at) or mail.opened_at
        assert all(created_at - timedelta(days=7) < touch.at < NOW for touch in one.touchpoints)


def test_people_and_companies_are_known_before_they_buy(demo: Database) -> None:
    deals, contacts, accounts = tables.crm_deals, tables.crm_contacts, tables.crm_accounts
    late = (
        select(deals.c.id)
        .join(contacts, contacts.c.id == deals.c.contact_id)
        .join(accounts, accounts.c.id == deals.c.account_id)
        .where((contacts.c.created_at > deals.c.created_at) | (accounts.c.created_at > contacts.c.created_at))
    )

    assert rows(demo, late) == []
    assert how_many(demo, "crm_deals") == len(
        rows(demo, select(deals.c.id).join(contacts, contacts.c.id == deals.c.contact_id))
    )


def test_a_converted_lead_is_the_contact_it_became(demo: Database) -> None:
    leads, contacts, deals = tables.crm_leads, tables.crm_contacts, tables.crm_deals
    pairs = rows(
        demo,
        select(
            leads.c.email,
            leads.c.created_at,
            contacts.c.email,
            contacts.c.created_at,
            deals.c.contact_id,
            contacts.c.id,
        )
        .join(contacts, contacts.c.id == leads.c.converted_contact_id)
        .join(deals, deals.c.id == leads.c.converted_deal_id),
    )

    assert len(pairs) == 75
    for lead_email, lead_at, email, at, deals_contact, contact_id in pairs:
        assert lead_email == email
        assert lead_at < at
        assert deals_contact == contact_id


def test_customers_answer_more_often_around_their_own_hour(histories: list[DealHistory]) -> None:
    people = {one.id: one for one in Block(2_026, 0, NOW).customers}
    near: list[bool] = []
    far: list[bool] = []
    for one in histories:
        for call in one.activities:
            if call.kind == "call" and call.direction == "outbound" and call.result:
                person = people[call.contact_id]
                best = person.answer_chance(call.start_at) > 0.8 * person.answers
                (near if best else far).append(call.result == "answered")

    assert sum(near) / len(near) > 1.4 * sum(far) / len(far)


def advances(history: DealHistory) -> Iterator[tuple[float, bool]]:
    """For each contact by a seller: days since the contact or stage change before it, as a part of what is ideal in
    that stage; and whether the deal moved on before the next contact."""
    calls = [one.start_at for one in history.activities if one.kind == "event" or one.direction == "outbound"]
    mails = [mail.sent_at for mail in history.emails if mail.direction == "out"]
    contacts = sorted(at for at in (*calls, *mails) if at < NOW)
    for number, at in enumerate(contacts):
        change = next(one for one in reversed(history.stage_changes) if one.at < at)
        until = contacts[number + 1] if number + 1 < len(contacts) else NOW
        after = [one for one in history.stage_changes if at < one.at <= until]
        since = max([change.at, *contacts[:number]])
        if change.to_stage in STAGE_RULES:
            gap = (at - since) / timedelta(days=STAGE_RULES[change.to_stage].ideal_gap)
            yield gap, bool(after) and after[0].to_stage != "Closed Lost"


def test_deals_that_are_followed_up_in_good_time_move_on_more_often(histories: list[DealHistory]) -> None:
    all_contacts = [contact for one in histories for contact in advances(one)]
    timely = [moved for gap, moved in all_contacts if 0.6 < gap < 1.6]
    late = [moved for gap, moved in all_contacts if gap > 2.5]

    assert min(len(timely), len(late)) > 500
    assert sum(timely) / len(timely) > 1.15 * sum(late) / len(late)


def test_the_counters_of_the_demo_equal_a_recount(demo: Database) -> None:
    crm = EmbeddedCrm(demo)
    counted = crm.popular_products(limit=100, now=NOW)
    crm.recount()

    assert [(one.product.code, one.deals, one.revenue) for one in crm.popular_products(limit=100, now=NOW)] == [
        (one.product.code, one.deals, one.revenue) for one in counted
    ]


class _PowerCut(Exception):
    pass


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(demo: Database, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/cut.db")
    tables.metadata.create_all(database.engine)

    def cut(what: str, done: int, total: int) -> None:
        if what == "deals" and done >= 500:
            raise _PowerCut

    with pytest.raises(_PowerCut):
        make_demo(database, now=NOW, progress=cut)
    assert not demo_is_there(database)
    made = make_demo(database, now=NOW + timedelta(days=3))

    assert made == DemoCounts(**{**_counts(demo), "already_there": False})
    for name in tables.metadata.tables:
        assert how_many(database, name) == how_many(demo, name), name
    database.engine.dispose()


def _counts(database: Database) -> dict[str, Any]:
    counts = make_demo(database, now=NOW)
    return {name: getattr(counts, name) for name in DemoCounts.__dataclass_fields__}


def test_progress_is_told_and_reaches_its_end(demo: Database, told: dict[str, tuple[int, int]]) -> None:
    assert demo_is_there(demo)
    assert told["deals"] == (2_000, 2_000)
    assert told["leads"] == (300, 300)


def test_a_second_block_repeats_neither_ids_nor_addresses() -> None:
    first, second = Block(2_026, 0, NOW), Block(2_026, 1, NOW)

    for part in ("id", "email"):
        assert not {getattr(one, part) for one in first.contacts} & {getattr(one, part) for one in second.contacts}
    assert not {one.name for one in first.accounts()} & {one.name for one in second.accounts()}
    leads = [
        {one[0].record.id for one in block.leads() if isinstance(one[0], WithHistory)} for block in (first, second)
    ]
    assert not leads[0] & leads[1]


def test_every_lead_came_to_its_status_step_by_step(demo: Database) -> None:
    crm = EmbeddedCrm(demo)
    leads = {one.id: one for one in crm.leads_with([row.id for row in rows(demo, select(tables.crm_leads.c.id))])}
    changes = crm.field_changes_of("leads", leads)
    for one in leads.values():
        own = [change for change in changes if change.record_id == one.id]
        assert (own[0].from_value, own[0].to_value, own[0].at) == ("", "Not Contacted", one.created_at)
        assert own[-1].to_value == one.status
        assert all(before.to_value == after.from_value and before.at <= after.at for before, after in pairwise(own))
        assert own[-1].at <= NOW
    assert len(changes) > 1.5 * len(leads)


def test_touchpoints_have_titles_of_both_languages(demo: Database) -> None:
    titles = {title for (title,) in rows(demo, select(tables.crm_touchpoints.c.title))}

    assert {"Customer survey", "お客様アンケート", "Autumn trade fair"} <= titles
    assert not {title for title in titles if "{" in title}


@pytest.mark.postgres
def test_the_same_demo_lives_on_postgresql(postgres_url: str, demo: Database) -> None:
    database = open_database(postgres_url)
    tables.metadata.create_all(database.engine)
    make_demo(database, now=NOW)
    there, here = EmbeddedCrm(database), EmbeddedCrm(demo)

    haruka = there.find_contact(email="haruka.mori@example.com")
    assert haruka == here.find_contact(email="haruka.mori@example.com")
    assert haruka is not None
    assert there.deals_of_contact(haruka.id) == here.deals_of_contact(haruka.id)
    assert there.activities_of(contact_id=haruka.id) == here.activities_of(contact_id=haruka.id)
    assert there.popular_products(by="revenue", now=NOW) == here.popular_products(by="revenue", now=NOW)
    database.engine.dispose()


def test_without_tables_nobody_says_that_there_is_no_demo(database: Database) -> None:
    with pytest.raises(CrmUnreachable):
        demo_is_there(database)


def test_the_catalogue_is_bilingual_and_every_product_has_its_picture() -> None:
    folder = Path(__file__).parents[2] / "motenashi/pages/static/products"
    pictures = set()
    for entry in catalogue():
        product = entry.product
        assert product.unit_price > 0
        assert re.search(r"[ぁ-んァ-ヶ一-龠]", product.name_ja + product.summary_ja)
        assert product.summary_en.endswith((".", "!"))
        picture = (folder / Path(product.image).name).read_text(encoding="utf-8")
        assert picture == draw.picture(product), (
            "draw the pictures again: python -m crm_client.demo.pictures.draw FOLDER"
        )
        assert "<style" not in picture
        pictures.add(re.sub(r"<title.*?</title>", "", picture))

    assert len(catalogue()) == len(pictures) == 26


def test_inserting_what_is_there_already_is_rejected_and_leaves_nothing(
    demo: Database, histories: list[DealHistory]
) -> None:
    before = how_many(demo, "crm_activities")
    with pytest.raises(CrmRejected):
        insert_many(EmbeddedCrm(demo), [Contact("fresh", "Fresh"), histories[0]])

    assert how_many(demo, "crm_activities") == before
    assert EmbeddedCrm(demo).contact("fresh") is None
