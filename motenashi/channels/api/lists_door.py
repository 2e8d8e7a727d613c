"""`GET /api/<module>?filter=…`: the records that a filter finds, and `GET /api/<module>/fields`: what can be asked.

The filter is the same JSON as on the lists' pages. Everything that is wrong with it is told at once, and then nothing
was run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from flask import Blueprint, Response, request
from limits.storage import Storage

from motenashi.channels.api.bodies import BodyWrong
from motenashi.channels.api.manners import MAY_SEE, Guarded, answer_troubles, count_calls, trouble
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.salesiq.door import answered
from motenashi.filters.filter import Filter, FilterTooSlow, FilterWrong
from motenashi.filters.infos import FieldInfo, Page

SCOPE = "records"
MOST, MOST_AT_ONCE = 50, 500
MOST_FIELDS = 60
_KNOWN = ("filter", "sort", "most", "after", "count", "fields")
_MODULES = "any(leads, contacts, accounts, deals)"


class ListsDesk(Protocol):
    """What this door asks for; FilterWrong and FilterTooSlow are told, DBAPIError when the store is away."""

    def fields(self, module: str) -> Sequence[FieldInfo]: ...
    def read(self, module: str, raw: Any) -> Filter: ...
    def explain(self, chosen: Filter, language: str) -> str: ...
    def page(
        self,
        chosen: Filter,
        *,
        sort: str = "",
        descending: bool = False,
        after: str = "",
        most: int = 50,
        columns: Sequence[str] = (),
        total: bool = True,
    ) -> Page: ...


def build_lists_api(
    settings: ApiSettings,
    desk: ListsDesk,
    *,
    require_scope: Guarded,
    caller: Callable[[], str],
    rate_storage: Storage,
) -> Blueprint:
    """Guarded, counted and in trouble as the other doors below `/api` are."""
    door = Blueprint("lists_api", __name__, url_prefix="/api")
    count_calls(door, settings, caller, rate_storage)
    answer_troubles(door)
    _answer_filters(door)

    @door.get(f"/<{_MODULES}:module>")
    @require_scope(SCOPE, *MAY_SEE)
    def records(module: str) -> Response:
        _only_known()
        sort = request.args.get("sort", "")
        chosen = desk.read(module, request.args.get("filter", ""))
        page = desk.page(
            chosen,
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            after=request.args.get("after", ""),
            most=_most(),
            columns=_fields(),
            total=_counted(),
        )
        said = {language: desk.explain(chosen, language) for language in ("en", "ja")}
        return answered(_page_json(page, said))

    @door.get(f"/<{_MODULES}:module>/fields")
    @require_scope(SCOPE, *MAY_SEE)
    def fields(module: str) -> Response:
        return answered({"module": module, "fields": [field_json(field) for field in desk.fields(module)]})

    return door


def _answer_filters(door: Blueprint) -> None:
    @door.errorhandler(FilterWrong)
    def filter_wrong(error: FilterWrong) -> Response:
        problems = [
            {"condition": one.number, "place": one.place, "what": one.what, "hint": one.hint} for one in error.problems
        ]
        told = {"code": "bad_filter", "message": str(error), "field": "filter"}
        return answered({"error": told, "problems": problems}, 400)

    @door.errorhandler(FilterTooSlow)
    def too_slow(error: FilterTooSlow) -> Response:
        return trouble(422, "too_slow", f"{str(error).capitalize()}. Ask for less, or with count=false.", "filter")


def _only_known() -> None:
    for name in request.args:
        if name not in _KNOWN:
            raise BodyWrong(f"{name[:40]} is none of: {', '.join(_KNOWN)}", name[:40])


def _most() -> int:
    text = request.args.get("most", "")
    if not text:
        return MOST
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= MOST_AT_ONCE:
        raise BodyWrong(f"most must be a number from 1 to {MOST_AT_ONCE}", "most")
    return int(text)


def _counted() -> bool:
    word = request.args.get("count", "true")
    if word not in ("true", "false"):
        raise BodyWrong("count must be true or false", "count")
    return word == "true"


def _fields() -> list[str]:
    names = [name for name in request.args.get("fields", "").split(",") if name]
    if len(names) > MOST_FIELDS:
        raise BodyWrong(f"at most {MOST_FIELDS} fields can be asked for", "fields")
    return names


def _page_json(page: Page, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "meaning": dict(said),
        "records": [
            {"id": row.id, "fields": {name: _value(value) for name, value in row.values.items()}} for row in page.rows
        ],
        "total": page.total if page.total >= 0 else None,
        "next": page.next,
    }


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def field_json(field: FieldInfo) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type,
        "label": dict(field.label),
        "group": dict(field.group),
        "operators": list(field.operators),
        "choices": [{"value": choice.value, "label": dict(choice.label)} for choice in field.choices],
        "closed": field.closed,
        "sortable": field.sortable,
        "custom": field.custom,
        "also": list(field.older),
        "fields": [field_json(inner) for inner in field.fields],
    }
