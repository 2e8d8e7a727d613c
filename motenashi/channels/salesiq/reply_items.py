"""At most ten replies, none too long, nothing lost: long texts are split, too many replies are joined.

SalesIQ does not publish its limits for the number and length of replies; it only reports `more_than_max_length`.
"""

from __future__ import annotations

import logging

from motenashi.channels.salesiq.displays_in_words import Item, as_text
from motenashi.channels.salesiq.limits import MOST_REPLIES
from motenashi.channels.salesiq.offers import CUT

log = logging.getLogger(__name__)


def packed(items: list[Item], longest: int) -> list[Item]:
    """The items within the limits. A text that must stay alone (with a check on it) is a dict and stays last."""
    split = [piece for item in items for piece in _pieces(item, longest)]
    for may_join in (_is_plain, _is_text, _is_anything):
        if len(split) <= MOST_REPLIES:
            return split
        split = _joined(split, longest, may_join)
    if len(split) > MOST_REPLIES:
        log.error("a reply has %d texts of full length; only the first %d are shown", len(split), MOST_REPLIES)
        split = [*split[: MOST_REPLIES - 2], CUT, split[-1]]
    return split


def split_text(text: str, longest: int) -> list[str]:
    """Pieces of at most `longest` characters, cut at a line's, sentence's or word's end when there is one."""
    pieces = []
    while len(text) > longest:
        cut = _good_end(text, longest)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def _good_end(text: str, longest: int) -> int:
    for end in ("\n", "。", ". ", " "):
        place = text.rfind(end, longest // 2, longest)
        if place >= 0:
            return place + len(end.rstrip(" "))
    return longest


def _pieces(item: Item, longest: int) -> list[Item]:
    """A text that is too long in several; what hangs on it (picture, check) stays with the last."""
    text = item if isinstance(item, str) else item.get("text", "")
    if len(text) <= longest:
        return [item]
    pieces = split_text(text, longest)
    if isinstance(item, str):
        return list(pieces)
    return [*pieces[:-1], item | {"text": pieces[-1]}]


def _joined(items: list[Item], longest: int, may_join: object) -> list[Item]:
    """Neighbours made one text from the front until few enough are left; items that may not be joined stay."""
    result: list[Item] = []
    spare = len(items) - MOST_REPLIES
    for item in items:
        last = result[-1] if result else None
        joinable = callable(may_join) and may_join(item) and last is not None and may_join(last)
        if spare > 0 and joinable and last is not None:
            text = f"{as_text(last)}\n\n{as_text(item)}"
            if len(text) <= longest:
                result[-1] = text
                spare -= 1
                continue
        result.append(item)
    return result


def _is_plain(item: Item) -> bool:
    return isinstance(item, str)


def _is_text(item: Item) -> bool:
    return isinstance(item, str) or not item.keys() - {"text", "image"}


def _is_anything(item: Item) -> bool:
    return isinstance(item, str) or not {"validate", "field_name"} & item.keys()
