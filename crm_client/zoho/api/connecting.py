"""Connecting to an organisation of Zoho CRM, once, by hand; and how the connection stands now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from crm_client.embedded.store import utc_now
from crm_client.errors import CrmRefused
from crm_client.zoho.api import answers, token_endpoint
from crm_client.zoho.api import scopes as scope_rules
from crm_client.zoho.api.credit_count import CreditCount
from crm_client.zoho.api.data_centres import accounts_url
from crm_client.zoho.api.exchange import Exchange, NoAnswer, NotSent, Request, TooMuch, Waits
from crm_client.zoho.api.scopes import LEAST, SCOPES
from crm_client.zoho.api.sealing import Seal
from crm_client.zoho.api.shapes import Call, Credits
from crm_client.zoho.api.token_endpoint import Client, TokenReply
from crm_client.zoho.api.token_store import CONNECTION, NEEDS_CONSENT, Stored, TokenStore
from crm_client.zoho.api.tokens import client_of, row_name, token_row
from crm_client.zoho.settings import ZohoSettings
from motenashi.database import Database

__all__ = ["LEAST", "SCOPES", "Connected", "ConnectionState", "connect", "connection_state"]

log = logging.getLogger(__name__)

_ASKING: Final = "connect to Zoho CRM"
_WHOLE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Connected:
    """`scopes`: those granted; where Zoho does not tell them, those of SCOPES that a trial call did not find missing.
    `missing`: those of SCOPES that are not granted. `refresh_token` is for an operator who keeps it in the environment;
    it is stored in any case."""

    api_domain: str
    scopes: tuple[str, ...]
    missing: tuple[str, ...] = ()
    refresh_token: str = field(default="", repr=False)

    @property
    def lacks_needed(self) -> tuple[str, ...]:
        """What is missing and can't be done without."""
        return tuple(scope for scope in self.missing if scope in LEAST)


@dataclass(frozen=True)
class ConnectionState:
    """`trouble`: a name of troubles.py, '' for none. `wait_until`: Zoho gives no new token before. `expires_at`,
    `api_domain`: of the access token, when there was one. `connected_at`: when `zoho connect` stored the refresh
    token; None for one from the environment. Times in UTC."""

    connected: bool
    trouble: str
    wait_until: datetime | None
    credits: Credits
    api_domain: str = ""
    expires_at: datetime | None = None
    connected_at: datetime | None = None


def connect(
    settings: ZohoSettings,
    database: Database,
    secret: bytes,
    *,
    client_id: str,
    client_secret: str,
    grant_code: str,
    clock: Callable[[], datetime] = utc_now,
) -> Connected:
    """Exchange a grant code of a self client, store the refresh token (sealed), and say which scopes are missing.
    Whatever was known of the connection before is forgotten, and calls begin again. CrmRefused: wrong_client,
    wrong_grant_code, wrong_data_centre; CrmUnreachable, CrmBusy."""
    client = Client(client_id.strip(), client_secret.strip())
    exchange = Exchange(use_proxies=not settings.fake_url)
    try:
        waits = _waits(settings)
        reply = token_endpoint.exchange_code(exchange, accounts_url(settings), client, grant_code.strip(), waits)
        if not reply.refresh_token:
            raise CrmRefused(_ASKING, "no refresh token came; is the client a self client?", trouble="wrong_client")
        now = clock().astimezone(UTC)
        row = token_row(reply, settings, Seal(secret), now)
        missing = _missing(exchange, settings, reply, row["api_domain"])
    finally:
        exchange.close()
    scopes = reply.scopes or tuple(scope for scope in SCOPES if scope not in missing)
    connected = Connected(row["api_domain"], scopes, missing, reply.refresh_token)
    row["trouble"] = "missing_scope" if connected.lacks_needed else ""
    TokenStore(database).begin_anew(
        [
            {"name": CONNECTION, "refresh_token": Seal(secret).close(reply.refresh_token), "changed_at": now},
            {"name": row_name(settings, client, connected_at=now), "changed_at": now, **row},
        ]
    )
    return connected


