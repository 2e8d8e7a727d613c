"""The command line's commands about advice: import records, learn, advise on a folder of records, next events of a log.

What computes loads numpy, SciPy or DuckDB, so that each command imports its own; the others stay quick to begin.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from motenashi.identity.embed_links import RecordKind

Show = Callable[[str, int, int], None]  # what is being done, steps done, steps in all (0: nobody knows)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


def one_thread() -> None:
    """Learning's matrices are small: with a thread a core the threads wait for each other and take twice the
    processor's time, on a busy machine for long. To be called before numpy is loaded; who set it otherwise goes
    before."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Moment(click.ParamType[datetime]):
    """A moment as a person writes it; without a zone or offset it is in UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no time; write it as 2026-03-31T18:00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command("import-records")
@click.argument("folder", type=_FOLDER)
@click.option("--rejects", type=_NEW_FILE, help="Where rejected lines go; else beside the folder.")
@click.option("--currency", default="JPY", show_default=True, help="Of the amounts.")
def import_records(folder: Path, rejects: Path | None, currency: str) -> None:
    """Take records of sales (JSON lines, CSV, Parquet) into the store. What is refused goes into a file."""
    from motenashi.cli import settings_now
    from motenashi.sales_history.import_files import import_records as import_folder
    from motenashi.storage.migrate import migrate
    from motenashi.storage.open_database import open_database

    settings = settings_now()
    database = open_database(settings.database)
    migrate(database)
    refused = rejects or folder.resolve().with_name(f"{folder.resolve().name}-rejects.jsonl")
    with _told(), _bar("Records") as show:
        report = import_folder(
            folder, database, rejects=refused, progress=show, settings=settings.crm.embedded, currency=currency
        )
    for table, counts in report.tables.items():
        click.echo(
            f"{table}: {counts.taken:,} taken, {counts.already_there:,} there already, {counts.rejected:,} rejected"
        )
    for table in report.missing:
        click.echo(f"{table}: there is no such file.")
    if report.rejects:
        click.echo(f"What was rejected, and why: {report.rejects}", err=True)
    click.echo("To learn from it now: app.py learn. The next night does so by itself.")


@click.command()
def learn() -> None:
    """Learn what to do next and when people answer, from all that the store knows; then make all advice anew."""
    one_thread()
    from motenashi.advice_desk.learning import AlreadyLearning
    from motenashi.advice_room import learn_here
    from motenashi.cli import settings_now
    from motenashi.storage.migrate import migrate
    from motenashi.storage.open_database import open_database

    settings = settings_now()
    database = open_database(settings.database)
    migrate(database)
    with _bar("Learning") as show:
        try:
            done = learn_here(settings, database, lambda what, share: show(what, round(share * 1000), 1000))
        except AlreadyLearning as error:
            raise click.ClickException(str(error)) from None
    click.echo(
        f"Learned from {done.deals:,} deals ({done.closed_deals:,} closed, {done.won_deals:,} won), "
        f"{done.decisions:,} contacts with customers and {done.people:,} people in {done.seconds:.1f} s."
    )
    _tell_left_out(done.left_out)
    click.echo(f"The advice of {done.due:,} records is made anew by the worker.")


@click.command()
@click.option("--records", required=True, type=_FOLDER, help="The folder with the records.")
@click.option("--out", required=True, type=_NEW_FOLDER, help="Where suggestions.jsonl and besttime.jsonl go.")
@click.option("--as-of", type=Moment(), help="Advise as of this moment; else the end of the record.")
def advise(records: Path, out: Path, as_of: datetime | None) -> None:
    """Learn from a folder of records and advise on its open deals and its people. The store is not touched."""
    one_thread()
    from motenashi.advise_folder import advise_folder

    with _told(), _bar("Advice") as show:
        done = advise_folder(records, out, as_of=as_of, progress=show)
    _tell_left_out(done.left_out)
    click.echo(f"Advice on {done.deals:,} open deals, best times of {done.people:,} people: {out}")


@click.command("next-events")
@click.option("--train", required=True, type=_FILE, help="CSV with case, activity and timestamp.")
@click.option("--prefixes", required=True, type=_FILE, help="JSON lines: id, events (activity, timestamp).")
@click.option("--out", required=True, type=_NEW_FILE, help="JSON lines: id, ranked, p, next_at.")
@click.option("--with-end", is_flag=True, help='Rank the end of a case, too, as "[end]".')
def next_events(train: Path, prefixes: Path, out: Path, with_end: bool) -> None:
    """What happens next in begun cases, and when, learned from any log of events."""
    one_thread()
    from motenashi.suggestions.next_events.predict_files import predict_files

    with _told(), _bar("Events") as show:
        report = predict_files(train, prefixes, out, with_end=with_end, progress=show)
    for line in report.lines():
        click.echo(line)


@click.command("embed-link")
@click.argument("kind", type=click.Choice(["deal", "contact", "lead"]))
@click.argument("record_id")
@click.argument("email")
@click.pass_context
def embed_link(context: click.Context, kind: RecordKind, record_id: str, email: str) -> None:
    """A signed link to one record's advice for somebody (EMAIL), to be shown inside the CRM's own page."""
    from motenashi.cli import house_now

    house = house_now(context)
    path = house.advice.links.path(kind, record_id, email, now=datetime.now(UTC))
    click.echo(f"{house.settings.server.public_url.rstrip('/')}{path}")
    if not house.settings.embed.frame_ancestors:
        click.echo("No page may frame it yet: name the CRM's origin in embed.frame_ancestors.", err=True)


def _tell_left_out(left_out: Mapping[str, int]) -> None:
    from motenashi.sales_history.left_out_words import told

    for reason, count in sorted(left_out.items()):
        click.echo(f"Left out: {told(reason, count)}", err=True)


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a person's own files is told without a trace."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _bar(title: str) -> Iterator[Show]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(title, total=None)

        def show(what: str, done: int, of: int) -> None:
            progress.update(bar, description=f"{title}: {what}", completed=done, total=of or None)

        yield show


COMMANDS = (import_records, learn, advise, next_events, embed_link)
