"""Which files hold which table, and a table's lines as DuckDB reads them: every column a text, or NULL.

A table comes as JSON lines, CSV (both may be gzipped) or Parquet, in one file or several (`deals-1.parquet`,
`deals_2.jsonl.gz`). Files that DuckDB refuses are read again line by line, slowly, so that a damaged line costs that
line and nothing else (record_lines.py).
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, cast

import duckdb

from motenashi.sales_history.organisation import UnreadableRecords
from motenashi.sales_history.sql_text import name, quoted, select, text

# The columns of each table; the ones after `|` are ours and may be missing without a word.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "users": ("id", "name", "time_zone"),
    "accounts": ("id", "name", "industry", "employees"),
    "contacts": ("id", "account_id", "name", "email", "time_zone"),
    "leads": (
        *("id", "company", "industry", "time_zone", "lead_source", "status", "created_at", "converted_deal_id"),
        "owner_id",
    ),
    "deals": (
        *("id", "name", "account_id", "contact_id", "owner_id", "industry", "type", "repeat", "amount"),
        *("lead_source", "stage", "created_at", "expected_close", "closed_at"),
    ),
    "stage_history": ("deal_id", "from_stage", "to_stage", "at", "changed_by"),
    "activities": (
        *("id", "kind", "deal_id", "contact_id", "owner_id", "purpose", "subject", "direction", "status", "result"),
        *("start_at", "duration_s", "lead_id"),
    ),
    "emails": (
        *("id", "deal_id", "contact_id", "owner_id", "direction", "purpose", "subject", "sent_at", "status"),
        *("opened_at", "opened_again_at", "clicked_at", "replied_at", "lead_id"),
    ),
    "touchpoints": ("id", "contact_id", "deal_id", "channel", "type", "at", "pages", "duration_s", "lead_id", "signal"),
}
OPTIONAL: Final[Mapping[str, frozenset[str]]] = {
    "leads": frozenset({"owner_id"}),
    "activities": frozenset({"lead_id"}),
    "emails": frozenset({"lead_id"}),
    "touchpoints": frozenset({"lead_id", "signal"}),
}
FORMS: Final = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".parquet")

# DuckDB sets memory aside for the longest line there may be, several times over; longer ones are read by Python.
_LONGEST_LINE = 2 * 1024 * 1024
# A file's own columns and no more: DuckDB would take a folder called `owner_id=5` for a column.
_ITSELF: Final = "hive_partitioning=false"


class Damaged(Exception):
    """A file that DuckDB need not even try; record_lines.py reads what there is."""


@dataclass(frozen=True)
class TableFiles:
    """The files of one table, by form, each in the order of its name."""

    table: str
    json: tuple[Path, ...] = ()
    csv: tuple[Path, ...] = ()
    parquet: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.json or self.csv or self.parquet)

    def __iter__(self) -> Iterator[Path]:
        return iter((*self.json, *self.csv, *self.parquet))


@dataclass(frozen=True)
class Scan:
    """A SELECT of a table's lines, and the columns that no file has."""

    sql: str
    missing: frozenset[str] = field(default_factory=frozenset)


def files_of(folder: Path, table: str) -> TableFiles:
    found = [path for path in sorted(folder.iterdir()) if path.is_file() and _is_part(path.name, table)]
    return TableFiles(
        table,
        tuple(path for path in found if _form(path).startswith(".jsonl")),
        tuple(path for path in found if _form(path).startswith(".csv")),
        tuple(path for path in found if _form(path) == ".parquet"),
    )


def _form(path: Path) -> str:
    return next((form for form in reversed(FORMS) if path.name.endswith(form)), "")


def _is_part(name: str, table: str) -> bool:
    form = _form(Path(name))
    stem = name.removesuffix(form)
    return bool(form) and (stem == table or stem.startswith((f"{table}-", f"{table}_")))


def opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")


def scan_of(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> Scan:
    """How DuckDB reads these files. Damaged when it can't; UnreadableRecords for a Parquet file that is none."""
    columns = TABLES[files.table]
    pieces: list[str] = []
    seen: set[str] = set()
    if any(_begins_with_mark(path) for path in files.json):
        raise Damaged("DuckDB takes the mark of UTF-8 for a part of the first record")
    if files.json:
        pieces.append(_json_scan(files.json, columns))
        seen |= set(columns)  # a line of JSON may have any column, or not
    for path in files.csv:
        header = csv_header(path)
        if not header or len({column.lower() for column in _named(header)}) < len(header):
            raise Damaged("no columns, or two of one name, which to DuckDB also id and ID are")
        pieces.append(_csv_scan(path, header, columns))
        seen |= set(header)
    for path in files.parquet:
        header = _parquet_header(connection, path)
        pieces.append(_typed_scan(parquet_source(path), header, columns))
        seen |= set(header)
    optional = OPTIONAL.get(files.table, frozenset())
    return Scan(" UNION ALL ".join(pieces), frozenset(columns) - seen - optional)


def _json_scan(paths: Sequence[Path], columns: Sequence[str]) -> str:
    listed = ", ".join(quoted(path) for path in paths)
    typed = ", ".join(f"{name(column)}: 'VARCHAR'" for column in columns)
    source = (
        f"read_json([{listed}], format='newline_delimited', columns={{{typed}}}, ignore_errors=true, "
        f"maximum_object_size={_LONGEST_LINE}, {_ITSELF})"
    )
    return select(map(name, columns), source)


def _csv_scan(path: Path, header: Sequence[str], columns: Sequence[str]) -> str:
    typed = ", ".join(f"{text(column)}: 'VARCHAR'" for column in _named(header))
    source = (
        f"read_csv({quoted(path)}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"columns={{{typed}}}, max_line_size={_LONGEST_LINE}, {_ITSELF})"
    )
    return _typed_scan(source, header, columns)


def _named(header: Sequence[str]) -> list[str]:
    return [column or f"column {place}" for place, column in enumerate(header)]


def parquet_source(path: Path) -> str:
    return f"read_parquet({quoted(path)}, {_ITSELF})"


def _typed_scan(source: str, header: Sequence[str], columns: Sequence[str]) -> str:
    chosen = (f"CAST({name(c)} AS VARCHAR) AS {name(c)}" if c in header else f"NULL AS {name(c)}" for c in columns)
    return select(chosen, source)


def csv_header(path: Path) -> tuple[str, ...]:
    """The first line's names; () of an empty or damaged file."""
    try:
        with opened(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as lines:
            return tuple(column.strip() for column in next(csv.reader(lines), ()))
    except (OSError, EOFError, zlib.error, csv.Error):
        return ()


def _begins_with_mark(path: Path) -> bool:
    try:
        with opened(path) as file:
            return file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    except (OSError, EOFError, zlib.error):
        return False


def _parquet_header(connection: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    try:
        found = connection.execute("DESCRIBE " + select("*", parquet_source(path))).fetchall()
    except duckdb.Error as error:
        raise UnreadableRecords(f"{path}: can't be read as Parquet: {str(error).splitlines()[0]}") from error
    return tuple(row[0] for row in found)
