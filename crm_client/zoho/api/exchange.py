"""One HTTP request and its answer, and nothing of `requests` beyond it.

Redirects are not followed (they would carry the token elsewhere), certificates are checked, an answer has a greatest
size, and every wait has an end. What went wrong is said in one word that decides whether to try again: was the
request sent, or not?
"""

from __future__ import annotations

import contextlib
import os
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, Final

import requests
import urllib3.exceptions
from requests.auth import AuthBase

MOST_BYTES: Final = 32 * 2**20  # of an answer that is read into memory
MOST_FILE_BYTES: Final = 1024 * 2**20
_CHUNK: Final = 64 * 2**10
_LEAST_SECONDS: Final = 0.05


class NotSent(Exception):
    """The request never reached the other side: it is safe to repeat it."""


class NoAnswer(Exception):
    """The request may have arrived; no (whole) answer came back."""


class TooMuch(Exception):
    """The answer is larger than we take."""


@dataclass(frozen=True)
class Request:
    """Printed, it shows where it goes and nothing of what it carries: secrets, tokens, people's addresses."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = field(default="", repr=False)  # goes into the Authorization header
    to_file: bool = False


@dataclass(frozen=True)
class Response:
    """`headers` in lower case. `file`: where the body of a `to_file` request lies, when the status was 200."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)
    file: str = ""


@dataclass(frozen=True)
class Waits:
    """Seconds: for a connection, for each piece of the answer, and for all of it."""

    connect: float
    read: float
    whole: float


class Exchange:
    """Keeps as many `requests.Session`s as calls went out at the same time; each serves one call at a time."""

    def __init__(self, *, use_proxies: bool = True) -> None:
        """`use_proxies`: obey the environment's proxy settings (not for a fake on this machine)."""
        self._use_proxies = use_proxies
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._idle: list[requests.Session] = []
        self._closed = False

    def send(self, request: Request, waits: Waits) -> Response:
        """NotSent, NoAnswer, TooMuch."""
        until = time.monotonic() + waits.whole
        with self._session() as session, _own_words():
            answer = session.request(
                request.method,
                request.url,
                params=dict(request.params),
                json=request.json,
                data=request.form,
                headers=dict(request.headers),
                auth=_Token(request.token),
                timeout=(_within(waits.connect, until), _within(waits.read, until)),
                allow_redirects=False,
                stream=True,
            )
            with answer:
                return _read(answer, to_file=request.to_file, until=until)

    def close(self) -> None:
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for session in idle:
            session.close()

    @contextlib.contextmanager
    def _session(self) -> Iterator[requests.Session]:
        session, process = self._taken(), os.getpid()
        try:
            yield session
        finally:
            with self._lock:
                kept = not self._closed and process == self._process
                if kept:
                    self._idle.append(session)
            if not kept:
                session.close()

    def _taken(self) -> requests.Session:
        with self._lock:
            if self._process != os.getpid():  # a connection that parent and child share would mix up their answers
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        session = requests.Session()
        session.trust_env = self._use_proxies
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session


class _Token(AuthBase):
    """Zoho's word is not Bearer. Given as `auth` even when there is no token: otherwise `requests` would put what it
    finds in ~/.netrc in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Zoho-oauthtoken {self._token}"
        return request


def _read(answer: requests.Response, *, to_file: bool, until: float) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if to_file and answer.status_code == 200:
        return Response(200, headers, file=_into_file(_pieces(answer, MOST_FILE_BYTES, until)))
    return Response(answer.status_code, headers, b"".join(_pieces(answer, MOST_BYTES, until)))


def _pieces(answer: requests.Response, most: int, until: float) -> Iterator[bytes]:
    size = 0
    for piece in answer.iter_content(_CHUNK):
        size += len(piece)
        if size > most:
            raise TooMuch(f"more than {most // 2**20} MiB")
        if time.monotonic() > until:
            raise NoAnswer("the answer did not end in time")
        yield piece


def _into_file(pieces: Iterator[bytes]) -> str:
    handle, name = tempfile.mkstemp(prefix="zoho-", suffix=".download")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return name


def _within(seconds: float, until: float) -> float:
    return max(_LEAST_SECONDS, min(seconds, until - time.monotonic()))


@contextlib.contextmanager
def _own_words() -> Iterator[None]:
    """Addresses and what was sent stand in the texts of these exceptions, so only their kind is passed on."""
    try:
        yield
    except requests.RequestException as error:
        kind = type(error).__name__
        raise (NotSent(kind) if _never_sent(error) else NoAnswer(kind)) from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NoAnswer(type(error).__name__) from None


def _never_sent(error: BaseException) -> bool:
    """No connection, no host of that name, or a certificate that is not to be trusted."""
    before = (
        requests.ConnectTimeout,
        requests.exceptions.ProxyError,
        requests.exceptions.InvalidURL,
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        ssl.SSLCertVerificationError,
        ConnectionRefusedError,
    )
    seen: list[object] = [error]
    for cause in seen:
        if isinstance(cause, before):
            return True
        if isinstance(cause, BaseException) and len(seen) < 20:
            inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
            seen += [item for item in inner if isinstance(item, BaseException) and item not in seen]
    return False
