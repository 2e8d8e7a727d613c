"""What a visitor clicked or typed, made whole again where our own rendering had cut or numbered it.

SalesIQ sends back what it showed. Where a label had to be cut or listed under a number, the last reply of the
conversation tells what it stood for, so that flows only ever see their own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from motenashi.channels.salesiq.displays import say_labels
from motenashi.channels.salesiq.inputs_in_words import options_of
from motenashi.channels.salesiq.limits import ChannelLimits, limits_of
from motenashi.channels.salesiq.offers import CUT, reads_as
from motenashi.conversation.input_cards import DropDown, InputCard, MultipleSelect
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Reply

_NUMBERS = re.compile(r"[\d,，、;.)．\s]{1,40}")


def restored(message: Message, last_reply: Callable[[str], Reply | None]) -> Message:
    """The message with its text made whole. `last_reply` is only asked when the text looks like one of ours."""
    limits = limits_of(message.channel.name)
    if not any(_looks_like_ours(text, limits) for text in (message.text, *message.answers.values())):
        return message
    reply = last_reply(message.conversation_id)
    if reply is None:
        return message
    cards = {question.name: question.input for question in reply.form.questions} if reply.form else {}
    answers = {
        name: whole_text(text, replace(reply, input=cards.get(name), chips=()), limits)
        for name, text in message.answers.items()
    }
    return replace(message, text=whole_text(message.text, reply, limits), answers=answers)


def whole_text(text: str, reply: Reply, limits: ChannelLimits) -> str:
    """The text in the flow's own words, when it is a cut label or a number of our lists; else unchanged."""
    labels = options_of(reply.input) or (*reply.chips, *say_labels(reply.displays))
    if not labels:
        return text
    if not _takes_several(reply.input):
        return reads_as(text, labels, limits)
    pieces = [piece.strip() for piece in re.split(r"[,，、;\n]", text) if piece.strip()]
    return ", ".join(reads_as(piece, labels, limits, numbered=not limits.cards) for piece in pieces)


def _takes_several(card: InputCard | None) -> bool:
    return isinstance(card, MultipleSelect) or (isinstance(card, DropDown) and card.multiple)


def _looks_like_ours(text: str, limits: ChannelLimits) -> bool:
    """A cut label anywhere; a number where lists are numbered because there are few buttons."""
    return CUT in text or (not limits.cards and bool(_NUMBERS.fullmatch(text)))
