"""A token for SalesIQ's REST interface, from the environment or with a refresh token from Zoho's accounts server.

Source: Zoho's OAuth documentation: POST /oauth/v2/token with grant_type refresh_token gives access_token and
expires_in (seconds); errors come with status 200 and an `error` word. Tokens are never logged.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import requests

from motenashi.channels.salesiq.settings import CallbackSettings


class NoAccessToken(Exception):
    """There is no token now; the text says why and holds no secret."""


def callbacks_configured(settings: CallbackSettings) -> bool:
    """Is there a portal to call and something to log in with?"""
    refreshable = (settings.client_id_env, settings.client_secret_env, settings.refresh_token_env)
    has_token = bool(os.environ.get(settings.access_token_env)) or all(os.environ.get(name) for name in refreshable)
    return bool(settings.screen_name) and has_token


class AccessTokens:
    """Call it for a token. A refreshed one is kept until shortly before it ends; safe for several threads."""

    def __init__(self, settings: CallbackSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def __call__(self) -> str:
        """NoAccessToken when none can be had."""
        refresh_token = os.environ.get(self._settings.refresh_token_env, "")
        if not refresh_token:
            return self._from_environment()
        with self._lock:
            if self._clock() >= self._good_until:
                self._refresh(refresh_token)
            return self._token

    def forget(self) -> None:
        """SalesIQ refused the token: get a new one next time."""
        with self._lock:
            self._good_until = 0.0

    def _from_environment(self) -> str:
        token = os.environ.get(self._settings.access_token_env, "")
        if not token:
            raise NoAccessToken(f"set {self._settings.access_token_env} or {self._settings.refresh_token_env}")
        return token

    def _refresh(self, refresh_token: str) -> None:
        form = {
            "grant_type": "refresh_token",
            "client_id": os.environ.get(self._settings.client_id_env, ""),
            "client_secret": os.environ.get(self._settings.client_secret_env, ""),
            "refresh_token": refresh_token,
        }
        url = f"{with_scheme(self._settings.accounts_server)}/oauth/v2/token"
        try:
            answer = requests.post(url, data=form, timeout=self._settings.seconds, allow_redirects=False)
            data = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise NoAccessToken(f"{self._settings.accounts_server} did not answer: {type(error).__name__}") from None
        if not isinstance(data, dict) or not isinstance(data.get("access_token"), str):
            word = data.get("error", "no token") if isinstance(data, dict) else "no token"
            raise NoAccessToken(f"{self._settings.accounts_server} refused: {word}")
        self._token = data["access_token"]
        lasts = data.get("expires_in")
        self._good_until = self._clock() + max(0.0, (lasts if isinstance(lasts, int | float) else 3600) - 60)


def with_scheme(server: str) -> str:
    """`salesiq.zoho.com` -> https://salesiq.zoho.com; an address with its scheme stays (a local stand-in)."""
    return server.rstrip("/") if "://" in server else f"https://{server.strip('/')}"
