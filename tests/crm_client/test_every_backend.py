"""The contract of CrmClient: written only against that face, run on every backend that has it.

A new backend joins by adding a parameter to the fixture `crm`; nothing below may know which one answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_client.client import CrmClient
from crm_client.errors import CrmConflict, CrmRejected
from crm_client.records import (
    Account,
    Activity,
    Contact,
    Deal,
    DealProduct,
    Email,
    Lead,
    Outcome,
    Product,
    StageChange,
    Touchpoint,
)
from motenashi.database import Database
from tests.crm_client.backends import BACKENDS

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(params=BACKENDS)
def crm(request: pytest.FixtureRequest, database: Database) -> Iterator[CrmClient]:
    """An empty CRM, once for each backend and each kind of database below it."""
    with BACKENDS[request.param](database, NOW) as crm:
        yield crm


def product(crm: CrmClient, code: str = "nb-14", category: str = "notebook") -> Product:
    return crm.save_product(Product("", code, f"Name {code}", f"名前 {code}", category, 1_000))


def deal(
    crm: CrmClient, *products: Product, stage: str = "Qualification", at: datetime = NOW, amount: int | None = None
) -> Deal:
    lines = [DealProduct("", one.id, 1, one.unit_price) for one in products]
    return crm.save_deal(Deal("", "A deal", stage, contact_id="c1", amount=amount), lines, at=at)


# Who is this?


def test_a_saved_contact_comes_back_with_every_field(crm: CrmClient) -> None:
    contact = Contact(
        "",
        last_name="森",
        first_name="遥",
        email="haruka@example.com",
        secondary_email="h.mori@example.net",
        phone="03-1234-5678",
        mobile="090-1234-5678",
        account_id="a1",
        title="課長",
        language="ja",
        time_zone="Asia/Tokyo",
        owner_id="o1",
        created_at=NOW - DAY,
    )
    stored = crm.save_contact(contact)

    assert stored.id
    assert stored == replace(contact, id=stored.id)
    assert crm.contact(stored.id) == stored


@pytest.mark.parametrize(
    "asked", ["ann@example.com", " ANN@Example.COM ", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "a2@example.com"]
)
def test_a_contact_is_found_by_either_address_in_any_case_and_width(crm: CrmClient, asked: str) -> None:
    saved = crm.save_contact(Contact("", "Lee", "Ann", email="Ann@Example.com", secondary_email="A2@example.com"))

    assert crm.find_contact(email=asked) == saved


@pytest.mark.parametrize(
    "asked",
    [
        "090-1234-5678",
        "09012345678",
        "+81 90 1234 5678",
        "+81 (0)90-1234-5678",
        "+8109012345678",
        "0081 90 1234 5678",
        "010-81-90-1234-5678",
        "819012345678",
        "(090) 1234 5678",
        "０９０－１２３４－５６７８",
    ],
)
def test_a_contact_is_found_by_phone_however_it_is_written(crm: CrmClient, asked: str) -> None:
    saved = crm.save_contact(Contact("", "Lee", mobile="090-1234-5678"))

    assert crm.find_contact(phone=asked) == saved


def test_numbers_of_two_countries_are_two_numbers(crm: CrmClient) -> None:
    crm.save_contact(Contact("", "Lee", phone="+44 20 7946 0958"))

    assert crm.find_contact(phone="+81 20 7946 0958") is None
    assert crm.find_contact(phone="020 7946 0958") is None
    assert crm.find_contact(phone="+44 (0)20 7946 0958") is not None


def test_an_address_outranks_a_phone_number(crm: CrmClient) -> None:
    crm.save_contact(Contact("", "Phone", phone="090-1111-2222", created_at=NOW - DAY))
    by_address = crm.save_contact(Contact("", "Address", email="a@example.com", created_at=NOW))

    assert crm.find_contact(email="a@example.com", phone="090-1111-2222") == by_address


def test_nobody_is_found_by_nothing(crm: CrmClient) -> None:
    crm.save_contact(Contact("", "Nobody"))
    crm.save_lead(Lead("", "Nobody", ""))

    for email, phone in (("", ""), (" ", "-"), ("@", "0"), ("not an address", "call me"), ("x" * 5_000, "9" * 5_000)):
        assert crm.find_contact(email=email, phone=phone) is None
        assert crm.find_lead(email=email, phone=phone) is None


def test_what_is_not_there_is_none_or_empty(crm: CrmClient) -> None:
    assert crm.find_contact(email="nobody@example.com") is None
    for look_up in (crm.contact, crm.lead, crm.account, crm.owner, crm.deal, crm.product):
        assert look_up("no such id") is None
        assert look_up("") is None
    assert list(crm.deals_of_contact("none")) == []
    assert list(crm.products_of_deals(["none"])) == []
    assert list(crm.products_of_deals([])) == []
    assert list(crm.stage_history("none")) == []
    assert list(crm.activities_of(contact_id="none")) == []
    assert list(crm.emails_of(contact_id="none")) == []
    assert list(crm.touchpoints_of(contact_id="none")) == []
    assert list(crm.popular_products(now=NOW)) == []


def test_asking_for_the_history_of_no_id_gives_nobodys_history(crm: CrmClient) -> None:
    crm.save_activity(Activity("", "task", "Internal", NOW))

    assert list(crm.activities_of()) == []
    assert list(crm.emails_of()) == []
    assert list(crm.touchpoints_of()) == []


def test_the_newest_lead_that_is_not_converted_is_found(crm: CrmClient) -> None:
    def lead(company: str, age: timedelta, **more: Any) -> Lead:
        return crm.save_lead(Lead("", "Becker", company, email="tom@example.com", created_at=NOW - age, **more))

    lead("old", 9 * DAY)
    newest = lead("new", DAY)
    lead("won", timedelta(), converted_deal_id="d1")
    lead("known", timedelta(), converted_contact_id="c1")

    assert crm.find_lead(email="Tom@Example.com") == newest


def test_saving_again_by_id_replaces_the_record_and_keeps_its_birth(crm: CrmClient) -> None:
    first = crm.save_account(Account("", "Kita Foods", created_at=NOW - DAY))
    second = crm.save_account(Account(first.id, "Kita Foods KK", employees=12))

    assert second == replace(first, name="Kita Foods KK", employees=12)
    assert crm.account(first.id) == second


def test_an_address_that_changed_is_found_by_the_new_one_only(crm: CrmClient) -> None:
    contact = crm.save_contact(Contact("", "Lee", email="old@example.com"))
    crm.save_contact(replace(contact, email="new@example.com"))

    assert crm.find_contact(email="old@example.com") is None
    assert crm.find_contact(email="new@example.com") is not None


def test_the_same_key_makes_one_lead(crm: CrmClient) -> None:
    first = crm.save_lead(Lead("", "Becker", "Becker AG"), key="turn-7")
    again = crm.save_lead(Lead("", "Somebody else", "Other"), key="turn-7")
    other = crm.save_lead(Lead("", "Becker", "Becker AG"), key="turn-8")

    assert again == first
    assert other.id != first.id


# Deals and products


def test_a_deal_goes_into_the_history_when_its_stage_changes(crm: CrmClient) -> None:
    new = deal(crm, at=NOW - 3 * DAY)
    talked = crm.save_deal(replace(new, stage="Needs Analysis"), at=NOW - 2 * DAY, by="o1")
    renamed = crm.save_deal(replace(talked, name="Better name"), at=NOW - DAY, by="o2")
    won = crm.save_deal(replace(renamed, stage="Closed Won"), at=NOW, by="o1")

    assert list(crm.stage_history(new.id)) == [
        StageChange(new.id, "", "Qualification", NOW - 3 * DAY),
        StageChange(new.id, "Qualification", "Needs Analysis", NOW - 2 * DAY, "o1"),
        StageChange(new.id, "Needs Analysis", "Closed Won", NOW, "o1"),
    ]
    assert new.created_at == NOW - 3 * DAY
    assert (renamed.closed_at, won.closed_at) == (None, NOW)


def test_a_closed_deal_that_is_changed_stays_closed_since_then_and_one_that_is_reopened_is_open(crm: CrmClient) -> None:
    won = deal(crm, stage="Closed Won", at=NOW - DAY)

    assert crm.save_deal(replace(won, amount=5, closed_at=None), at=NOW).closed_at == NOW - DAY
    assert crm.save_deal(replace(won, stage="Qualification"), at=NOW).closed_at is None


def test_a_change_without_products_keeps_the_products(crm: CrmClient) -> None:
    notebook, dock = product(crm, "nb-14"), product(crm, "ac-dock")
    new = deal(crm, notebook)
    won = crm.save_deal(replace(new, stage="Closed Won"), at=NOW)
    assert [found for _, found in crm.products_of_deals([won.id])] == [notebook]

    crm.save_deal(won, [DealProduct("", dock.id, 3, 900)], at=NOW)
    assert list(crm.products_of_deals([won.id])) == [(DealProduct(won.id, dock.id, 3, 900), dock)]


def test_deals_of_a_contact_come_newest_first_and_by_outcome(crm: CrmClient) -> None:
    stages = ("Closed Won", "Qualification", "Closed Lost")
    won, still_open, lost = (deal(crm, stage=stage, at=NOW + n * DAY) for n, stage in enumerate(stages))

    assert list(crm.deals_of_contact("c1")) == [lost, still_open, won]
    assert list(crm.deals_of_contact("c1", [Outcome.WON])) == [won]
    assert list(crm.deals_of_contact("c1", {Outcome.OPEN, Outcome.LOST})) == [lost, still_open]


def test_products_of_deals_come_in_the_order_asked_for(crm: CrmClient) -> None:
    one, two, three = (product(crm, code) for code in ("c", "a", "b"))
    first, second = deal(crm, one, two), deal(crm, three)

    found = crm.products_of_deals([second.id, "none", first.id, second.id])

    assert [(line.deal_id, item.code) for line, item in found] == [(second.id, "b"), (first.id, "c"), (first.id, "a")]


def test_products_that_are_no_longer_sold_are_listed_only_when_asked_for(crm: CrmClient) -> None:
    kept = product(crm, "a")
    gone = crm.save_product(replace(product(crm, "b"), active=False))

    assert list(crm.products()) == [kept]
    assert list(crm.products(active_only=False)) == [kept, gone]


def test_every_stage_has_an_outcome_and_they_come_in_order(crm: CrmClient) -> None:
    stages = crm.stages()

    assert [stage.position for stage in stages] == sorted(stage.position for stage in stages)
    assert {stage.outcome for stage in stages} == set(Outcome)


def test_popularity_counts_deals_of_any_outcome(crm: CrmClient) -> None:
    first, second, third = (product(crm, code) for code in ("a", "b", "c"))
    deal(crm, second, stage="Closed Lost")
    deal(crm, second, first)
    deal(crm, third, second)

    counts = crm.popular_products(now=NOW)
    assert [(count.product.code, count.deals, count.score) for count in counts] == [
        ("b", 3, 3.0),
        ("a", 1, 1.0),  # ties by code
        ("c", 1, 1.0),
    ]
    assert [count.product.code for count in crm.popular_products(limit=1, now=NOW)] == ["b"]
    assert list(crm.popular_products(limit=0, now=NOW)) == []


def test_popularity_stays_within_a_category(crm: CrmClient) -> None:
    deal(crm, product(crm, "a", "notebook"), product(crm, "b", "server"))

    assert [count.product.code for count in crm.popular_products(category="server", now=NOW)] == ["b"]
    assert list(crm.popular_products(category="nothing", now=NOW)) == []


def test_a_product_named_twice_in_a_deal_is_in_one_deal(crm: CrmClient) -> None:
    item = product(crm)
    deal(crm, item, item)

    assert crm.popular_products(now=NOW)[0].deals == 1


def test_recent_popularity_halves_in_ninety_days(crm: CrmClient) -> None:
    old, new = product(crm, "a"), product(crm, "b")
    for _ in range(3):
        deal(crm, old, at=NOW - 180 * DAY)
    deal(crm, new, at=NOW)

    counts = crm.popular_products(by="recent", now=NOW)
    assert [(count.product.code, count.deals) for count in counts] == [("b", 1), ("a", 3)]
    assert [count.score for count in counts] == pytest.approx([1.0, 0.75])
    assert [count.score for count in crm.popular_products(by="recent", now=NOW + 90 * DAY)] == pytest.approx(
        [0.5, 0.375]
    )


def test_revenue_is_that_of_won_deals_and_their_amount_is_divided_among_products(crm: CrmClient) -> None:
    cheap = product(crm, "a")
    dear = crm.save_product(Product("", "b", "B", "B", "server", 3_000))
    deal(crm, cheap, dear, stage="Closed Won", amount=1_001)  # sold with a discount
    deal(crm, dear, amount=1_000_000)
    deal(crm, cheap, stage="Closed Won")  # no amount: the price

    counts = crm.popular_products(by="revenue", now=NOW)
    assert {count.product.code: count.revenue for count in counts} == {"a": 250 + 1_000, "b": 751}


def test_popularity_follows_a_deal_that_changes(crm: CrmClient) -> None:
    first, second = product(crm, "a"), product(crm, "b")
    new = deal(crm, first)
    won = crm.save_deal(replace(new, stage="Closed Won"), at=NOW)
    assert [count.revenue for count in crm.popular_products(now=NOW)] == [1_000]

    crm.save_deal(replace(won, amount=5_000), [DealProduct("", second.id, 1, 1_000)], at=NOW)
    assert [(count.product.code, count.revenue) for count in crm.popular_products(now=NOW)] == [("b", 5_000)]

    crm.save_deal(replace(won, stage="Closed Lost"), at=NOW)
    assert [count.revenue for count in crm.popular_products(now=NOW)] == [0]
    assert list(crm.popular_products(by="revenue", now=NOW)) == []


def test_popularity_by_something_unknown_is_rejected(crm: CrmClient) -> None:
    with pytest.raises(CrmRejected) as refused:
        crm.popular_products(by="colour", now=NOW)

    assert refused.value.field == "by"


# Activities and histories


def test_an_activity_comes_back_with_every_field_under_each_id(crm: CrmClient) -> None:
    call = Activity(
        "",
        "call",
        "見積の件",
        NOW,
        NOW + HOUR,
        "d1",
        "c1",
        "l1",
        "o1",
        "quote",
        "outbound",
        "completed",
        "answered",
        "長い話",
    )
    stored = crm.save_activity(call, key="k")

    assert stored == replace(call, id=stored.id, key="k")
    for ids in ({"contact_id": "c1"}, {"lead_id": "l1"}, {"deal_id": "d1"}, {"owner_id": "o1"}):
        assert list(crm.activities_of(**ids)) == [stored]
    assert list(crm.activities_of(contact_id="c1", deal_id="other")) == []


def test_activities_come_in_time_order(crm: CrmClient) -> None:
    late, early = (crm.save_activity(Activity("", "task", "t", NOW + n * HOUR, contact_id="c1")) for n in (2, 1))

    assert list(crm.activities_of(contact_id="c1")) == [early, late]


def test_the_same_key_makes_one_activity_and_completing_it_is_no_repetition(crm: CrmClient) -> None:
    first = crm.save_activity(Activity("", "call", "Call back", NOW), key="k")
    assert crm.save_activity(Activity("", "call", "Another", NOW), key="k") == first
    assert crm.save_activity(Activity("", "call", "Another", NOW, key="k")) == first

    done = crm.save_activity(replace(first, status="completed", result="answered"))
    assert (done.id, done.status, done.key) == (first.id, "completed", "k")


def event(start: datetime, end: datetime | None = None, owner: str = "o1", **more: str) -> Activity:
    return Activity("", "event", "Meeting", start, end or start + HOUR, owner_id=owner, **more)


def test_an_owner_is_booked_once_at_a_time(crm: CrmClient) -> None:
    booked = crm.book_event(event(NOW), key="a")

    for start, end in ((NOW, NOW + HOUR), (NOW - HOUR, NOW + timedelta(minutes=1)), (NOW - DAY, NOW + DAY)):
        with pytest.raises(CrmConflict):
            crm.book_event(event(start, end), key=f"{start}{end}")
    assert crm.book_event(event(NOW), key="a") == booked
    assert crm.book_event(event(NOW, owner="o2"), key="b")
    assert crm.book_event(event(NOW + HOUR), key="c")  # begins when the other one ends
    assert crm.book_event(event(NOW - HOUR), key="d")


def test_a_cancelled_event_frees_its_time_and_one_put_in_by_hand_takes_it(crm: CrmClient) -> None:
    booked = crm.book_event(event(NOW), key="a")
    crm.save_activity(replace(booked, status="cancelled"))
    crm.save_activity(event(NOW))

    with pytest.raises(CrmConflict):
        crm.book_event(event(NOW), key="b")
    assert len(crm.events_between(NOW, NOW + HOUR)) == 1


def test_a_refused_booking_leaves_nothing_behind_and_its_key_works_later(crm: CrmClient) -> None:
    booked = crm.book_event(event(NOW), key="a")
    with pytest.raises(CrmConflict):
        crm.book_event(event(NOW), key="b")
    assert list(crm.events_between(NOW, NOW + HOUR)) == [booked]

    crm.save_activity(replace(booked, status="cancelled"))
    assert crm.book_event(event(NOW), key="b").id != booked.id


def test_events_between_are_those_that_overlap(crm: CrmClient) -> None:
    before, across, within, after = (
        crm.save_activity(event(NOW + n * HOUR, NOW + m * HOUR)) for n, m in ((-2, 0), (-1, 1), (2, 3), (4, 5))
    )
    other = crm.save_activity(event(NOW, owner="o2", status="completed"))
    crm.save_activity(event(NOW, status="cancelled"))
    crm.save_activity(Activity("", "call", "No event", NOW, NOW + HOUR, owner_id="o1"))

    assert list(crm.events_between(NOW, NOW + 4 * HOUR, "o1")) == [across, within]
    assert list(crm.events_between(NOW, NOW + 4 * HOUR)) == [across, other, within]
    assert list(crm.events_between(NOW + 4 * HOUR, NOW + 9 * HOUR)) == [after]
    assert before


def test_an_email_comes_back_with_every_field(crm: CrmClient) -> None:
    mail = Email("", "out", "Re: 見積", NOW, "d1", "c1", "l1", "o1", "quote", "delivered", NOW, NOW + HOUR, NOW + DAY)
    mail = replace(
        mail, message_id="2@example.com", in_reply_to="1@example.com", text="見積をお送りします。", key="mail-7"
    )
    stored = crm.save_email(mail)

    assert stored == replace(mail, id=stored.id)
    for ids in ({"contact_id": "c1"}, {"lead_id": "l1"}, {"deal_id": "d1"}):
        assert list(crm.emails_of(**ids)) == [stored]


def test_the_same_key_makes_one_email_and_noting_that_it_was_opened_is_no_repetition(crm: CrmClient) -> None:
    first = crm.save_email(Email("", "in", "Quote?", NOW, contact_id="c1"), key="mail-7")

    assert crm.save_email(Email("", "in", "Something else", NOW, contact_id="c2"), key="mail-7") == first
    assert crm.save_email(Email("", "in", "Another mail", NOW, contact_id="c1"), key="mail-8").id != first.id
    assert crm.save_email(Email("", "in", "A mail without a key", NOW, contact_id="c1")).id != first.id
    read = crm.save_email(replace(first, opened_at=NOW + HOUR))
    assert (read.id, read.opened_at, read.key) == (first.id, NOW + HOUR, "mail-7")


def test_emails_are_found_by_their_message_ids_oldest_first(crm: CrmClient) -> None:
    def mail(message_id: str, at: datetime) -> Email:
        return crm.save_email(Email("", "out", "Quote", at, message_id=message_id))

    second, first = mail("2@example.com", NOW + HOUR), mail("1@example.com", NOW)
    again = mail("1@example.com", NOW + DAY)  # the same mail, noted by two tools
    mail("", NOW)

    assert list(crm.emails_with(["2@example.com", "1@example.com", "none@example.com", ""])) == [first, second, again]
    assert list(crm.emails_with([])) == list(crm.emails_with([""])) == []
    assert list(crm.emails_with([f"{n}@example.com" for n in range(40_000)])) == [first, second, again]


def test_a_touchpoint_with_the_same_key_is_the_same_touchpoint(crm: CrmClient) -> None:
    visit = Touchpoint("", "website visit", "visit", NOW, True, "c1", "l1", "d1", "o1", "open", 60, 3, 2)
    stored = crm.save_touchpoint(visit, key="k")

    assert stored == replace(visit, id=stored.id, key="k")
    assert crm.save_touchpoint(replace(visit, pages=99), key="k") == stored
    assert list(crm.touchpoints_of(contact_id="c1")) == [stored]
    assert list(crm.touchpoints_of(lead_id="l1")) == [stored]


# Setting single fields


def test_fields_are_set_by_our_names_and_by_zohos(crm: CrmClient) -> None:
    contact = crm.save_contact(Contact("", "Lee", email="a@example.com"))
    crm.update_record("contacts", contact.id, {"title": "CTO", "phone": "03-1111-2222"})
    crm.update_record("Contacts", contact.id, {"Email": "b@example.com", "Account_Name": {"id": "a9", "name": "Nine"}})

    changed = replace(contact, title="CTO", phone="03-1111-2222", email="b@example.com", account_id="a9")
    assert crm.find_contact(email="b@example.com") == changed
    assert crm.find_contact(phone="+81 3 1111 2222") == changed
    assert crm.find_contact(email="a@example.com") is None


def test_texts_become_the_values_that_a_field_holds_and_none_empties_it(crm: CrmClient) -> None:
    new = deal(crm)
    crm.update_record("deals", new.id, {"amount": "1,200", "Closing_Date": "2026-05-31", "repeat": "true"})
    changed = crm.deal(new.id)
    assert changed is not None
    assert (changed.amount, changed.expected_close, changed.repeat) == (1_200, date(2026, 5, 31), True)

    crm.update_record("deals", new.id, {"amount": None, "expected_close": None})
    assert crm.deal(new.id) == replace(changed, amount=None, expected_close=None)


def test_a_stage_that_is_set_goes_into_the_history(crm: CrmClient) -> None:
    item = product(crm)
    new = deal(crm, item, at=NOW - DAY)
    crm.update_record("deals", new.id, {"Stage": "Closed Won"})

    assert [change.to_stage for change in crm.stage_history(new.id)] == ["Qualification", "Closed Won"]
    assert crm.popular_products(by="revenue", now=NOW)[0].revenue == 1_000


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"Shoe_Size": 43}, "Shoe_Size"),
        ({"email_key": "x"}, "email_key"),
        ({"id": "x"}, "id"),
        ({"Last_Name": ""}, "last_name"),
        ({"last_name": None}, "last_name"),
        ({"title": ["a", "b"]}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"Account_Name": {"name": "without id"}}, "Account_Name"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_changed(
    crm: CrmClient, fields: dict[str, object], wrong: str
) -> None:
    contact = crm.save_contact(Contact("", "Lee"))

    with pytest.raises(CrmRejected) as refused:
        crm.update_record("contacts", contact.id, {"first_name": "Ann", **fields})

    assert refused.value.field == wrong
    assert crm.contact(contact.id) == contact


@pytest.mark.parametrize(("module", "record_id", "field"), [("sheep", "1", "module"), ("leads", "no such", "id")])
def test_a_record_that_is_not_there_is_named(crm: CrmClient, module: str, record_id: str, field: str) -> None:
    with pytest.raises(CrmRejected) as refused:
        crm.update_record(module, record_id, {})

    assert refused.value.field == field


# Values that do not fit


@pytest.mark.parametrize(
    ("save", "field"),
    [
        (lambda crm: crm.save_contact(Contact("", "")), "last_name"),
        (lambda crm: crm.save_contact(Contact("", "x" * 256)), "last_name"),
        (lambda crm: crm.save_contact(Contact("", 5)), "last_name"),
        (lambda crm: crm.save_lead(Lead("", "", "Company")), "last_name"),
        (lambda crm: crm.save_lead(Lead("", "Lee", "Co", created_at=datetime(2026, 1, 1))), "created_at"),
        (lambda crm: crm.save_lead(Lead("", "Lee", "Co"), key="k" * 300), "key"),
        (lambda crm: crm.save_account(Account("", "")), "name"),
        (lambda crm: crm.save_account(Account("", "A", employees=2**70)), "employees"),
        (lambda crm: crm.save_account(Account("", "A", employees="many")), "employees"),
        (lambda crm: crm.save_deal(Deal("", "D", "No such stage"), at=NOW), "stage"),
        (lambda crm: crm.save_deal(Deal("", "D", "Closed Won", amount=1.5), at=NOW), "amount"),
        (lambda crm: crm.save_deal(Deal("", "D", "Closed Won"), at=datetime(2026, 1, 1)), "at"),
        (lambda crm: crm.save_deal(Deal("", "D", "Closed Won"), [DealProduct("", "none")], at=NOW), "product_id"),
        (lambda crm: crm.save_activity(Activity("", "walk", "s", NOW)), "kind"),
        (lambda crm: crm.save_activity(Activity("", "call", "s", NOW, status="maybe")), "status"),
        (lambda crm: crm.save_activity(Activity("", "event", "s", NOW, NOW - HOUR)), "end_at"),
        (lambda crm: crm.book_event(Activity("", "event", "s", NOW, NOW), key="k"), "end_at"),
        (lambda crm: crm.book_event(Activity("", "call", "s", NOW), key="k"), "kind"),
        (lambda crm: crm.save_email(Email("", "sideways", "s", NOW)), "direction"),
        (lambda crm: crm.save_touchpoint(Touchpoint("", "", "t", NOW, True)), "channel"),
    ],
)
def test_a_value_that_does_not_fit_is_rejected_by_its_field(crm: CrmClient, save: object, field: str) -> None:
    with pytest.raises(CrmRejected) as refused:
        save(crm)  # type: ignore[operator]

    assert refused.value.field == field


def test_two_products_cannot_have_one_code(crm: CrmClient) -> None:
    product(crm, "a")

    with pytest.raises(CrmRejected) as refused:
        product(crm, "a")
    assert refused.value.field == "code"


NASTY = "a\x00b\ud83dc 𠮷😀 \u202eright to left' \"; drop table"
CLEAN = "ab\ufffdc 𠮷😀 \u202eright to left' \"; drop table"


def test_texts_that_no_database_keeps_are_cleaned_and_nothing_else_is(crm: CrmClient) -> None:
    contact = crm.save_contact(Contact("", NASTY, email=f"{NASTY}@example.com", extra={"Note": [NASTY]}))

    assert (contact.last_name, contact.email) == (CLEAN, f"{CLEAN}@example.com")
    assert contact.extra == {"Note": [CLEAN]}
    assert crm.contact(contact.id) == contact
    assert crm.save_lead(Lead("", NASTY, NASTY, note=NASTY), key=NASTY).note == CLEAN
    assert crm.save_lead(Lead("", "again", "again"), key=NASTY).last_name == CLEAN
    assert crm.find_contact(email=f"{NASTY}@example.com") is not None


def test_asking_with_texts_that_no_database_keeps_finds_nothing(crm: CrmClient) -> None:
    for nasty in ("\x00", "\ud800", NASTY, "%", "x" * 100_000):
        assert crm.contact(nasty) is None
        assert crm.find_contact(email=nasty, phone=nasty) is None
        assert list(crm.products_of_deals([nasty])) == []
        assert list(crm.activities_of(contact_id=nasty)) == []
        assert list(crm.popular_products(category=f"none{nasty}", now=NOW)) == []
