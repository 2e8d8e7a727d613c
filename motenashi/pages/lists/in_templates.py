"""What the templates of the lists may use: the modules' names, numbers and times in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_date, to_user_timezone

from motenashi.pages.advice import time_words
from motenashi.pages.lists import list_words
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _


def lists_in_templates(clock: Callable[[], datetime]) -> Callable[[], dict[str, object]]:
    """A context processor; `clock` gives the present moment, aware."""

    def since(at: datetime) -> str:
        """How long ago, in days of the house; a date where that is long ago."""
        days = (to_user_timezone(clock()).date() - to_user_timezone(at).date()).days
        if days == 0:
            return _("today")
        if days == 1:
            return _("yesterday")
        if 1 < days < 60:
            return _("%(days)s days ago", days=days)
        return time_words.date_here(at)

    def names() -> dict[str, object]:
        return {
            "list_words": list_words,
            "time": time_words,
            "since": since,
            "day": day,
            "shown_name": shown_name,
            "now": clock,
        }

    return names


def shown_name(values: Mapping[str, Any]) -> str:
    """Of a person, as people of their language write it; without any name, the address."""
    if "last_name" not in values:
        return str(values.get("name") or "")
    first, last = (str(values.get(name) or "").strip() for name in ("first_name", "last_name"))
    family_first = not f"{first}{last}".isascii() and values.get("language") in ("", "ja")
    parts = (last, first) if family_first else (first, last)
    return " ".join(part for part in parts if part) or str(values.get("email") or "")


def day(value: date) -> str:
    """A day with its year, short."""
    return str(format_date(value, "y/MM/dd" if page_language() == "ja" else "d MMM y"))
