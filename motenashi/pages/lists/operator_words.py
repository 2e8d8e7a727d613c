"""The operators of conditions as the builder's reader says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motenashi.pages.page_language import translate_later as _

OPERATORS: Mapping[str, Any] = {
    "is": _("is"),
    "is_not": _("is not"),
    "contains": _("contains"),
    "not_contains": _("does not contain"),
    "starts_with": _("begins with"),
    "ends_with": _("ends with"),
    "in": _("is any of"),
    "not_in": _("is none of"),
    "matches": _("matches the expression"),
    "is_empty": _("is empty"),
    "is_not_empty": _("is filled"),
    "eq": _("equals"),
    "ne": _("does not equal"),
    "gt": _("is more than"),
    "ge": _("is at least"),
    "lt": _("is less than"),
    "le": _("is at most"),
    "between": _("is between"),
    "is_true": _("is yes"),
    "is_false": _("is no"),
    "before": _("is before"),
    "after": _("is after"),
    "on": _("is on"),
    "in_last_days": _("is in the last"),
    "in_next_days": _("is in the next"),
    "weekday_in": _("falls on"),
    "time_between": _("has a time of day between"),
    "has": _("includes"),
    "has_not": _("does not include"),
    "has_any": _("includes any of"),
    "has_all": _("includes all of"),
    "size_eq": _("has exactly this many"),
    "size_gt": _("has more than"),
    "size_lt": _("has fewer than"),
}

DAYS: Mapping[str, Any] = {"today": _("today"), "yesterday": _("yesterday"), "tomorrow": _("tomorrow")}
