"""What the shop's pages say, read from texts.yaml: every text in every language, or it is not read at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "ja")
FILE = Path(__file__).parent / "texts.yaml"


@cache
def shop_texts(language: str) -> Mapping[str, Any]:
    """Nested mappings and lists of texts. KeyError names the place where a language is missing."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    texts: Mapping[str, Any] = _in(data, language, "texts.yaml")
    return texts


def _in(value: Any, language: str, where: str) -> Any:
    if isinstance(value, dict) and set(value) & set(LANGUAGES):
        if set(value) != set(LANGUAGES):
            raise KeyError(f"{where} is not written in {', '.join(set(LANGUAGES) - set(value))}")
        return value[language]
    if isinstance(value, dict):
        return {key: _in(item, language, f"{where}: {key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_in(item, language, f"{where}[{place}]") for place, item in enumerate(value)]
    return value
