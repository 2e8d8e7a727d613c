"""`newest-part` for many mails: JSON lines in (`id`, `raw`), JSON lines out (`id`, `reply`), in the same order.

The command line lives elsewhere; it hands in the paths and shows the progress.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.email_text import newest_part

Progress = Callable[[int, int], None]  # bytes of the input read so far, bytes in all


class CaseUnreadable(ValueError):
    """A line of the input is no mail; says which and what to do."""


@dataclass(frozen=True)
class _Case:
    id: str | int
    raw: str


def write_newest_parts(cases: Path, predictions: Path, progress: Progress = lambda done, total: None) -> int:
    """Read `cases`, write `predictions`, tell `progress` after each mail; returns how many mails there were.

    `raw` is a mail's plain text. Raises CaseUnreadable for a line that is not an object with `id` and `raw`, and
    OSError when a file can't be opened. What was written until then stays.
    """
    total, done, count = cases.stat().st_size, 0, 0
    with cases.open("rb") as given, predictions.open("w", encoding="utf-8") as found:
        for number, line in enumerate(given, start=1):
            done += len(line)
            for case in _case(line, number):
                found.write(
                    json.dumps({"id": case.id, "reply": _writable(newest_part(case.raw))}, ensure_ascii=False) + "\n"
                )
                count += 1
            progress(done, total)
    return count


def _case(line: bytes, number: int) -> Iterator[_Case]:
    """The mail of one line; none for an empty line."""
    if not line.strip():
        return
    try:
        given = json.loads(line)
        yield _Case(given["id"], str(given["raw"]))
    except (ValueError, KeyError, TypeError) as error:
        raise CaseUnreadable(f'Line {number} is not {{"id": ..., "raw": "..."}} in JSON: {error}') from error


def _writable(text: str) -> str:
    """Half a character (a lone surrogate) can't be written in UTF-8; it becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
