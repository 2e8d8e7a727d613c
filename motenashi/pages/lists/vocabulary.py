"""What the builder's script is handed: the fields of a module, operators and sentences, in the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from motenashi.filters.infos import FieldInfo, Label
from motenashi.flow_engine.criteria_operators import OPERATOR_NAMES
from motenashi.pages.advice.time_words import weekday
from motenashi.pages.lists.operator_words import DAYS, OPERATORS
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What is asked most of its kind comes first in the choice of operators, and is what a new condition begins with.
FIRST = ("is", "in_last_days", "has_any", "contains", "ge", "is_true")


def vocabulary_of(module: str, fields: Sequence[FieldInfo]) -> dict[str, Any]:
    """JSON, as `scripts/src/lists/vocabulary.ts` reads it."""
    return {
        "module": module,
        "fields": [_field(field) for field in fields if field.type != "rows"],
        "lists": [_list(field) for field in fields if field.type == "rows"],
        "operators": {
            name: {"label": str(words), "shape": OPERATOR_NAMES[name].shape.name} for name, words in OPERATORS.items()
        },
        "weekdays": [{"value": day, "label": weekday(place)} for place, day in enumerate(WEEKDAYS)],
        "days": [{"value": day, "label": str(words)} for day, words in DAYS.items()],
        "texts": texts(),
    }


def in_language(label: Label) -> str:
    """English where there is no other."""
    return label.get(page_language()) or label.get("en") or next(iter(label.values()), "")


def _field(field: FieldInfo) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": in_language(field.label),
        "group": in_language(field.group),
        "kind": field.type,
        "operators": _sorted(field.operators),
        "choices": [{"value": choice.value, "label": in_language(choice.label)} for choice in field.choices],
        "suggests": field.suggests,
    }


def _list(field: FieldInfo) -> dict[str, Any]:
    name = in_language(field.label)
    return {
        "name": field.name,
        "group": name,
        "atLeastOne": _("%(list)s: at least one", list=name),
        "atLeast": _("%(list)s: at least …", list=name),
        "none": _("%(list)s: none", list=name),
        "addMore": _("And the same one …"),
        "fields": [_field(inner) for inner in field.fields if inner.type != "rows"],
    }


def _sorted(operators: Iterable[str]) -> list[str]:
    """Those we have words for, the usual one first."""
    known = [name for name in operators if name in OPERATORS]
    return sorted(known, key=lambda name: (name not in FIRST, FIRST.index(name) if name in FIRST else 0))


def texts() -> dict[str, str]:
    return {
        "search_fields": _("Search fields"),
        "fields": _("Fields"),
        "choose_field": _("Choose a field"),
        "no_field": _("No field is called that."),
        "no_conditions": _("Everything is shown. Add a condition to narrow it down."),
        "add_condition": _("Add condition"),
        "add_group": _("Add group"),
        "unknown_condition": _("Condition"),
        "change_field": _("%(field)s: choose another field"),
        "operator_of": _("How %(field)s is compared"),
        "value_of": _("Value for %(field)s"),
        "how_many": _("How many there must be"),
        "at_least_how_many": _("At least how many"),
        "how_joined": _("Which of these must hold"),
        "mode_all": _("All of these"),
        "mode_any": _("Any of these"),
        "mode_none": _("None of these"),
        "must_hold": _("Show what fits"),
        "where": _("Where"),
        "and": _("and"),
        "or": _("or"),
        "remove_condition": _("Remove: %(field)s"),
        "remove_value": _("Remove %(value)s"),
        "add_values": _("Add values"),
        "values": _("Values"),
        "choose": _("Choose …"),
        "which_day": _("which day"),
        "a_date": _("a date"),
        "days": _("days"),
        "lower_end": _("lower end"),
        "upper_end": _("upper end"),
        "pattern": _("Write it as a pattern"),
        "pattern_label": _("How the numbered conditions are joined"),
        "pattern_hint": _("For example: (1 and 2) or not 3. It takes effect with Enter."),
        "pattern_wrong": _("This is no pattern. Write it like (1 and 2) or not 3."),
        "pattern_unknown": _("There is no condition %(number)s; they are numbered from 1 to %(most)s."),
        "pattern_unused": _("Condition %(number)s is missing from the pattern."),
        "alone": _("%(count)s with this condition alone"),
        "counting": _("Counting …"),
        "no_answer": _("The server does not answer. What you built is still here; change anything to try again."),
        "too_long": _("This filter is too long for a link. Save it under a name to look at its results."),
    }
