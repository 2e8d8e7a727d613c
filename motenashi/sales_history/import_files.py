"""Takes a folder of records (docs/records-format.md) into the embedded CRM, table by table, and goes on past bad lines.

The same import twice changes nothing: ids are kept, and what is in the store already stays as it is there. Lines
that can't be taken go into a file of their own, each with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import duckdb
import sqlalchemy

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.record_rows import DEALS
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.stages import DEFAULT_STAGES, read_stages, write_stages
from crm_client.records import Outcome, Stage
from motenashi.database import Database
from motenashi.sales_history.import_rows import CHUNK, ChunkWriter, Read, Refused
from motenashi.sales_history.import_words import Fields, RecordWords, Unfit
from motenashi.sales_history.organisation import OrgFile, UnreadableRecords, read_org
from motenashi.sales_history.record_files import TABLES, TableFiles, files_of, opened, parquet_source
from motenashi.sales_history.record_lines import Line, as_text, lines_of, parquet_lines
from motenashi.sales_history.sql_text import select

Progress = Callable[[str, int, int], None]  # table, lines done, lines in all
_BLOCK: Final = 1 << 20


@dataclass
class TableCounts:
    taken: int = 0
    rejected: int = 0
    already_there: int = 0


@dataclass(frozen=True)
class ImportReport:
    """`missing`: tables that have no file in the folder. `rejects`: the file with rejected lines, if any."""

    tables: Mapping[str, TableCounts] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rejects: Path | None = None


def import_records(
    folder: Path,
    database: Database,
    *,
    rejects: Path,
    progress: Progress = lambda what, done, of: None,
    settings: EmbeddedCrmSettings | None = None,
    currency: str = "JPY",
) -> ImportReport:
    """`rejects` is written only when a line is rejected; what it held before is gone.

    UnreadableRecords, before anything is written, when org.json can't be read or its stages contradict the store's.
    CrmError when the store does not answer: what was taken stays, and the next import goes on from there.
    """
    if not folder.is_dir():
        raise UnreadableRecords(f"{folder}: there is no such folder.")
    org = read_org(folder)
    if rejects.resolve() in _read_from(folder):
        raise UnreadableRecords(f"{rejects}: is one of the files to be read. Rejected lines need a file of their own.")
    crm = EmbeddedCrm(database, settings)
    writer = ChunkWriter(crm, _take_stages(crm, org))
    words = RecordWords(datetime.fromtimestamp(org.organisation.as_of, UTC), currency)
    rejects.unlink(missing_ok=True)
    tables: dict[str, TableCounts] = {}
    with _Rejects(rejects) as bad:
        for table, reader in words.readers().items():
            tables[table] = _import_table(files_of(folder, table), writer, reader, bad, progress)
        missing = tuple(table for table in tables if not files_of(folder, table))
        return ImportReport(tables, missing, rejects if bad.written else None)


def _read_from(folder: Path) -> set[Path]:
    files = (path for table in TABLES for path in files_of(folder, table))
    return {path.resolve() for path in (folder / "org.json", *files)}


def _take_stages(crm: EmbeddedCrm, org: OrgFile) -> dict[str, Outcome]:
    """A store without deals gets the stages of the file and no others; one with deals, those that it has not yet."""
    said = [
        Stage(name, Outcome(outcome), place, 100 if outcome == "won" else _usual(name))
        for place, (name, outcome) in enumerate(zip(org.stages, org.outcomes, strict=True), 1)
    ]
    with crm.reading("look for deals") as connection:
        empty = connection.execute(sqlalchemy.select(DEALS.table.c.id).limit(1)).first() is None
        there = {stage.name: stage for stage in read_stages(connection)}
    if empty:
        crm.set_stages(said)
        return {stage.name: stage.outcome for stage in said}
    for stage in said:
        if stage.name in there and there[stage.name].outcome is not stage.outcome:
            meaning = there[stage.name].outcome.value
            raise UnreadableRecords(
                f"org.json: the stage {stage.name} is {stage.outcome.value} here, {meaning} in the CRM."
            )
    after = max(stage.position for stage in there.values())
    new = [replace(stage, position=after + stage.position) for stage in said if stage.name not in there]
    if new:
        with crm.writing("import stages") as connection:
            write_stages(connection, new)
    return {stage.name: stage.outcome for stage in (*there.values(), *new)}


def _usual(name: str) -> int:
    """The percentage of a default stage of this name; 0 for others."""
    return next((stage.probability for stage in DEFAULT_STAGES if stage.name == name), 0)


def _import_table(
    files: TableFiles, writer: ChunkWriter, reader: Callable[[Fields], Any], bad: _Rejects, progress: Progress
) -> TableCounts:
    counts, done = TableCounts(), 0
    total = sum(_lines_in(path) for path in files)
    lines = _lines(files)
    while chunk := list(islice(lines, CHUNK)):
        read, refused = _read(chunk, files.table, reader)
        written = writer.write(read)
        for one in (*refused, *written.refused):
            bad.write(files.table, one)
        counts.taken += written.taken
        counts.already_there += written.already_there
        counts.rejected += len(refused) + len(written.refused)
        done += len(chunk)
        progress(files.table, done, max(total, done))
    return counts


def _lines(files: TableFiles) -> Iterator[Line]:
    for path in (*files.json, *files.csv):
        yield from lines_of(path)
    for path in files.parquet:
        yield from parquet_lines(path, files.table)


def _read(lines: Iterable[Line], table: str, reader: Callable[[Fields], Any]) -> tuple[list[Read], list[Refused]]:
    read: list[Read] = []
    refused: list[Refused] = []
    for line in lines:
        try:
            if line.fault:
                raise Unfit(line.fault)
            fields = {column: as_text(line.record.get(column)) for column in TABLES[table]}
            read.append((line, reader(fields)))
        except Unfit as error:
            refused.append(Refused(line, str(error)))
    return read, refused


def _lines_in(path: Path) -> int:
    """About how many, for the progress bar: line ends, or a Parquet file's own count; 0 where it can't be told."""
    try:
        if path.name.endswith(".parquet"):
            with duckdb.connect() as connection:
                asked = select(["count(*)"], parquet_source(path))
                return int(connection.execute(asked).fetchall()[0][0])
        with opened(path) as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
    except (OSError, EOFError, duckdb.Error, ValueError):
        return 0


class _Rejects:
    """The file of rejected lines, made when the first one comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self.written = 0

    def __enter__(self) -> _Rejects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, table: str, refused: Refused) -> None:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
        line = refused.line
        said = {"table": table, "file": line.path.name, "line": line.number, "reason": refused.why, "text": line.raw}
        self._file.write(json.dumps(said, ensure_ascii=False) + "\n")
        self.written += 1
