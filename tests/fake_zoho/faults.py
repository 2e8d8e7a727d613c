"""Things that go wrong on purpose: the next few calls of a route, or a share of all calls, or all for a while."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, fields
from random import Random
from typing import Any

from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply, Request

HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """The next `times` calls that `method` ('' is any) and `path` (a regular expression, searched) fit.

    `cut`: before (nothing was done) or after (everything was done, and the answer is lost). `status` with `code` is an
    error before the work; `html` makes it a web page; `body` is sent as it is. `delay` seconds pass before the work,
    `delay_after` between work and answer. A delay alone leaves the answer as it is.
    """

    path: str = ""
    method: str = ""
    times: int = 1
    status: int = 0
    code: str = ""
    message: str = ""
    html: bool = False
    body: Any = None
    headers: dict[str, str] | None = None
    delay: float = 0.0
    delay_after: float = 0.0
    cut: str = ""

    def fits(self, request: Request) -> bool:
        return self.method in ("", request.method) and re.search(self.path, request.path) is not None

    def reply(self) -> Reply | None:
        """What is said instead of doing the work; None: the work is done."""
        if self.cut == "before":
            return Reply(cut=True)
        if self.html:
            return Reply(self.status or 502, HTML, self.headers or {})
        if self.body is not None:
            return Reply(self.status or 200, self.body, self.headers or {})
        if self.status:
            code = self.code or _CODES.get(self.status, "INTERNAL_ERROR")
            return Reply(self.status, ZohoTrouble(self.status, code, self.message).body, self.headers or {})
        return None


@dataclass
class Rates:
    """Shares of all API calls; `waits`: how long a stalled answer takes."""

    cut_before: float = 0.0
    cut_after: float = 0.0
    stall_after: float = 0.0
    server_error: float = 0.0
    html: float = 0.0
    too_many: float = 0.0
    waits: float = 1.0


_CODES = {429: "TOO_MANY_REQUESTS", 503: "SERVICE_UNAVAILABLE", 500: "INTERNAL_ERROR", 401: "INVALID_TOKEN"}
_NOT_THE_FAULT = Fault()


class Faults:
    def __init__(self) -> None:
        self._next: list[Fault] = []
        self._rates = Rates()
        self._random = Random(1)
        self._lock = threading.Lock()
        self.outage = False  # nobody answers: connections are cut
        self.met: dict[str, int] = {}

    def next(self, path: str = "", **how: Any) -> Fault:
        """`faults.next("/Contacts", status=503, times=2)`"""
        with self._lock:
            self._next.append(Fault(path, **how))
            return self._next[-1]

    def random(self, seed: int = 1, **rates: float) -> None:
        """`faults.random(seed=7, cut_after=0.05, server_error=0.05, too_many=0.02)`. ValueError for an unknown rate."""
        unknown = set(rates) - {one.name for one in fields(Rates)}
        if unknown:
            raise ValueError(f"there is no rate {', '.join(sorted(unknown))}")
        with self._lock:
            self._random, self._rates = Random(seed), Rates(**rates)

    def clear(self) -> None:
        with self._lock:
            self._next.clear()
            self._rates, self.outage = Rates(), False
            self.met.clear()

    def for_call(self, request: Request) -> Fault:
        """What happens to this call; a Fault without anything when nothing does."""
        with self._lock:
            found = self._chosen(request)
            if found is not _NOT_THE_FAULT:
                name = found.cut or (str(found.status) if found.status else "html" if found.html else "delay")
                self.met[name] = self.met.get(name, 0) + 1
            return found

    def _chosen(self, request: Request) -> Fault:
        if self.outage:
            return Fault(cut="before")
        for one in self._next:
            if one.fits(request):
                one.times -= 1
                if one.times <= 0:
                    self._next.remove(one)
                return one
        return self._by_chance() if request.path.startswith("/crm/") else _NOT_THE_FAULT

    def _by_chance(self) -> Fault:
        rates, drawn = self._rates, self._random.random()
        for share, fault in (
            (rates.cut_before, Fault(cut="before")),
            (rates.cut_after, Fault(cut="after")),
            (rates.stall_after, Fault(delay_after=rates.waits, cut="after")),
            (rates.server_error, Fault(status=self._random.choice((500, 502, 503)))),
            (rates.html, Fault(html=True)),
            (rates.too_many, Fault(status=429)),
        ):
            if drawn < share:
                return fault
            drawn -= share
        return _NOT_THE_FAULT
