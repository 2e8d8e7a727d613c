"""Somebody is erased here while Zoho is only just getting them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from crm_client.records import Contact, Note
from motenashi.database import Database
from motenashi.erasing.erase import Eraser
from motenashi.zoho_room import ZohoRoom
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld, outbox_world
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.fixtures import fake_zoho
from tests.migrated import migrate

__all__ = ["fake_zoho"]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def world(fake_zoho: FakeZoho, database: Database) -> Iterator[OutboxWorld]:
    migrate(database)
    with outbox_world(fake_zoho, database) as world:
        yield world


def erase(world: OutboxWorld, contact: Contact) -> None:
    class Room:
        ledger = world.ledger

    eraser = Eraser(world.database, b"k" * 32, erasing=lambda *given: ZohoRoom.erasing(cast(ZohoRoom, Room), *given))
    erased = eraser.erase("contact", contact.id, by="me", now=world.now())
    assert erased is not None
    assert erased.found == ()  # what waits for Zoho holds no address of theirs


def test_who_was_never_sent_never_goes_out(world: OutboxWorld) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    world.crm.save_note(Note("", "Chat", "Asked for a price.", world.now(), contact_id=contact.id))
    erase(world, contact)
    world.push_until_quiet()

    assert (world.zoho.store.count("Contacts"), world.zoho.store.count("Notes")) == (0, 0)
    assert world.rows() == []


@pytest.mark.parametrize("how", ["the answer was lost", "the process died"])
def test_who_was_sent_and_nobody_knows_what_became_of_it_is_deleted_there(
    world: OutboxWorld, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    if how == "the answer was lost":
        world.zoho.faults.next("/Contacts$", method="POST", cut="after")
        world.push()
    else:
        real = world.calls.insert

        def insert(*given: Any) -> Any:
            real(*given)
            raise Killed

        monkeypatch.setattr(world.calls, "insert", insert)
        with pytest.raises(Killed):
            world.push()
        monkeypatch.undo()
    assert world.zoho.store.count("Contacts") == 1
    erase(world, contact)
    world.push_until_quiet()

    assert world.zoho.store.count("Contacts") == 0
    assert world.rows() == []


def test_who_is_erased_while_the_creation_is_on_its_way_is_deleted_there(
    world: OutboxWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    real = world.calls.insert

    def insert(*given: Any) -> Any:
        erase(world, contact)
        world.another_pusher().push()  # another process has nothing to delete yet
        return real(*given)

    monkeypatch.setattr(world.calls, "insert", insert)
    world.push()
    monkeypatch.undo()
    world.push_until_quiet()

    assert world.zoho.store.count("Contacts") == 0
    assert world.rows() == []
