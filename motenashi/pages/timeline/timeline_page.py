"""`/records/contacts/<id>/timeline` and `/records/leads/<id>/timeline`: the page, its rows in parts, its files."""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import Blueprint, Response, get_template_attribute, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from motenashi.insights.timeline.timeline import PersonKind, Query, Row, Timeline
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.advice.time_words import house_zone
from motenashi.pages.guard import require
from motenashi.pages.records.records_page import PEOPLE, crm_away, is_id
from motenashi.pages.rooms import TODAY
from motenashi.pages.timeline.query_in_url import day_of, is_narrow, read_query
from motenashi.pages.timeline.row_view import RowViews, silences_of
from motenashi.pages.timeline.strip import draw_strip
from motenashi.pages.timeline.timeline_frame import frame, timeline_path
from motenashi.pages.timeline.timeline_view import ExportFormat, TimelineDesk

MAY_SEE = tuple(TODAY.roles)
PERSON = "/<any(contacts, leads):folder>/<record_id>/timeline"
PAGE_LENGTH = 200  # rows that come with the page; the rest follows in parts
MOST_ROWS = 500  # in one part
PRINTED = 2_000  # on paper
ALL_ROWS = 100_000  # for the picture of the whole time, and to find a day
BIGGEST_SKIP = 2**31
FORMATS: dict[str, tuple[ExportFormat, str]] = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "json": ("json", "application/json"),
}


