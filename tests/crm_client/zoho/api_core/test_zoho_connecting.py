"""`zoho connect`, and how the connection stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_client.errors import CrmRefused
from crm_client.zoho.api.connecting import LEAST, SCOPES, Connected, connect, connection_state
from crm_client.zoho.api.scopes import missing
from crm_client.zoho.api.shapes import Call
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.tables import zoho_tokens
from motenashi.database import Database
from tests.crm_client.zoho.api_core.conftest import SECRET, Clock, Opener, environment_of
from tests.fake_zoho.fake import FakeZoho

ORG = Call("GET", "/crm/v8/org", "read the organisation")


def connected(database: Database, fake: FakeZoho, clock: Clock, code: str = "", **client: str) -> Connected:
    return connect(
        ZohoSettings(fake_url=fake.url),
        database,
        SECRET,
        client_id=client.get("client_id", fake.client_id),
        client_secret=client.get("client_secret", fake.client_secret),
        grant_code=code or fake.tokens.grant(",".join(SCOPES)),
        clock=clock,
    )


def without_token(fake: FakeZoho) -> dict[str, str]:
    return environment_of(fake, refresh_token="")


def test_after_connecting_calls_work_with_the_token_that_came(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    done = connected(zoho_database, fake_zoho, clock)

    assert (done.api_domain, done.missing, set(done.scopes)) == (fake_zoho.url, (), set(SCOPES))
    transport = opened(zoho_database, environment=without_token(fake_zoho))
    assert transport.send(ORG).status == 200
    assert fake_zoho.tokens.asked == 1
    clock.advance(hours=1)
    assert transport.send(ORG).status == 200  # with the stored refresh token
    assert fake_zoho.tokens.asked == 2


def test_what_is_stored_is_sealed(zoho_database: Database, fake_zoho: FakeZoho, clock: Clock) -> None:
    done = connected(zoho_database, fake_zoho, clock)

    with zoho_database.read() as connection:
        rows = str(connection.execute(select(zoho_tokens)).all())
    assert done.refresh_token.startswith("1000.")
    assert "1000." not in rows and fake_zoho.client_secret not in rows
    assert "1000." not in repr(done)


def test_connecting_ends_what_only_an_operator_could_mend(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    connected(zoho_database, fake_zoho, clock)
    settings, environment = ZohoSettings(fake_url=fake_zoho.url), without_token(fake_zoho)
    transport = opened(zoho_database, environment=environment)
    for token in list(fake_zoho.tokens.refreshes):
        fake_zoho.tokens.revoke(token)
    with pytest.raises(CrmRefused):
        transport.send(ORG)
    state = connection_state(zoho_database, settings, environment, clock=clock)
    assert (state.connected, state.trouble) == (False, "revoked_token")

    clock.advance(seconds=30)
    connected(zoho_database, fake_zoho, clock)

    assert transport.send(ORG).status == 200
    state = connection_state(zoho_database, settings, environment, clock=clock)
    assert (state.connected, state.trouble, state.connected_at) == (True, "", clock.now)


def test_scopes_that_were_not_granted_are_named(zoho_sqlite: Database, fake_zoho: FakeZoho, clock: Clock) -> None:
    code = fake_zoho.tokens.grant(",".join(set(SCOPES) - {"ZohoCRM.coql.READ", "ZohoCRM.bulk.READ"}))

    done = connected(zoho_sqlite, fake_zoho, clock, code)

    assert done.missing == ("ZohoCRM.coql.READ", "ZohoCRM.bulk.READ")
    assert done.lacks_needed == ("ZohoCRM.coql.READ",)
    state = connection_state(zoho_sqlite, ZohoSettings(fake_url=fake_zoho.url), without_token(fake_zoho), clock=clock)
    assert (state.connected, state.trouble) == (True, "missing_scope")


def test_where_zoho_does_not_tell_the_scopes_they_are_tried(
    zoho_sqlite: Database, fake_zoho: FakeZoho, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = fake_zoho.tokens._new_access

    def tell_nothing(*given: Any) -> dict[str, object]:
        return {name: value for name, value in tell(*given).items() if name != "scope"}

    monkeypatch.setattr(fake_zoho.tokens, "_new_access", tell_nothing)
    lacking = {"ZohoCRM.coql.READ", "ZohoCRM.modules.deals.ALL", "ZohoCRM.settings.layouts.READ", "ZohoCRM.users.READ"}

    done = connected(zoho_sqlite, fake_zoho, clock, fake_zoho.tokens.grant(",".join(set(SCOPES) - lacking)))

    assert set(done.missing) == lacking
    assert not lacking & set(done.scopes)


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        (SCOPES, ()),
        ([scope.upper() for scope in SCOPES], ()),
        (
            [
                "ZohoCRM.modules.ALL",
                "ZohoCRM.settings.ALL",
                "ZohoCRM.users.ALL",
                "ZohoCRM.org.ALL",
                "ZohoCRM.coql.READ",
                "ZohoSearch.securesearch.READ",
                "ZohoCRM.bulk.ALL",
                "ZohoCRM.notifications.ALL",
                "ZohoCRM.composite_requests.CUSTOM",
            ],
            (),
        ),
        ([*SCOPES[1:], "ZohoCRM.modules.leads.READ", "ZohoCRM.modules.leads.WRITE"], ("ZohoCRM.modules.leads.ALL",)),
        ([*SCOPES[1:], *(f"ZohoCRM.modules.leads.{right}" for right in ("READ", "WRITE", "DELETE"))], ()),
        ([scope for scope in SCOPES if "coql" not in scope], ("ZohoCRM.coql.READ",)),
        ([], SCOPES),
    ],
    ids=["all", "other case", "larger ones", "no delete", "in parts", "no coql", "none"],
)
def test_whether_what_was_granted_covers_what_we_need(granted: list[str], lacking: tuple[str, ...]) -> None:
    assert missing(granted) == tuple(lacking)
    assert set(LEAST) < set(SCOPES)


@pytest.mark.parametrize(
    ("code", "client", "trouble"),
    [
        ("1000.used.grant", {}, "wrong_grant_code"),
        ("", {"client_id": "1000.OTHER"}, "wrong_client"),
        ("", {"client_secret": "other"}, "wrong_client"),
    ],
)
def test_a_failed_connection_leaves_the_old_one_as_it_was(
    zoho_sqlite: Database,
    fake_zoho: FakeZoho,
    opened: Opener,
    clock: Clock,
    code: str,
    client: dict[str, str],
    trouble: str,
) -> None:
    connected(zoho_sqlite, fake_zoho, clock)

    with pytest.raises(CrmRefused) as refused:
        connected(zoho_sqlite, fake_zoho, clock, code, **client)

    assert refused.value.trouble == trouble
    assert opened(zoho_sqlite, environment=without_token(fake_zoho)).send(ORG).status == 200


def test_the_refresh_token_of_the_environment_goes_before_the_stored_one(
    zoho_sqlite: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    connected(zoho_sqlite, fake_zoho, clock)
    for token in list(fake_zoho.tokens.refreshes):
        if token != fake_zoho.refresh_token:
            fake_zoho.tokens.revoke(token)

    assert opened(zoho_sqlite).send(ORG).status == 200


def test_how_it_stands_without_anything(zoho_database: Database, clock: Clock) -> None:
    settings = ZohoSettings()

    nothing = connection_state(zoho_database, settings, {}, clock=clock)
    client = {"ZOHO_CLIENT_ID": "a", "ZOHO_CLIENT_SECRET": "b"}
    unconnected = connection_state(zoho_database, settings, client, clock=clock)

    assert (nothing.connected, nothing.trouble) == (False, "wrong_client")
    assert (unconnected.connected, unconnected.trouble) == (False, "not_connected")
    assert unconnected.credits.left == settings.limits.credits_a_day


def test_how_it_stands_while_zoho_gives_no_tokens(
    zoho_database: Database, fake_zoho: FakeZoho, opened: Opener, clock: Clock
) -> None:
    fake_zoho.switches.access_limit = 0
    transport = opened(zoho_database)
    with pytest.raises(Exception, match="no more tokens"):
        transport.send(ORG)
    settings = replace(ZohoSettings(), fake_url=fake_zoho.url)

    state = connection_state(zoho_database, settings, environment_of(fake_zoho), clock=clock)
    assert (state.connected, state.trouble) == (True, "too_many_tokens")
    assert state.wait_until == clock.now + timedelta(seconds=60)

    clock.advance(seconds=61)
    fake_zoho.switches.access_limit = 10
    transport.send(ORG)
    state = connection_state(zoho_database, settings, environment_of(fake_zoho), clock=clock)
    assert (state.trouble, state.wait_until, state.api_domain) == ("", None, fake_zoho.url)
    assert state.expires_at == clock.now + timedelta(hours=1)
