"""What a visitor clicked or typed, made whole again where our own rendering had cut or numbered it.

SalesIQ sends back what it showed. Where a label had to be cut, numbered, or turned into a face, the last reply of
the conversation tells what it stood for, so that flows only ever see their own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from motenashi.channels.salesiq.displays import say_labels
from motenashi.channels.salesiq.inputs import options_of, stands_for
from motenashi.channels.salesiq.limits import ChannelLimits, limits_of
from motenashi.channels.salesiq.offers import CUT, fits, reads_as
from motenashi.conversation.input_cards import DropDown, MultipleSelect
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Reply

_NUMBERS = re.compile(r"[\d０-９,，、;.)．\s]{1,80}")
_FACES = frozenset("😠🙁😐🙂😄👍👎")


def restored(message: Message, last_reply: Callable[[str], Reply | None]) -> Message:
    """The message with its text made whole. `last_reply` is only asked when the text looks like one of ours."""
    limits = limits_of(message.channel.name)
    if not _looks_like_ours(message.text):
        return message
    reply = last_reply(message.conversation_id)
    return replace(message, text=whole_text(message.text, reply, limits)) if reply else message


def whole_text(text: str, reply: Reply, limits: ChannelLimits) -> str:
    card = reply.input
    meaning = stands_for(card).get(text.strip())
    if meaning:
        return meaning
    labels = options_of(card) or (*reply.chips, *say_labels(reply.displays))
    if not labels:
        return text
    if isinstance(card, MultipleSelect) or (isinstance(card, DropDown) and card.multiple):
        return _several(text, labels, limits)
    return reads_as(text, labels, limits)


def _several(text: str, labels: tuple[str, ...], limits: ChannelLimits) -> str:
    """Several labels or numbers; on channels without cards every list of several was numbered."""
    pieces = [piece.strip() for piece in re.split(r"[,，、;\n]", text) if piece.strip()]
    if limits.cards and fits(labels, limits.chips, limits.chip_length):
        return text
    numbered = {str(number): label for number, label in enumerate(labels, start=1) if label not in labels[: number - 1]}
    whole = [
        piece if piece in labels else numbered.get(_digits(piece)) or reads_as(piece, labels, limits)
        for piece in pieces
    ]
    return ", ".join(whole)


def _digits(piece: str) -> str:
    found = re.fullmatch(r"0*(\d{1,4})[.)．]?", piece)
    return str(int(found[1])) if found else ""


def _looks_like_ours(text: str) -> bool:
    return CUT in text or text.strip() in _FACES or bool(_NUMBERS.fullmatch(text))
