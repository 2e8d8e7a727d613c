"""Hundreds of records in a few queries, and whoever wants to know is told of every write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata
from crm_client.errors import CrmConflict, CrmRejected
from crm_client.records import Account, Activity, Contact, Deal, Email, Lead, Touchpoint
from motenashi.database import Database

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def told() -> list[RecordChange]:
    return []


@pytest.fixture
def crm(database: Database, told: list[RecordChange]) -> Iterator[EmbeddedCrm]:
    metadata.create_all(database.engine)
    yield EmbeddedCrm(database, clock=lambda: NOW, on_change=told.append)


def test_records_are_found_by_hundreds_of_ids_and_unknown_ones_left_out(crm: EmbeddedCrm) -> None:
    for number in range(3):
        crm.save_account(Account(f"a{number}", "An account"))
        crm.save_contact(Contact(f"c{number}", "Mori"))
        crm.save_lead(Lead(f"l{number}", "Lane", "Lane Ltd"))
        crm.save_deal(Deal(f"d{number}", "A deal", "Qualification"), at=NOW)
    many = [f"{kind}{number}" for number in range(700) for kind in "acld"]

    for read, kind in (
        (crm.accounts_with, "a"),
        (crm.contacts_with, "c"),
        (crm.leads_with, "l"),
        (crm.deals_with, "d"),
    ):
        assert sorted(one.id for one in read(many)) == [f"{kind}{number}" for number in range(3)]
        assert read([]) == read(["", "nobody"]) == ()


def test_what_happened_with_many_records_comes_once_and_in_time_order(crm: EmbeddedCrm) -> None:
    later = crm.save_activity(Activity("", "call", "later", NOW + HOUR, deal_id="d1", contact_id="c1"))
    sooner = crm.save_activity(Activity("", "call", "sooner", NOW, lead_id="l1"))
    crm.save_activity(Activity("", "call", "another's", NOW, deal_id="d9"))
    mail = crm.save_email(Email("", "in", "x", NOW, contact_id="c1"))
    visit = crm.save_touchpoint(Touchpoint("", "website", "visit", NOW, True, deal_id="d1"))
    which = {"deal_ids": ["d1", "d2"], "contact_ids": ["c1"], "lead_ids": ["l1"]}

    assert crm.activities_of_all(**which) == (sooner, later)
    assert crm.emails_of_all(**which) == (mail,)
    assert crm.touchpoints_of_all(**which) == (visit,)
    assert crm.activities_of_all() == crm.emails_of_all(deal_ids=[""]) == ()


def test_the_ways_of_many_deals_are_read_at_once(crm: EmbeddedCrm) -> None:
    deal = crm.save_deal(Deal("d1", "A deal", "Qualification"), at=NOW)
    crm.save_deal(Deal("d1", "A deal", "Closed Won", created_at=deal.created_at), at=NOW + HOUR)

    assert [change.to_stage for change in crm.stage_changes_of(["d1", "d2"])] == ["Qualification", "Closed Won"]
    assert crm.stage_changes_of([]) == ()


def test_every_write_is_told_with_the_records_it_is_about(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    ids = {"deal_id": "d1", "contact_id": "c1", "lead_id": "l1"}
    event = Activity("", "event", "x", NOW, **ids)
    deal, chat = (
        Deal("d1", "A deal", "Qualification", contact_id="c1"),
        Touchpoint("", "chat", "chat", NOW, True, **ids),
    )
    writes = (
        (lambda: crm.save_deal(deal, at=NOW), ("deals", "d1", "c1", "")),
        (lambda: crm.save_contact(Contact("c1", "Mori")), ("contacts", "", "c1", "")),
        (lambda: crm.save_lead(Lead("l1", "Lane", "Lane Ltd")), ("leads", "", "", "l1")),
        (lambda: crm.save_activity(Activity("", "call", "x", NOW, **ids)), ("activities", "d1", "c1", "l1")),
        (lambda: crm.book_event(event, key="k"), ("activities", "d1", "c1", "l1")),
        (lambda: crm.save_email(Email("", "out", "x", NOW, **ids)), ("emails", "d1", "c1", "l1")),
        (lambda: crm.save_touchpoint(chat), ("touchpoints", "d1", "c1", "l1")),
        (lambda: crm.update_record("deals", "d1", {"amount": 7}), ("deals", "d1", "c1", "")),
        (lambda: crm.update_record("leads", "l1", {"status": "Contacted"}), ("leads", "", "", "l1")),
        (lambda: crm.set_products_of_deal("d1", []), ("deals", "d1", "c1", "")),
        (lambda: crm.delete_deal("d1"), ("deals", "d1", "c1", "")),
    )
    for write, wanted in writes:
        told.clear()
        write()
        assert told == [RecordChange(*wanted)]


def test_what_was_not_written_is_not_told(crm: EmbeddedCrm, told: list[RecordChange]) -> None:
    crm.book_event(Activity("", "event", "x", NOW, owner_id="o1"), key="k")
    told.clear()
    with pytest.raises(CrmConflict):
        crm.book_event(Activity("", "event", "y", NOW, owner_id="o1"), key="other")
    with pytest.raises(CrmRejected):
        crm.update_record("deals", "nobody", {"amount": 7})
    crm.delete_deal("nobody")

    assert told == []


def test_a_listener_that_fails_breaks_no_save(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    metadata.create_all(database.engine)

    def broken(change: RecordChange) -> None:
        raise RuntimeError("the listener is ill")

    crm = EmbeddedCrm(database, clock=lambda: NOW, on_change=broken)
    saved = crm.save_contact(Contact("c1", "Mori"))

    assert crm.contact("c1") == saved
    assert "the listener is ill" in caplog.text


def test_open_deals_of_many_contacts_come_newest_first(crm: EmbeddedCrm) -> None:
    for number, (contact, stage) in enumerate(
        [("c1", "Qualification"), ("c1", "Closed Won"), ("c1", "Negotiation/Review"), ("c2", "Qualification")]
    ):
        crm.save_contact(Contact(contact, "Mori"))
        crm.save_deal(Deal(f"d{number}", "A deal", stage, contact_id=contact, created_at=NOW + number * HOUR), at=NOW)

    assert [deal.id for deal in crm.open_deals_of(["c1", "nobody"])] == ["d2", "d0"]
    assert {deal.contact_id for deal in crm.open_deals_of([f"c{number}" for number in range(700)])} == {"c1", "c2"}
    assert crm.open_deals_of([]) == ()
