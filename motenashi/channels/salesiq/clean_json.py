"""Outside JSON made safe to keep: no NUL (databases refuse it), no half characters (encodings do), bounded depth."""

from __future__ import annotations

from typing import Any

DEEPEST = 12


def clean_text(text: str) -> str:
    """Without NUL; each lone surrogate becomes U+FFFD."""
    # A pair of surrogates written as two escapes is one character and must stay one.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def clean(value: Any, depth: int = 0) -> Any:
    """A JSON value with every text cleaned; what lies deeper than DEEPEST levels is left out (None)."""
    if isinstance(value, str):
        return clean_text(value)
    if depth >= DEEPEST and isinstance(value, dict | list):
        return None
    if isinstance(value, dict):
        return {clean_text(str(key)): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    return value


def text_of(value: Any, longest: int = 0) -> str:
    """A JSON scalar as text: ids may come as numbers. Anything else, and nothing, is ''. `longest` 0 is no limit."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str | int | float):
        text = str(value).strip()
        return text[:longest] if longest else text
    return ""


def object_of(value: Any) -> dict[str, Any]:
    """A JSON object, or {} for anything else."""
    return value if isinstance(value, dict) else {}


def whole_number(value: Any) -> int | None:
    """An int, also when it is written as text; None for anything else."""
    text = text_of(value, 20)
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() else None
