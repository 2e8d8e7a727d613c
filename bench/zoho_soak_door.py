"""The real door of notifications on a port of this machine, and a note of when it was told of which record."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime

from flask import Flask, request
from limits.storage import MemoryStorage
from werkzeug.serving import make_server

from crm_client.zoho.mirror.channels import Channels
from motenashi.channels.crm.settings import CrmDoorSettings
from motenashi.channels.crm.zoho_door import build_zoho_door

_AS_MANY_AS_COME = "60000/minute"  # the house allows 1200; the soak's Zoho pushes more than people make it


class Door:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._app = Flask("zoho_soak")
        self._server = make_server("127.0.0.1", 0, self._app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._told: dict[tuple[str, str], list[float]] = {}
        self._lock = threading.Lock()
        self.answers: dict[int, int] = {}
        self.url = f"http://127.0.0.1:{self._server.server_port}/channels/crm/zoho"

    def open(self, channels: Channels) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        door = build_zoho_door(
            settings=CrmDoorSettings(**{one.name: _AS_MANY_AS_COME for one in fields(CrmDoorSettings)}),
            accept=channels.accept,
            accept_workflow=channels.accept_workflow,
            rate_storage=MemoryStorage(),
            clock=self._clock,
        )
        self._app.register_blueprint(door)
        self._app.before_request(self._note)
        self._app.after_request(self._count)
        self._thread.start()

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def now(self) -> float:
        """Seconds since 1970 on the soak's clock."""
        return self._clock().timestamp()

    def told_at(self, api_module: str, zoho_id: str, after: float) -> float | None:
        """When the first push about this record came that was not before the change (seconds on the soak's clock)."""
        with self._lock:
            return next((one for one in self._told.get((api_module, zoho_id), ()) if one >= after), None)

    def _note(self) -> None:
        told = json.loads(request.get_data())
        now = self.now()
        with self._lock:
            for one in told["ids"]:
                self._told.setdefault((told["module"], one), []).append(now)

    def _count(self, response):  # type: ignore[no-untyped-def]
        with self._lock:
            self.answers[response.status_code] = self.answers.get(response.status_code, 0) + 1
        return response
