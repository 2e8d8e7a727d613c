"""The access token: one for all of us, renewed in time, by one at a time, and never more often than Zoho allows.

Order of things: the stored token while it is good; else a new one for whoever gets the claim (`token_store.py`), while
the others wait for it. What Zoho says about our asking too often is stored and obeyed by all; what only an operator
can mend is stored, too, and ends all asking until it is mended (`zoho connect`, or other values in the environment).
"""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from crm_client.errors import CrmBusy, CrmError, CrmOutcomeUnknown, CrmRefused, CrmUnreachable
from crm_client.zoho.api import token_endpoint
from crm_client.zoho.api.data_centres import accepted_api_url, accounts_url
from crm_client.zoho.api.exchange import Exchange, Waits
from crm_client.zoho.api.sealing import Seal
from crm_client.zoho.api.token_endpoint import Client, TokenReply
from crm_client.zoho.api.token_store import (
    CONNECTION,
    MOST_REFRESHES,
    NEEDS_CONSENT,
    WINDOW,
    Claim,
    Stored,
    TokenStore,
)
from crm_client.zoho.settings import ZohoSettings
from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi.bounded_threads import BoundedThreads, TookTooLong, TooManyRunning
from motenashi.database import Database

log = logging.getLogger(__name__)

_ASKING: Final = "get an access token"
_MARGIN: Final = 60.0  # a token that ends within this (and up to half of it more, by chance) is renewed
_STILL_GOOD: Final = timedelta(seconds=10)  # … and with this left it serves on when it can't be renewed right now
_RETRIES: Final = 2
_TRY_SECONDS: Final = 30.0  # for one try; below the length of a claim
_FIRST_COOL_DOWN: Final = timedelta(seconds=60)
_LONGEST_COOL_DOWN: Final = timedelta(minutes=10)
_LONGEST_OUTAGE_PAUSE: Final = 60.0
_WORKERS: Final = 8


@dataclass(frozen=True)
class Token:
    access: str = field(repr=False)
    api: str  # address of the API it is for
    expires_at: datetime


@dataclass(frozen=True)
class _Account:
    """What a token is asked with, and the name of the row it is kept in."""

    client: Client = field(repr=False)
    refresh_token: str = field(repr=False)
    name: str


