"""The command line's part about touchpoints: import them from files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmError
from motenashi.advice_desk.triggers import Triggers
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from motenashi.touchpoint_intake.file_rows import FileDefaults
from motenashi.touchpoint_intake.fresh_statistics import with_fresh_statistics
from motenashi.touchpoint_intake.import_files import ImportReport
from motenashi.touchpoint_intake.import_files import import_touchpoints as import_files
from motenashi.touchpoint_intake.intake import TouchpointIntake

MOST_TOLD = 20  # lines that were refused
_ORDER = ("stored", "changed", "repeated", "waiting", "refused")
_WORDS = {
    "stored": "stored",
    "changed": "changed (a newer status)",
    "repeated": "there already",
    "waiting": "waiting for their person (see the page /touchpoints)",
    "refused": "refused",
}


@click.command("import-touchpoints")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="import", show_default=True, help="Of rows that name none: the tool they come from.")
@click.option("--problems", type=click.Path(dir_okay=False, path_type=Path), help="A file for all lines refused.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be stored and what is wrong.")
def import_touchpoints(files: Sequence[Path], source: str, problems: Path | None, dry_run: bool) -> None:
    """Take in touchpoints of other tools: JSON lines and CSV (.gz, too). Beginning again changes nothing."""
    from motenashi.cli import settings_now, with_progress

    settings = settings_now()
    database = open_database(settings.database)
    migrate(database)
    zone = ZoneInfo(settings.turns.time_zone)
    intake = TouchpointIntake(
        database,
        EmbeddedCrm(database, settings.crm.embedded),
        settings.touchpoints,
        zone=zone,
        country_code=settings.crm.embedded.country_code,
        on_changes=Triggers(database).all_changed,
    )
    take = intake.check if dry_run else with_fresh_statistics(database, intake.intake)
    reports: list[ImportReport] = []
    with ExitStack() as stack:
        told = _Told(stack.enter_context(problems.open("w", encoding="utf-8")) if problems else None)

        def work(show: Callable[[int, int], None]) -> int:
            defaults = FileDefaults(zone, source)
            report = import_files(
                files, take, defaults, clock=lambda: datetime.now(UTC), problem=told.line, progress=show
            )
            reports.append(report)
            return 0

        try:
            with_progress("Touchpoints", work)
        except CrmError as error:
            raise click.ClickException(f"The store is away: {error}. Begin again; what is stored stays.") from None
    told.tell(problems)
    _tell(reports[0], dry_run)
    sys.exit(1 if reports[0].unread or reports[0].counts["refused"] else 0)


class _Told:
    """The lines that were refused: the first on the terminal, all of them into a file where one is named."""

    def __init__(self, file: TextIO | None) -> None:
        self._file = file
        self._first: list[str] = []
        self._count = 0

    def line(self, words: str) -> None:
        self._count += 1
        if len(self._first) < MOST_TOLD:
            self._first.append(words)
        if self._file:
            self._file.write(f"{words}\n")

    def tell(self, problems: Path | None) -> None:
        for words in self._first:
            click.echo(words, err=True)
        if self._count > MOST_TOLD:
            where = f"each stands in {problems}" if problems else "name a file with --problems to have them all"
            click.echo(f"And {self._count - MOST_TOLD:,} more; {where}.", err=True)


def _tell(report: ImportReport, dry_run: bool) -> None:
    for words in (*report.left_out, *report.unread):
        click.echo(words, err=True)
    click.echo("Nothing was written. It would be:" if dry_run else f"{sum(report.counts.values()):,} touchpoints:")
    for outcome in _ORDER:
        if report.counts[outcome]:
            click.echo(f"  {report.counts[outcome]:,} {_WORDS[outcome]}")


COMMANDS = (import_touchpoints,)
