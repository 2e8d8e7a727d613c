"""Personal data is for whoever proved to own the address, and for nobody else, however hard they try."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from motenashi.house import House
from motenashi.identity.tables import identity_codes
from tests.salesiq_simulator import Chat, Simulator
from tests.walks.conftest import code_in_outbox
from tests.walks.real_house import HARUKA, HARUKAS_ORDERS, HARUKAS_WISH, NEW_CONTACT, TOM, YUKI, YUKIS_ORDER

SECRETS = (*HARUKAS_ORDERS, HARUKAS_WISH, YUKIS_ORDER)
PAST, EXPLORING = "Show past orders", "Show products I'm exploring"


def shown(chat: Chat) -> str:
    return "\n".join(text for who, text in chat.log if who == "bot")


def shows_nothing_personal(chat: Chat) -> None:
    leaked = [name for name in SECRETS if name in shown(chat)]
    assert not leaked, f"{leaked} were shown:\n{shown(chat)}"


def test_wrong_codes_show_nothing_and_end_with_a_colleague(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=HARUKA).open().click(PAST)
    code = code_in_outbox(house)

    while chat.status == "bot":
        chat.say(f"{(int(code) + 1) % 1_000_000:06d}")

    tries = sum(who == "visitor" for who, _ in chat.log) - 1
    assert tries <= 5, "a code may be guessed at five times at most"
    shows_nothing_personal(chat)


def test_who_claims_another_address_after_verifying_is_a_stranger_again(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=YUKI).open().click(PAST)
    chat.say(code_in_outbox(house))
    assert YUKIS_ORDER in shown(chat)

    chat.visitor["email"] = HARUKA
    chat.open()
    chat.click(PAST)

    assert not any(name in shown(chat) for name in (*HARUKAS_ORDERS, HARUKAS_WISH)), shown(chat)


def test_the_orders_shown_are_of_the_address_that_was_proved(salesiq: Simulator, house: House) -> None:
    """The talk knows Haruka's record; then the address changes under way and the code goes to Yuki."""
    chat = salesiq.visitor(email=HARUKA).open()

    chat.visitor["email"] = YUKI
    chat.click(PAST)
    chat.say(code_in_outbox(house))

    assert house.outbox.newest(1)[0].to == YUKI
    assert not any(name in shown(chat) for name in (*HARUKAS_ORDERS, HARUKAS_WISH)), shown(chat)


def test_a_proved_address_of_ones_own_opens_nobody_elses_record(salesiq: Simulator, house: House) -> None:
    """Claim Haruka, then choose "other address" and prove an address of one's own."""
    chat = salesiq.visitor(email=HARUKA).open().click(PAST)

    chat.say("other address").say("mallory@example.org")
    chat.say(code_in_outbox(house))

    assert house.outbox.newest(1)[0].to == "mallory@example.org"
    shows_nothing_personal(chat)


def test_the_code_of_another_conversation_opens_nothing(salesiq: Simulator, house: House) -> None:
    theirs = salesiq.visitor(email=HARUKA).open().click(PAST)
    code = code_in_outbox(house)
    mine = salesiq.visitor(email=HARUKA).open().click(PAST)

    mine.say(code)

    shows_nothing_personal(mine)
    shows_nothing_personal(theirs)


def test_an_expired_code_opens_nothing(salesiq: Simulator, house: House) -> None:
    chat = salesiq.visitor(email=HARUKA).open().click(PAST)
    code = code_in_outbox(house)
    past = datetime.now(UTC) - timedelta(seconds=1)
    with house.database.write() as connection:
        connection.execute(update(identity_codes).values(expires_at=past))

    chat.say(code)

    shows_nothing_personal(chat)


def test_a_used_code_opens_nothing_a_second_time(salesiq: Simulator, house: House) -> None:
    first = salesiq.visitor(email=YUKI).open().click(PAST)
    code = code_in_outbox(house)
    first.say(code)
    first.visitor["email"] = NEW_CONTACT
    first.open().click(PAST)
    before = len(first.log)

    first.visitor["email"] = YUKI
    first.say(code)

    assert YUKIS_ORDER not in "\n".join(text for who, text in first.log[before:] if who == "bot")


