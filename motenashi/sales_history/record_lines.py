"""The lines of record files one by one, each standing for itself: for imports, and for files that are damaged.

DuckDB reads a whole file or none of it; a gzip stream that breaks off, or a quote that never closes, would cost
every line. Here a damaged line costs itself. It is many times slower.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from motenashi.sales_history.organisation import UnreadableRecords
from motenashi.sales_history.record_files import TABLES, TableFiles, csv_header, opened, scan_of

_ROWS = 5_000

# One field may be that long; the csv module refuses longer ones, and the line is counted as damaged.
csv.field_size_limit(16 * 1024 * 1024)


@dataclass(frozen=True)
class Line:
    """One record of a file as it stands there. `fault` says why it is none; '' when it is one."""

    path: Path
    number: int
    record: Mapping[str, Any]
    raw: str = ""
    fault: str = ""


def mended(files: TableFiles, columns: Sequence[str], into: Path) -> TableFiles:
    """The same table with its JSON and CSV lines in one new file; a damaged line becomes an empty record there, so
    that it is counted where all lines are."""
    with gzip.open(into, "wt", encoding="utf-8", compresslevel=1) as out:
        for path in (*files.json, *files.csv):
            for line in lines_of(path):
                kept = {} if line.fault else {c: as_text(line.record.get(c)) for c in columns}
                out.write(json.dumps(kept) + "\n")
    return TableFiles(files.table, (into,), (), files.parquet)


def as_text(value: Any) -> str | None:
    """A value of JSON as the text DuckDB would make of it."""
    if value is None or isinstance(value, str):
        return None if value is None else clean(value)
    return json.dumps(value, ensure_ascii=False)


def clean(value: str) -> str:
    """Without lone surrogates, which no UTF-8 can carry."""
    return value.encode("utf-8", "replace").decode("utf-8")


def lines_of(path: Path) -> Iterator[Line]:
    """Every line of a JSON or CSV file. A file that breaks off ends with one line that says so."""
    number = 0
    try:
        with opened(path) as file:
            reader = _csv_lines(path, file) if ".csv" in path.suffixes else _json_lines(path, file)
            for line in reader:
                number = line.number
                yield line
    except (OSError, EOFError, zlib.error) as error:
        yield Line(path, number + 1, {}, "", f"the file breaks off: {error}")


def _json_lines(path: Path, file: Any) -> Iterator[Line]:
    for number, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        written = raw.decode("utf-8-sig", "replace").rstrip("\r\n")
        try:
            record = json.loads(raw.decode("utf-8-sig"))
            fault = "" if isinstance(record, dict) else "is no JSON object"
        except (ValueError, RecursionError) as error:
            record, fault = {}, f"is no JSON: {error}"
        yield Line(path, number, {} if fault else record, written, fault)


def _csv_lines(path: Path, file: Any) -> Iterator[Line]:
    """A field that begins with a quote may hold line breaks; where that fails the rest is read line by line."""
    header = csv_header(path)
    if len(set(header)) < len(header):
        yield Line(path, 1, {}, ",".join(header), "two columns have one name, so no line can be read")
        return
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as lines:
        for number, written in enumerate(_whole_rows(lines), 1):
            if number > 1 and written.strip():
                yield _csv_line(path, number, header, written)


def _whole_rows(lines: Iterator[str]) -> Iterator[str]:
    """Physical lines joined while a quote is open, but never more than 50: then the quote was the damage."""
    held: list[str] = []
    for line in lines:
        held.append(line)
        if sum(part.count('"') for part in held) % 2 == 0:
            yield "".join(held)
            held = []
        elif len(held) > 50:
            yield from held
            held = []
    yield from held


def _csv_line(path: Path, number: int, header: Sequence[str], written: str) -> Line:
    raw = written.rstrip("\r\n")
    try:
        rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    except csv.Error as error:
        return Line(path, number, {}, raw, f"is no CSV: {error}")
    fields = rows[0] if len(rows) == 1 else []
    if len(fields) != len(header):
        return Line(path, number, {}, raw, f"has {len(fields)} fields instead of {len(header)}")
    return Line(path, number, {c: v or None for c, v in zip(header, fields, strict=True)}, raw)


def parquet_lines(path: Path, table: str) -> Iterator[Line]:
    """The rows of a Parquet file, every value a text. A file that is none is one line that says so."""
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            asked = scan_of(connection, TableFiles(table, parquet=(path,))).sql
            rows = connection.execute(asked)
            before = 0
            while chunk := rows.fetchmany(_ROWS):
                for number, row in enumerate(chunk, before + 1):
                    record = dict(zip(TABLES[table], row, strict=True))
                    yield Line(path, number, record, json.dumps(record, ensure_ascii=False))
                before += len(chunk)
    except (duckdb.Error, UnreadableRecords) as error:
        yield Line(path, 0, {}, "", f"the file can't be read: {str(error).splitlines()[0]}")
