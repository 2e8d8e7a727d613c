"""API keys: shown once, hashed at rest, opening what their scopes say until they are revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from motenashi.database import Database
from motenashi.identity.api_keys import ApiKeys
from motenashi.identity.tables import identity_api_keys, metadata

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def keys(database: Database) -> ApiKeys:
    metadata.create_all(database.engine)
    return ApiKeys(database)


def test_a_key_opens_its_scopes_and_nothing_else(keys: ApiKeys) -> None:
    found = keys.find(keys.create_api_key("CRM", ["plugs", "suggestions.read"], now=NOW), now=NOW)

    assert found is not None
    assert (found.name, found.opens("plugs"), found.opens("suggestions.read")) == ("CRM", True, True)
    assert not found.opens("suggestions.write")
    assert not found.opens("*")


def test_a_star_opens_everything(keys: ApiKeys) -> None:
    found = keys.find(keys.create_api_key("all", ["*"]), now=NOW)

    assert found is not None
    assert found.opens("voice.read")


def test_the_key_does_not_stand_in_the_database(keys: ApiKeys, database: Database) -> None:
    key = keys.create_api_key("CRM", ["plugs"])
    with database.read() as connection:
        row = connection.execute(select(identity_api_keys)).one()

    assert key.startswith(f"mtn_{row.prefix}_")
    assert key.removeprefix(f"mtn_{row.prefix}_") not in str(row)


def test_a_wrong_secret_under_a_right_prefix_opens_nothing(keys: ApiKeys) -> None:
    key = keys.create_api_key("CRM", ["plugs"])
    other = keys.create_api_key("Other", ["plugs"])

    assert keys.find(key[:13] + other[13:], now=NOW) is None
    assert keys.find(key[:-1] + ("A" if key[-1] != "A" else "B"), now=NOW) is None


@pytest.mark.parametrize("key", ["", "mtn_", "mtn_00000000_" + "A" * 43, "\udcff", "mtn_é", "x" * 10_000])
def test_what_is_no_key_opens_nothing(keys: ApiKeys, key: str) -> None:
    assert keys.find(key, now=NOW) is None


def test_a_revoked_key_opens_nothing_any_more(keys: ApiKeys) -> None:
    key = keys.create_api_key("CRM", ["plugs"])
    (listed,) = keys.everything()

    assert keys.revoke(listed.prefix, now=NOW)
    assert not keys.revoke(listed.prefix, now=NOW)
    assert keys.find(key, now=NOW) is None
    assert keys.everything()[0].revoked_at == NOW


def test_when_a_key_was_last_used_is_known(keys: ApiKeys) -> None:
    key = keys.create_api_key("CRM", ["plugs"])
    keys.find(key, now=NOW)
    keys.find(key, now=NOW + timedelta(minutes=1))
    assert keys.everything()[0].last_used_at == NOW

    keys.find(key, now=NOW + timedelta(minutes=6))
    assert keys.everything()[0].last_used_at == NOW + timedelta(minutes=6)


@pytest.mark.parametrize("scopes", [[], ["Plugs"], ["plugs", "a b"], [""]])
def test_what_is_no_scope_is_refused(keys: ApiKeys, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="scope"):
        keys.create_api_key("CRM", scopes)
