"""Zoho's token endpoint: what we ask of it, and what its answers mean. Whether it worked is in the body: the status
is 200 also for most errors. Source: Zoho's OAuth pages for self clients and "Token validity"."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crm_client.errors import CrmBusy, CrmError, CrmOutcomeUnknown, CrmRefused, CrmUnreachable
from crm_client.zoho.api.exchange import Exchange, NoAnswer, NotSent, Request, Response, TooMuch, Waits

log = logging.getLogger(__name__)

PATH: Final = "/oauth/v2/token"
_ASKING: Final = "get an access token"
_AN_HOUR: Final = 3600
_MILLISECONDS_FROM: Final = 86_400  # no token lives longer than a day, so a greater number counts milliseconds

# Zoho's word -> ours, and what it means. All of these stay as they are until an operator does something.
_FINAL: Final[Mapping[str, tuple[str, str]]] = {
    "invalid_code": ("revoked_token", "Zoho does not know the refresh token (any more), or it is of another client"),
    "invalid_client": ("wrong_client", "Zoho does not know the client id at this data centre"),
    "invalid_client_secret": ("wrong_client", "the client secret is wrong"),
    "invalid_redirect_uri": ("wrong_client", "the client is not a self client"),
    "invalid_scope": ("missing_scope", "Zoho does not know one of the scopes"),
    "invalid_oauthscope": ("missing_scope", "Zoho does not know one of the scopes"),
    "access_denied": ("revoked_token", "the user did not grant the access"),
}
_WRONG_CODE: Final = (
    "wrong_grant_code",
    "the code was used already, has expired (it lives some minutes), or is of another client or data centre",
)


@dataclass(frozen=True)
class TokenReply:
    """`seconds`: how long the token lives. `scopes` is empty where Zoho does not tell them."""

    access_token: str = field(repr=False)
    seconds: float
    api_domain: str = ""
    refresh_token: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Client:
    """The self client. Both are secrets."""

    id: str = field(repr=False)
    secret: str = field(repr=False)


def refresh(exchange: Exchange, accounts: str, client: Client, refresh_token: str, waits: Waits) -> TokenReply:
    """A new access token. CrmRefused (an operator must act), CrmBusy with too_many_tokens, CrmUnreachable (nothing
    reached Zoho), CrmOutcomeUnknown (Zoho may have counted it)."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _ask(exchange, accounts, client, form, waits)


def exchange_code(exchange: Exchange, accounts: str, client: Client, code: str, waits: Waits) -> TokenReply:
    """The first tokens for a grant code. Errors as above; a code can be used once, so it is never repeated."""
    form = {"grant_type": "authorization_code", "code": code}
    return _ask(exchange, accounts, client, form, waits)


def _ask(exchange: Exchange, accounts: str, client: Client, form: Mapping[str, str], waits: Waits) -> TokenReply:
    # In the body, not in the address: addresses end in the logs of everything on the way.
    whole = {**form, "client_id": client.id, "client_secret": client.secret}
    try:
        response = exchange.send(Request("POST", accounts + PATH, form=whole), waits)
    except NotSent as error:
        raise CrmUnreachable(_ASKING, f"no connection to Zoho's accounts host ({error})", trouble="outage") from None
    except (NoAnswer, TooMuch) as error:
        raise CrmOutcomeUnknown(_ASKING, f"no answer of Zoho's accounts host ({error})", trouble="outage") from None
    body = _object(response.content)
    reply = _reply(body)
    log.info("zoho POST %s: status %s, %s", PATH, response.status, "a token" if reply else _word(body) or "no token")
    if reply is None:
        raise _trouble(response, body, form["grant_type"])
    return reply


def _reply(body: Mapping[str, Any] | None) -> TokenReply | None:
    token = (body or {}).get("access_token")
    if not body or not isinstance(token, str) or not token:
        return None
    return TokenReply(
        token,
        life(body),
        api_domain=_text(body.get("api_domain")),
        refresh_token=_text(body.get("refresh_token")),
        scopes=tuple(re.split(r"[\s,]+", _text(body.get("scope")).strip())) if body.get("scope") else (),
    )


def life(body: Mapping[str, Any]) -> float:
    """Seconds until the token expires. Older answers have seconds in `expires_in_sec`, milliseconds in `expires_in`."""
    seconds = _number(body.get("expires_in_sec"))
    if seconds is None:
        seconds = _number(body.get("expires_in"))
        if seconds is not None and seconds > _MILLISECONDS_FROM:
            seconds /= 1000
    return _AN_HOUR if seconds is None else seconds


def _trouble(response: Response, body: Mapping[str, Any] | None, grant_type: str) -> CrmError:
    word = _word(body)
    if word == "Access Denied" or response.status == 429 or "too many requests" in _said(body):
        return CrmBusy(
            _ASKING, "Zoho gives no more tokens for some minutes", 60.0, trouble="too_many_tokens", code=word
        )
    if body is None:
        what = f"Zoho's accounts host answered with no JSON (status {response.status})"
        return CrmOutcomeUnknown(_ASKING, what, trouble="not_json" if response.status < 500 else "outage")
    if word in _FINAL:
        trouble, what = _WRONG_CODE if (word, grant_type) == ("invalid_code", "authorization_code") else _FINAL[word]
        return CrmRefused(_ASKING, what, trouble=trouble, code=word)
    what = f"Zoho's accounts host has trouble (status {response.status}, {word or 'no reason given'})"
    return CrmOutcomeUnknown(_ASKING, what, trouble="outage", code=word)


def _object(content: bytes) -> Mapping[str, Any] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _word(body: Mapping[str, Any] | None) -> str:
    """Zoho's word for the error; only what looks like one, since it ends in logs."""
    word = _text((body or {}).get("error"))
    return word if re.fullmatch(r"[A-Za-z_ ]{1,40}", word) else ""


def _said(body: Mapping[str, Any] | None) -> str:
    return _text((body or {}).get("error_description")).lower()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    """A positive number, also one that came as a text."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return None
    return number if 0 < number < 1e12 else None
