"""The text of a spaCy Doc, put together once: `Doc.text` walks over all tokens at every call."""

from __future__ import annotations

from spacy.tokens import Doc


def text_of(doc: Doc) -> str:
    """`doc.text`, kept at `doc.user_data["text"]`, where whoever made the Doc may have put it already."""
    text = doc.user_data.get("text")
    if not isinstance(text, str):
        text = doc.user_data["text"] = doc.text
    return text
