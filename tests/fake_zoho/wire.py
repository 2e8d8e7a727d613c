"""HTTP itself: requests in, replies out, and connections that break on purpose."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: bytes = b""

    def json(self) -> Any:
        """ValueError for what is no JSON."""
        return json.loads(self.body or b"null")

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """`body`: bytes and texts go out as they are (a text is a web page), anything else as JSON; None: no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    cut: bool = False  # no reply at all: the connection breaks


Answer = Callable[[Request], Reply]


class WireServer:
    """Answers on 127.0.0.1 until it is stopped; a thread a connection."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _handler(answer, self._open, self._lock))
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._open:  # clients keep connections; their threads would wait for ever
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # stop() waits for them, so none speaks after the test
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are no news."""
        import sys
        import traceback

        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            traceback.print_exc()


def _handler(answer: Answer, connections: set[socket.socket], lock: threading.Lock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            with lock:
                connections.add(self.connection)

        def finish(self) -> None:
            with lock:
                connections.discard(self.connection)
            with contextlib.suppress(OSError):
                super().finish()

        def _serve(self) -> None:
            reply = answer(self._request())
            if reply.cut:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._send(reply)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        def _request(self) -> Request:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            return Request(self.command, parts.path, query, headers, body)

        def _send(self, reply: Reply) -> None:
            content, kind = _content(reply)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status not in (204, 304):
                length = reply.file.stat().st_size if reply.file else len(content)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(length))
            self.end_headers()
            if reply.file:
                with reply.file.open("rb") as source:
                    shutil.copyfileobj(source, self.wfile, 1 << 16)
            elif reply.status not in (204, 304):
                self.wfile.write(content)
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            """The fake keeps its own log."""

    return Handler


def _content(reply: Reply) -> tuple[bytes, str]:
    if reply.file:
        return b"", "application/zip"
    if isinstance(reply.body, bytes):
        return reply.body, "application/octet-stream"
    if isinstance(reply.body, str):
        return reply.body.encode(), "text/html;charset=UTF-8"
    if reply.body is None:
        return b"", "application/json;charset=UTF-8"
    return json.dumps(reply.body, ensure_ascii=False).encode(), "application/json;charset=UTF-8"
