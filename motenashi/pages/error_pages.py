"""What people see when a page can't be shown: what happened, in calm words, and where to go from here.

Doors for machines answer in JSON instead. The cause goes to the log, never to the page.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from motenashi.database import is_busy
from motenashi.outgoing_mail.mail import one_line
from motenashi.pages.page_language import translate as _

log = logging.getLogger(__name__)

# The first part of the path of doors that only machines knock at.
MACHINES = frozenset({"api", "channels", "plugs", "touchpoints", "widget", "healthz", "metrics"})


def install_error_pages(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | HTTPException:
        if error.response is not None or (error.code or 500) < 400:
            return error  # a redirect, or an answer that somebody made by hand
        return error_page(error.code or 500, error)

    @app.errorhandler(CSRFError)
    def form_too_old(error: CSRFError) -> Response:
        return error_page(400, error)

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> Response:
        if not is_busy(error):
            return failed(error)
        log.warning("%s %s met a locked database", request.method, one_line(request.path))
        return error_page(503, ServiceUnavailable(retry_after=5))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log.error("%s %s failed", request.method, one_line(request.path), exc_info=error)
        return error_page(500, InternalServerError())


def error_page(status: int, error: HTTPException) -> Response:
    if for_machines():
        response = jsonify({"error": {"code": error.name.lower().replace(" ", "_"), "message": error.name}})
    else:
        title, words = sentences(status)
        response = make_response(
            render_template("staff/error.html", status=status, title=title, words=words, home=home())
        )
    response.status_code = status
    for name, value in error.get_headers(request.environ):
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def home() -> str:
    """Where to go from here: staff to their start page, everybody else to the front door."""
    return url_for("home.page") if g.get("staff") else "/"


def for_machines() -> bool:
    room = next((part for part in request.path.split("/") if part), "")
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    return room in MACHINES or wants_json


def sentences(status: int) -> tuple[str, str]:
    """A title and a sentence for this kind of trouble."""
    known = {
        400: (_("This form is too old"), _("Please go back, load the page again and send it once more.")),
        403: (_("This room is not yours"), _("Your role does not open this page. An administrator can change that.")),
        404: (_("There is no such page"), _("It may have moved, or the address has a typing mistake.")),
        405: (_("This can't be done here"), _("Please go back and use the buttons of the page.")),
        413: (_("That is too large"), _("Please send something smaller.")),
        429: (_("A little slower, please"), _("There were many requests at once. Please wait a minute and try again.")),
        503: (_("One moment, please"), _("We can't answer just now. Please try again in a minute.")),
    }
    apology = _("We are sorry. Nothing you entered before was lost, and the cause has been noted. Please try again.")
    if status in known:
        return known[status]
    return (
        (_("This can't be done"), _("Please go back and try again."))
        if status < 500
        else (
            _("Something went wrong on our side"),
            apology,
        )
    )
