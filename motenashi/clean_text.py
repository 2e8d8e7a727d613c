"""Text that every database, template and JSON reader can take: no NUL and no half of a surrogate pair."""

from __future__ import annotations


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
