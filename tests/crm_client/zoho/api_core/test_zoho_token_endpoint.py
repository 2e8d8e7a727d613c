"""Single exchanges with the token endpoint: whether it worked is in the body, not in the status."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
import urllib3.exceptions

from crm_client.errors import CrmBusy, CrmError, CrmOutcomeUnknown, CrmRefused, CrmUnreachable
from crm_client.zoho.api.exchange import Exchange, Waits
from crm_client.zoho.api.token_endpoint import Client, TokenReply, exchange_code, life, refresh

ACCOUNTS = "https://accounts.zoho.jp"
URL = f"{ACCOUNTS}/oauth/v2/token"
CLIENT = Client("1000.CLIENT", "s3cret-of-client")


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    exchange = Exchange()
    yield exchange
    exchange.close()


def ask(exchange: Exchange) -> TokenReply:
    return refresh(exchange, ACCOUNTS, CLIENT, "1000.ref.bbb", Waits(1, 1, 2))


@responses.activate
def test_a_refresh_sends_its_secrets_in_the_body_only(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    responses.post(
        URL,
        json={
            "access_token": "1000.acc.ccc",
            "api_domain": "https://www.zohoapis.jp",
            "token_type": "Bearer",
            "expires_in": 3600,
        },
    )

    reply = ask(exchange)

    sent = responses.calls[0].request
    assert sent.url == URL
    assert parse_qs(str(sent.body)) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["1000.ref.bbb"],
        "client_id": ["1000.CLIENT"],
        "client_secret": ["s3cret-of-client"],
    }
    assert reply == TokenReply("1000.acc.ccc", 3600, "https://www.zohoapis.jp")
    assert not any(secret in caplog.text for secret in ("1000.acc", "1000.ref", "s3cret"))


@responses.activate
def test_a_grant_code_brings_a_refresh_token_and_perhaps_the_scopes(exchange: Exchange) -> None:
    responses.post(
        URL,
        json={
            "access_token": "a",
            "refresh_token": "r",
            "expires_in": 3600,
            "scope": "ZohoCRM.coql.READ ZohoCRM.org.READ",
        },
    )

    reply = exchange_code(exchange, ACCOUNTS, CLIENT, "1000.grant", Waits(1, 1, 2))

    assert (reply.refresh_token, reply.scopes) == ("r", ("ZohoCRM.coql.READ", "ZohoCRM.org.READ"))


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"expires_in": 3600}, 3600),
        ({"expires_in": 3_600_000}, 3600),  # milliseconds
        ({"expires_in": 3_600_000, "expires_in_sec": 1800}, 1800),
        ({"expires_in": "900"}, 900),
        ({}, 3600),
        ({"expires_in": "soon"}, 3600),
        ({"expires_in": -5}, 3600),
    ],
)
def test_a_tokens_life_in_seconds_or_milliseconds(body: dict[str, Any], seconds: float) -> None:
    assert life(body) == seconds


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("word", "trouble"),
    [
        ("invalid_code", "revoked_token"),
        ("invalid_client", "wrong_client"),
        ("invalid_client_secret", "wrong_client"),
        ("invalid_scope", "missing_scope"),
        ("invalid_oauthscope", "missing_scope"),
        ("access_denied", "revoked_token"),
    ],
)
@responses.activate
def test_what_only_an_operator_can_mend(exchange: Exchange, word: str, trouble: str, status: int) -> None:
    responses.post(URL, json={"error": word}, status=status)

    with pytest.raises(CrmRefused) as refused:
        ask(exchange)

    assert (refused.value.trouble, refused.value.code) == (trouble, word)


@responses.activate
def test_a_wrong_grant_code_is_told_apart_from_a_revoked_token(exchange: Exchange) -> None:
    responses.post(URL, json={"error": "invalid_code"})

    with pytest.raises(CrmRefused) as refused:
        exchange_code(exchange, ACCOUNTS, CLIENT, "1000.grant", Waits(1, 1, 2))

    assert refused.value.trouble == "wrong_grant_code"


TOLD = "You have made too many requests continuously. Please try again after some time."


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    "body",
    [
        {"error": "Access Denied", "error_description": TOLD, "status": "failure"},
        {"error": "Access Denied"},
        {"error": "general_error", "error_description": TOLD},
    ],
)
@responses.activate
def test_too_many_tokens_is_said_with_success_or_not(exchange: Exchange, body: dict[str, Any], status: int) -> None:
    responses.post(URL, json=body, status=status)

    with pytest.raises(CrmBusy) as busy:
        ask(exchange)

    assert (busy.value.trouble, busy.value.retry_after) == ("too_many_tokens", 60.0)


NOT_SENT = requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, "refused"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "error", "trouble"),
    [
        ({"body": "<html>Bad Gateway</html>", "status": 502}, CrmOutcomeUnknown, "outage"),
        ({"body": "<html>Log in</html>", "status": 200}, CrmOutcomeUnknown, "not_json"),
        ({"json": {"error": "general_error"}}, CrmOutcomeUnknown, "outage"),
        ({"json": {"error": "what nobody has seen before"}}, CrmOutcomeUnknown, "outage"),
        ({"json": ["access_token"]}, CrmOutcomeUnknown, "not_json"),
        ({"body": "", "status": 302, "headers": {"Location": "https://evil.example"}}, CrmOutcomeUnknown, "not_json"),
        ({"body": requests.ReadTimeout()}, CrmOutcomeUnknown, "outage"),
        ({"body": requests.ConnectionError()}, CrmOutcomeUnknown, "outage"),
        ({"body": requests.ConnectTimeout()}, CrmUnreachable, "outage"),
        ({"body": NOT_SENT}, CrmUnreachable, "outage"),
    ],
    ids=["502", "html", "general_error", "unknown", "list", "redirect", "timeout", "reset", "no connection", "refused"],
)
@responses.activate
def test_what_passes_by_itself(exchange: Exchange, answer: dict[str, Any], error: type[CrmError], trouble: str) -> None:
    responses.post(URL, **answer)

    with pytest.raises(error) as failed:
        ask(exchange)

    assert type(failed.value) is error  # an unknown outcome counts as a token, what was never sent does not
    assert failed.value.trouble == trouble
    assert "s3cret" not in str(failed.value)
    assert len(responses.calls) == 1  # no redirect was followed
