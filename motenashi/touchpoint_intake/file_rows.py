"""The rows of a file, JSON lines or CSV, packed with gzip or not: each raw as the intake takes it, with its line.

A file is read as a stream; a line that can't be read is told in its place, and the next one goes on.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from motenashi.touchpoint_intake.file_headers import EXTERNAL_SYSTEM, field_of
from motenashi.touchpoint_intake.read_row import WHO_NAMES

LONGEST_LINE = 4_000_000  # characters
SAMPLE = 262_144  # bytes by which the encoding is told
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T\s]+(\d{1,2})[:時](\d{1,2})分?(?::(\d{1,2})(?:\.\d+)?)?)?\s*"
    r"(Z|[+-]\d{2}:?\d{2})?"
)


class FileUnreadable(Exception):
    """The file as a whole; the text is for people."""


@dataclass(frozen=True)
class FileRow:
    """`raw` is None where the line can't be read; `trouble` says why then."""

    line: int
    raw: Mapping[str, Any] | None
    trouble: str = ""


@dataclass(frozen=True)
class FileDefaults:
    """`zone` is that of moments without one; `source` that of rows without one."""

    zone: tzinfo
    source: str = "import"


def rows_in(
    path: Path,
    defaults: FileDefaults,
    *,
    left_out: Callable[[str], object] = lambda header: None,
    progress: Callable[[int], object] = lambda done: None,
) -> Iterator[FileRow]:
    """FileUnreadable and OSError for the file. `left_out` is told each column that nobody knows; `progress` the bytes
    read so far."""
    name = path.name.lower().removesuffix(".gz")
    with path.open("rb") as file, _unpacked(path, file) as unpacked:
        try:
            text = io.TextIOWrapper(unpacked, _encoding(unpacked), errors="replace", newline="")
            rows = _csv_rows(text, left_out) if name.endswith((".csv", ".tsv")) else _json_rows(text)
            for number, row in enumerate(rows):
                if number % 500 == 0:
                    progress(file.tell())
                yield row if row.raw is None else FileRow(row.line, _completed(row.raw, defaults))
            progress(file.tell())
            text.detach()
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise FileUnreadable(f"it is no whole gzip file: {error}") from None


@contextmanager
def _unpacked(path: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    if path.suffix.lower() != ".gz":
        yield file
        return
    with gzip.GzipFile(fileobj=file) as unpacked:
        yield cast(BinaryIO, unpacked)


def _encoding(file: BinaryIO) -> str:
    """UTF-8, else Shift_JIS as Japanese spreadsheets write it."""
    sample = file.read(SAMPLE)
    file.seek(0)
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = len(sample) == SAMPLE and error.start > SAMPLE - 4  # in the middle of the sample's last character
        if not cut_off:
            return "cp932"
    return "utf-8-sig"


def _lines(text: IO[str], line: int = 0) -> Iterator[str]:
    """The lines after the first `line`. A few bytes of gzip may hold one that no memory does: FileUnreadable."""
    while words := text.readline(LONGEST_LINE):
        line += 1
        if len(words) == LONGEST_LINE and not words.endswith(("\n", "\r")):
            raise FileUnreadable(f"line {line} is longer than {LONGEST_LINE:,} characters")
        yield words


def _json_rows(text: IO[str]) -> Iterator[FileRow]:
    for line, words in enumerate(_lines(text), start=1):
        if not words.strip():
            continue
        try:
            raw = json.loads(words)
        except (ValueError, RecursionError) as error:
            yield FileRow(line, None, f"it is no JSON ({str(error).partition(':')[0]})")
            continue
        yield FileRow(line, raw) if isinstance(raw, dict) else FileRow(line, None, "it is no JSON object")


def _csv_rows(text: IO[str], left_out: Callable[[str], object]) -> Iterator[FileRow]:
    csv.field_size_limit(LONGEST_LINE)
    first = next(_lines(text), "")
    if not first.strip():
        return
    delimiter = max(",\t;", key=first.count)
    headers = next(csv.reader([first], delimiter=delimiter))
    fields = [field_of(header) for header in headers]
    for header, name in zip(headers, fields, strict=True):
        if header.strip() and not name:
            left_out(header.strip())
    reader = csv.reader(_lines(text, 1), delimiter=delimiter)
    while True:
        line = reader.line_num + 2
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield FileRow(line, None, str(error))
            continue
        if values is None:
            return
        if not any(value.strip() for value in values):
            continue
        if len(values) > len(fields):
            yield FileRow(line, None, f"it has {len(values)} values under {len(fields)} headers")
            continue
        yield FileRow(line, _mapping(fields, values))


def _mapping(fields: Sequence[str], values: Sequence[str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, value in zip(fields, values, strict=False):
        if name and value.strip():
            raw[name] = value if name == "text" else value.strip()
    return raw


def _completed(raw: Mapping[str, Any], defaults: FileDefaults) -> dict[str, Any]:
    """As the intake takes it: `who` together, moments with a zone, a source, and an id that is the same every time."""
    row = {name: value for name, value in raw.items() if value not in ("", None)}
    row.setdefault("source", defaults.source)
    if "id" not in row:
        row["id"] = f"line-{hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:32]}"
    if "who" not in row:
        _gather_who(row)
    for name in ("at", "changed_at"):
        if isinstance(row.get(name), str):
            row[name] = _with_zone(row[name], defaults.zone)
    if isinstance(row.get("signal"), str):
        row["signal"] = {"true": True, "1": True, "false": False, "0": False}.get(row["signal"].lower(), row["signal"])
    return row


def _gather_who(row: dict[str, Any]) -> None:
    who = {name: row.pop(name) for name in WHO_NAMES if name in row}
    system = row.pop(EXTERNAL_SYSTEM, row["source"])
    if isinstance(who.get("external_id"), str | int):
        who["external_id"] = {"system": system, "id": who["external_id"]}
    row["who"] = who


def _with_zone(written: str, zone: tzinfo) -> str:
    """A moment as people write it, in ISO 8601; as it is where it can't be read, so that it is told."""
    with suppress(ValueError):
        if datetime.fromisoformat(written).tzinfo:
            return written
    found = _MOMENT.fullmatch(written.strip())
    if found is None:
        return written
    *numbers, offset = found.groups()
    try:
        year, month, day, hour, minute, second = (int(one or 0) for one in numbers)
        at = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return written
    if offset:
        return f"{at.isoformat()}{offset}"
    return at.replace(tzinfo=zone).isoformat()
