"""Outside JSON made safe to keep: no NUL (databases refuse it), no half characters (encodings do), no numbers
that JSON has not, bounded depth."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, TypeVar

from motenashi.clean_text import clean_text

T = TypeVar("T")

DEEPEST = 12


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
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def clean_record(value: T) -> T:
    """A frozen dataclass, with every text in it cleaned, however deep."""
    return _clean_part(value)  # type: ignore[no-any-return]


def _clean_part(value: Any) -> Any:
    if isinstance(value, str) and type(value) is str:  # not the word of an Enum
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean_part(item) for item in value)
    if isinstance(value, dict):
        return {_clean_part(key): _clean_part(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _clean_part(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
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
