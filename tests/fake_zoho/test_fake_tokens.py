"""The fake's accounts are as strict as Zoho's."""

from __future__ import annotations

import pytest

from tests.fake_zoho.client import Client
from tests.fake_zoho.fake import FakeZoho


def test_errors_of_the_token_endpoint_have_status_200(fake_zoho: FakeZoho, client: Client) -> None:
    for wrong, error in (
        ({"client_id": "1000.OTHER"}, "invalid_client"),
        ({"client_secret": "no"}, "invalid_client_secret"),
        ({"refresh_token": "1000.other"}, "invalid_code"),
    ):
        answer = client.token(**wrong)
        assert (answer.status_code, answer.json()) == (200, {"error": error})


def test_the_eleventh_token_in_ten_minutes_is_denied(fake_zoho: FakeZoho, client: Client) -> None:
    for _ in range(9):
        assert "access_token" in client.token().json()
    assert client.token().json()["error"] == "Access Denied"
    fake_zoho.switches.denied_status = 400
    assert client.token().status_code == 400
    fake_zoho.advance(601)
    assert "access_token" in client.token().json()


def test_the_sixteenth_live_token_kills_the_oldest(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.switches.access_limit = 100
    for _ in range(14):
        client.token()
    assert client.get("/org").status_code == 200
    client.token()
    assert client.code(client.get("/org")) == (401, "INVALID_TOKEN")


def test_tokens_expire_and_the_word_is_not_bearer(fake_zoho: FakeZoho, client: Client) -> None:
    header = str(client.session.headers["Authorization"])
    client.session.headers["Authorization"] = header.replace("Zoho-oauthtoken", "Bearer")
    assert client.get("/org").status_code == 401
    client.session.headers["Authorization"] = header
    assert client.get("/org").status_code == 200
    fake_zoho.advance(3601)
    fake_zoho.switches.dead_token = "AUTHENTICATION_FAILURE"
    assert client.code(client.get("/org")) == (401, "AUTHENTICATION_FAILURE")
    fake_zoho.switches.dead_token = "empty_200"
    assert (client.get("/org").status_code, client.get("/org").content) == (200, b"")


def test_a_grant_code_is_good_once(fake_zoho: FakeZoho, client: Client) -> None:
    code = fake_zoho.tokens.grant("ZohoCRM.org.READ")
    first = client.token(grant_type="authorization_code", code=code).json()
    assert first["refresh_token"] != fake_zoho.refresh_token
    assert client.token(grant_type="authorization_code", code=code).json() == {"error": "invalid_code"}
    client.session.headers["Authorization"] = f"Zoho-oauthtoken {first['access_token']}"
    assert client.get("/org").status_code == 200
    assert client.code(client.get("/users")) == (401, "OAUTH_SCOPE_MISMATCH")


def test_a_revoked_refresh_token_takes_its_access_tokens_along(fake_zoho: FakeZoho, client: Client) -> None:
    fake_zoho.tokens.revoke()
    assert client.get("/org").status_code == 401
    assert client.token().json() == {"error": "invalid_code"}


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        ("ZohoCRM.modules.contacts.READ", "/Contacts?fields=id", 204),
        ("ZohoCRM.modules.ALL", "/Contacts?fields=id", 204),
        ("ZohoCRM.modules.leads.ALL", "/Contacts?fields=id", 401),
        ("ZohoCRM.modules.contacts.CREATE", "/Contacts?fields=id", 401),
        ("ZohoCRM.modules.contacts.READ", "/Contacts/search?email=a", 401),
    ],
)
def test_every_call_needs_its_scope(fake_zoho: FakeZoho, client: Client, scopes: str, path: str, status: int) -> None:
    fake_zoho.tokens.set_scopes(scopes)
    assert client.get(path).status_code == status
