"""A conversation through the chat box's door: opened, spoken in, read back, and nobody else's."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from motenashi.conversation.assurance import Assurance
from motenashi.conversation.message import MessageKind
from tests.channels.widget.conftest import Door, MakeDoor, bearer


def test_opening_gives_a_conversation_a_secret_and_the_first_words(door: Door) -> None:
    opened = door.opened(visitor={"language": "ja"})

    assert opened["conversation"].startswith("web-")
    assert opened["secret"]
    assert opened["entries"][0]["reply"]["displays"][0]["text"].startswith("こんにちは")
    assert opened["state"] == {"action": "reply", "more": False}


def test_the_turn_carries_what_the_page_said_about_the_visitor(door: Door) -> None:
    door.open(
        id="opening-0001",
        visitor={
            "name": "Tom",
            "email": "Tom.Becker@Example.com",
            "language": "en-GB",
            "time_zone": "Europe/Berlin",
            "current_page_url": "https://shop.example.com/servers",
            "campaign_source": "spring",
            "info": {"plan": "gold", "seats": 12},
        },
    )

    message = door.gallery.messages[0]
    assert message.kind is MessageKind.OPEN
    assert message.channel.name == "website"
    assert (message.channel.shows_cards, message.channel.can_push) == (True, True)
    assert (message.visitor.name, message.visitor.time_zone) == ("Tom", "Europe/Berlin")
    assert message.visitor.custom_info == {"plan": "gold", "seats": 12}
    assert message.visitor.ip == "127.0.0.1"


def test_an_address_a_page_gives_is_only_a_claim(door: Door) -> None:
    door.open(visitor={"email": " Tom.Becker@Example.com "})

    identity = door.gallery.messages[0].identity
    assert (identity.level, identity.email) == (Assurance.CLAIMED, "tom.becker@example.com")


def test_the_same_opening_twice_is_one_conversation_shown_as_far_as_it_went(door: Door) -> None:
    first = door.opened(id="opening-0001")
    door.say(first, id="message-0001", text="links")

    again = door.opened(id="opening-0001")

    assert again["conversation"] == first["conversation"]
    assert [entry["seq"] for entry in again["entries"]] == [1, 2, 3]
    assert len(door.gallery.conversations()) == 1


def test_without_an_opening_id_every_opening_is_a_new_conversation(door: Door) -> None:
    assert door.opened()["conversation"] != door.opened()["conversation"]


def test_a_message_is_answered_with_both_entries(door: Door) -> None:
    held = door.opened()

    answer = door.say(held, id="message-0001", text="star rating").get_json()

    visitors, bots = answer["entries"]
    assert (visitors["author"], visitors["text"], visitors["id"]) == ("visitor", "star rating", "message-0001")
    assert bots["reply"]["input"] == {"card": "star_rating"}


def test_a_cards_value_reaches_the_turn_as_it_was_sent(door: Door) -> None:
    held = door.opened()

    door.say(held, id="message-0001", text="4/5", card={"type": "star-rating", "value": 4, "level": 5})

    assert door.gallery.messages[-1].card == {"type": "star-rating", "value": 4, "level": 5}


def test_the_same_message_twice_is_said_once_and_answered_the_same(door: Door) -> None:
    held = door.opened()

    first = door.say(held, id="message-0001", text="products").get_json()
    second = door.say(held, id="message-0001", text="products").get_json()

    assert first["entries"] == second["entries"]
    assert len(door.since(held).get_json()["entries"]) == 3


def test_the_same_message_at_the_same_moment_is_said_once(door: Door) -> None:
    held = door.opened()
    answers: list[Any] = []

    def send() -> None:
        client = Door(door.app, door.app.test_client(), door.gallery)
        answers.append(client.say(held, id="message-0001", text="products").get_json()["entries"])

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(entries == answers[0] for entries in answers)
    assert len(door.since(held).get_json()["entries"]) == 3


def test_reading_on_gives_only_what_is_new(door: Door) -> None:
    held = door.opened()
    door.gallery.push(held["conversation"], "Are you still there?")

    news = door.since(held, 1).get_json()

    assert [entry["seq"] for entry in news["entries"]] == [2]
    assert door.since(held, 2).get_json() == {"entries": [], "state": None}


def test_somebody_elses_conversation_looks_like_none_at_all(door: Door) -> None:
    mine, theirs = door.opened(), door.opened()
    stolen = {**theirs, "secret": mine["secret"]}
    nowhere = {**mine, "conversation": "web-00000000000000000000000000000000"}

    answers = [door.since(stolen), door.say(stolen, id="message-0001", text="hello"), door.since(nowhere)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1


def test_a_secret_we_did_not_sign_opens_nothing(door: Door) -> None:
    held = door.opened()
    forged = held["secret"][:-2] + ("AA" if not held["secret"].endswith("AA") else "BB")
    path = f"/widget/conversations/{held['conversation']}/messages"

    for authorization in ("", "Bearer", f"Bearer {forged}", f"Basic {held['secret']}", "Bearer \x7f"):
        assert door.client.get(path, headers={"Authorization": authorization}).status_code == 404


def test_the_sites_signed_token_makes_a_visitor_verified_for_every_later_message(door: Door) -> None:
    held = door.opened(token="good-token")
    door.say(held, id="message-0001", text="hello")

    assert held["token_refused"] is False
    for message in door.gallery.messages:
        assert (message.identity.level, message.identity.email) == (Assurance.VERIFIED, "haruka.mori@example.com")


def test_a_token_that_proves_nothing_leaves_the_visitor_unverified_but_served(door: Door) -> None:
    opened = door.opened(token="forged")

    assert opened["token_refused"] is True
    assert opened["entries"]
    assert door.gallery.messages[0].identity.level is Assurance.ANONYMOUS


def test_a_signed_tokens_proof_wears_off(make_door: MakeDoor) -> None:
    door = make_door(identity_hours=2.0)
    held = door.opened(token="good-token")
    door.say(held, id="message-0001", text="hello")

    for message in door.gallery.messages:
        assert message.identity.until is not None
        assert timedelta(hours=1.9) < message.identity.until - message.received_at <= timedelta(hours=2)


def test_a_visitor_may_be_identified_later(door: Door) -> None:
    held = door.opened()
    path = f"/widget/conversations/{held['conversation']}/identify"

    refused = door.client.post(path, json={"token": "forged"}, headers=bearer(held))
    accepted = door.client.post(path, json={"token": "good-token"}, headers=bearer(held))
    door.say({**held, "secret": accepted.get_json()["secret"]}, id="message-0001", text="hello")

    assert (refused.status_code, refused.get_json()["error"]["field"]) == (401, "token")
    assert door.gallery.messages[-1].identity.level is Assurance.VERIFIED


def test_an_unknown_bot_is_named_as_the_trouble(door: Door) -> None:
    answer = door.open(bot="storefrnt")

    assert answer.status_code == 404
    assert answer.get_json()["error"]["field"] == "bot"
