"""The door for SalesIQ's webhook bots: one URL a bot, one call a turn.

It checks the signature before it reads anything, translates, asks inside, and translates back. Whatever goes wrong
inside, SalesIQ gets a calm sentence in the visitor's language with status 200 (four failures would make it switch the
bot off), and the operator gets the trace. 410 is never answered: it would switch the bot off at once.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from motenashi.channels.inside import ConversationBusy, Inside, UnknownBot
from motenashi.channels.salesiq.access_token import callbacks_configured
from motenashi.channels.salesiq.callbacks import late_delivery
from motenashi.channels.salesiq.calm_words import calm
from motenashi.channels.salesiq.door import Refused, answered, body_of, check_signed, is_ping
from motenashi.channels.salesiq.failure_guard import FailureGuard, give_up, never_again_forward
from motenashi.channels.salesiq.payloads import WrongShape, read_json, request_id, to_message
from motenashi.channels.salesiq.render import plain, to_salesiq
from motenashi.channels.salesiq.restored import restored
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.signature import SignatureCheck
from motenashi.channels.salesiq.target import Target, target_of
from motenashi.channels.salesiq.waiting_answers import asked_for, last_reply, still_looking, waiting_answer
from motenashi.conversation.message import Message, MessageKind
from motenashi.conversation.reply import Action, Reply

log = logging.getLogger(__name__)

_SCHEMAS = Path(__file__).parent / "schema"


def build_salesiq(settings: SalesIQSettings, inside: Inside) -> Blueprint:
    """`/channels/salesiq/<bot>`: POST takes SalesIQ's calls, HEAD and GET its pings; the schemas lie beside it."""
    door = Blueprint("salesiq", __name__)
    signatures = SignatureCheck(settings)
    desk = _Desk(settings, inside)

    @door.get("/channels/salesiq/schema/<any(request, response):which>.json")
    def schema(which: str) -> Response:
        return Response((_SCHEMAS / f"{which}.json").read_bytes(), mimetype="application/schema+json")

    @door.get("/channels/salesiq/<bot>")
    def ping(bot: str) -> Response:
        return _unknown_bot(bot) if bot not in inside.bots() else answered({"status": "ok"})

    @door.post("/channels/salesiq/<bot>")
    def receive(bot: str) -> Response:
        try:
            body = body_of(request, settings.largest_body)
            if is_ping(request, body):
                return ping(bot)
            signed = check_signed(request, body, signatures)
            if bot not in inside.bots():
                return _unknown_bot(bot)
            data = read_json(body)
            now = datetime.now(UTC)
            message = to_message(data, bot=bot, settings=settings, signed=signed, now=now)
        except WrongShape as error:
            return answered({"error": {"field": error.field, "message": error.what}}, 400)
        except Refused as error:
            return error.response
        try:
            return answered(desk.answer(message, request_id(data), request.url_root))
        except UnknownBot:
            return _unknown_bot(bot)

    return door


class _Desk:
    """Takes a message inside and brings back SalesIQ's JSON, whatever happens there."""

    def __init__(self, settings: SalesIQSettings, inside: Inside) -> None:
        self._settings = settings
        self._inside = inside
        self._guard = FailureGuard()

    def answer(self, message: Message, request_id: str, base_url: str) -> dict[str, Any]:
        target = target_of(self._settings, message.channel.name, message.visitor.language, base_url)
        try:
            reply = self._reply(message, request_id, target)
            return to_salesiq(reply, _in_language(target, reply.language))
        except UnknownBot:
            raise
        except ConversationBusy:
            log.warning("the store was busy; the visitor of %r was asked to send again", message.conversation_id)
            return plain(calm("busy", target.language))
        except Exception:
            # Other people's flows, plugs and data lie behind this door: a visitor never sees what broke.
            log.exception("a turn failed in %r (delivery %r)", message.conversation_id, message.delivery_id)
            return plain(calm("trouble", target.language))

    def _reply(self, message: Message, request_id: str, target: Target) -> Reply:
        if message.kind is MessageKind.FAILURE:
            return self._after_failure(message, target)
        self._guard.visitor_spoke(message.conversation_id)
        by_callback = bool(request_id) and target.limits.pending and callbacks_configured(self._settings.callbacks)
        after = asked_for(message)
        if after is not None:
            return waiting_answer(message.conversation_id, after, self._inside.history, target.language)
        message = restored(message, self._last_reply)
        late = late_delivery(target, request_id, by_callback=by_callback)
        reply = self._inside.answer_in_time(message, self._settings.budget_seconds, late).reply
        if reply.action is not Action.PENDING:
            return reply
        # Nobody has read the message yet, so the visitor's browser knows their language best.
        language = target.language or reply.language
        if by_callback:
            return replace(reply, language=language)
        return still_looking(message, self._inside.history, language)

    def _after_failure(self, message: Message, target: Target) -> Reply:
        failure = message.failure
        log.warning("SalesIQ could not carry out a reply in %r: %s", message.conversation_id, failure)
        if self._guard.too_many(message.conversation_id, time.monotonic()):
            log.error("failures follow each other in %r; the chat was closed", message.conversation_id)
            return give_up(target.language)
        late = late_delivery(target, "", by_callback=False)
        reply = self._inside.answer_in_time(message, self._settings.budget_seconds, late).reply
        return never_again_forward(reply)

    def _last_reply(self, conversation_id: str) -> Reply | None:
        return last_reply(self._inside.history(conversation_id, -2))


def _in_language(target: Target, language: str) -> Target:
    """The flow may have changed the language in this turn; the reply's own words then set the tone."""
    return replace(target, language=language) if language else target


def _unknown_bot(bot: str) -> Response:
    log.warning("somebody called the bot %r, which no flow answers", bot[:100])
    return answered({"error": {"field": "bot", "message": f"no flow named '{bot[:100]}' answers here"}}, 404)
