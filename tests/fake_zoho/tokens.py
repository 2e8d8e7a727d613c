"""Accounts: clients, grant codes, refresh and access tokens. Errors come with status 200, as from the real one."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from dataclasses import dataclass, field

from tests.fake_zoho.clock import Clock
from tests.fake_zoho.switches import Switches
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply, Request

EVERYTHING = (
    "ZohoCRM.modules.ALL,ZohoCRM.modules.emails.ALL,ZohoSearch.securesearch.READ,ZohoCRM.coql.READ,ZohoCRM.bulk.READ,"
    "ZohoCRM.notifications.ALL,ZohoCRM.settings.ALL,ZohoCRM.composite_requests.CUSTOM,ZohoCRM.org.READ,"
    "ZohoCRM.users.READ"
)
WINDOW = 600


@dataclass
class Refresh:
    token: str
    scopes: frozenset[str]
    revoked: bool = False
    made: deque[float] = field(default_factory=deque)  # when access tokens were
    live: deque[str] = field(default_factory=deque)


@dataclass(frozen=True)
class Access:
    refresh: Refresh
    ends_at: float


@dataclass(frozen=True)
class _Grant:
    scopes: frozenset[str]
    ends_at: float


class _No(Exception):
    """An error of the token endpoint."""


class Tokens:
    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self.client_id, self.client_secret = "1000.FAKECLIENT", "fake-client-secret"
        self.refreshes: dict[str, Refresh] = {}
        self.refresh_token = "1000.fake.refresh"
        self.add_refresh(self.refresh_token, EVERYTHING)
        self.asked = 0  # for new access tokens, whatever became of it
        self._grants: dict[str, _Grant] = {}
        self._access: dict[str, Access] = {}
        self._lock = threading.RLock()

    # What a test or an administrator does

    def add_refresh(self, token: str, scopes: str) -> None:
        self.refreshes[token] = Refresh(token, _set(scopes))

    def grant(self, scopes: str = EVERYTHING, seconds: float = 180) -> str:
        """A one-time code, as the API console shows it."""
        with self._lock:
            code = f"1000.{secrets.token_hex(8)}.grant"
            self._grants[code] = _Grant(_set(scopes), self._clock.seconds() + seconds)
            return code

    def revoke(self, token: str = "") -> None:
        """The refresh token and all it gave: only a new consent helps."""
        with self._lock:
            found = self.refreshes[token or self.refresh_token]
            found.revoked = True
            self._kill(found)

    def restore(self, token: str = "") -> None:
        self.refreshes[token or self.refresh_token].revoked = False

    def revoke_access(self) -> None:
        """Access tokens of now; a refresh helps."""
        with self._lock:
            self._access.clear()
            for one in self.refreshes.values():
                one.live.clear()

    def set_scopes(self, scopes: str, token: str = "") -> None:
        self.refreshes[token or self.refresh_token].scopes = _set(scopes)

    # What clients do

    def answer(self, request: Request, url: str) -> Reply:
        form = dict(request.query) | request.form()
        if request.method != "POST":
            return Reply(405, {"error": "invalid_request"})
        if request.path.endswith("/revoke"):
            return self._revoked(form.get("token", ""))
        try:
            with self._lock:
                return Reply(200, self._token(form, url))
        except _No as no:
            return self._denied() if str(no) == "Access Denied" else Reply(200, {"error": str(no)})

    def check(self, header: str) -> Access:
        """The access token of an API call; ZohoTrouble when it is none."""
        word, _, token = header.partition(" ")
        with self._lock:
            found = self._access.get(token)
        if word != "Zoho-oauthtoken" or found is None or found.ends_at <= self._clock.seconds():
            raise ZohoTrouble(401, self._switches.dead_token)
        return found

    def _token(self, form: dict[str, str], url: str) -> dict[str, object]:
        if self._switches.wrong_data_centre:
            raise _No(self._switches.wrong_data_centre)
        if form.get("client_id") != self.client_id:
            raise _No("invalid_client")
        if form.get("client_secret") != self.client_secret:
            raise _No("invalid_client_secret")
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._first(form.get("code", ""), url)
        if kind != "refresh_token":
            raise _No("invalid_request")
        found = self.refreshes.get(form.get("refresh_token", ""))
        if found is None or found.revoked:
            raise _No("invalid_code")
        return self._new_access(found, url)

    def _first(self, code: str, url: str) -> dict[str, object]:
        grant = self._grants.pop(code, None)
        if grant is None or grant.ends_at <= self._clock.seconds():
            raise _No("invalid_code")
        token = f"1000.{secrets.token_hex(8)}.refresh"
        self.refreshes[token] = Refresh(token, grant.scopes)
        return self._new_access(self.refreshes[token], url) | {"refresh_token": token}

    def _new_access(self, refresh: Refresh, url: str) -> dict[str, object]:
        now = self._clock.seconds()
        self.asked += 1
        while refresh.made and refresh.made[0] <= now - WINDOW:
            refresh.made.popleft()
        if len(refresh.made) >= self._switches.access_limit:
            raise _No("Access Denied")
        refresh.made.append(now)
        token = f"1000.{secrets.token_hex(12)}.access"
        self._access[token] = Access(refresh, now + self._switches.access_seconds)
        refresh.live.append(token)
        while len(refresh.live) > self._switches.live_limit:
            self._access.pop(refresh.live.popleft(), None)
        answer: dict[str, object] = {"access_token": token, "scope": " ".join(sorted(refresh.scopes))}
        answer |= {"api_domain": self._switches.api_domain or url, "token_type": "Bearer"}
        return answer | self._expiry()

    def _expiry(self) -> dict[str, object]:
        seconds = self._switches.access_seconds
        if self._switches.expiry_style == "milliseconds":
            return {"expires_in_sec": seconds, "expires_in": seconds * 1000}
        return {} if self._switches.expiry_style == "none" else {"expires_in": seconds}

    def _denied(self) -> Reply:
        told = "You have made too many requests continuously. Please try again after some time."
        body = {"error": "Access Denied", "error_description": told, "status": "failure"}
        return Reply(self._switches.denied_status, body)

    def _revoked(self, token: str) -> Reply:
        with self._lock:
            found = self.refreshes.get(token)
            if found is None or found.revoked:
                return Reply(400, {"error": "invalid_token"})
            self.revoke(token)
        return Reply(200, {"status": "success"})

    def _kill(self, refresh: Refresh) -> None:
        for token in refresh.live:
            self._access.pop(token, None)
        refresh.live.clear()


def _set(scopes: str) -> frozenset[str]:
    return frozenset(one for one in scopes.replace(",", " ").split() if one)


def covers(granted: frozenset[str], wanted: str) -> bool:
    """`ZohoCRM.modules.ALL` covers `ZohoCRM.modules.contacts.READ`; `.WRITE` covers creating and updating."""
    *way, right = wanted.split(".")
    rights = {right, "ALL"} | ({"WRITE"} if right in ("CREATE", "UPDATE") else set())
    levels = [way[:depth] for depth in range(2, len(way) + 1)]
    have = {one.lower() for one in granted}  # documents write `READ` and `read`
    return any(".".join([*level, one]).lower() in have for level in levels for one in rights)
