"""A record that Zoho does not find when a change of it is to be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crm_client.errors import CrmUnreachable
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.outbox.updating import LOOKS
from tests.crm_client.zoho.outbox.outbox_world import OutboxWorld


class Reads:
    """Zoho's calls, of which reading by id does something else."""

    def __init__(self, world: OutboxWorld, records: Callable[..., Sequence[Raw]]) -> None:
        self._world, self.records = world, records

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.calls, name)


def nothing(*given: object) -> Sequence[Raw]:
    return ()


def no_answer(*given: object) -> Sequence[Raw]:
    raise CrmUnreachable("read", "Zoho is down", trouble="outage")


def test_a_change_that_outlived_an_outage_is_not_given_up_at_the_first_empty_look(world: OutboxWorld) -> None:
    contact = world.contact(title="Owner")
    world.crm.update_record("contacts", contact.id, {"Title": "Cook"})
    for _ in range(LOOKS + 1):
        world.another_pusher(calls=Reads(world, no_answer)).push()
        world.zoho.advance(400)
    assert world.rows()[0].attempts > LOOKS

    blind = world.another_pusher(calls=Reads(world, nothing))
    for _ in range(LOOKS - 1):
        blind.push()
        world.zoho.advance(400)
    world.push_until_quiet()

    assert world.there("contacts", contact.id)["Title"] == "Cook"
    assert list(world.waiting.conflicts()) == []
