"""Many texts at once: JSON lines in, JSON lines out, on as many processes as wanted.

In: one object a line with `id`, `lang` (en, ja), `text`, `reference` (ISO 8601; an offset may be in it or in
`reference_tz`; without one it is the writer's local time) and, if known, `time_zone` (IANA name).
Out: one object a line, {"id", "spans": [{"start", "end", "type", "role", "values": [...]}]}; the first value is the
answer, the rest are the readings that were not taken. A line that cannot be read gives {"id", "spans": [], "error"}
and does not stop the others.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from nlp.dates import DateMention, find_dates
from nlp.dates.time_zones import zone_named

_CHUNK = 64  # lines handed to a process at a time
_TYPES = {"time": "time", "timeinterval": "timerange", "duration": "duration", "set": "set"}


def find_dates_in_lines(
    lines: Iterable[str], *, processes: int = 1, progress: Callable[[int], None] | None = None
) -> Iterator[str]:
    """The answer to each line, in order. `progress` is told how many lines are done after each."""
    for done, answer in enumerate(_answers(lines, processes), 1):
        if progress is not None:
            progress(done)
        yield answer


def _answers(lines: Iterable[str], processes: int) -> Iterator[str]:
    wanted = (line for line in lines if line.strip())
    if processes <= 1:
        yield from map(answer_line, wanted)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(answer_line, wanted, _CHUNK)


def answer_line(line: str) -> str:
    """One case as JSON, its dates as JSON."""
    told: Any = None
    try:
        told = json.loads(line)
        spans = [_span(mention) for mention in _found(told)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = told.get("id") if isinstance(told, dict) else None
        return json.dumps({"id": name, "spans": [], "error": f"{type(error).__name__}: {error}"}, ensure_ascii=False)
    return json.dumps({"id": told["id"], "spans": spans}, ensure_ascii=False)


def _found(told: dict[str, Any]) -> tuple[DateMention, ...]:
    reference = datetime.fromisoformat(told["reference"])
    offset = told.get("reference_tz")
    if reference.tzinfo is None:
        reference = datetime.fromisoformat(f"{told['reference']}{offset}") if offset else reference.replace(tzinfo=UTC)
    zone = told.get("time_zone") or ""
    if zone and "T" in told["reference"] and len(told["reference"]) <= 19 and not offset:
        reference = _local(reference.replace(tzinfo=None), zone)
    return find_dates(told["text"], told["lang"], reference=reference, time_zone=zone)


def _local(reference: datetime, zone: str) -> datetime:
    """A time without an offset is the writer's own."""
    found = zone_named(zone)
    return reference.replace(tzinfo=found or UTC)


def _span(mention: DateMention) -> dict[str, Any]:
    values = [mention.value.as_json(), *(rejected.value.as_json() for rejected in mention.rejected)]
    return {"start": mention.start, "end": mention.end, "type": _type(mention), "role": mention.role, "values": values}


def _type(mention: DateMention) -> str:
    form = mention.value
    if form.kind in _TYPES:
        return _TYPES[form.kind]
    clock = form.grain in ("second", "minute", "hour")
    if form.kind == "instant":
        return "datetime" if clock else "date" if form.grain == "day" else "daterange"
    return "datetimerange" if clock else "daterange"
