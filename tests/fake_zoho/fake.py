"""A Zoho CRM that is none: a real HTTP server on this machine, as strict as the real one where that is known.

with FakeZoho() as zoho:
    zoho.url, zoho.client_id, zoho.client_secret, zoho.refresh_token    what a client is given
    zoho.store.put("Contacts", {"Last_Name": "Mori", "Email": "mori@kita.example"})     as a person in Zoho does
    zoho.faults.next("/Contacts", status=503, times=2)                  what goes wrong (tests/fake_zoho/faults.py)
    zoho.switches.search_lag = 2.0                                      how it behaves (tests/fake_zoho/switches.py)
    zoho.tokens.revoke_access()                                         tokens (tests/fake_zoho/tokens.py)
    zoho.advance(3600)                                                  its time
    zoho.calls("GET", "/Contacts")                                      what it was asked
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any, Self

from tests.fake_zoho import admin
from tests.fake_zoho.api import Api
from tests.fake_zoho.bulk import BulkJobs
from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Catalogue
from tests.fake_zoho.clock import Clock
from tests.fake_zoho.faults import Fault, Faults
from tests.fake_zoho.limits import Limits
from tests.fake_zoho.setting_up import SettingUp
from tests.fake_zoho.store import Store
from tests.fake_zoho.switches import Switches
from tests.fake_zoho.tokens import Tokens
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.watching import Watch
from tests.fake_zoho.wire import Reply, Request, WireServer

_MOST_LOGGED = 200_000


@dataclass(frozen=True)
class Logged:
    """Nothing secret: neither headers nor bodies, and no parameters of the token endpoint."""

    method: str
    path: str
    status: int  # 0: the connection was cut
    credits: int = 0
    params: tuple[tuple[str, str], ...] = ()


class FakeZoho:
    def __init__(self, *, port: int = 0, path: str = ":memory:") -> None:
        self.clock, self.switches, self.faults = Clock(), Switches(), Faults()
        self.catalogue = Catalogue()
        self.store = Store(self.catalogue, self.clock, path)
        self.tokens = Tokens(self.clock, self.switches)
        self.limits = Limits(self.clock, self.switches)
        self.admin = SettingUp(self.catalogue, self.store)
        self.watch = Watch(self.catalogue, self.clock, self.switches, lambda: self.url)
        self.store.listeners.append(self.watch.changed)
        self.bulk = BulkJobs()
        self.calls_log: list[Logged] = []
        self.dropped: list[tuple[str, str]] = []  # module and field of writes that named what does not exist
        self.triggers: list[tuple[str, Any]] = []  # path, `trigger` of each write
        self.related_names: dict[tuple[str, str], str] = {}  # (module, name it has now) -> name as shipped
        self.hidden_lists: set[tuple[str, str]] = set()
        self._api = Api()
        self._stopping = threading.Event()  # delays end with the fake
        self._server = WireServer(self.answer, port)
        self.url = f"http://127.0.0.1:{self._server.port}"

    @property
    def client_id(self) -> str:
        return self.tokens.client_id

    @property
    def client_secret(self) -> str:
        return self.tokens.client_secret

    @property
    def refresh_token(self) -> str:
        return self.tokens.refresh_token

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._stopping.set()
        self._server.stop()
        self.watch.close()
        self.bulk.close()
        self.store.close()

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def calls(self, method: str = "", path: str = "") -> list[Logged]:
        """Calls so far, of this method, whose path has `path` (a regular expression) in it."""
        return [one for one in self.calls_log if method in ("", one.method) and re.search(path, one.path)]

    def note_trigger(self, path: str, trigger: Any) -> None:
        self.triggers.append((path, trigger))

    def inner(self, call: ApiCall) -> Reply:
        """A part of a composite call: checked and done as any other, but neither counted nor broken."""
        try:
            route, parts = self._api.find(call)
            return self._api.run(call, route, parts)
        except ZohoTrouble as trouble:
            return Reply(trouble.status, trouble.body)

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/_admin/"):
            return admin.answer(self, request)
        fault = self.faults.for_call(request)
        if fault.delay:
            self._stopping.wait(fault.delay)
        reply, credits = self._after(request, fault)
        self._log(request, reply, credits)
        return reply

    def _after(self, request: Request, fault: Fault) -> tuple[Reply, int]:
        instead = fault.reply()
        if instead is not None:
            return self._with_wait(instead), 0
        reply, credits = self._work(request)
        if fault.delay_after:
            self._stopping.wait(fault.delay_after)
        return (Reply(cut=True), credits) if fault.cut == "after" else (reply, credits)

    def _work(self, request: Request) -> tuple[Reply, int]:
        if request.path.startswith("/oauth/v2/token"):
            return self.tokens.answer(request, self.url), 0
        if not request.path.startswith("/crm/"):
            return Reply(404, "<html><body>404</body></html>"), 0
        try:
            return self._called(request)
        except ZohoTrouble as trouble:
            if trouble.code.startswith("empty_"):
                return Reply(int(trouble.code.removeprefix("empty_"))), 0
            return self._with_wait(Reply(trouble.status, trouble.body)), 0

    def _called(self, request: Request) -> tuple[Reply, int]:
        access = self.tokens.check(request.headers.get("authorization", ""))
        if self.switches.wrong_host:
            raise ZohoTrouble(400, "INVALID_HOST")
        call = ApiCall(self, request, access.refresh.scopes, access.refresh.token)
        route, parts = self._api.find(call)
        credits = route.credits(call)
        with self.limits.running(route.heavy or "sort_by" in request.query or credits > 1):
            self.limits.spend(credits)
            try:
                reply = self._api.run(call, route, parts)
            except ZohoTrouble as trouble:
                reply = Reply(trouble.status, trouble.body)
        told = dict(reply.headers) | self.limits.headers()
        return Reply(reply.status, reply.body, told, reply.file), credits

    def _with_wait(self, reply: Reply) -> Reply:
        if reply.status != 429 or not self.switches.retry_after:
            return reply
        return Reply(429, reply.body, dict(reply.headers) | {"Retry-After": str(self.switches.retry_after)})

    def _log(self, request: Request, reply: Reply, credits: int) -> None:
        if len(self.calls_log) < _MOST_LOGGED:
            params = tuple(request.query.items()) if request.path.startswith("/crm/") else ()
            status = 0 if reply.cut else reply.status
            self.calls_log.append(Logged(request.method, request.path, status, credits, params))
