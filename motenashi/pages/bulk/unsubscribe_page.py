"""`/unsubscribe/<token>`: the way out of mail to many, for people without a login.

Looking at the page changes nothing: programs that scan mail open every link. The button does, and so does the one-click
post of mail programs (RFC 8058), which needs neither cookie nor form token: the mail's own signed address opens it.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from motenashi.pages.bulk.bulk_view import Stopping
from motenashi.pages.page_language import LANGUAGES

LARGEST_FORM = 4_096  # bytes


def build_unsubscribe_page(stopping: Stopping) -> Blueprint:
    """Exempt it from the forms' protection: a mail program has no form of ours."""
    door = Blueprint("unsubscribe", __name__, template_folder="../templates", url_prefix="/unsubscribe")

    @door.before_request
    def nobody_is_known() -> None:
        g.no_cookies = True
        g.staff = None  # whoever is logged in here as well: the page is the mail's reader's
        request.max_content_length = LARGEST_FORM

    @door.after_request
    def keep_private(response: Response) -> Response:
        response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the token
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @door.get("/<token>")
    def page(token: str) -> Response:
        return _page(token)

    @door.post("/<token>")
    def stop(token: str) -> Response | AnyResponse:
        if not stopping.whom(token):
            return _page(token)
        one_click = request.form.get("List-Unsubscribe") == "One-Click"
        stopping.refuse(token, "one_click" if one_click else "page")
        if one_click:  # a program waits for the answer; RFC 8058 wants no redirect
            return make_response("", 200)
        return redirect(url_for("unsubscribe.page", token=token, lang=_language()), 303)

    @door.post("/<token>/again")
    def again(token: str) -> AnyResponse:
        if stopping.whom(token):
            stopping.allow(token)
        return redirect(url_for("unsubscribe.page", token=token, lang=_language(), again=1), 303)

    def _page(token: str) -> Response:
        whom = stopping.whom(token)
        stopped = bool(whom) and stopping.refused(token)
        again = request.args.get("again") == "1"
        shown = render_template("staff/unsubscribe.html", whom=whom, stopped=stopped, token=token, again=again)
        return make_response(shown, 200 if whom else 404)

    return door


def _language() -> str | None:
    return next((code for code in LANGUAGES if code == request.args.get("lang")), None)
