"""A timeline to take along: CSV for a spreadsheet, JSON for a program. All rows of the query, newest first.

The CSV begins with a byte order mark, so that spreadsheets read it as UTF-8; and a text that a spreadsheet would
compute as a formula has an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final, Literal

from motenashi.insights.timeline.as_json import moment_text, timeline_json
from motenashi.insights.timeline.timeline import Milestone, Row, Timeline, Touch

ExportFormat = Literal["csv", "json"]
CONTENT_TYPES: Final[dict[ExportFormat, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
COLUMNS: Final = (
    "at", "what", "channel", "type", "title", "user", "status", "duration_s", "pages", "count", "deal_id", "deal",
    "field", "from_value", "to_value", "outcome", "lasted_s", "signals", "follow_ups", "gap_s", "inactive", "folded",
)  # fmt: skip
_BYTE_ORDER_MARK: Final = "\ufeff"
# Full-width signs are read as the plain ones by some spreadsheets.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(timeline: Timeline, form: ExportFormat) -> str:
    """What stands in the file, to be written as UTF-8."""
    if form == "json":
        return json.dumps(timeline_json(timeline), ensure_ascii=False, indent=1)
    return _csv(timeline)


def file_name(timeline: Timeline, form: ExportFormat) -> str:
    """Of plain letters, whatever the person's id."""
    person = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in timeline.person_id)
    return f"timeline-{timeline.person_kind}-{person[:80]}.{form}"


def _csv(timeline: Timeline) -> str:
    page = io.StringIO()
    page.write(_BYTE_ORDER_MARK)
    writer = csv.DictWriter(page, COLUMNS, restval="")
    writer.writeheader()
    for touch in reversed(timeline.unanswered):
        writer.writerow(_safe(_touch(touch) | {"folded": "true"}))
    for row in timeline.rows:
        for line in _lines(row):
            writer.writerow(_safe(line))
    return page.getvalue()


def _lines(row: Row) -> Iterator[dict[str, Any]]:
    """The row, and after it, since they are older, what is folded behind it."""
    told = _touch(row.touch) if row.touch else _milestone(row.milestone) if row.milestone else {}
    gap = {"gap_s": row.gap_s, "inactive": "true" if row.inactive else "false", "folded": "false"}
    yield told | gap
    for touch in reversed(row.folded):
        yield _touch(touch) | {"folded": "true"}


def _touch(touch: Touch) -> dict[str, Any]:
    same = ("channel", "type", "title", "user", "status", "duration_s", "pages", "count", "deal_id")
    return {"at": moment_text(touch.at), "what": touch.side, **{name: getattr(touch, name) for name in same}}


def _milestone(one: Milestone) -> dict[str, Any]:
    same = ("user", "deal_id", "deal", "field", "from_value", "to_value", "outcome", "lasted_s", "signals")
    told = {name: getattr(one, name) for name in same}
    return {"at": moment_text(one.at), "what": "milestone", **told, "follow_ups": one.follow_ups}


def _safe(line: dict[str, Any]) -> dict[str, Any]:
    return {
        name: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
        for name, value in line.items()
    }
