"""One call to somebody else's service: allowed, to a vetted address, in time, of bounded size; or refused.

The order of the guards: what is asked for must be something that can be sent; its host must be allowed; its name is
resolved once; all its addresses must be fit to be called; the connection goes to them. Redirects are not followed,
proxies and passwords of the environment are not used, and no error text repeats what was sent.
"""

from __future__ import annotations

import os
import re
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from urllib.parse import unquote

import certifi
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from motenashi.bounded_threads import BoundedThreads, TookTooLong, TooManyRunning
from motenashi.web_call.addresses import USUAL_PORTS, HostRule, Resolve, any_fits, resolve, same_host, vetted
from motenashi.web_call.answer_body import parsed, read_body
from motenashi.web_call.failure import WebCallFailed
from motenashi.web_call.guarded_connection import GuardedAdapter, Line
from motenashi.web_call.settings import WebCallSettings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

# Ours to set: with these a flow could speak to another host, or smuggle a second request.
_OUR_HEADERS = {
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "accept-encoding",
    "te",
    "trailer",
    "expect",
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OUR_VALUES = {
    "User-Agent": b"Motenashi",
    "Accept": b"application/json, text/plain;q=0.5, */*;q=0.1",
    "Accept-Encoding": b"identity",
    "Connection": b"close",
}
_MOST_NAME_LOOKUPS = 8


class WebCaller:
    """ValueError when the settings name something that is no host; OSError for a `ca_file` that can't be read.

    `resolve_name` finds a host's addresses; another one than the machine's own is for tests.
    """

    def __init__(self, settings: WebCallSettings, *, resolve_name: Resolve = resolve) -> None:
        self._settings = settings
        self._allowed = [HostRule.read(text) for text in settings.allowed_hosts]
        self._without_tls = [HostRule.read(text) for text in settings.http_hosts]
        self._resolve = resolve_name
        # The machine's resolver has no deadline of its own.
        self._name_lookups = BoundedThreads("name look-up", _MOST_NAME_LOOKUPS)
        self._trust = ssl.create_default_context(cafile=settings.ca_file or certifi.where())

    def secret(self, name: str) -> str:
        """The value of a configured secret; WebCallFailed('no_secret') when it has none."""
        variable = self._settings.secrets.get(name)
        if variable is None:
            raise WebCallFailed("no_secret", f"no secret '{name}' is configured; add it to web_calls.secrets")
        value = os.environ.get(variable, "")
        if not value:
            raise WebCallFailed("no_secret", f"secret '{name}': set the environment variable {variable}")
        return value

    def call(
        self,
        method: str,
        url: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        timeout: float | None = None,
        key: str = "",
    ) -> tuple[int, Any]:
        """(status, JSON values or text). Any status is an answer except a redirect; all else is WebCallFailed.

        `body` is a JSON value, None for none. `timeout` in seconds can only shorten the operator's. `key` goes out
        as Idempotency-Key, so that a service which knows that header carries a repeated call out once.
        """
        deadline = time.monotonic() + min(timeout or self._settings.timeout, self._settings.timeout)
        request = _prepared(method, url, query or {}, headers or {}, body, key)
        host, port = self._demand_allowed(request)
        addresses = vetted(
            host, self._addresses(host, port, deadline), allow_private=self._settings.allow_private_addresses
        )
        return self._send(request, host, Line(addresses, port, deadline))

    def _demand_allowed(self, request: requests.PreparedRequest) -> tuple[str, int]:
        try:
            parts = parse_url(str(request.url))
        except (HTTPError, ValueError):
            raise WebCallFailed("bad_request", "the URL can't be read") from None
        scheme, host = (parts.scheme or "").lower(), same_host(parts.host or "")
        if scheme not in USUAL_PORTS or not host or parts.auth is not None:
            raise WebCallFailed("bad_request", "the URL must be https://host/path, without a user name in it")
        port = parts.port or USUAL_PORTS[scheme]
        if not any_fits(self._allowed, scheme, host, port):
            raise WebCallFailed("not_allowed", f"{host}:{port} is not among web_calls.allowed_hosts")
        if scheme == "http" and not any_fits(self._without_tls, scheme, host, port):
            raise WebCallFailed("not_allowed", f"{host} may only be called with https; see web_calls.http_hosts")
        return host, port

    def _addresses(self, host: str, port: int, deadline: float) -> list[str]:
        try:
            return list(self._name_lookups.do(lambda: self._resolve(host, port), deadline - time.monotonic()))
        except (TookTooLong, TooManyRunning):
            raise WebCallFailed("timeout", f"the name {host} was not resolved in time") from None
        except (OSError, UnicodeError):
            raise WebCallFailed("unknown_host", f"the name {host} has no address") from None

    def _send(self, request: requests.PreparedRequest, host: str, line: Line) -> tuple[int, Any]:
        try:
            with (
                line.open_until_deadline(),
                # The adapter alone: a Session would add cookies, and read a redirect's whole body.
                closing(GuardedAdapter(line, self._trust)) as adapter,
                closing(adapter.send(request, stream=True, timeout=line.seconds_left)) as response,
            ):
                _demand_no_redirect(response, host)
                body = read_body(response, self._settings.most_bytes, host)
            if not line.was_cut:  # else the body may end in the middle
                return response.status_code, parsed(body, response.headers.get("Content-Type", ""))
            failed = _failure_of(TimeoutError(), host, line)
        except (requests.RequestException, HTTPError, OSError) as error:
            failed = _failure_of(error, host, line)
        # Outside of the except block: requests' errors hold the whole request, headers included.
        raise failed


def _prepared(
    method: str, url: str, query: Mapping[str, str], headers: Mapping[str, str], body: Any, key: str
) -> requests.PreparedRequest:
    if method.upper() not in METHODS:
        raise WebCallFailed("bad_request", f"the method must be one of: {', '.join(METHODS)}")
    for name in headers:
        if name.strip().lower() in _OUR_HEADERS or name.strip().lower().startswith("proxy-"):
            raise WebCallFailed("bad_request", f"the header {name.strip()[:40]} is not for flows to set")
    if _climbs(url):
        raise WebCallFailed("bad_request", "the URL's path climbs with . or .., which leads elsewhere than it says")
    try:
        sent = CaseInsensitiveDict(_OUR_VALUES | ({"Idempotency-Key": _header_value(key)} if key else {}))
        sent.update({_header_name(name): _header_value(value) for name, value in headers.items()})
        return requests.Request(method.upper(), url, headers=sent, params=dict(query), json=body).prepare()
    except (requests.RequestException, ValueError, TypeError, HTTPError):
        raise WebCallFailed("bad_request", "the URL, a header or the body can't be sent") from None


def _climbs(url: str) -> bool:
    """A value between two slashes may be what a visitor typed; `..` there would be another address of the service."""
    path = url.partition("?")[0].partition("#")[0]
    return any(unquote(part).partition(";")[0] in (".", "..") for part in path.split("/"))


def _header_name(name: str) -> str:
    if not _TOKEN.fullmatch(name.strip()):
        raise ValueError("not the name of a header")
    return name.strip()


def _header_value(value: str) -> bytes:
    """UTF-8, as services read it today; a line break or another control character is refused."""
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in value):
        raise ValueError("a control character in a header")
    return value.strip().encode()


def _demand_no_redirect(response: requests.Response, host: str) -> None:
    if not 300 <= response.status_code < 400 or "Location" not in response.headers:
        return
    try:
        to = parse_url(response.headers["Location"]).host or host
    except (HTTPError, ValueError):
        to = "an unreadable address"
    raise WebCallFailed("redirect", f"{host} redirects to {to[:100]}, which is not followed")


def _failure_of(error: Exception, host: str, line: Line) -> WebCallFailed:
    if line.was_cut or isinstance(error, requests.Timeout | TimeoutError):
        return WebCallFailed("timeout", f"{host} was not done in time")
    if isinstance(error, requests.exceptions.SSLError | ssl.SSLError):
        return WebCallFailed("tls", f"{host} could not prove who it is; for an authority of your own see ca_file")
    return WebCallFailed("unreachable", f"no connection to {host}, or it broke off")
