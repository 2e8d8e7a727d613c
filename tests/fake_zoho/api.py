"""Which handler answers which call, what it costs, and which scopes it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fake_zoho import bulk, composite, converting, coql, metadata, reading, related, searching, watching, writing
from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.tokens import covers
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

Handler = Callable[..., Reply]
_VERSION = "v8"
_MODULE, _ID, _LIST = r"(?P<module>[A-Za-z]\w*)", r"(?P<record_id>\d+)", r"(?P<related_list>[A-Za-z]\w*)"


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    handler: Handler
    scopes: tuple[str, ...]  # all of them; * stands for the module; | parts those of which one is enough
    heavy: bool = False
    credits: Callable[[ApiCall], int] = lambda call: 1


def _tens(call: ApiCall) -> int:
    """One credit for ten records."""
    try:
        return max(1, -(-len(call.entries()) // 10))
    except ZohoTrouble:
        return 1


def _route(method: str, path: str, handler: Handler, *scopes: str, base: str = "/crm/v8", **more: Any) -> Route:
    return Route(method, re.compile(f"{base}{path}"), handler, scopes, **more)


_READ, _CREATE, _UPDATE, _DELETE = (f"ZohoCRM.modules.*.{one}" for one in ("READ", "CREATE", "UPDATE", "DELETE"))
_SETTINGS, _WATCH, _BULK = "ZohoCRM.settings", "ZohoCRM.notifications", "/crm/bulk/v8"
_COMPOSITE, _CONVERT = "ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.modules.leads.CREATE|ZohoCRM.modules.leads.UPDATE"
_MAIL = "ZohoCRM.modules.emails.CREATE|ZohoCRM.modules.*.UPDATE|ZohoCRM.modules.*.CREATE"


def _parts(call: ApiCall) -> int:
    """Every part counts."""
    try:
        return len(call.entries("__composite_requests"))
    except ZohoTrouble:
        return 1


def _emails(call: ApiCall, name: str, record_id: str) -> Reply:
    return related.related(call, name, record_id, "Emails")


def routes() -> list[Route]:
    return [
        _route("GET", "/settings/modules", metadata.modules, f"{_SETTINGS}.modules.READ"),
        _route("GET", r"/settings/modules/(?P<name>\w+)", metadata.module, f"{_SETTINGS}.modules.READ"),
        _route("GET", "/settings/fields", metadata.fields, f"{_SETTINGS}.fields.READ"),
        _route("GET", "/settings/layouts", metadata.layouts, f"{_SETTINGS}.layouts.READ"),
        _route("GET", "/settings/related_lists", metadata.related_lists, f"{_SETTINGS}.related_lists.READ"),
        _route("GET", "/settings/pipeline", metadata.pipeline, f"{_SETTINGS}.pipeline.READ"),
        _route("GET", "/users", metadata.users, "ZohoCRM.users.READ"),
        _route("GET", "/org", metadata.organisation, "ZohoCRM.org.READ"),
        _route("POST", "/coql", coql.query, "ZohoCRM.coql.READ", heavy=True, credits=coql.credits_of),
        _route("POST", "/__composite_requests", composite.composite, _COMPOSITE, heavy=True, credits=_parts),
        _route("POST", "/read", bulk.start, "ZohoCRM.bulk.READ", base=_BULK, credits=lambda call: 50),
        _route("GET", r"/read/(?P<job_id>\d+)", bulk.state, "ZohoCRM.bulk.READ", base=_BULK),
        _route("GET", r"/read/(?P<job_id>\d+)/result", bulk.result, "ZohoCRM.bulk.READ", base=_BULK),
        _route("POST", "/actions/watch", watching.opened, f"{_WATCH}.CREATE"),
        _route("GET", "/actions/watch", watching.listed, f"{_WATCH}.READ"),
        _route("PUT", "/actions/watch", watching.replaced, f"{_WATCH}.UPDATE"),
        _route("PATCH", "/actions/watch", watching.renewed, f"{_WATCH}.UPDATE"),
        _route("DELETE", "/actions/watch", watching.stopped, f"{_WATCH}.DELETE"),
        _route("GET", "/Contacts/roles", related.contact_roles, "ZohoCRM.modules.contacts.READ"),
        _route("POST", f"/Leads/{_ID}/actions/convert", converting.convert, _CONVERT, credits=lambda call: 5),
        _route("POST", f"/{_MODULE}/{_ID}/actions/associate_email", related.associate_email, _MAIL),
        _route("GET", f"/{_MODULE}/search", searching.search, _READ, "ZohoSearch.securesearch.READ", heavy=True),
        _route("GET", f"/{_MODULE}/actions/count", searching.count, _READ, "ZohoSearch.securesearch.READ"),
        _route("GET", f"/{_MODULE}/{_ID}/Emails", _emails, _READ, "ZohoCRM.modules.emails.READ"),
        _route("GET", f"/{_MODULE}/{_ID}/{_LIST}", related.related, _READ),
        _route("POST", f"/{_MODULE}/{_ID}/{_LIST}", related.add_related, _READ, "ZohoCRM.modules.notes.CREATE"),
        _route("PUT", f"/{_MODULE}/{_ID}/{_LIST}", related.link, _UPDATE),
        _route("PUT", rf"/{_MODULE}/{_ID}/{_LIST}/(?P<other_id>\d+)", related.link, _UPDATE),
        _route("DELETE", f"/{_MODULE}/{_ID}/{_LIST}", related.unlink, _UPDATE),
        _route("DELETE", rf"/{_MODULE}/{_ID}/{_LIST}/(?P<other_id>\d+)", related.unlink, _UPDATE),
        _route("GET", f"/{_MODULE}/deleted", reading.deleted, _READ),
        _route("GET", f"/{_MODULE}/{_ID}", reading.one_record, _READ),
        _route("GET", f"/{_MODULE}", reading.list_records, _READ),
        _route("POST", f"/{_MODULE}/upsert", writing.upsert, _CREATE, _UPDATE, credits=_tens),
        _route("POST", f"/{_MODULE}", writing.insert, _CREATE, credits=_tens),
        _route("PUT", f"/{_MODULE}/{_ID}", writing.update, _UPDATE),
        _route("PUT", f"/{_MODULE}", writing.update, _UPDATE, credits=_tens),
        _route("DELETE", f"/{_MODULE}/{_ID}", writing.delete, _DELETE),
        _route("DELETE", f"/{_MODULE}", writing.delete, _DELETE),
    ]


class Api:
    def __init__(self) -> None:
        self._routes = routes()

    def find(self, call: ApiCall) -> tuple[Route, dict[str, str]]:
        path, others = call.request.path.rstrip("/"), False
        for route in self._routes:
            found = route.path.fullmatch(path)
            if found and route.method == call.request.method:
                return route, found.groupdict()
            others = others or bool(found)
        if others:
            raise ZohoTrouble(405, "INVALID_REQUEST_METHOD")
        raise ZohoTrouble(404, "INVALID_URL_PATTERN")

    def run(self, call: ApiCall, route: Route, parts: dict[str, str]) -> Reply:
        self._check_scopes(call, route, parts)
        names = {"module": "name"}
        return route.handler(call, **{names.get(name, name): value for name, value in parts.items()})

    def _check_scopes(self, call: ApiCall, route: Route, parts: dict[str, str]) -> None:
        module = "*"
        if "module" in parts:
            module = coql.scope_name(call.module(parts["module"]))
        for wanted in route.scopes:
            if not any(covers(call.scopes, one.replace("*", module)) for one in wanted.split("|")):
                raise ZohoTrouble(call.fake.switches.scope_status, "OAUTH_SCOPE_MISMATCH")