def build_timeline_page(desk: TimelineDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware. It stands beside the pages of records, whose paths it shares."""
    door = Blueprint("timeline", __name__, template_folder="../templates", url_prefix="/records")
    door.context_processor(advice_in_templates(clock))
    door.add_app_template_global(timeline_path, "timeline_path")
    door.register_error_handler(CrmError, _crm_away)

    @door.get(PERSON)
    @require(*MAY_SEE)
    def page(folder: str, record_id: str) -> str | tuple[str, int]:
        kind, (query, wrong) = PEOPLE[folder], read_query(request.args)
        # The picture and the summary are of all the time, whatever is filtered.
        name, whole = _find(desk, kind, record_id, Query(rhythm=query.rhythm), most=ALL_ROWS, outline=True)
        if name is None or whole is None:
            return _missing(kind)
        shown, skip = _part(desk, whole, query)
        views = _row_views(desk, shown, clock(), whole)
        return render_template(
            "staff/timeline.html",
            **frame(folder, shown, name, clock()),
            wrong=wrong,
            strip=draw_strip(whole, now=clock(), zone=house_zone()),
            rows=[views.of(row) for row in shown.rows],
            unanswered=views.folded(shown.unanswered),
            skip=skip,
            page_length=PAGE_LENGTH,
        )

    @door.get(f"{PERSON}/rows")
    @require(*MAY_SEE)
    def rows(folder: str, record_id: str) -> AnyResponse:
        return _rows_answer(desk, PEOPLE[folder], record_id, clock())

    @door.get(f"{PERSON}/print")
    @require(*MAY_SEE)
    def on_paper(folder: str, record_id: str) -> str | tuple[str, int]:
        kind, (query, wrong) = PEOPLE[folder], read_query(request.args)
        name, shown = _find(desk, kind, record_id, query, most=PRINTED)
        if name is None or shown is None:
            return _missing(kind)
        views = _row_views(desk, shown, clock())
        return render_template(
            "staff/timeline_print.html",
            **frame(folder, shown, name, clock()),
            wrong=wrong,
            rows=[views.of(row) for row in shown.rows],
            unanswered=views.folded(shown.unanswered),
        )

    @door.get(f"{PERSON}/export.<any(csv, json):ending>")
    @require(*MAY_SEE)
    def export(folder: str, record_id: str, ending: str) -> AnyResponse | tuple[str, int]:
        kind, (query, _wrong) = PEOPLE[folder], read_query(request.args)
        file_format, content_type = FORMATS[ending]
        content = desk.export(kind, record_id, query, file_format) if is_id(record_id) else None
        if content is None:
            return _missing(kind)
        response = make_response(content)
        response.headers["Content-Type"] = content_type
        response.headers["Content-Disposition"] = f"attachment; filename=timeline-{kind}.{ending}"
        return response

    return door


def _find(
    desk: TimelineDesk, kind: PersonKind, record_id: str, query: Query, *, most: int, outline: bool = False
) -> tuple[str | None, Timeline | None]:
    name = desk.person_name(kind, record_id) if is_id(record_id) else None
    return (
        (None, None)
        if name is None
        else (
            name,
            desk.timeline(kind, record_id, query, most=most, outline=outline),
        )
    )


def _part(desk: TimelineDesk, whole: Timeline, query: Query) -> tuple[Timeline, int]:
    """The rows that come with the page, and how many newer ones there are."""
    plain = query.view == "all" and not is_narrow(query)
    skip = min(_number("skip"), max(0, whole.total - 1)) if plain else _number("skip")
    if "at" in request.args:
        person = (whole.person_kind, whole.person_id)
        found = whole if plain else desk.timeline(*person, query, most=ALL_ROWS, outline=True) or whole
        skip = _skip_to(found.rows)
    shown = desk.timeline(whole.person_kind, whole.person_id, query, most=PAGE_LENGTH, skip=skip) or whole
    return shown, skip


def _rows_answer(desk: TimelineDesk, kind: PersonKind, record_id: str, now: datetime) -> AnyResponse:
    """A part of the rows as pieces of the page: one template makes the first rows and the later ones. With `at`, a day,
    only the number of the first row that lies no later."""
    query, _wrong = read_query(request.args)
    find_day = "at" in request.args
    most = ALL_ROWS if find_day else min(MOST_ROWS, max(1, request.args.get("most", MOST_ROWS, type=int)))
    skip = 0 if find_day else _number("skip")
    found = is_id(record_id)
    shown = desk.timeline(kind, record_id, query, most=most, skip=skip, outline=find_day) if found else None
    if shown is None:
        return _json({"error": "no such person"}, 404)
    if find_day:
        return _json({"total": shown.total, "first": _skip_to(shown.rows), "rows": []})
    make = get_template_attribute("staff/timeline_parts.html", "row")
    views = _row_views(desk, shown, now)
    pieces = [str(make(views.of(row), skip + place, shown.total)) for place, row in enumerate(shown.rows)]
    return _json({"total": shown.total, "first": skip, "rows": pieces})


def _row_views(desk: TimelineDesk, shown: Timeline, now: datetime, whole: Timeline | None = None) -> RowViews:
    """A view that folds touches is told of the silences before them, which the whole timeline knows."""
    if shown.query.view != "signals":
        return RowViews(shown.rhythm, now=now)
    everything = Query(rhythm=shown.query.rhythm)
    whole = whole or desk.timeline(shown.person_kind, shown.person_id, everything, most=ALL_ROWS, outline=True)
    return RowViews(shown.rhythm, now=now, silences=silences_of(whole) if whole else None)


def _skip_to(rows: Sequence[Row]) -> int:
    """How many rows are newer than the day that was asked for."""
    day = day_of(request.args.get("at", ""))
    if day is None or not rows:
        return 0
    try:
        ends = datetime(day.year, day.month, day.day, tzinfo=house_zone()) + timedelta(days=1)
        newer = bisect_left(rows, -ends.timestamp(), key=lambda row: -row.at.timestamp())
    except OverflowError:  # the last day there is
        return 0
    return min(newer, len(rows) - 1)


def _number(name: str) -> int:
    return min(BIGGEST_SKIP, max(0, request.args.get(name, 0, type=int)))


def _json(content: dict[str, object], status: int = 200) -> Response:
    """Pieces of a page repeat themselves: a tenth travels. Nothing secret and nothing that was sent stands in them."""
    response = jsonify(content)
    response.status_code = status
    if request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(response.get_data(), 5))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def _missing(kind: PersonKind) -> tuple[str, int]:
    return render_template("staff/record_missing.html", kind=kind), 404


def _crm_away(error: CrmError) -> AnyResponse:
    """As on the pages of records; a script that asks for rows is told in its own words."""
    if request.endpoint == "timeline.rows":
        return _json({"error": "the CRM does not answer"}, 503)
    return crm_away(error)
