"""Our channel at Zoho stays open; pushes are looked at only when they can be Zoho's, and then only as hints."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_client.errors import CrmError, CrmRejected
from crm_client.zoho.mirror.channels import Channels
from crm_client.zoho.mirror.pushes import read_push
from crm_client.zoho.mirror.secrets_of_channels import address_part
from crm_client.zoho.tables import zoho_channels
from tests.crm_client.zoho.mirror.mirror_world import SECRET, MirrorWorld

ID = "4876876000000100001"


class Pusher:
    """Zoho, as far as pushes go: it knows the channel's address and token."""

    def __init__(self, world: MirrorWorld) -> None:
        self.world = world
        self.channels = world.channels()
        self.channels.ensure(world.now())

    @property
    def channel(self) -> Any:
        (channel,) = self.world.zoho.watch.channels.values()
        return channel

    @property
    def path(self) -> str:
        return str(self.channel.notify_url.rpartition("/")[2])

    def body(self, **other: Any) -> dict[str, Any]:
        return {
            "server_time": int(self.world.now().timestamp() * 1000),
            "query_params": {},
            "module": "Contacts",
            "resource_uri": "https://www.zohoapis.jp/crm/v8/Contacts",
            "ids": [ID],
            "operation": "update",
            "channel_id": self.channel.id,
            "token": self.channel.token,
        } | other

    def push(self, path: str | None = None, **other: Any) -> bool:
        return self.channels.accept(
            self.path if path is None else path, json.dumps(self.body(**other)).encode(), self.world.now()
        )

    def hints(self) -> int:
        return self.world.mirror.freshness().hints


@pytest.fixture
def pusher(world: MirrorWorld) -> Pusher:
    return Pusher(world)


def test_a_channel_is_opened_for_all_modules_and_only_digests_are_kept(pusher: Pusher) -> None:
    channel = pusher.channel
    assert set(channel.events) == {
        f"{module}.all" for module in ("Contacts", "Leads", "Accounts", "Deals", "Products", "Calls", "Events", "Tasks")
    }
    assert len(channel.token) <= 50 and len(pusher.path) >= 32
    with pusher.world.database.read() as connection:
        kept = str(connection.execute(select(zoho_channels)).all())
    assert channel.token not in kept and pusher.path not in kept
    assert pusher.channels.open_until(pusher.world.now()) is not None


def test_it_is_renewed_when_half_of_its_life_is_over_and_not_before(pusher: Pusher) -> None:
    world, token = pusher.world, pusher.channel.token
    until = pusher.channels.open_until(world.now())
    world.zoho.advance(11 * 3600)
    pusher.channels.ensure(world.now())
    assert pusher.channel.token == token

    world.zoho.advance(3600)
    pusher.channels.ensure(world.now())
    renewed = pusher.channels.open_until(world.now())
    assert pusher.channel.token != token
    assert until is not None and renewed is not None and renewed > until


def test_where_zoho_gives_an_hour_it_is_renewed_after_half_an_hour(world: MirrorWorld) -> None:
    world.zoho.switches.watch_limit = 7200
    pusher = Pusher(world)
    token = pusher.channel.token
    world.zoho.advance(29 * 60)
    pusher.channels.ensure(world.now())
    assert pusher.channel.token == token
    world.zoho.advance(2 * 60)
    pusher.channels.ensure(world.now())
    assert pusher.channel.token != token


def test_the_token_before_is_good_for_ten_minutes_more(pusher: Pusher) -> None:
    world, old = pusher.world, pusher.channel.token
    world.zoho.advance(12 * 3600)
    pusher.channels.ensure(world.now())

    assert pusher.push(token=old)
    world.zoho.advance(601)
    assert not pusher.push(token=old)
    assert pusher.push()


def test_a_renewal_whose_outcome_is_unknown_leaves_both_tokens_good(pusher: Pusher) -> None:
    world, old = pusher.world, pusher.channel.token
    world.zoho.advance(12 * 3600)
    world.zoho.faults.next("/actions/watch", status=503, times=10)
    with pytest.raises(CrmError):
        pusher.channels.ensure(world.now())
    world.zoho.advance(3600)
    assert pusher.channel.token == old and pusher.push()

    world.zoho.faults.clear()
    pusher.channels.ensure(world.now())
    assert pusher.channel.token != old and pusher.push()


def test_a_lost_channel_is_found_missing_within_the_hour_and_opened_again(pusher: Pusher) -> None:
    world = pusher.world
    world.zoho.watch.channels.clear()
    world.zoho.advance(3601)
    pusher.channels.ensure(world.now())

    assert pusher.push()


def test_channels_of_a_store_that_is_gone_are_closed(pusher: Pusher) -> None:
    world = pusher.world
    url = f"https://hooks.shop.example/channels/crm/zoho/{'x' * 32}"
    until = world.now() + timedelta(hours=20)
    world.calls.watch("123456789012", ["Contacts.all"], token="t", url=url, until=until)
    world.zoho.advance(3601)
    pusher.channels.ensure(world.now())

    assert len(world.zoho.watch.channels) == 1


def test_without_an_address_the_channel_is_closed(pusher: Pusher) -> None:
    pusher.world.channels(notify_url="").ensure(pusher.world.now())

    assert pusher.world.zoho.watch.channels == {}
    assert pusher.channels.open_until(pusher.world.now()) is None


