"""A connection that goes to the address we vetted and to no other, and ends when the call's time is up.

The name was resolved once, before; the socket is opened to that address while TLS and the Host header still speak
of the name. So a name that suddenly points elsewhere (DNS rebinding) changes nothing. A socket's own timeout
begins anew with every byte, which a server can draw out for hours; here the whole line is cut at the deadline.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection


class Line:
    """The way to one vetted host until a deadline (a time.monotonic() moment)."""

    def __init__(self, addresses: Sequence[str], port: int, deadline: float) -> None:
        self._addresses = addresses
        self._port = port
        self._deadline = deadline
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._cut = False

    @property
    def seconds_left(self) -> float:
        return max(self._deadline - time.monotonic(), 0.001)

    @property
    def was_cut(self) -> bool:
        """Did the deadline come before the end?"""
        return time.monotonic() >= self._deadline

    @contextlib.contextmanager
    def open_until_deadline(self) -> Iterator[None]:
        """Whatever is connected inside this block is cut off at the deadline, and when the block ends."""
        alarm = threading.Timer(self.seconds_left, self._cut_off)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            self._cut_off()

    def connect(self) -> socket.socket:
        """A socket to the first address that answers; OSError when none does."""
        trouble: OSError = OSError("no address")
        for address in self._addresses:
            try:
                connected = create_connection((address, self._port), timeout=self.seconds_left)
            except OSError as error:
                trouble = error
            else:
                self._watch(connected)
                return connected
        raise trouble

    def _watch(self, connected: socket.socket) -> None:
        # A copy: TLS takes the original socket over, and this one still reaches the same line.
        with self._lock:
            self._sockets.append(connected.dup())
            late = self._cut
        if late:
            self._cut_off()

    def _cut_off(self) -> None:
        with self._lock:
            self._cut = True
            sockets, self._sockets = self._sockets, []
        for watched in sockets:
            with contextlib.suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)
            watched.close()


class GuardedAdapter(HTTPAdapter):
    """Sends through a Line. `trust` is the TLS context, made once for all calls."""

    def __init__(self, line: Line, trust: ssl.SSLContext) -> None:
        self._line = line
        self._trust = trust
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **pool_options: Any) -> None:
        super().init_poolmanager(*arguments, **{**pool_options, "ssl_context": self._trust})

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        conn.cert_reqs = "CERT_REQUIRED"  # against `trust`, which knows the authorities already

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        pool = cast(HTTPConnectionPool, super().get_connection_with_tls_context(request, verify, None, cert))
        kind = _GuardedHttps if pool.scheme == "https" else _GuardedHttp
        pool.ConnectionCls = cast(Any, functools.partial(kind, line=self._line))
        return pool


class _GuardedHttp(HTTPConnection):
    def __init__(self, *arguments: Any, line: Line, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self._line)


class _GuardedHttps(HTTPSConnection):
    def __init__(self, *arguments: Any, line: Line, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return _connected(self, self._line)


def _connected(connection: HTTPConnection, line: Line) -> socket.socket:
    try:
        return line.connect()
    except OSError as error:
        raise NewConnectionError(connection, "no connection") from error
