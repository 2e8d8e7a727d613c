"""A stand-in for SalesIQ's REST address that takes the callbacks of pending answers: a real HTTP server in a thread."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class CallbackServer:
    """Use as a context manager; `url` goes into `channels.salesiq.callbacks.server`.

    `responses[request id]` is the body of a final callback, `progress[request id]` the texts before it. A wrong token
    and `fail_next(code)` are answered as SalesIQ does: status 200 and an error in the body.
    """

    def __init__(self, *, screen_name: str = "myportal", token: str = "token-for-tests") -> None:
        self.screen_name, self.token = screen_name, token
        self.responses: dict[str, Any] = {}
        self.progress: dict[str, list[str]] = {}
        self.calls = 0
        self._failures: list[int] = []
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> CallbackServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fail_next(self, *codes: int) -> None:
        self._failures.extend(codes)

    def wait_for(self, request_id: str, seconds: float = 20) -> Any:
        """The final callback of a request; AssertionError when none came."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: request_id in self.responses, seconds)
        assert came, f"no callback came for {request_id}"
        return self.responses[request_id]

    def take(self, path: str, token: str, body: bytes) -> dict[str, Any]:
        with self._arrived:
            self.calls += 1
            if self._failures:
                return _error(self._failures.pop(0), "asked for by the test")
            if token != f"Zoho-oauthtoken {self.token}":
                return _error(1008, "bad token")
            place = re.fullmatch(rf"/api/v2/{self.screen_name}/callbacks/([^/]+)/(response|progress)", path)
            if not place:
                return _error(1006, "bad address")
            data = json.loads(body)
            if place[2] == "progress":
                self.progress.setdefault(place[1], []).append(data["text"])
            else:
                self.responses[place[1]] = data
                self._arrived.notify_all()
            return {"url": path, "object": "callback", "data": {}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = json.dumps(server.take(self.path, self.headers.get("Authorization", ""), body)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
