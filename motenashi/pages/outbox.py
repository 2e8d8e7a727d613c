"""`/dev/outbox`: the mails that would have been sent. The page exists in development only."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from motenashi.outgoing_mail.outbox import Outbox, OutboxMail
from motenashi.pages.guard import require

# A mail's own page in a frame of ours: mail needs inline styles, so it gets those and nothing else; `sandbox`
# makes it a stranger to our own pages and keeps it from running or sending anything.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


def build_outbox(outbox: Outbox) -> Blueprint:
    door = Blueprint("outbox", __name__, template_folder="templates", url_prefix="/dev/outbox")

    @door.get("")
    @require()
    def page() -> str:
        return render_template("staff/outbox.html", mails=outbox.newest())

    @door.get("/<int:mail_id>")
    @require()
    def mail(mail_id: int) -> str:
        return render_template("staff/outbox_mail.html", mail=_find(mail_id))

    @door.get("/<int:mail_id>/html")
    @require()
    def html(mail_id: int) -> Response:
        response = make_response(_find(mail_id).html)
        response.headers["Content-Security-Policy"] = MAIL_POLICY
        return response

    def _find(mail_id: int) -> OutboxMail:
        # A number no database can hold names no mail.
        return (outbox.find(mail_id) if mail_id < 2**31 else None) or abort(404)

    return door
