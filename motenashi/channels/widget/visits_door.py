"""The chat box's second door: which pages a visitor who agreed looks at. Switched off, it is not there.

Consent is given in the browser (the script asks, or the site's own tool does) and comes with every call; a browser
that says "do not track" (DNT, Sec-GPC) is not heard, whatever else it sends. Nothing else of the request is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from limits.storage import Storage
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest

from motenashi.channels.widget.bundles import FOLDER, Bundle
from motenashi.channels.widget.origins import is_welcome, tell_browser
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood
from motenashi.channels.widget.settings import WidgetSettings
from motenashi.clean_text import clean_text
from motenashi.visits.visits import View, Visits

_NUMBER = re.compile(r"[0-9a-f]{32}")
_LARGEST_BODY = 8_192
_LONGEST_TITLE = 255
# (conversation id, secret) -> is it the secret of that conversation?
HoldsConversation = Callable[[str, str], bool]


def build_visits(
    settings: WidgetSettings,
    visits: Visits,
    *,
    holds: HoldsConversation,
    rate_storage: Storage,
    now: Callable[[], datetime],
) -> Blueprint:
    """POST and DELETE /widget/visits, and the script that calls them."""
    door = Blueprint("visits", __name__)
    views = Rate("visits", settings.visit_calls, rate_storage)
    noes = Rate("visits_forgotten", settings.visit_calls, rate_storage)  # many views must not drown out a no
    script = Bundle(FOLDER / "visits.js")

    @door.get("/widget/visits.<name>.js")
    def tracker(name: str) -> Response:
        return script.response(request, for_ever=name == script.hash)

    @door.before_request
    def only_welcome_sites() -> Response | None:
        if request.path != "/widget/visits":
            return None
        if not is_welcome(request, settings.origins):
            return Response(status=403)
        request.max_content_length = _LARGEST_BODY
        return Response(status=204) if request.method == "OPTIONS" else None

    @door.after_request
    def with_origin(response: Response) -> Response:
        if request.path == "/widget/visits":
            response.headers["Cache-Control"] = "no-store"
            tell_browser(request, response, settings.origins)
            if "Access-Control-Allow-Methods" in response.headers:
                response.headers["Access-Control-Allow-Methods"] = "POST, DELETE, OPTIONS"
        return response

    @door.post("/widget/visits")
    def seen() -> Response:
        if wants_no_tracking():
            return Response(status=204)
        views.count(neighbourhood(request.remote_addr or ""))
        body = _body()
        browser, view = _text(body, "browser"), _view(body)
        if not _NUMBER.fullmatch(browser) or view is None or body.get("agreed") is not True:
            return Response(status=400)
        conversation_id, secret = _text(body, "conversation"), _text(body, "secret")
        if not (conversation_id and secret and holds(conversation_id, secret)):
            conversation_id = ""
        visits.seen(browser, View(*view, conversation_id=conversation_id), now())
        return Response(status=204)

    @door.delete("/widget/visits")
    def forget() -> Response:
        browser = _text(_body(), "browser")
        if not _NUMBER.fullmatch(browser):
            return Response(status=400)
        noes.count(neighbourhood(request.remote_addr or ""))
        visits.forget(browser)
        return Response(status=204)

    @door.errorhandler(TooMany)
    def too_many(error: TooMany) -> Response:
        return Response(status=429, headers={"Retry-After": str(error.retry_after)})

    @door.errorhandler(DBAPIError)
    def store_away(_error: DBAPIError) -> Response:
        return Response(status=503, headers={"Retry-After": "30"})

    return door


def wants_no_tracking() -> bool:
    """The browser says so, in the old way or the new one (https://w3c.github.io/gpc/)."""
    return request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"


def _view(body: dict[str, Any]) -> tuple[str, str, str, int] | None:
    """(view, page, title, seconds); None for what is none. Of an address only the path is kept."""
    view, page, title = _text(body, "view"), _text(body, "page"), _text(body, "title")
    seconds = body.get("seconds", 0)
    path = page.split("?", 1)[0].split("#", 1)[0]
    if not _NUMBER.fullmatch(view) or not path.startswith("/") or isinstance(seconds, bool):
        return None
    if not isinstance(seconds, int) or not 0 <= seconds <= 86_400:
        return None
    return view, path[:500], title[:_LONGEST_TITLE], seconds


def _body() -> dict[str, Any]:
    """A JSON object; an empty one for anything else. Browsers that leave a page may send it as plain text."""
    try:
        body = request.get_json(force=True)
    except (BadRequest, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    return clean_text(value)[:8_000].strip() if isinstance(value, str) else ""
