"""The doors below `/api`: suggestions of a record, best times of a person, what was decided; links for the CRM's page.

Every trouble has one form: {"error": {"code", "message", "field"?}}. A POST may be sent again: the same decision by the
same caller gives the same answer and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, request
from limits.storage import Storage
from werkzeug.exceptions import BadRequest

from motenashi.channels.api.api_view import ApiDesk, PersonKind, RecordKind
from motenashi.channels.api.bodies import BodyWrong, accept_in, by_in, dismissal_in, embed_in, until_in
from motenashi.channels.api.manners import MAY_SEE, Guarded, answer_troubles, count_calls, is_id, missing, trouble
from motenashi.channels.api.openapi import openapi
from motenashi.channels.api.render import acted_json, advice_json, link_json, times_json
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.salesiq.door import answered
from motenashi.suggestions.acted import Acted

READ, WRITE = "advice", "advice.write"  # the scopes of a key
BIGGEST_ID = 2**31
_KINDS: dict[str, RecordKind] = {"deals": "deal", "contacts": "contact", "leads": "lead"}
_PEOPLE: dict[str, PersonKind] = {"contact": "contact", "lead": "lead"}


def build_api(
    settings: ApiSettings,
    desk: ApiDesk,
    *,
    require_scope: Guarded,
    caller: Callable[[], str],
    rate_storage: Storage,
    version: str = "1",
) -> Blueprint:
    """`require_scope("advice", *roles)` guards a view: only for keys with that scope (staff with one of these roles who
    are logged in may read). `caller` names who asks: the key, or the person who is logged in."""
    door = Blueprint("api", __name__, url_prefix="/api")
    count_calls(door, settings, caller, rate_storage)
    answer_troubles(door)

    @door.get("/openapi.json")
    @require_scope(READ)
    def description() -> Response:
        return answered(openapi(version))

    @door.get("/<any(deals, contacts, leads):folder>/<record_id>/suggestions")
    @require_scope(READ, *MAY_SEE)
    def suggestions(folder: str, record_id: str) -> Response:
        found = desk.advice(_KINDS[folder], record_id) if is_id(record_id) else None
        return answered(advice_json(found)) if found else missing("record")

    @door.get("/people/<person_id>/best-times")
    @require_scope(READ, *MAY_SEE)
    def best_times(person_id: str) -> Response:
        kind = request.args.get("kind", "")
        if kind and kind not in _PEOPLE:
            raise BodyWrong("kind must be contact or lead", "kind")
        found = desk.best_times(person_id, _PEOPLE.get(kind)) if is_id(person_id) else None
        return answered(times_json(found)) if found else missing("person")

    _take_decisions(door, desk, require_scope, caller)
    return door


def _take_decisions(door: Blueprint, desk: ApiDesk, require_scope: Guarded, caller: Callable[[], str]) -> None:
    @door.post("/suggestions/<int:suggestion_id>/accept")
    @require_scope(WRITE)
    def accept(suggestion_id: int) -> Response:
        body = _body()
        changes, by = accept_in(body), by_in(body) or caller()
        return _told(desk.accept(_id(suggestion_id), changes, by=by))

    @door.post("/suggestions/<int:suggestion_id>/dismiss")
    @require_scope(WRITE)
    def dismiss(suggestion_id: int) -> Response:
        body = _body()
        said, by = dismissal_in(body), by_in(body) or caller()
        acted = desk.dismiss(_id(suggestion_id), said.reason, said.note, by=by)
        again = acted.result == "gone" and acted.state == "dismissed" and acted.by == by
        return answered(acted_json(acted)) if again else _told(acted)

    @door.post("/suggestions/<int:suggestion_id>/snooze")
    @require_scope(WRITE)
    def snooze(suggestion_id: int) -> Response:
        body = _body()
        until, by = until_in(body), by_in(body) or caller()
        return _told(desk.snooze(_id(suggestion_id), until, by=by))

    @door.post("/embed-links")
    @require_scope(WRITE)
    def embed_links() -> Response:
        kind, record_id, email = embed_in(_body())
        link = desk.embed_link(kind, record_id, email) if is_id(record_id) else None
        return answered(link_json(link)) if link else missing("record")


def _told(acted: Acted) -> Response:
    if acted.result == "done":
        return answered(acted_json(acted))
    if acted.result == "unknown":
        return missing("suggestion")
    if acted.result == "gone":
        return trouble(409, "gone", f"This suggestion is {acted.state or 'closed'} already.")
    return trouble(422, "not_possible", (acted.words or {}).get("en", "This can't be done like this."), acted.field)


def _id(suggestion_id: int) -> int:
    if suggestion_id >= BIGGEST_ID:  # a number no database can hold names no suggestion
        abort(missing("suggestion"))
    return suggestion_id


def _body() -> Mapping[str, Any]:
    """The JSON object that was sent; nothing at all is an empty one. BodyWrong for anything else."""
    if not request.get_data():
        return {}
    try:
        body = request.get_json(force=True)
    except (BadRequest, RecursionError):
        raise BodyWrong("the body must be JSON") from None
    if not isinstance(body, dict):
        raise BodyWrong("the body must be a JSON object")
    return body