def connection_state(
    database: Database,
    settings: ZohoSettings,
    environment: Mapping[str, str],
    *,
    clock: Callable[[], datetime] = utc_now,
) -> ConnectionState:
    """How we stand with Zoho, from what is stored: nothing is asked. CrmUnreachable when the database is away."""
    credits = CreditCount(database, settings.limits, clock).credits()
    store = TokenStore(database)
    refresh_token = environment.get(settings.refresh_token_env, "").strip()
    connection = Stored(CONNECTION) if refresh_token else store.read(CONNECTION)
    try:
        client = client_of(settings, environment)
    except CrmRefused as error:
        return ConnectionState(False, error.trouble, None, credits)
    if not refresh_token and not connection.refresh_token:
        return ConnectionState(False, "not_connected", None, credits)
    row = store.read(row_name(settings, client, refresh_token, connected_at=connection.changed_at))
    wait_until = row.wait_until if row.wait_until and row.wait_until > clock() else None
    return ConnectionState(
        connected=row.state != NEEDS_CONSENT,
        trouble=row.trouble,
        wait_until=wait_until,
        credits=credits,
        api_domain=row.api_domain,
        expires_at=row.expires_at,
        connected_at=connection.changed_at,
    )


def _missing(exchange: Exchange, settings: ZohoSettings, reply: TokenReply, api: str) -> tuple[str, ...]:
    if reply.scopes:
        return scope_rules.missing(reply.scopes)
    return tuple(
        scope for scope, call in _trials(settings) if _lacks_scope(exchange, settings, api, reply.access_token, call)
    )


def _lacks_scope(exchange: Exchange, settings: ZohoSettings, api: str, token: str, call: Call) -> bool:
    """Only Zoho's clear word counts: what could not be asked is not called missing."""
    request = Request(call.method, api + call.path, params=call.params, json=call.body, token=token)
    try:
        reading = answers.read(call, exchange.send(request, _waits(settings)))
    except (NotSent, NoAnswer, TooMuch) as error:
        log.warning("scopes could not be tried (%s %s): %s", call.method, call.path, error)
        return False
    return reading.code == "OAUTH_SCOPE_MISMATCH"


def _trials(settings: ZohoSettings) -> Iterator[tuple[str, Call]]:
    """One cheap reading call for each scope that has one: a credit each."""
    base = f"/crm/{settings.version}"

    def get(path: str, **params: str) -> Call:
        return Call("GET", path, "see which scopes were granted", params=params)

    def post(path: str, body: Any) -> Call:
        return Call("POST", path, "see which scopes were granted", body=body)

    for module in ("leads", "contacts", "accounts", "deals", "tasks", "calls", "events", "notes", "products"):
        scope = next(name for name in SCOPES if f".{module}." in name)
        yield scope, get(f"{base}/{_api_module(settings, module)}", fields="id", per_page="1")
    contacts = _api_module(settings, "contacts")
    query = f"select id from {contacts} where id is not null limit 1"  # noqa: S608  # the operator's own name
    yield "ZohoCRM.coql.READ", post(f"{base}/coql", {"select_query": query})
    yield "ZohoSearch.securesearch.READ", get(f"{base}/{contacts}/search", email="nobody@nowhere.example", fields="id")
    yield "ZohoCRM.settings.modules.READ", get(f"{base}/settings/modules")
    for part in ("fields", "layouts", "related_lists"):
        yield f"ZohoCRM.settings.{part}.READ", get(f"{base}/settings/{part}", module=contacts)
    yield "ZohoCRM.users.READ", get(f"{base}/users", type="CurrentUser")
    yield "ZohoCRM.org.READ", get(f"{base}/org")
    yield "ZohoCRM.notifications.ALL", get(f"{base}/actions/watch")
    yield "ZohoCRM.bulk.READ", get(f"/crm/bulk/{settings.version}/read/1")


def _api_module(settings: ZohoSettings, module: str) -> str:
    return settings.modules.get(module) or module.capitalize()


def _waits(settings: ZohoSettings) -> Waits:
    return Waits(settings.limits.connect_seconds, settings.limits.read_seconds, _WHOLE_SECONDS)
