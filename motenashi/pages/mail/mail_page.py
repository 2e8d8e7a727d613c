"""`/mail` and `/mail/<id>`: the list, one mail understood, trying one out, correcting it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from motenashi.inbound_mail.raw_or_plain import is_raw_mail, mail_of_file, mail_of_text
from motenashi.pages.guard import present_staff, require
from motenashi.pages.mail import date_words, names
from motenashi.pages.mail.calendar_months import months_of
from motenashi.pages.mail.highlights import stretches
from motenashi.pages.mail.mail_view import PAGE_LENGTH, MailDesk, MailView
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.pages.rooms import MAIL
from nlp.labels import STAND_ALONE

LARGEST_MAIL = 25 * 1024 * 1024  # bytes, as everywhere
LARGEST_FORM = LARGEST_MAIL + 64 * 1024
MAY_SEE = tuple(MAIL.roles)
BIGGEST_ID = 2**31


def build_mail_page(desk: MailDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` tells the time in the house's zone: a text that is pasted was written now and here."""
    door = Blueprint("mail", __name__, template_folder="../templates", url_prefix="/mail")

    for words_of in date_words.FILTERS:
        door.add_app_template_filter(words_of)

    @door.context_processor
    def words() -> dict[str, object]:
        return {"names": names, "stretches": stretches}

    @door.record_once
    def take_whole_mails(state: BlueprintSetupState) -> None:
        # Before all others: the check of the form's token reads the form, with the limits that stand then.
        state.app.before_request_funcs.setdefault(None, []).insert(0, _allow_whole_mails)

    @door.get("")
    @require(*MAY_SEE)
    def page() -> str:
        state, words = request.args.get("state", ""), request.args.get("q", "").strip()[:200]
        before = request.args.get("before", type=int)
        before = before if before is None or abs(before) < BIGGEST_ID else None  # no database holds such a number
        rows = desk.rows(
            language=page_language(), state=state if state in names.STATES else "", words=words, before=before
        )
        more = rows[-1].id if len(rows) == PAGE_LENGTH else None
        return render_template(
            "staff/mail.html",
            rows=rows,
            counts=desk.counts(),
            troubles=desk.troubles(),
            state=state,
            words=words,
            more=more,
            before=before,
        )

    @door.post("/try")
    @require(*MAY_SEE)
    def try_out() -> AnyResponse:
        raw = _pasted(request.files.get("file"), request.form.get("text", ""), request.form.get("subject", ""), clock())
        if not raw:
            flash(_("Paste a mail or choose a file first."))
            return redirect(url_for("mail.page"))
        return redirect(url_for("mail.mail", mail_id=desk.try_out(raw)))

    @door.get("/<int:mail_id>")
    @require(*MAY_SEE)
    def mail(mail_id: int) -> str:
        view = _find(mail_id)
        sent_on = view.sent_at.date() if view.sent_at else None
        months = months_of(view.reading.dates, sent_on) if view.reading else []
        return render_template("staff/mail_read.html", view=view, months=months)

    @door.get("/<int:mail_id>/raw")
    @require(*MAY_SEE)
    def raw(mail_id: int) -> Response:
        found = (desk.raw(mail_id) if mail_id < BIGGEST_ID else None) or abort(404)
        response = make_response(found)
        # A stranger's bytes: only ever saved, never shown as a page of ours.
        response.headers["Content-Type"] = "application/octet-stream"
        response.headers["Content-Disposition"] = f"attachment; filename=mail-{mail_id}.eml"
        return response

    @door.post("/<int:mail_id>/correct")
    @require(*MAY_SEE)
    def correct(mail_id: int) -> AnyResponse:
        _find(mail_id)
        labels = [label for label in names.INTENTS if label in request.form.getlist("intents")]
        tone = next((tone for tone in names.TONES if tone == request.form.get("tone")), None)
        if not labels or tone is None:
            flash(_("Choose at least one label, and a tone."))
        elif len(labels) > 1 and (alone := STAND_ALONE & set(labels)):
            flash(_("“%(label)s” stands alone.", label=str(names.INTENTS[min(alone)])))
        else:
            staff = present_staff()
            desk.correct(mail_id, intents=labels, tone=tone, by=staff.email if staff else "")
            flash(_("Thank you. The next training learns from it."), "good")
        return redirect(url_for("mail.mail", mail_id=mail_id))

    @door.post("/<int:mail_id>/again")
    @require(*MAY_SEE)
    def again(mail_id: int) -> AnyResponse:
        _find(mail_id)
        desk.read_again(mail_id)
        flash(_("It is read again now."), "good")
        return redirect(url_for("mail.mail", mail_id=mail_id))

    def _find(mail_id: int) -> MailView:
        # A number no database can hold names no mail.
        return (desk.view(mail_id, page_language()) if mail_id < BIGGEST_ID else None) or abort(404)

    return door


def _allow_whole_mails() -> None:
    if request.endpoint == "mail.try_out":
        request.max_content_length = LARGEST_FORM
        request.max_form_memory_size = LARGEST_FORM


def _pasted(file: FileStorage | None, text: str, subject: str, now: datetime) -> bytes:
    """The raw mail that somebody gave: a file, a pasted source, or a text with a subject. b"" for nothing."""
    if file is not None and file.filename:
        return mail_of_file(file.stream.read(LARGEST_MAIL), now)
    if not text.strip():
        return b""
    if is_raw_mail(text):
        return text.replace("\r\n", "\n").encode("utf-8", "replace")
    return mail_of_text(text, subject, now)
