"""Many texts at once: JSON lines in, JSON lines out, on as many processes as wanted.

In: one object a line with `id`, `lang` (en, ja), `text`, `reference` (ISO 8601; an offset may be in it or in
`reference_tz`; without one it is the writer's local time) and, if known, `time_zone` (IANA name).
Out: one object a line, {"id", "spans": [{"start", "end", "type", "role", "values": [...]}]}; the first value is the
answer, the rest are the readings that were not taken. An hour that is told without a zone is in the writer's own, if
the line says which that is. A line that cannot be read gives {"id", "spans": [], "error"}
and does not stop the others.
"""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from nlp.dates import DateMention, find_dates
from nlp.dates.time_zones import zone_named

_CHUNK = 64  # lines handed to a process at a time
_WRITTEN_OFFSET = re.compile(r"[+-]\d\d:\d\d")
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
        spans = [_span(mention, _offset(told)) for mention in _found(told)]
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


def _offset(told: dict[str, Any]) -> str:
    """The writer's offset from UTC at the moment of writing, where the line tells it."""
    if told.get("reference_tz"):
        return str(told["reference_tz"])
    return told["reference"][19:] if "T" in told["reference"] else ""


def _span(mention: DateMention, offset: str) -> dict[str, Any]:
    values = [mention.value.as_json(), *(rejected.value.as_json() for rejected in mention.rejected)]
    for value in values:
        if "tz" not in value and _tells_an_hour(value) and _is_in(mention, offset):
            value["tz"] = offset
    return {"start": mention.start, "end": mention.end, "type": _type(mention), "role": mention.role, "values": values}


def _tells_an_hour(value: dict[str, Any]) -> bool:
    if value["kind"] in ("time", "timeinterval"):
        return True
    return value["kind"] in ("instant", "interval") and value.get("grain") in ("hour", "minute", "second")


def _is_in(mention: DateMention, offset: str) -> bool:
    """Is the writer's offset still the same then? In another half of the year it may not be."""
    at = mention.begins or mention.ends
    return bool(_WRITTEN_OFFSET.fullmatch(offset)) and (at is None or at.isoformat()[19:] == offset)


def _type(mention: DateMention) -> str:
    form = mention.value
    if form.kind in _TYPES:
        return _TYPES[form.kind]
    clock = form.grain in ("second", "minute", "hour")
    if form.kind == "instant":
        return "datetime" if clock else "date" if form.grain == "day" else "daterange"
    return "datetimerange" if clock else "daterange"
