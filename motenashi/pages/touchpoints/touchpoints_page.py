"""`/touchpoints`, `/touchpoints/waiting`, `/touchpoints/refused`, `/touchpoints/connect`.

`POST /touchpoints` is a door for tools, so this room is not closed as a whole: each page here asks for its reader.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from crm_client.touch_channels import CHANNELS, STATUSES
from motenashi.identity.roles import Role
from motenashi.pages.guard import require
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.timeline import timeline_words
from motenashi.pages.touchpoints.days_picture import draw_days
from motenashi.pages.touchpoints.touchpoints_view import PAGE_LENGTH, PersonKind, TouchpointDesk, WaitingRow

MAY_SEE = (Role.SUPERVISOR,)  # and administrators, as everywhere
DAYS = 30
BIGGEST_NUMBER = 2**53
_KINDS: dict[str, PersonKind] = {"contact": "contact", "lead": "lead"}


def build_touchpoints_page(desk: TouchpointDesk, *, address: str, signed: Callable[[], bool]) -> Blueprint:
    """`address` is where tools post to, from outside; `signed` says whether a secret is configured."""
    door = Blueprint("touchpoints", __name__, template_folder="../templates", url_prefix="/touchpoints")
    door.register_error_handler(CrmError, _crm_away)

    @door.before_request
    def for_this_reader() -> None:
        g.private = True

    @door.context_processor
    def words() -> dict[str, object]:
        return {
            "channel_name": timeline_words.channel_name,
            "status_name": _status_name,
            "picture_of": draw_days,
            "page_length": PAGE_LENGTH,
        }

    @door.get("")
    @require(*MAY_SEE)
    def page() -> str:
        return render_template("staff/touchpoints.html", overview=desk.overview(DAYS), days=DAYS)

    @door.get("/waiting")
    @require(*MAY_SEE)
    def waiting() -> str:
        words, aside = request.args.get("q", "").strip()[:200], "aside" in request.args
        rows = desk.waiting(words, _number(request.args.get("before", "")), aside=aside)
        overview = desk.overview(DAYS)
        return render_template("staff/touchpoints_waiting.html", rows=rows, words=words, aside=aside, overview=overview)

    @door.get("/waiting/<int:number>")
    @require(*MAY_SEE)
    def one(number: int) -> str:
        row = _find(number)
        words = request.args.get("q", "").strip()[:200]
        found = desk.people(words) if words else ()
        return render_template("staff/touchpoint_waiting.html", row=row, words=words, found=found)

    @door.post("/waiting/<int:number>/assign")
    @require(*MAY_SEE)
    def assign(number: int) -> AnyResponse:
        _find(number)
        kind, _colon, person_id = request.form.get("person", "").partition(":")
        if kind not in _KINDS or not person_id or len(person_id) > 255:
            flash(_("Choose a person first."))
            return redirect(url_for("touchpoints.one", number=number))
        count = desk.assign(number, _KINDS[kind], person_id)
        if count is None:
            flash(_("This person is not in the CRM any more. Choose another one."))
            return redirect(url_for("touchpoints.one", number=number))
        flash(
            _("On their timeline now: %(count)s. Later ones get there by themselves.", count=count),
            "good",
        )
        return redirect(url_for("touchpoints.waiting"))

    @door.post("/waiting/<int:number>/aside")
    @require(*MAY_SEE)
    def aside(number: int) -> AnyResponse:
        _find(number)
        if desk.set_aside(number):
            flash(_("It is set aside and will not be matched. You can take it back."), "good")
        return redirect(url_for("touchpoints.waiting"))

    @door.post("/waiting/<int:number>/back")
    @require(*MAY_SEE)
    def back(number: int) -> AnyResponse:
        _find(number)
        if desk.take_back(number):
            flash(_("It waits for its person again."), "good")
        return redirect(url_for("touchpoints.waiting", aside=1))

    @door.get("/refused")
    @require(*MAY_SEE)
    def refused() -> str:
        rows = desk.refused(page_language(), _number(request.args.get("before", "")))
        return render_template("staff/touchpoints_refused.html", rows=rows, overview=desk.overview(DAYS))

    @door.post("/refused/<int:number>/forget")
    @require(*MAY_SEE)
    def forget(number: int) -> AnyResponse:
        if number < BIGGEST_NUMBER:
            desk.forget_refused(number)
        return redirect(url_for("touchpoints.refused"))

    @door.get("/connect")
    @require(*MAY_SEE)
    def connect() -> str:
        return render_template(
            "staff/touchpoints_connect.html",
            overview=desk.overview(DAYS),
            address=address,
            signed=signed(),
            statuses=[(channel, STATUSES.get(channel, ())) for channel in CHANNELS],
        )

    def _find(number: int) -> WaitingRow:
        return (desk.waiting_row(number) if number < BIGGEST_NUMBER else None) or abort(404)

    return door


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _status_name(status: str, channel: str) -> str:
    return str(timeline_words.IN_CHANNEL.get((channel, status)) or timeline_words.STATUSES.get(status, status))


def _crm_away(error: CrmError) -> tuple[str, int]:
    return render_template("staff/crm_away.html"), 503
