"""Labels to choose from, in whatever way the channel can show that many of that length.

Nothing is dropped: labels that are too long are shown cut with all of them written out in a list, and more labels
than buttons become a drop-down or a numbered list. `shown_labels` and `reads_as` are each other's mirror: what we cut
or numbered comes back whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from motenashi.channels.salesiq.limits import DROP_DOWN_LENGTH, DROP_DOWN_OPTIONS, ChannelLimits
from motenashi.channels.salesiq.target import Target

CUT = "…"


@dataclass(frozen=True)
class Offered:
    """What an offer adds to a reply: `texts` after the flow's own, then at most one of `input` and `suggestions`.
    `validate` and `field_name` belong on the last text."""

    texts: tuple[str, ...] = ()
    input: dict[str, Any] | None = None
    suggestions: tuple[str, ...] = ()
    on_text: dict[str, Any] = field(default_factory=dict)


def fits(labels: Sequence[str], count: int, length: int) -> bool:
    return len(labels) <= count and all(0 < len(label) <= length for label in labels)


def shown_labels(labels: Sequence[str], length: int) -> tuple[str, ...]:
    """Each label within `length` characters and different from the others; cut ones end in CUT."""
    shown: list[str] = []
    for number, label in enumerate(labels, start=1):
        short = _cut(label, length)
        if not short or short in shown:
            short = _cut(f"{number}. {label}", length)
        shown.append(short)
    return tuple(shown)


def offer_chips(labels: Sequence[str], target: Target) -> Offered:
    """Buttons; what does not fit is listed, and beyond the number of buttons it is a drop-down or typed."""
    limits = target.limits
    labels = tuple(dict.fromkeys(label for label in labels if label.strip()))
    if fits(labels, limits.chips, limits.chip_length):
        return Offered(suggestions=labels)
    if limits.cards and limits.chips < len(labels) <= DROP_DOWN_OPTIONS:
        return offer_drop_down([(label, label, False) for label in labels], target)
    if limits.cards and len(labels) > DROP_DOWN_OPTIONS:
        # SalesIQ lets nobody type while buttons are shown, so here there are none.
        return Offered(texts=(numbered(labels), target.says("type_one")))
    return Offered(texts=(numbered(labels),), suggestions=shown_labels(labels, limits.chip_length)[: limits.chips])


def offer_drop_down(options: Sequence[tuple[str, str, bool]], target: Target, **others: Any) -> Offered:
    """Options are (value, label, selected). More than a drop-down takes are listed and typed."""
    labels = [label for _, label, _ in options]
    if len(options) > DROP_DOWN_OPTIONS or not options:
        return Offered(texts=(numbered(labels), target.says("type_several" if others.get("multiple") else "type_one")))
    shown = shown_labels(labels, DROP_DOWN_LENGTH)
    items = [
        {"value": value or label, "label": short} | ({"selected": True} if selected else {})
        for (value, label, selected), short in zip(options, shown, strict=True)
    ]
    texts = () if fits(labels, DROP_DOWN_OPTIONS, DROP_DOWN_LENGTH) else (numbered(labels),)
    return Offered(texts=texts, input={"type": "drop-down", "options": items} | others)


def numbered(labels: Sequence[str]) -> str:
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))


def reads_as(text: str, labels: Sequence[str], limits: ChannelLimits, *, numbered: bool = False) -> str:
    """The whole label that a cut label or a number in our list stands for; the text itself when it stands for none.

    Labels are numbered when they did not fit on buttons, or always (`numbered`).
    """
    labels = tuple(dict.fromkeys(label for label in labels if label.strip()))
    if text in labels:
        return text
    for length in (limits.chip_length, DROP_DOWN_LENGTH):
        shown = shown_labels(labels, length)
        if text in shown:
            return labels[shown.index(text)]
    if numbered or not fits(labels, limits.chips, limits.chip_length):
        number = re.fullmatch(r"\s*(\d{1,4})[.)．]?\s*", unicodedata.normalize("NFKC", text))
        if number and 1 <= int(number[1]) <= len(labels):
            return labels[int(number[1]) - 1]
    return text


def _cut(label: str, length: int) -> str:
    return label if len(label) <= length else label[: length - 1].rstrip() + CUT
