"""The chat box's door: scripts out, messages in. It checks who may speak and hands the rest to `talk`.

Every trouble is a JSON object {"error": {"code", "message", …}}: `code` and `field` are for whoever builds the page,
`message` is a sentence the visitor may read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from limits.storage import Storage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from motenashi.channels.inside import ConversationBusy, Inside, UnknownBot
from motenashi.channels.widget.bundles import FOLDER, Bundle
from motenashi.channels.widget.conversation_secret import ConversationSecrets, Holder
from motenashi.channels.widget.origins import is_welcome, tell_browser
from motenashi.channels.widget.payloads import WrongShape, read_opening, read_said, read_token
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood
from motenashi.channels.widget.sentences import sentence
from motenashi.channels.widget.settings import WidgetSettings
from motenashi.channels.widget.talk import CheckToken, Talk
from motenashi.conversation.assurance import Identity

log = logging.getLogger(__name__)


class _NotYours(Exception):
    """The conversation is not the caller's, or there is none: the caller is not told which."""


class _NotVerified(Exception):
    """A token that proves nothing."""


def _no_tokens(_token: str) -> Identity | None:
    """Without a key from the site nobody can be vouched for."""
    return None


def _utc_now() -> datetime:
    return datetime.now(UTC)


def build_widget(
    settings: WidgetSettings,
    inside: Inside,
    *,
    signing_keys: Sequence[str],
    rate_storage: Storage,
    check_token: CheckToken = _no_tokens,
    now: Callable[[], datetime] = _utc_now,
) -> Blueprint:
    """A blueprint with /widget.js, /widget/chat.<hash>.js and /widget/conversations….

    `signing_keys`: the last one signs conversation secrets, all are accepted (ValueError when there is none).
    `rate_storage`: where requests are counted; in memory for one process, Redis for several.
    `check_token`: the identity a site's signed token proves, None for a token that proves nothing.
    """
    door = Blueprint("widget", __name__)
    secrets = ConversationSecrets(signing_keys, timedelta(hours=settings.identity_hours))
    _serve_scripts(door)
    _guard(door, settings)
    _serve_conversations(door, Talk(inside, secrets, check_token, now), settings, rate_storage)
    _answer_troubles(door)
    return door


def _serve_scripts(door: Blueprint) -> None:
    loader, chat = Bundle(FOLDER / "widget.js"), Bundle(FOLDER / "chat.js")

    @door.get("/widget.js")
    def script() -> Response:
        return loader.response(request, for_ever=False)

    @door.get("/widget/chat.<name>.js")
    def rest(name: str) -> Response:
        # A loader kept from before an update asks by the old name; it gets today's box and must ask again.
        return chat.response(request, for_ever=name == chat.hash)


def _guard(door: Blueprint, settings: WidgetSettings) -> None:
    """Other sites' pages stay out, bodies stay small, and answers are nobody's to keep."""

    @door.before_request
    def only_welcome_sites() -> Response | None:
        if not _is_conversation():
            return None
        if not is_welcome(request, settings.origins):
            log.warning("chat box refused: origin %s is not in channels.widget.origins", request.headers.get("Origin"))
            return _trouble("not_allowed", 403)
        request.max_content_length = settings.longest_body
        return Response(status=204) if request.method == "OPTIONS" else None

    @door.after_request
    def with_origin(response: Response) -> Response:
        if not _is_conversation():
            return response
        response.headers["Cache-Control"] = "no-store"
        return tell_browser(request, response, settings.origins)


def _serve_conversations(door: Blueprint, talk: Talk, settings: WidgetSettings, storage: Storage) -> None:
    openings = Rate("conversations", settings.conversations, storage)
    messages = Rate("messages", settings.messages, storage)
    messages_per_address = Rate("messages_per_address", settings.messages_per_address, storage)
    look_ups = Rate("look_ups", settings.look_ups, storage)

    def holder_of(conversation_id: str) -> Holder:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        holder = talk.holder_of(secret, conversation_id) if kind == "Bearer" else None
        if holder is None:
            raise _NotYours
        return holder

    @door.post("/widget/conversations")
    def open_conversation() -> Response:
        openings.count(neighbourhood(_address()))
        return jsonify(talk.open(read_opening(_body(), ip=_address())))

    @door.post("/widget/conversations/<conversation_id>/messages")
    def say(conversation_id: str) -> Response:
        holder = holder_of(conversation_id)
        messages_per_address.count(neighbourhood(_address()))
        messages.count(conversation_id)
        said = read_said(_body(), longest_text=settings.longest_text, ip=_address())
        return jsonify(talk.say(holder, said))

    @door.get("/widget/conversations/<conversation_id>/messages")
    def since(conversation_id: str) -> Response:
        holder = holder_of(conversation_id)
        look_ups.count(conversation_id)
        return jsonify(talk.since(holder, _sequence_number(request.args.get("after", "0"))))

    @door.post("/widget/conversations/<conversation_id>/identify")
    def identify(conversation_id: str) -> Response:
        holder = holder_of(conversation_id)
        messages_per_address.count(neighbourhood(_address()))
        secret = talk.identify(holder, read_token(_body()))
        if secret is None:
            raise _NotVerified
        return jsonify({"secret": secret})


def _answer_troubles(door: Blueprint) -> None:
    @door.errorhandler(WrongShape)
    def wrong_shape(error: WrongShape) -> Response:
        return _trouble("wrong", 400, field=error.field, what=error.what)

    @door.errorhandler(TooMany)
    def too_many(error: TooMany) -> Response:
        response = _trouble("too_many", 429, retry_after=error.retry_after)
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    @door.errorhandler(ConversationBusy)
    def busy(_error: ConversationBusy) -> Response:
        response = _trouble("busy", 503, retry_after=1)
        response.headers["Retry-After"] = "1"
        return response

    @door.errorhandler(UnknownBot)
    def unknown_bot(_error: UnknownBot) -> Response:
        return _trouble("not_found", 404, field="bot", what="no flow of that name begins a conversation")

    @door.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        return _trouble("too_large", 413)

    door.register_error_handler(_NotYours, lambda _error: _trouble("not_found", 404))
    door.register_error_handler(_NotVerified, lambda _error: _trouble("not_verified", 401, field="token"))


def _trouble(code: str, status: int, **facts: Any) -> Response:
    language = request.accept_languages.best or "en"
    response = jsonify({"error": {"code": code, "message": sentence(code, language), **facts}})
    response.status_code = status
    return response


def _is_conversation() -> bool:
    return request.path.startswith("/widget/conversations")


def _address() -> str:
    return request.remote_addr or ""


def _body() -> Any:
    try:
        return request.get_json()
    except UnsupportedMediaType:
        raise WrongShape("Content-Type", "must be application/json") from None
    except RequestEntityTooLarge:
        raise
    except (BadRequest, RecursionError):
        raise WrongShape("body", "is not JSON") from None


def _sequence_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise WrongShape("after", "must be a whole number")
    return int(text)
