"""`/lists/<module>`: leads, contacts, accounts and deals that a filter chooses, and the filter itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from motenashi.filters.filter import Filter, FilterTooSlow, FilterWrong
from motenashi.filters.infos import FieldInfo, Page
from motenashi.identity.roles import may
from motenashi.pages.advice.time_words import house_zone
from motenashi.pages.guard import present_staff, require
from motenashi.pages.lists.asked import Asked, asked_for, compact
from motenashi.pages.lists.chips import chips_of
from motenashi.pages.lists.columns import headings, wanted
from motenashi.pages.lists.conditions import searched
from motenashi.pages.lists.export import MOST_ROWS, exported
from motenashi.pages.lists.in_templates import lists_in_templates
from motenashi.pages.lists.list_view import ListsDesk
from motenashi.pages.lists.live_counts import add_live_counts
from motenashi.pages.lists.saved_forms import add_saved_forms
from motenashi.pages.lists.troubles import Trouble, troubles_of
from motenashi.pages.lists.vocabulary import vocabulary_of
from motenashi.pages.page_language import page_language
from motenashi.pages.records.records_page import crm_away
from motenashi.pages.rooms import TODAY

MAY_SEE = tuple(TODAY.roles)
PAGE_LENGTH = 50
MODULES = "/<any(leads, contacts, accounts, deals):module>"


@dataclass(frozen=True)
class Found:
    """What a filter gave: a page of records, or what is wrong."""

    chosen: Filter | None = None
    page: Page | None = None
    troubles: tuple[Trouble, ...] = ()
    too_slow: bool = False


def build_lists_page(desk: ListsDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware, in the house's zone."""
    door = Blueprint("lists", __name__, template_folder="../templates", url_prefix="/lists")
    door.context_processor(lists_in_templates(clock))
    door.add_app_template_global(list_path, "list_path")
    door.add_app_template_global(keyword_path, "keyword_path")
    door.add_app_template_filter(compact, "tojson_plain")
    door.register_error_handler(CrmError, crm_away)
    add_live_counts(door, desk)
    add_saved_forms(door, desk)

    @door.get("")
    @require(*MAY_SEE)
    def rooms() -> AnyResponse:
        return redirect(url_for("lists.page", module="contacts"))

    @door.get(MODULES)
    @require(*MAY_SEE)
    def page(module: str) -> str:
        viewer = _me()
        asked = asked_for(module, desk, viewer)
        fields = desk.fields(module)
        found = _find(asked, desk, fields)
        part = request.args.get("part") == "results"
        return render_template(
            "staff/lists_results.html" if part else "staff/lists.html",
            asked=asked,
            module=module,
            found=found,
            headings=headings(module, fields),
            chips=chips_of(asked, desk, page_language()),
            whole=compact(searched(asked.written, module, asked.typed)),
            state=_state(asked),
            me=viewer,
            most_exported=MOST_ROWS,
            vocabulary=None if part else vocabulary_of(module, fields),
            saved=() if part else desk.saved(module, viewer),
        )

    @door.get(f"{MODULES}/export.csv")
    @require(*MAY_SEE)
    def export(module: str) -> AnyResponse:
        asked = asked_for(module, desk, _me())
        try:
            chosen = desk.read(module, asked.raw)
            sort = asked.sort if any(f.name == asked.sort and f.sortable for f in desk.fields(module)) else ""
            pieces = exported(desk, chosen, sort, descending=asked.descending, zone=house_zone())
        except (FilterWrong, FilterTooSlow):
            return redirect(asked.path())  # the list says what is wrong
        response = Response(stream_with_context(pieces), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f"attachment; filename={module}-{clock():%Y-%m-%d}.csv"
        return response

    return door


def list_path(module: str, written: dict[str, Any]) -> str:
    """Where the records are shown that a filter chooses."""
    return url_for("lists.page", module=module, filter=compact(written))


def keyword_path(keyword: str, module: str = "contacts") -> str:
    """Where everybody is shown who said this; '' for staff who may not see the lists."""
    staff = present_staff()
    if staff is None or not may(staff.role, frozenset(MAY_SEE)):
        return ""
    return list_path(module, {"if": [{"responses": {"some": {"keyword": {"is": keyword}}}}]})


def _find(asked: Asked, desk: ListsDesk, fields: Sequence[FieldInfo]) -> Found:
    try:
        chosen = desk.read(asked.module, asked.raw)
    except FilterWrong as wrong:
        return Found(troubles=tuple(troubles_of(wrong.problems, asked, fields)))
    try:
        return Found(chosen, _page(asked, chosen, desk, fields))
    except FilterTooSlow:
        return Found(chosen, too_slow=True)


def _page(asked: Asked, chosen: Filter, desk: ListsDesk, fields: Sequence[FieldInfo]) -> Page:
    """An order or a place that is not there (an old link) is left out."""
    columns = wanted(asked.module, fields)
    sortable = any(field.name == asked.sort and field.sortable for field in fields)
    sort, descending = (asked.sort, asked.descending) if sortable else ("", False)

    def page(after: str) -> Page:
        return desk.page(chosen, sort=sort, descending=descending, after=after, most=PAGE_LENGTH, columns=columns)

    try:
        return page(asked.after)
    except FilterWrong:
        return page("")


def _state(asked: Asked) -> dict[str, Any]:
    """What the script goes on from."""
    return {
        "filter": asked.written or None,
        "open": request.args.get("build") == "1",
        "saved": asked.saved.written if asked.saved else None,
    }


def _me() -> str:
    staff = present_staff()
    return staff.email.lower() if staff else ""
