"""`/settings/advice`: what is switched on, and how it stands with learning. Administrators only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from motenashi.identity.roles import Role
from motenashi.pages.advice.advice_view import SettingsDesk
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.guard import present_staff, require
from motenashi.pages.page_language import translate_later as _

SWITCHES = {
    "next_best_action": (
        _("Next best action"),
        _("Say beside deals, contacts and leads what to do next, and why."),
    ),
    "best_time_calls": (
        _("Best time for calls"),
        _("Say when somebody is best called."),
    ),
    "best_time_emails": (
        _("Best time for e-mails"),
        _("Say when somebody is best written to."),
    ),
    "reminders": (
        _("Reminders"),
        _("Let people be reminded of a good time, by the bell in the header."),
    ),
    "exploration": (
        _("Now and then something new"),
        _("Now and then suggest another promising action, to learn from what comes of it. Never a poor one."),
    ),
    "classic_threshold": (
        _("Wait for many deals"),
        _("Show nothing learned before there are 500 won deals with 5 finished activities each."),
    ),
}


def build_advice_settings_page(desk: SettingsDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("advice_settings", __name__, template_folder="../templates", url_prefix="/settings/advice")
    door.context_processor(advice_in_templates(clock))

    @door.get("")
    @require(Role.ADMINISTRATOR)
    def page() -> str:
        return render_template(
            "staff/advice_settings.html", switches=desk.switches(), titles=SWITCHES, learning=desk.learning()
        )

    @door.post("/switch")
    @require(Role.ADMINISTRATOR)
    def switch() -> AnyResponse:
        name, on = request.form.get("name", ""), request.form.get("on") == "1"
        known = next((one for one in desk.switches() if one.name == name), None)
        if known is not None:
            desk.turn(name, on, by=_me())
            title = str(SWITCHES[name][0]) if name in SWITCHES else name
            said = _("“%(name)s” is on now.") if on else _("“%(name)s” is off now.")
            flash(str(said) % {"name": title}, "good")
        return redirect(url_for("advice_settings.page"), 303)

    @door.post("/learn")
    @require(Role.ADMINISTRATOR)
    def learn() -> AnyResponse:
        desk.learn_now()
        flash(str(_("Learning begins as soon as a worker is free.")), "good")
        return redirect(url_for("advice_settings.page"), 303)

    return door


def _me() -> str:
    staff = present_staff()
    return staff.email if staff else ""
