"""Touchpoints out of files, a thousand at a time, each bad row told by its file and line.

Every row is stored by the same rules as one that comes through the door, so that an import which was interrupted is
simply begun again: what is there already changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from motenashi.problems import did_you_mean
from motenashi.touchpoint_intake.file_headers import FIELDS
from motenashi.touchpoint_intake.file_rows import FileDefaults, FileRow, FileUnreadable, rows_in
from motenashi.touchpoint_intake.result import RowResult
from motenashi.touchpoint_intake.row_problem_words import told

BATCH = 1_000

Take = Callable[[Sequence[object], datetime], Sequence[RowResult]]  # TouchpointIntake.intake, or .check


@dataclass
class ImportReport:
    """How many rows became what; `lines` tells each that was refused, `left_out` columns nobody knows."""

    counts: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def import_touchpoints(
    paths: Sequence[Path],
    take: Take,
    defaults: FileDefaults,
    *,
    clock: Callable[[], datetime],
    problem: Callable[[str], object] = lambda line: None,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> ImportReport:
    """`problem` is told each line that was refused, as 'file:line: what is wrong'; `progress` the bytes done and those
    of all files. A file that can't be read is told, and the others go on. CrmError, DBAPIError: begin again later."""
    report = ImportReport()
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for number, path in enumerate(paths):
        behind = sum(sizes[:number])

        def tell(done: int, behind: int = behind) -> None:
            progress(behind + done, sum(sizes))

        def unknown(header: str, path: Path = path) -> None:
            hint = did_you_mean(header, FIELDS)
            report.left_out.append(f"{path.name}: the column “{header}” was left out. {hint}".strip())

        try:
            for batch in _batches(rows_in(path, defaults, left_out=unknown, progress=tell)):
                _take(batch, path.name, take, clock(), report, problem)
        except (FileUnreadable, OSError) as error:
            words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            report.unread.append(f"{path.name}: {words}")
    return report


def _batches(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    """What was read before a file breaks off is taken, too."""
    batch: list[FileRow] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except (FileUnreadable, OSError):
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _take(
    batch: Sequence[FileRow],
    file: str,
    take: Take,
    now: datetime,
    report: ImportReport,
    problem: Callable[[str], object],
) -> None:
    good = [row for row in batch if row.raw is not None]
    results = dict(zip((row.line for row in good), take([row.raw for row in good], now), strict=True))
    for row in batch:
        result = results.get(row.line)
        report.counts[result.outcome if result else "refused"] += 1
        if result is None:
            problem(f"{file}:{row.line}: {row.trouble}.")
        elif result.outcome == "refused":
            for one in result.problems:
                problem(f"{file}:{row.line}: {one.field + ': ' if one.field else ''}{told(one)}")
