"""A web service that takes as long as the test wants: what flows ask with an `http` step."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class SlowService:
    """Use as a context manager. Requests wait until `go_on()`; `asked` says how many there were."""

    def __init__(self) -> None:
        self.asked = 0
        self._came = threading.Condition()
        self._go = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with service._came:
                    service.asked += 1
                    service._came.notify_all()
                service._go.wait(30)
                body = b'{"word": "found"}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def handle(self) -> None:
                with suppress(ConnectionError):  # who asked was killed meanwhile
                    super().handle()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> SlowService:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def go_on(self) -> None:
        self._go.set()

    def wait_until_asked(self, times: int = 1) -> None:
        with self._came:
            assert self._came.wait_for(lambda: self.asked >= times, 30), f"asked {self.asked} times"

    @property
    def web_calls(self) -> dict[str, Any]:
        """config.yaml's section that allows to ask it."""
        return {
            "allowed_hosts": (self.host,),
            "http_hosts": (self.host,),
            "allow_private_addresses": True,
            "timeout": 25.0,
        }


SLOW_FLOWS = """
flow: storefront
title: {{en: Front door, ja: 受付}}
trigger: {{channel: [website, salesiq]}}
on_change: migrate
steps:
  menu:
    say: {{en: "What now?", ja: ご用件は。}}
    choices:
      - {{label: {{en: Look it up, ja: 調べる}}, go: save}}
      - {{label: {{en: Hello, ja: こんにちは}}, go: menu}}
  save:
    create_lead: {{last_name: Nobody, company: None, email: $visitor.email}}
  look:
    http: {{url: "http://{host}/look"}}
    timeout: 25
    map: {{word: word}}
    save: answer
    defaults: {{word: nothing}}
  tell:
    say: {{en: "It is {{{{ answer.word }}}}.", ja: "{{{{ answer.word }}}} です。"}}
    then: menu
"""
