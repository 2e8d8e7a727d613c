"""Zoho takes longer than a row is ours: another process has gone on with it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_client.records import Contact, Email
from crm_client.zoho.api.one_try import Job
from crm_client.zoho.api.shapes import Call, Raw
from crm_client.zoho.outbox.desk import LEASE
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld


class Slow:
    """Zoho's calls, of which one takes so long that the row's lease is over and another process sends it."""

    def __init__(self, world: OutboxWorld, name: str) -> None:
        self._world, self._name = world, name

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._world.calls, name)
        if name != self._name:
            return real

        def slow(*given: Any, **more: Any) -> Sequence[Raw]:
            answer = list(real(*given, **more))
            self._name = ""
            self._world.zoho.advance(400)
            self._world.another_pusher().push()
            return answer

        return slow


def test_a_creation_that_another_process_took_over_is_not_made_twice(world: OutboxWorld) -> None:
    world.crm.save_contact(Contact("", "Mori", email="mori@kita.example"))
    world.another_pusher(calls=Slow(world, "people_with")).push()
    world.push_until_quiet()

    assert world.zoho.store.count("Contacts") == 1
    assert world.rows() == []


def test_an_email_that_another_process_took_over_is_not_sent_twice(world: OutboxWorld) -> None:
    contact = world.contact()
    world.crm.save_email(Email("", "out", "Quote", world.now().replace(microsecond=0), contact_id=contact.id))
    world.zoho.faults.next("/actions/associate_email", cut="before")
    world.push()
    world.zoho.advance(60)
    world.another_pusher(calls=Slow(world, "emails")).push()
    world.push_until_quiet()

    assert len(world.zoho.store.emails_of("Contacts", world.link("contacts", contact.id).zoho_id)) == 1
    assert world.rows() == []


def test_what_may_be_done_once_only_is_over_before_another_process_may_take_its_row() -> None:
    create = Job(Call("POST", "/crm/v8/Contacts", "insert Contacts", repeatable=False), None)

    assert create.left() < LEASE.total_seconds()
