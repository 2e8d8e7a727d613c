"""Both sides changed the same field: the operator's rule decides, and it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from crm_client.embedded.changes import RecordChange
from crm_client.records import Account, Contact
from crm_client.zoho.mirror.hints import Hints
from crm_client.zoho.outbox.conflicts import winner
from motenashi.database import Database
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld, choices, outbox_world
from tests.fake_zoho.fake import FakeZoho


@contextmanager
def both_changed(
    fake_zoho: FakeZoho, database: Database, policy: str, *, later: str
) -> Iterator[tuple[OutboxWorld, Contact]]:
    """The title became Cook here and Chef there; `later`: which change came second."""
    with outbox_world(fake_zoho, database, **choices(policy)) as world:
        contact = world.contact(title="Owner")
        there = world.link("contacts", contact.id).zoho_id

        def here_changes() -> None:
            world.crm.update_record("contacts", contact.id, {"Title": "Cook", "Phone": "03-1111-2222"}, by="Aya")

        def they_change() -> None:
            world.zoho.store.change("Contacts", there, {"Title": "Chef", "Department": "Kitchen"})

        changes = [they_change, here_changes] if later == "ours" else [here_changes, they_change]
        for change in changes:
            change()
            world.zoho.advance(5)
        yield world, contact


@pytest.mark.parametrize(
    "policy, later, won",
    [
        ("newest", "ours", "ours"),
        ("newest", "zoho", "zoho"),
        ("zoho", "ours", "zoho"),
        ("ours", "zoho", "ours"),
    ],
)
def test_the_rule_says_who_wins(fake_zoho: FakeZoho, database: Database, policy: str, later: str, won: str) -> None:
    with both_changed(fake_zoho, database, policy, later=later) as (world, contact):
        pushed = world.push()

        assert (pushed.waiting, pushed.stuck) == (0, 0)
        title = "Cook" if won == "ours" else "Chef"
        raw, here = world.there("contacts", contact.id), world.crm.contact(contact.id)
        assert here is not None
        assert (raw["Title"], here.title) == (title, title)
        assert (raw["Phone"], here.phone, raw["Department"]) == ("03-1111-2222", "03-1111-2222", "Kitchen")
        [conflict] = world.waiting.conflicts()
        assert (conflict.module, conflict.local_id, conflict.field) == ("contacts", contact.id, "title")
        assert (conflict.base, conflict.ours, conflict.theirs, conflict.won) == ("Owner", "Cook", "Chef", won)
        assert conflict.ours_at is not None
        assert conflict.theirs_at is not None


def test_whoever_listens_hears_that_zoho_won(fake_zoho: FakeZoho, database: Database) -> None:
    with both_changed(fake_zoho, database, "zoho", later="ours") as (world, contact):
        world.push()

        assert world.changes == [RecordChange("contacts", contact_id=contact.id)]
        assert world.rows() == []  # taking Zoho's value over is no change of ours


def test_the_same_change_on_both_sides_is_no_conflict(world: OutboxWorld) -> None:
    contact = world.contact(title="Owner")
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    world.zoho.store.change("Contacts", world.link("contacts", contact.id).zoho_id, {"Title": "Cook"})
    written = len(world.zoho.calls("PUT"))
    world.push()

    assert world.waiting.conflicts() == []
    assert len(world.zoho.calls("PUT")) == written
    assert world.rows() == []


def test_a_value_put_back_here_is_no_conflict(world: OutboxWorld) -> None:
    contact = world.contact(title="Owner")
    for title in ("Cook", "Owner"):
        world.crm.update_record("contacts", contact.id, {"Title": title})
    world.push()

    assert world.waiting.conflicts() == []
    assert world.there("contacts", contact.id)["Title"] == "Owner"


def test_a_stage_that_zoho_won_is_in_the_history(fake_zoho: FakeZoho, database: Database) -> None:
    with outbox_world(fake_zoho, database, **choices("zoho")) as world:
        deal = world.deal()
        world.crm.update_record("deals", deal.id, {"Stage": "Needs Analysis"})
        world.zoho.store.change("Deals", world.link("deals", deal.id).zoho_id, {"Stage": "Closed Won"})
        world.push()

        stages = [change.to_stage for change in world.crm.stage_history(deal.id)]
        assert stages == ["Qualification", "Needs Analysis", "Closed Won"]


def test_a_change_of_a_record_that_zoho_deleted_is_written_down(world: OutboxWorld) -> None:
    contact = world.contact(title="Owner")
    world.zoho.store.delete("Contacts", world.link("contacts", contact.id).zoho_id)
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    pushed = world.push_until_quiet()

    assert (pushed.waiting, pushed.stuck) == (0, 0)
    [conflict] = world.waiting.conflicts()
    assert (conflict.field, conflict.ours, conflict.won) == ("title", "Cook", "zoho")


def test_at_the_same_moment_ours_is_the_newest(sqlite_world: OutboxWorld) -> None:
    now = sqlite_world.now()

    assert winner("newest", now, now) == "ours"
    assert winner("newest", now, None) == "ours"


def test_a_conflict_is_forgotten_after_a_while(fake_zoho: FakeZoho, database: Database) -> None:
    with both_changed(fake_zoho, database, "newest", later="ours") as (world, _contact):
        world.push()
        [conflict] = world.waiting.conflicts()

        assert world.waiting.forget_conflicts(conflict.at) == 0
        assert world.waiting.forget_conflicts(conflict.at + timedelta(seconds=1)) == 1
        assert list(world.waiting.conflicts()) == []


@pytest.mark.parametrize("news", [True, False])
def test_what_zoho_changed_before_our_write_is_fetched_after_it(world: OutboxWorld, news: bool) -> None:
    """Our write makes a version that the mirror knows already; the products that somebody linked would never come."""
    deal = world.deal()
    there = world.link("deals", deal.id).zoho_id
    if news:
        world.zoho.store.change("Deals", there, {})
    world.crm.update_record("deals", deal.id, {"amount": 5})
    world.zoho.advance(5)
    world.push()

    assert Hints(world.database).waiting() == (0, 1 if news else 0)


@pytest.mark.parametrize("later", ["ours", "zoho"])
def test_both_changed_what_zoho_had_made_without_our_hearing_of_it(world: OutboxWorld, later: str) -> None:
    account = world.crm.save_account(Account("", "Kita Foods", "Logistics"))
    world.zoho.faults.next("/Accounts$", method="POST", cut="after")
    world.push()
    (made,) = world.zoho.store.all("Accounts")

    def here() -> None:
        world.crm.update_record("accounts", account.id, {"Industry": "Construction"})

    def there() -> None:
        world.zoho.store.change("Accounts", made["id"], {"Industry": "Banking"})

    for change in (there, here) if later == "ours" else (here, there):
        world.zoho.advance(5)
        change()
    pushed = world.push_until_quiet()

    won = "Construction" if later == "ours" else "Banking"
    assert (pushed.waiting, pushed.stuck) == (0, 0)
    assert world.there("accounts", account.id)["Industry"] == won
    assert getattr(world.crm.account(account.id), "industry", None) == won
    assert [(one.field, one.ours, one.theirs, one.won) for one in world.waiting.conflicts()] == [
        ("industry", "Construction", "Banking", later)
    ]
