"""`/alerts`: which rules are in use, what is wrong with the files, and what was raised lately."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, render_template

from crm_client.errors import CrmError
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.alerts.alerts_view import AlertsDesk, Texts
from motenashi.pages.guard import require
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.records_page import crm_away
from motenashi.pages.rooms import TODAY

MAY_SEE = tuple(TODAY.roles)


def build_alerts_page(desk: AlertsDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("alerts", __name__, template_folder="../templates", url_prefix="/alerts")
    door.context_processor(advice_in_templates(clock))
    door.register_error_handler(CrmError, crm_away)

    @door.context_processor
    def names() -> dict[str, object]:
        return {"in_language": _in_language, "state_names": state_names()}

    @door.get("")
    @require(*MAY_SEE)
    def page() -> str:
        return render_template("staff/alerts.html", view=desk.view(), trial=None)

    @door.get("/<rule>/trial")
    @require(*MAY_SEE)
    def trial(rule: str) -> str:
        tried = desk.try_out(rule)
        if tried is None:
            abort(404)
        return render_template("staff/alert_trial.html", trial=tried)

    return door


def state_names() -> dict[str, str]:
    return {
        "waiting": _("is being done"),
        "again": _("is tried again"),
        "done": _("done"),
        "failed": _("not done"),
        "quiet": _("kept quiet: spoken of lately"),
    }


def _in_language(texts: Texts) -> str:
    return texts.get(page_language()) or texts.get("en") or next(iter(texts.values()), "")
