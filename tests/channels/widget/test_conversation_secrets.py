"""What a browser holds to speak in a conversation, and how long it vouches for who is speaking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from motenashi.channels.widget.conversation_secret import ConversationSecrets, Holder
from motenashi.conversation.assurance import NOBODY, Assurance, Identity

NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)
HARUKA = Identity(Assurance.VERIFIED, "haruka.mori@example.com", "token")


def secrets(*keys: str) -> ConversationSecrets:
    return ConversationSecrets(keys, timedelta(hours=12))


def test_who_was_verified_stays_so_for_the_hours_that_were_set_and_no_longer() -> None:
    secret = secrets("key").secret_for(Holder("web-1", "storefront", HARUKA), NOON)

    before = secrets("key").holder_of(secret, NOON + timedelta(hours=11))
    after = secrets("key").holder_of(secret, NOON + timedelta(hours=13))

    assert before == Holder("web-1", "storefront", HARUKA)
    assert after == Holder("web-1", "storefront", NOBODY)
    assert before is not None
    assert before.identity.until == NOON + timedelta(hours=12)


def test_a_claimed_address_is_not_kept() -> None:
    claimed = Identity(Assurance.CLAIMED, "tom.becker@example.com", "page")
    secret = secrets("key").secret_for(Holder("web-1", "storefront", claimed), NOON)

    assert secrets("key").holder_of(secret, NOON) == Holder("web-1", "storefront", NOBODY)


def test_a_secret_outlives_a_change_of_keys_until_the_old_key_is_gone() -> None:
    secret = secrets("old").secret_for(Holder("web-1", "storefront"), NOON)

    assert secrets("old", "new").holder_of(secret, NOON)
    assert secrets("new").holder_of(secret, NOON) is None


def test_ids_can_not_be_guessed_without_the_key() -> None:
    assert secrets("one").new_id("storefront", "opening-0001") != secrets("two").new_id("storefront", "opening-0001")
    assert secrets("one").new_id("storefront", "opening-0001") != secrets("one").new_id("support", "opening-0001")


@pytest.mark.parametrize("keys", [(), ("",), ("old", "")])
def test_the_door_does_not_open_without_a_key(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="signing key"):
        secrets(*keys)
