"""What the builder asks for as somebody builds: counts by condition, what is wrong with which, values that occur."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from motenashi.clean_text import clean_text
from motenashi.filters.filter import FilterProblem, FilterTooSlow, FilterWrong
from motenashi.filters.infos import FieldInfo
from motenashi.pages.guard import require
from motenashi.pages.lists.asked import Asked, search_words
from motenashi.pages.lists.conditions import conditions_of, searched
from motenashi.pages.lists.list_view import ListsDesk
from motenashi.pages.lists.list_words import how_many
from motenashi.pages.lists.troubles import troubles_of
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.rooms import TODAY

MAY_SEE = tuple(TODAY.roles)
MOST_VALUES = 20
LONGEST_VALUE = 200


def add_live_counts(door: Blueprint, desk: ListsDesk) -> None:
    """`POST …/counts` and `GET …/values` of the lists' page."""

    @door.post("/<any(leads, contacts, accounts, deals):module>/counts")
    @require(*MAY_SEE)
    def counts(module: str) -> Response:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict) or not isinstance(asked.get("filter"), dict):
            abort(400)
        return jsonify(counted(module, asked["filter"], search_words(asked.get("q", "")), desk))

    @door.get("/<any(leads, contacts, accounts, deals):module>/values")
    @require(*MAY_SEE)
    def values(module: str) -> Response:
        typed = clean_text(request.args.get("typed", ""))[:LONGEST_VALUE]
        try:
            found = desk.values(module, request.args.get("field", ""), typed, MOST_VALUES)
        except (FilterWrong, FilterTooSlow, KeyError):
            found = ()
        return jsonify(values=[{"value": value, "label": value} for value in found])


def counted(module: str, written: dict[str, Any], typed: str, desk: ListsDesk) -> dict[str, Any]:
    """`whole` is null where the filter can't be used or takes too long; `said` then tells why."""
    answer: dict[str, Any] = {"whole": None, "counts": [], "problems": [], "words": ""}
    try:
        chosen = desk.read(module, searched(written, module, typed))
        parts = desk.parts(chosen)
    except FilterWrong as wrong:
        problems = _problems(wrong.problems, Asked(module, written), desk.fields(module))
        return {**answer, "problems": problems, "said": _("One of the conditions can't be used.")}
    except FilterTooSlow:
        return {**answer, "said": _("Counting takes too long. Narrow the filter down.")}
    theirs = len(conditions_of(written).items)  # what was typed into the search box comes after them
    return {
        **answer,
        "whole": parts.whole,
        "counts": [{"number": part.number, "count": part.count} for part in parts.conditions if part.number <= theirs],
        "words": desk.explain(desk.read(module, written), page_language()),
        "said": how_many(module, parts.whole),
    }


def _problems(problems: Sequence[FilterProblem], asked: Asked, fields: Sequence[FieldInfo]) -> list[dict[str, Any]]:
    return [
        {"number": trouble.number, "text": f"{trouble.words} {trouble.detail}".strip()}
        for trouble in troubles_of(problems, asked, fields)
    ]
