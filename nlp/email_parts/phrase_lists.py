"""Reads the phrases of phrases/*.txt; their notation is told in the README beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "phrases"


@cache
def phrases(file: str, section: str) -> str:
    """One list as a piece of a regular expression that matches any of its phrases. KeyError for an unknown list."""
    return "(?:" + "|".join(_sections(file)[section]) + ")"


@cache
def phrase_names(file: str) -> dict[str, str]:
    """For lists of plain words: each word with the name of its list."""
    return {name: section for section, rows in _sections(file).items() for row in rows for name in row.split("|")}


@cache
def _sections(file: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for row in (_FOLDER / f"{file}.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("[") and row.endswith("]"):
            sections[row[1:-1]] = current = []
        elif row.strip() and not row.startswith("#"):
            current.append(row)
    return sections
