"""`/advice/results`: what became of suggestions, and whether what they promised came true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template, request

from motenashi.pages.advice.advice_view import ResultsDesk
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.guard import require
from motenashi.pages.rooms import RESULTS

PERIODS = (30, 90, 365)  # days
USUAL = 90


def build_results_page(desk: ResultsDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("advice_results", __name__, template_folder="../templates", url_prefix="/advice/results")
    door.context_processor(advice_in_templates(clock))

    @door.get("")
    @require(*RESULTS.roles)
    def page() -> str:
        days = request.args.get("days", USUAL, type=int)
        days = days if days in PERIODS else USUAL
        return render_template("staff/advice_results.html", results=desk.results(days=days), days=days, periods=PERIODS)

    return door
