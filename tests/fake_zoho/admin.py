"""The paths below /_admin, which only a fake has: for those who run it as a process of its own.

POST /_admin/switches {"search_lag": 2.0}       GET /_admin/switches
POST /_admin/faults   {"path": "/Contacts", "status": 503, "times": 2}       next calls
POST /_admin/rates    {"seed": 7, "cut_after": 0.05, "server_error": 0.05, "too_many": 0.02}
POST /_admin/outage   {"on": true}              POST /_admin/clear   (no faults any more)
POST /_admin/advance  {"seconds": 3600}         POST /_admin/credits {"reset": true}
POST /_admin/tokens   {"revoke": "access" | "refresh" | "restore"}, {"scopes": "…"}, {"grant": "scopes or ''"}
GET  /_admin/status   counts, credits, faults met, pushes           GET /_admin/calls?method=&path=
GET  /_admin/records/Contacts?after=<id>&limit=1000                 by id; `after` pages on
POST /_admin/records/Contacts {…}    PUT /_admin/records/Contacts/<id> {…}    DELETE …/<id>
GET  /_admin/products/<deal id>      PUT the same {"products": ["…"]}         GET /_admin/emails/Contacts/<id>
POST /_admin/setup    {"do": "rename_field", "module": "Contacts", "name": "Phone", "new_name": "Tel"}
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fake_zoho.wire import Reply, Request

if TYPE_CHECKING:
    from tests.fake_zoho.fake import FakeZoho

Body = dict[str, Any]
_SETUP = (
    "add_field", "add_key_field", "rename_field", "hide_field", "take_out_of_layout", "set_field", "set_stages",
    "rename_module", "hide_module", "add_module",
)  # fmt: skip


def answer(fake: FakeZoho, request: Request) -> Reply:
    path = request.path.removeprefix("/_admin/").strip("/").split("/")
    try:
        body = request.json() or {}
        handler = _HANDLERS.get(path[0])
        if handler is None or not isinstance(body, dict):
            return Reply(404, {"error": "there is no such path below /_admin"})
        return Reply(200, handler(fake, request, path[1:], body))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return Reply(400, {"error": f"{type(error).__name__}: {error}"})


def _switches(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    fake.switches.set(body)
    return dataclasses.asdict(fake.switches)


def _faults(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    return dataclasses.asdict(fake.faults.next(**body))


def _rates(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    fake.faults.random(**body)
    return body


def _outage(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    fake.faults.outage = bool(body["on"])
    return {"on": fake.faults.outage}


def _clear(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    fake.faults.clear()
    return {}


def _advance(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    fake.advance(float(body["seconds"]))
    return {"now": fake.clock.now().isoformat()}


def _credits(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    if body.get("reset"):
        fake.limits.reset()
    return {"used": fake.limits.used, "budget": fake.switches.credits}


def _tokens(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    does: dict[str, Callable[[], None]] = {
        "access": fake.tokens.revoke_access,
        "refresh": fake.tokens.revoke,
        "restore": fake.tokens.restore,
    }
    if "revoke" in body:
        does[body["revoke"]]()
    if "scopes" in body:
        fake.tokens.set_scopes(body["scopes"])
    if "grant" in body:
        return {"code": fake.tokens.grant(body["grant"]) if body["grant"] else fake.tokens.grant()}
    return {"asked": fake.tokens.asked}


def _status(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    return {
        "records": {module.name: fake.store.count(module.key) for module in fake.catalogue},
        "credits": {"used": fake.limits.used, "budget": fake.switches.credits},
        "most_running": fake.limits.most_running,
        "faults_met": dict(fake.faults.met),
        "calls": len(fake.calls_log),
        "by_status": Counter(str(one.status) for one in fake.calls_log),
        "tokens_asked": fake.tokens.asked,
        "dropped": Counter(f"{module}.{name}" for module, name in fake.dropped),
        "pushes": Counter(str(one.status) for one in fake.watch.sent),
        "channels": len(fake.watch.channels),
        "now": fake.clock.now().isoformat(),
    }


def _calls(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    found = fake.calls(request.query.get("method", ""), request.query.get("path", ""))
    return {"calls": [dataclasses.asdict(one) for one in found[-1000:]], "count": len(found)}


def _records(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    module = fake.catalogue.of(path[0])
    if request.method == "GET" and len(path) > 1:
        return {"data": fake.store.get(module.key, path[1])}
    if request.method == "GET":
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 1000))
        select = f'select data from "{module.key}" where id > ? order by id limit ?'
        return {"data": [json.loads(one) for (one,) in fake.store.sql(select, (after, limit))]}
    if request.method == "POST":
        return {"id": fake.store.put(module.key, body)}
    if request.method == "PUT":
        fake.store.change(module.key, path[1], body)
    else:
        fake.store.delete(module.key, path[1])
    return {"id": path[1]}


def _products(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    if request.method == "PUT":
        fake.store.set_products(path[0], body["products"])
    return {"products": fake.store.products_of(path[0])}


def _emails(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    return {"emails": fake.store.emails_of(path[0], path[1])}


def _setup(fake: FakeZoho, request: Request, path: list[str], body: Body) -> Any:
    what = body.pop("do")
    if what not in _SETUP:
        raise ValueError(f"no {what}; there are {', '.join(_SETUP)}")
    getattr(fake.admin, what)(**body)
    return {}


_HANDLERS: dict[str, Callable[[FakeZoho, Request, list[str], Body], Any]] = {
    "switches": _switches,
    "faults": _faults,
    "rates": _rates,
    "outage": _outage,
    "clear": _clear,
    "advance": _advance,
    "credits": _credits,
    "tokens": _tokens,
    "status": _status,
    "calls": _calls,
    "records": _records,
    "products": _products,
    "emails": _emails,
    "setup": _setup,
}
