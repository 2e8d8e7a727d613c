"""The formula before a name: "Kind regards,", "Mit freundlichen Grüßen", "Cordialement"."""

from __future__ import annotations

import re

from nlp.email_parts.phrase_lists import phrases

_CLOSING = re.compile(rf"\W*+{phrases('closings', 'closings')}(?!\w)", re.IGNORECASE)
_WHOLE_LINE = re.compile(rf"\W*+{phrases('closings', 'closings')}[\s,.!;:~*、。–—-]*$", re.IGNORECASE)
_LONGEST = 48


def is_closing(text: str) -> bool:
    """Is the whole line a closing formula? ("Thanks for the offer" is not.)"""
    return len(text) <= _LONGEST and bool(_WHOLE_LINE.match(text))


def opens_with_closing(text: str) -> bool:
    """A formula, perhaps with the name behind it: "Best regards, Dana Reyes"."""
    match = _CLOSING.match(text) if len(text) <= _LONGEST else None
    return match is not None and text[match.end() : match.end() + 1] in ("", ",", ".", "!", "、")
