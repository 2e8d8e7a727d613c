"""From a number to the customers behind it: the filter of /lists that chooses them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from motenashi.pages.voice.asked import Asked

MOST_IDS = 100  # in one address


def people_path(asked: Asked, conditions: Mapping[str, Any], *, days: tuple[date, date] | None = None) -> str:
    """The contacts (or leads, where the page is about leads) of whom one response fits all `conditions`.

    `days`: first and last; without them those of the page.
    """
    return list_path(asked, {"responses": {"some": {**conditions, **_said(asked, days)}}})


def list_path(asked: Asked, condition: Mapping[str, Any]) -> str:
    written = json.loads(asked.filter) if asked.filter and not asked.troubles else {}
    told = json.dumps(_both(written, condition), ensure_ascii=False, separators=(",", ":"))
    return f"/lists/{asked.module or 'contacts'}?{urlencode({'filter': told})}"


def _said(asked: Asked, days: tuple[date, date] | None) -> dict[str, Any]:
    first, last = days or (asked.question.first, asked.question.last)
    said: dict[str, Any] = {"at": {"between": [f"{first}", f"{last}"]}}
    if asked.channel:
        said["channel"] = asked.channel
    if asked.language:
        said["language"] = asked.language
    return said


def _both(written: Mapping[str, Any], condition: Mapping[str, Any]) -> dict[str, Any]:
    """The filter that the page is narrowed by, and one more condition."""
    there = written.get("if") or []
    items = list(there) if isinstance(there, list) else [{name: value} for name, value in there.items()]
    pattern = written.get("pattern")
    joined: dict[str, Any] = {"if": [*items, dict(condition)]}
    if pattern and items:
        joined["pattern"] = f"({pattern}) and {len(items) + 1}"
    return joined