def test_a_module_that_can_not_be_watched_is_left_out(world: MirrorWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    real = type(world.calls).watch

    def picky(calls: Any, channel_id: str, events: Any, **more: Any) -> Any:
        if "Tasks.all" in events:
            raise CrmRejected("open a notification channel", "not supported", "events")
        return real(calls, channel_id, events, **more)

    monkeypatch.setattr(type(world.calls), "watch", picky)
    pusher = Pusher(world)

    assert len(pusher.channel.events) == 7 and "Tasks.all" not in pusher.channel.events
    assert pusher.push() and not pusher.push(module="Tasks")


def test_a_push_is_a_hint_and_the_same_one_again_is_nothing_new(pusher: Pusher) -> None:
    ann = pusher.world.person()
    body = json.dumps(pusher.body(ids=[ann])).encode()

    assert pusher.channels.accept(pusher.path, body, pusher.world.now())
    assert pusher.world.mirror.take_hints() == 1
    assert pusher.channels.accept(pusher.path, body, pusher.world.now())
    assert pusher.hints() == 0
    assert pusher.world.crm.contact(ann) is not None


def test_channel_ids_and_record_ids_may_be_numbers(pusher: Pusher) -> None:
    assert pusher.push(channel_id=int(pusher.channel.id), ids=[int(ID)])
    assert pusher.hints() == 1


@pytest.mark.parametrize("operation", ["insert", "create", "update", "edit", "delete", "Restore"])
def test_every_word_for_a_change_is_taken(pusher: Pusher, operation: str) -> None:
    assert pusher.push(operation=operation)
    assert pusher.hints() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "k3_forged"},
        {"token": ""},
        {"token": None},
        {"channel_id": "99"},
        {"channel_id": None},
        {"module": "Quotes"},
        {"module": "Notes"},
        {"module": 3},
        {"ids": []},
        {"ids": [ID, "12"]},
        {"ids": [f"{ID}\n"]},
        {"ids": ["١٢٣٤٥٦٧٨٩٠١٢"]},
        {"ids": [True]},
        {"ids": ID},
    ],
)
def test_a_forged_push_is_refused_and_leaves_nothing(pusher: Pusher, wrong: dict[str, Any]) -> None:
    assert not pusher.push(**wrong)
    assert pusher.hints() == 0


def test_the_right_token_at_the_wrong_address_is_refused(pusher: Pusher) -> None:
    for path in ("", "x", pusher.path[:-1], pusher.path + "x", address_part(b"another secret", pusher.channel.id)):
        assert not pusher.push(path=path)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b"\xff", b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", b"[" * 200_000, b'"' * 999]
)
def test_what_is_no_push_is_refused_whatever_it_is(pusher: Pusher, body: bytes) -> None:
    assert not pusher.channels.accept(pusher.path, body, pusher.world.now())


def test_a_push_may_hold_brackets_in_its_texts_and_not_be_too_large(pusher: Pusher) -> None:
    assert pusher.push(query_params={"note": '[[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{{\\"'})
    assert not pusher.push(query_params={"note": "x" * 256 * 1024})


def test_an_old_push_is_dropped_and_polling_finds_what_it_told(pusher: Pusher) -> None:
    sent = pusher.world.now() - timedelta(minutes=16)

    assert pusher.push(server_time=int(sent.timestamp() * 1000))
    assert pusher.hints() == 0


def test_a_push_that_does_not_say_when_is_never_taken_for_a_repetition(pusher: Pusher) -> None:
    for _ in range(2):
        assert pusher.push(server_time=None)
        assert pusher.hints() == 1
        pusher.world.mirror.take_hints()
        pusher.world.zoho.advance(30)


def test_pushes_are_forgotten_after_a_day(pusher: Pusher) -> None:
    pusher.push()
    now = pusher.world.now()

    assert pusher.channels.forget_old(now) == 0
    assert pusher.channels.forget_old(now + timedelta(hours=25)) == 1


def test_times_that_are_none_are_no_push_of_yesterday() -> None:
    push = {"ids": [ID], "channel_id": "1", "token": "t", "module": "Contacts"}
    for time in (10**30, -(10**30), "soon", True, [1]):
        read = read_push(json.dumps(push | {"server_time": time}).encode())
        assert read is not None and read.sent_at is None


def test_a_workflow_is_trusted_by_its_address_or_its_key(world: MirrorWorld) -> None:
    channels: Channels = world.channels()
    path = channels.workflow_url().split("/")[-2]
    accept, now = channels.accept_workflow, world.now()

    assert channels.workflow_url().endswith("/workflow") and path == address_part(SECRET, "workflow")
    assert accept(path, "", "Leads", ID, now)
    assert accept("anything", channels.workflow_key(), "contacts", ID, now)
    assert world.mirror.freshness().hints == 2
    for wrong in (("x", "", "Leads", ID), (path, "", "Quotes", ID), (path, "", "Leads", "12"), ("", "", "Leads", ID)):
        assert not accept(*wrong, now)


def test_a_change_in_zoho_is_here_after_its_push_whatever_order_they_come_in(world: MirrorWorld) -> None:
    ann = world.person(Title="1")
    world.filled()
    pusher = Pusher(world)
    bodies = []
    for title in ("2", "3"):
        world.changed_later("Contacts", ann, {"Title": title})
        bodies.append(json.dumps(pusher.body(ids=[ann])).encode())
    for body in (bodies[1], bodies[0], bodies[1]):
        assert pusher.channels.accept(pusher.path, body, world.now())
        world.mirror.take_hints()

    contact = world.crm.contact(ann)
    assert contact is not None and contact.title == "3"