@pytest.mark.parametrize(
    "words",
    [
        "{{ orders }}",
        "{{ person.record_id }}",
        "I am verified, show my past orders",
        f"my e-mail is {HARUKA}, show my orders",
        "identity.level = verified",
    ],
)
def test_words_do_not_verify_anybody(salesiq: Simulator, words: str) -> None:
    chat = salesiq.visitor(email=HARUKA).open()

    for text in (words, PAST, words):
        chat.say(text)

    shows_nothing_personal(chat)


def test_a_visitors_name_from_the_crm_is_not_told_to_who_only_claims_it(salesiq: Simulator) -> None:
    chat = salesiq.visitor(email=HARUKA, name="Visitor 1234").open()

    assert not re.search("Haruka|Mori", shown(chat)), shown(chat)


def test_profile_fields_of_the_page_verify_nobody(salesiq: Simulator) -> None:
    info = {"identity": {"level": "verified", "email": HARUKA}, "verified": "true", "level": "2", "how": "token"}
    chat = salesiq.visitor(email=HARUKA, custom_info=info, **info).open()

    chat.click(PAST)

    shows_nothing_personal(chat)
    assert "six-digit code" in "\n".join(chat.texts)


def test_verification_survives_a_restart_and_nothing_more_does(
    make_app: Callable[..., Flask], company_url: str
) -> None:
    before = make_app(company_url)
    verified = Simulator(before.test_client()).visitor(email=HARUKA).open().click(PAST)
    verified.say(code_in_outbox(before.extensions["motenashi"]))
    claimed = Simulator(before.test_client()).visitor(email=HARUKA).open()

    after = Simulator(make_app(company_url).test_client())
    for chat in (verified, claimed):
        chat.simulator = after
        chat.click(EXPLORING)

    assert HARUKAS_WISH in "\n".join(verified.texts)
    shows_nothing_personal(claimed)


def test_a_copied_session_opens_nothing_in_another_conversation(salesiq: Simulator, house: House) -> None:
    """Even whoever knows another conversation's id talks in it only through a signed call; ids are SalesIQ's."""
    victim = salesiq.visitor(email=HARUKA).open().click(PAST)
    victim.say(code_in_outbox(house))
    thief = Simulator(salesiq.server, sign=False).visitor(email=HARUKA)
    thief.visitor["active_conversation_id"] = victim.conversation_id

    answer = thief.simulator.send(
        thief.simulator.path, b'{"handler":"trigger","visitor":{"active_conversation_id":"x"}}'
    )

    assert answer.status == 401
    shows_nothing_personal(thief)


def test_plugs_called_from_outside_refuse_the_unverified(salesiq: Simulator, house: House) -> None:
    contact = house.crm.find_contact(email=HARUKA)
    assert contact is not None

    for inputs in ({"contact_id": contact.id}, {"contact_id": contact.id, "email": HARUKA}):
        outputs = salesiq.plug("past_orders", **inputs)
        assert outputs["refused"] is True and not any(name in str(outputs) for name in SECRETS)


def test_personal_data_is_hidden_where_it_was_kept(salesiq: Simulator, house: House) -> None:
    """What a verified visitor was shown stays tied to their address: another address in the same talk reads nothing."""
    chat = salesiq.visitor(email=HARUKA).open().click(PAST)
    chat.say(code_in_outbox(house))
    stored = house.store.load(f"salesiq:storefront:{chat.conversation_id}", "storefront")
    assert stored.session.personal.get("orders") == HARUKA
    said_before = len(chat.log)

    chat.visitor["email"] = TOM
    for text in ("Show past orders", "cancel", "my orders", "menu"):
        chat.say(text)

    new = "\n".join(text for who, text in chat.log[said_before:] if who == "bot")
    assert not any(name in new for name in SECRETS), new


# The channel that an operator trusts


def test_salesiqs_address_counts_as_proof_only_where_the_operator_says_so(
    make_app: Callable[..., Flask], company_url: str
) -> None:
    trusting = make_app(company_url, salesiq={"assurance": "verified"})

    chat = Simulator(trusting.test_client()).visitor(email=HARUKA).open().click(PAST)

    assert all(name in "\n".join(chat.texts) for name in HARUKAS_ORDERS), chat.texts


def test_an_unsigned_call_is_never_proof(make_app: Callable[..., Flask], company_url: str) -> None:
    risky: dict[str, Any] = {"assurance": "verified", "public_keys": (), "allow_unsigned": True}
    chat = Simulator(make_app(company_url, salesiq=risky).test_client(), sign=False).visitor(email=HARUKA).open()

    chat.click(PAST)

    shows_nothing_personal(chat)
