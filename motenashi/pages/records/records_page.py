"""`/records/deals/<id>`, `/records/contacts/<id>`, `/records/leads/<id>`, and what people do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from motenashi.clean_text import clean_text
from motenashi.pages.advice.advice_view import PersonKind, RecordKind
from motenashi.pages.advice.decision import changes_in, put_off_until, words_of_acted
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.advice.time_words import house_zone, moment_here
from motenashi.pages.guard import local_path, present_staff, require
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.record_view import RecordDesk, RecordView
from motenashi.pages.rooms import TODAY
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.suggestion import DISMISS_REASONS

MAY_SEE = tuple(TODAY.roles)
KINDS: dict[str, RecordKind] = {"deals": "deal", "contacts": "contact", "leads": "lead"}
FOLDERS = {kind: folder for folder, kind in KINDS.items()}
PEOPLE: dict[str, PersonKind] = {"contacts": "contact", "leads": "lead"}
LONGEST_ID = 255
BIGGEST_ID = 2**31


def build_records_page(desk: RecordDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("records", __name__, template_folder="../templates", url_prefix="/records")
    door.context_processor(advice_in_templates(clock))
    door.add_app_template_global(record_path, "record_path")
    door.register_error_handler(CrmError, crm_away)

    @door.get("")
    @require(*MAY_SEE)
    def rooms() -> AnyResponse:
        return redirect(url_for("today.page"))

    @door.get("/<any(deals, contacts, leads):folder>/<record_id>")
    @require(*MAY_SEE)
    def record(folder: str, record_id: str) -> str | tuple[str, int]:
        view = _find(folder, record_id)
        if view is None:
            return render_template("staff/record_missing.html", kind=KINDS[folder]), 404
        channel = "email" if request.args.get("channel") == "email" else "call"
        return render_template("staff/record.html", view=view, record=view.facts, channel=channel)

    def _find(folder: str, record_id: str) -> RecordView | None:
        if not is_id(record_id):
            return None
        return desk.view(KINDS[folder], record_id, language=page_language(), seen_by=_me())

    _take_decisions(door, desk, clock)
    _take_times(door, desk, clock)
    return door


def _take_decisions(door: Blueprint, desk: RecordDesk, clock: Callable[[], datetime]) -> None:
    @door.post("/suggestions/<int:suggestion_id>/accept")
    @require(*MAY_SEE)
    def accept(suggestion_id: int) -> AnyResponse:
        _known(suggestion_id)
        return _back(desk.accept(suggestion_id, changes_in(request.form), by=_me()), _("Done."))

    @door.post("/suggestions/<int:suggestion_id>/dismiss")
    @require(*MAY_SEE)
    def dismiss(suggestion_id: int) -> AnyResponse:
        _known(suggestion_id)
        reason, note = request.form.get("reason", ""), clean_text(request.form.get("note", "")).strip()[:500]
        if reason not in DISMISS_REASONS:
            return _say(_("Please say what is wrong with it."))
        return _back(
            desk.dismiss(suggestion_id, reason, note, by=_me()), _("Thank you. The next suggestions learn from it.")
        )

    @door.post("/suggestions/<int:suggestion_id>/snooze")
    @require(*MAY_SEE)
    def snooze(suggestion_id: int) -> AnyResponse:
        _known(suggestion_id)
        choice, day = request.form.get("until", ""), request.form.get("date", "")
        until = put_off_until(choice, day, now=clock(), zone=house_zone())
        if until is None or until <= clock():
            return _say(_("Please choose a day that lies ahead."))
        said = _("It comes back: %(when)s.", when=moment_here(until))
        return _back(desk.snooze(suggestion_id, until, by=_me()), said)

    def _known(suggestion_id: int) -> None:
        # A number no database can hold names no suggestion.
        if suggestion_id >= BIGGEST_ID or desk.suggestion(suggestion_id) is None:
            abort(404)


def _take_times(door: Blueprint, desk: RecordDesk, clock: Callable[[], datetime]) -> None:
    @door.post("/<any(contacts, leads):folder>/<record_id>/times")
    @require(*MAY_SEE)
    def own_times(folder: str, record_id: str) -> AnyResponse:
        days = sorted({day for day in request.form.getlist("weekday", type=int) if 0 <= day <= 6})
        first, last = (request.form.get(name, -1, type=int) for name in ("from_hour", "to_hour"))
        if not days or not 0 <= first < last <= 24:
            return _say(_("Choose at least one weekday, and hours that end after they begin."))
        return _back(
            desk.set_own_times(PEOPLE[folder], _known_id(record_id), days, first, last, by=_me()),
            _("Suggestions keep to these times now."),
        )

    @door.post("/<any(contacts, leads):folder>/<record_id>/times/drop")
    @require(*MAY_SEE)
    def drop_own_times(folder: str, record_id: str) -> AnyResponse:
        acted = desk.drop_own_times(PEOPLE[folder], _known_id(record_id), by=_me())
        return _back(acted, _("What was learned counts again."))

    @door.post("/<any(contacts, leads):folder>/<record_id>/remind")
    @require(*MAY_SEE)
    def remind(folder: str, record_id: str) -> AnyResponse:
        at = _moment(request.form.get("at", ""))
        if at is None or at <= clock():
            return _say(_("Please choose a time that lies ahead."))
        acted = desk.remind(
            PEOPLE[folder],
            _known_id(record_id),
            at,
            "email" if request.form.get("channel") == "email" else "call",
            by=_me(),
        )
        return _back(acted, _("You will be reminded: %(when)s", when=moment_here(at)))

    @door.post("/<any(contacts, leads):folder>/<record_id>/remind/drop")
    @require(*MAY_SEE)
    def forget_reminder(folder: str, record_id: str) -> AnyResponse:
        return _back(
            desk.forget_reminder(PEOPLE[folder], _known_id(record_id), by=_me()), _("There is no reminder now.")
        )


def record_path(kind: RecordKind, record_id: str) -> str:
    """Where a record is shown."""
    return url_for("records.record", folder=FOLDERS[kind], record_id=record_id)


def crm_away(error: CrmError) -> AnyResponse:
    """The CRM does not answer: said so, and nothing is shown as if there were none."""
    response = make_response(render_template("staff/crm_away.html"), 503)
    response.headers["Retry-After"] = "30"
    return response


def is_id(record_id: str) -> bool:
    """Could a database hold it as a record's id?"""
    return len(record_id) <= LONGEST_ID and record_id.isprintable()


def _known_id(record_id: str) -> str:
    return record_id if is_id(record_id) else abort(404)


def _moment(text: str) -> datetime | None:
    """One of the times that were offered, or one that somebody entered in the house's zone."""
    try:
        at = datetime.fromisoformat(text[:40])
        at = at if at.tzinfo else at.replace(tzinfo=house_zone())
        return at.astimezone(UTC)
    except (ValueError, OverflowError):  # the last day there is begins earlier elsewhere
        return None


def _me() -> str:
    staff = present_staff()
    return staff.email if staff else ""


def _back(acted: Acted, done: str) -> AnyResponse:
    return _say(*words_of_acted(acted, done))


def _say(words: str, tone: str = "warn") -> AnyResponse:
    """Back to the page with the button, with a sentence about what came of it."""
    flash(words, tone)
    return redirect(local_path(request.form.get("back", "")) or url_for("today.page"), 303)
