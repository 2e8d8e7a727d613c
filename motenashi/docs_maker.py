"""Writes the pages and schemas that are made from the code, and the snapshot of what others rely on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from motenashi.filters.field_reference import MARK as FIELDS_MARK
from motenashi.filters.field_reference import field_reference
from motenashi.flow_engine.designers_schema import flow_schema, talk_schema
from motenashi.flow_engine.language_reference import MARK, language_reference
from motenashi.flow_engine.language_snapshot import language_snapshot
from motenashi.settings_page import settings_page
from motenashi.touchpoint_intake.row_schema import touchpoints_schema
from plugs.all_plugs import ALL_PLUGS

HOUSE = Path(__file__).parents[1]
SNAPSHOT = "tests/snapshots/designers_language.txt"


def _schema(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _flows_page() -> str:
    """What people wrote stays; what stands below the mark is made anew."""
    page = HOUSE / "flows/README.md"
    written = page.read_text(encoding="utf-8").partition(MARK)[0] if page.exists() else ""
    return written + language_reference()


def _filters_page() -> str:
    """The same: the language is told by people, its fields by the code."""
    page = HOUSE / "docs/filters.md"
    written = page.read_text(encoding="utf-8").partition(FIELDS_MARK)[0] if page.exists() else ""
    return written + field_reference()


# Path below the root -> how its text is made.
PAGES: Mapping[str, Callable[[], str]] = {
    "flows/flow.schema.json": lambda: _schema(flow_schema()),
    "docs/touchpoints.schema.json": lambda: _schema(touchpoints_schema()),
    "flows/sample_talks/talk.schema.json": lambda: _schema(talk_schema()),
    "flows/README.md": _flows_page,
    "docs/filters.md": _filters_page,
    "docs/settings.md": settings_page,
}


def snapshot() -> str:
    return language_snapshot(ALL_PLUGS)


def write_docs() -> None:
    """Write every page in its place."""
    for path, make in PAGES.items():
        (HOUSE / path).write_text(make(), encoding="utf-8")


def write_snapshot() -> None:
    """Take a new picture of the designers' language and the plugs' signatures."""
    file = HOUSE / SNAPSHOT
    file.parent.mkdir(exist_ok=True)
    file.write_text(snapshot(), encoding="utf-8")
