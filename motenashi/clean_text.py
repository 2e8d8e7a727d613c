"""Text that every database, template and JSON reader can take: no NUL and no half of a surrogate pair."""

from __future__ import annotations

import re

# Controls (C0, C1, ESC among them), signs without width, those that turn round what follows, line and paragraph ends.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]+"
)
_SPACES = re.compile(" {2,}")


def clean_text(text: str) -> str:
    """The same text without NUL characters; a lone surrogate becomes U+FFFD. Cheap for text that is clean."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # Two halves that belong together (as JSON escapes write them) become one character again.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def plain_line(text: str) -> str:
    """Somebody else's text as one line that shows what it is: a name, a subject, a file. Signs that can't be seen, that
    hide or turn round what stands beside them, or that a terminal would obey, are a space. Joiners stay: scripts and
    emoji need them."""
    return _SPACES.sub(" ", UNSEEN.sub(" ", clean_text(text))).strip()
