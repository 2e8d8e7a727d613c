"""One request of the box as one turn: who speaks, in which conversation, and what to show for it. Knows no HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from motenashi.channels.inside import Inside, UnknownBot
from motenashi.channels.widget.conversation_secret import ConversationSecrets, Holder
from motenashi.channels.widget.payloads import Opening, Said
from motenashi.channels.widget.render import entries_json, last_reply, state_json
from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.visitor import Visitor

WEBSITE = Channel("website", collects_forms=False, shows_cards=True, hands_over=False, can_push=True)
# The opening is one delivery like any other: asked for twice, it is answered from the transcript.
OPENING_DELIVERY = "open"
# Of a long talk, a box that is opened again shows the end.
MOST_SHOWN = 200

CheckToken = Callable[[str], Identity | None]


class Talk:
    """`check_token` gives the identity that a site's signed token proves, None for one that proves nothing."""

    def __init__(
        self, inside: Inside, secrets: ConversationSecrets, check_token: CheckToken, now: Callable[[], datetime]
    ) -> None:
        self._inside = inside
        self._secrets = secrets
        self._check_token = check_token
        self._now = now

    def holder_of(self, secret: str, conversation_id: str) -> Holder | None:
        """None unless the secret is one of ours and for this very conversation."""
        holder = self._secrets.holder_of(secret, self._now())
        return holder if holder and holder.conversation_id == conversation_id else None

    def open(self, opening: Opening) -> dict[str, Any]:
        """Begin, or come back to, a conversation. A refused token leaves the visitor unverified and is told.

        UnknownBot for a flow that begins none: what it shows was proved for those whom other flows bring there."""
        if opening.bot not in self._inside.bots():
            raise UnknownBot(opening.bot)
        proved = self._check_token(opening.token) if opening.token else None
        conversation_id = self._secrets.new_id(opening.bot, opening.opening_id)
        known = self._secrets.lasting(proved, self._now()) if proved else NOBODY
        holder = Holder(conversation_id, opening.bot, known)
        message = self._message(holder, MessageKind.OPEN, OPENING_DELIVERY, opening.visitor)
        answer = self._inside.answer(message)
        # After a repeated opening the talk may be further on: then all of it is shown.
        entries = self._inside.history(conversation_id, -MOST_SHOWN) if answer.repeated else answer.entries
        return {
            "conversation": conversation_id,
            "secret": self._secrets.secret_for(holder, self._now()),
            "token_refused": bool(opening.token) and proved is None,
            "entries": entries_json(entries),
            "state": state_json(last_reply(entries) or answer.reply),
        }

    def say(self, holder: Holder, said: Said) -> dict[str, Any]:
        message = dataclasses.replace(
            self._message(holder, MessageKind.TEXT, said.id, said.visitor),
            text=said.text,
            card=said.card,
            attachments=said.attachments,
        )
        answer = self._inside.answer(message)
        return {"entries": entries_json(answer.entries), "state": state_json(answer.reply)}

    def since(self, holder: Holder, seq: int) -> dict[str, Any]:
        """What was said after entry number `seq`; `state` is None when there is nothing new to tell it from."""
        entries = self._inside.history(holder.conversation_id, seq)
        reply = last_reply(entries)
        return {"entries": entries_json(entries), "state": state_json(reply) if reply else None}

    def identify(self, holder: Holder, token: str) -> str | None:
        """A new secret that carries the proved identity; None when the token proves nothing."""
        proved = self._check_token(token)
        if proved is None or proved.level < Assurance.VERIFIED:
            return None
        return self._secrets.secret_for(dataclasses.replace(holder, identity=proved), self._now())

    def _message(self, holder: Holder, kind: MessageKind, delivery_id: str, visitor: Visitor) -> Message:
        return Message(
            conversation_id=holder.conversation_id,
            delivery_id=delivery_id,
            channel=WEBSITE,
            bot=holder.bot,
            kind=kind,
            received_at=self._now(),
            visitor=visitor,
            identity=_identity(holder.identity, visitor),
        )


def _identity(proved: Identity, visitor: Visitor) -> Identity:
    """What a page's script says about its visitor is a claim; only a signed token is more."""
    if proved.level >= Assurance.VERIFIED or not visitor.email:
        return proved
    return Identity(Assurance.CLAIMED, visitor.email.strip().lower(), "page")