class Tokens:
    def __init__(
        self,
        settings: ZohoSettings,
        database: Database,
        exchange: Exchange,
        *,
        secret: bytes,
        environment: Mapping[str, str],
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._store = TokenStore(database)
        self._exchange = exchange
        self._seal = Seal(secret)
        self._environment = environment
        self._clock = clock
        self._sleep = sleep
        self._margin = timedelta(seconds=_MARGIN + random.uniform(0, _MARGIN / 2))  # noqa: S311
        # A visitor's turn does not wait for a slow accounts host, yet the token that was asked for must not be lost.
        self._workers = BoundedThreads("zoho-token", _WORKERS)

    def token(self, seconds: float) -> Token:
        """A token that is good for the next call, had within `seconds`. CrmRefused (an operator must act), CrmBusy
        (Zoho gives none for now), CrmUnreachable."""
        account = self._account()
        row = self._store.read(account.name)
        if self._fresh(row):
            return self._opened(row)
        try:
            return self._renewed(account, self._fresh, seconds, may_wait=not self._good_enough(row))
        except (CrmBusy, CrmUnreachable):
            if self._good_enough(row) and row.state != NEEDS_CONSENT:
                return self._opened(row)
            raise

    def instead_of(self, refused: Token, seconds: float) -> Token:
        """Zoho did not take this token: the newer one that somebody has stored since, or a new one. As above."""

        def newer(row: Stored) -> bool:
            return self._fresh(row) and self._seal.open(row.access_token) != refused.access

        account = self._account()
        row = self._store.read(account.name)
        return self._opened(row) if newer(row) else self._renewed(account, newer, seconds, may_wait=True)

    def has_expired(self, token: Token) -> bool:
        return self._clock() >= token.expires_at

    def only_an_operator_helps(self, trouble: str) -> None:
        """Zoho will not take our calls until somebody changes something: no more calls until then."""
        log.error("Zoho CRM refuses us (%s). %s", trouble, WHAT_TO_DO.get(trouble, ""))
        self._store.note(self._account().name, self._clock(), state=NEEDS_CONSENT, trouble=trouble)

    def note_trouble(self, trouble: str) -> None:
        """Something is missing, and the rest goes on."""
        name = self._account().name
        if self._store.read(name).trouble != trouble:
            log.error("Zoho CRM refuses a call (%s). %s", trouble, WHAT_TO_DO.get(trouble, ""))
            self._store.note(name, self._clock(), trouble=trouble)

    def can_be_had(self) -> bool:
        """Is there a token, or would asking for one be allowed now?"""
        try:
            row = self._store.read(self._account().name)
            return self._good_enough(row) or self._allowed(row) is None
        except CrmError:
            return False

    def close(self) -> None:
        self._workers.close()

    # -- whose token -----------------------------------------------------------------------------------------------

    def _account(self) -> _Account:
        client = client_of(self._settings, self._environment)
        refresh_token = self._environment.get(self._settings.refresh_token_env, "").strip()
        name = row_name(self._settings, client, refresh_token)
        if not refresh_token:
            connection = self._store.read(CONNECTION)
            refresh_token = self._seal.open(connection.refresh_token)
            name = row_name(self._settings, client, connected_at=connection.changed_at)
        if not refresh_token:
            raise CrmRefused(_ASKING, WHAT_TO_DO["not_connected"], trouble="not_connected")
        return _Account(client, refresh_token, name)

    def _opened(self, row: Stored) -> Token:
        if row.state == NEEDS_CONSENT:
            raise _needs_consent(row)
        assert row.expires_at is not None  # noqa: S101  # a fresh row has it
        api = accepted_api_url(row.api_domain, self._settings)
        return Token(self._seal.open(row.access_token), api, row.expires_at)

    def _fresh(self, row: Stored) -> bool:
        return self._lasts(row, self._margin)

    def _good_enough(self, row: Stored) -> bool:
        return self._lasts(row, _STILL_GOOD)

    def _lasts(self, row: Stored, least: timedelta) -> bool:
        return row.expires_at is not None and row.expires_at > self._clock() + least and self._readable(row)

    def _readable(self, row: Stored) -> bool:
        return bool(self._seal.open(row.access_token))  # not after the house's secret was changed

    # -- a new one -------------------------------------------------------------------------------------------------

    def _renewed(self, account: _Account, wanted: Callable[[Stored], bool], seconds: float, *, may_wait: bool) -> Token:
        try:
            return self._workers.do(lambda: self._renew_or_wait(account, wanted, seconds, may_wait), seconds)
        except (TookTooLong, TooManyRunning):
            raise CrmUnreachable(_ASKING, "the token is still being renewed") from None

    def _renew_or_wait(
        self, account: _Account, wanted: Callable[[Stored], bool], seconds: float, may_wait: bool
    ) -> Token:
        until = time.monotonic() + seconds
        while True:
            row = self._store.read(account.name)
            if wanted(row):
                return self._opened(row)
            refusal = self._allowed(row)
            if refusal is not None:
                raise refusal
            claim = self._claim(account, wanted)
            if claim is not None:
                return self._renew(account, claim, wanted)
            if not may_wait or time.monotonic() >= until:
                raise CrmUnreachable(_ASKING, "somebody else is renewing the token")
            self._sleep(random.uniform(0.05, 0.15))  # noqa: S311

    def _claim(self, account: _Account, wanted: Callable[[Stored], bool]) -> Claim | None:
        now = self._clock()
        return self._store.claim(account.name, now, lambda row: not wanted(row) and self._allowed(row) is None)

    def _allowed(self, row: Stored) -> CrmError | None:
        """What forbids asking for a token now."""
        now = self._clock()
        if row.state == NEEDS_CONSENT:
            return _needs_consent(row)
        if row.wait_until and row.wait_until > now:
            left = (row.wait_until - now).total_seconds()
            return CrmBusy(_ASKING, "Zoho gave no token a moment ago", left, trouble=row.trouble)
        lately = row.refreshes_since(now - WINDOW)
        if len(lately) >= MOST_REFRESHES:
            left = (lately[-MOST_REFRESHES] + WINDOW - now).total_seconds()
            return CrmBusy(_ASKING, "ten tokens in ten minutes are all we may ask for", left, trouble="too_many_tokens")
        return None

    def _renew(self, account: _Account, claim: Claim, wanted: Callable[[Stored], bool]) -> Token:
        for failures in range(1, _RETRIES + 2):
            try:
                return self._try(account, claim)
            except CrmUnreachable as error:
                self._after_outage(claim, error, failures)
                if failures > _RETRIES:
                    raise
            self._sleep(random.uniform(0, 2**failures))  # noqa: S311
            again = self._claim(account, wanted)
            if again is None:  # somebody else has gone on, or all tries of these ten minutes are used up
                break
            claim = again
        row = self._store.read(account.name)
        if wanted(row):
            return self._opened(row)
        raise self._allowed(row) or CrmUnreachable(_ASKING, "Zoho's accounts host has trouble", trouble="outage")

    def _try(self, account: _Account, claim: Claim) -> Token:
        limits = self._settings.limits
        waits = Waits(limits.connect_seconds, limits.read_seconds, _TRY_SECONDS)
        accounts = accounts_url(self._settings)
        try:
            reply = token_endpoint.refresh(self._exchange, accounts, account.client, account.refresh_token, waits)
            row = token_row(reply, self._settings, self._seal, self._clock())
        except CrmBusy as error:
            raise self._cool_down(claim, error) from None
        except CrmRefused as error:
            log.error("Zoho gives no more tokens (%s). %s", error.trouble, WHAT_TO_DO.get(error.trouble, ""))
            self._store.release(claim, self._clock(), state=NEEDS_CONSENT, trouble=error.trouble)
            raise
        self._store.release(claim, self._clock(), **row)
        return Token(reply.access_token, row["api_domain"], row["expires_at"])

    def _cool_down(self, claim: Claim, error: CrmBusy) -> CrmBusy:
        """Zoho said: too many. One minute the first time, then twice as long each time, until a token comes."""
        now, row = self._clock(), self._store.read(claim.name)
        pause = _FIRST_COOL_DOWN
        if row.trouble == "too_many_tokens" and row.wait_until and row.changed_at:
            pause = min(max(2 * (row.wait_until - row.changed_at), pause), _LONGEST_COOL_DOWN)
        log.warning("Zoho gives no tokens for now; asking again in %d s", pause.total_seconds())
        self._store.release(claim, now, wait_until=now + pause, trouble="too_many_tokens")
        return CrmBusy(error.asking, "Zoho gives no more tokens for now", pause.total_seconds(), trouble=error.trouble)

    def _after_outage(self, claim: Claim, error: CrmUnreachable, failures: int) -> None:
        """The accounts host has trouble: the more tokens were asked for lately, the longer nobody asks again, so
        that some of the ten are left for when it is well."""
        if not isinstance(error, CrmOutcomeUnknown):
            self._store.never_sent(claim)
        now = self._clock()
        if failures <= _RETRIES:
            self._store.release(claim, now)
            return
        lately = len(self._store.read(claim.name).refreshes_since(now - WINDOW))
        pause = timedelta(seconds=min(_LONGEST_OUTAGE_PAUSE, 2.0**lately))
        self._store.release(claim, now, wait_until=now + pause, trouble=error.trouble)


def client_of(settings: ZohoSettings, environment: Mapping[str, str]) -> Client:
    """The self client's id and secret. CrmRefused when the environment does not have them."""
    for name in (settings.client_id_env, settings.client_secret_env):
        if not environment.get(name, "").strip():
            raise CrmRefused(_ASKING, f"the environment variable {name} is not set", trouble="wrong_client")
    return Client(environment[settings.client_id_env].strip(), environment[settings.client_secret_env].strip())


def row_name(
    settings: ZohoSettings, client: Client, refresh_token: str = "", connected_at: datetime | None = None
) -> str:
    """Whatever an operator may mend is in the name: with another client, secret, data centre or refresh token we begin
    anew, and what Zoho said of the old ones is forgotten."""
    parts = (
        settings.data_centre,
        settings.environment,
        settings.fake_url,
        client.id,
        client.secret,
        refresh_token,
        connected_at.isoformat() if connected_at else "",
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def token_row(reply: TokenReply, settings: ZohoSettings, seal: Seal, now: datetime) -> dict[str, Any]:
    """The columns of a good token. CrmRefused when it came with an address that is none of Zoho's."""
    return {
        "access_token": seal.close(reply.access_token),
        "expires_at": now + timedelta(seconds=reply.seconds),
        "api_domain": accepted_api_url(reply.api_domain, settings),
        "wait_until": None,
        "state": "",
        "trouble": "",
    }


def _needs_consent(row: Stored) -> CrmRefused:
    return CrmRefused(_ASKING, WHAT_TO_DO.get(row.trouble, "connect again"), trouble=row.trouble)
