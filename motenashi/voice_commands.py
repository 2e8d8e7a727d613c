"""The command line's commands about the voice of the customer: responses of everything old, and what came of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from motenashi.insights.voice.backfill import Report, Show


@click.group()
def voice() -> None:
    """The voice of the customer: what they say, and what comes of it."""


@voice.command()
@click.option("--again", is_flag=True, help="Tell responses that are there already anew, too.")
@click.option("--processes", type=click.IntRange(1), help="How many read at once; else one a processor.")
def backfill(again: bool, processes: int | None) -> None:
    """Make responses of all old mail, chats and waiting texts. May be interrupted and begun again."""
    from motenashi.cli import products_now, settings_now
    from motenashi.mail_commands import ensure_model
    from motenashi.reader_here import model_folder
    from motenashi.reading_desk.catalogue import catalogue_of
    from nlp.reader_pool import reader_pool

    settings = settings_now()
    ensure_model(settings, Console(stderr=True))
    catalogue = catalogue_of(products_now(settings), settings.reading)
    wanted = processes or os.cpu_count() or 1
    with reader_pool(model_folder(settings), catalogue, processes=wanted) as pool, _bar() as show:
        try:
            report = backfill_all(settings, pool.read_all, again=again, show=show)
        except KeyboardInterrupt:
            raise click.ClickException("Stopped. What was read is kept; the same command goes on.") from None
    for line in told(report):
        click.echo(line)


@voice.command()
def events() -> None:
    """Find what came of it now: won, lost, churn and so on. The server does so by itself every few minutes."""
    from motenashi.cli import settings_now
    from motenashi.storage.migrate import migrate
    from motenashi.storage.open_database import open_database

    settings = settings_now()
    database = open_database(settings.database)
    migrate(database)
    done = room_of(settings, database).events.find(datetime.now(UTC))
    click.echo(
        f"Events: {done.new:,} new, {done.changed:,} changed, {done.gone:,} gone; "
        f"{done.links:,} links written, in {done.seconds:.1f} s."
    )


def room_of(settings: Any, database: Any) -> Any:
    """The room for a process that reads nothing by itself but by the command line's own reader, when it must."""
    from motenashi.cli import own_reader, products_now
    from motenashi.voice_room import build_voice_room

    return build_voice_room(
        settings.voice,
        database,
        own_reader(settings).read_chat,
        reading=settings.reading,
        products=lambda: products_now(settings),
    )


def backfill_all(settings: Any, read_all: Any, *, again: bool, show: Show) -> Report:
    """The whole of it, on a database that has its tables."""
    from motenashi.inbound_mail.corrections import Corrections
    from motenashi.insights.voice.backfill import Backfill
    from motenashi.insights.voice.old_mails import CrmMails, ReadMails
    from motenashi.storage.migrate import migrate
    from motenashi.storage.open_database import open_database
    from motenashi.touchpoint_intake.texts import Texts
    from motenashi.voice_worker import look_at_our_mails

    database = open_database(settings.database)
    migrate(database)
    room, now = room_of(settings, database), datetime.now(UTC)
    run = Backfill(database, room.responses, read_all, again=again, show=show)
    run.older_responses()
    run.mails(ReadMails(database, again=again))
    run.mails(CrmMails(database, again=again))
    run.chats(room.chats, now)
    run.texts(lambda: Texts(database).hand_on(room.hearing.hear, now))
    run.corrections(Corrections(database))
    show("mails of ours", 0, 0)
    look_at_our_mails(room)
    show("events", 0, 0)
    run.report.told["events"] = room.events.find(now).new
    return run.report


def told(report: Report) -> Iterator[str]:
    """What a run did, in lines."""
    for name, count in report.told.items():
        yield f"{name}: {count:,} new"
    if report.unread:
        yield f"{report.unread:,} texts could not be read; the next run tries them again."
    if report.seconds:
        yield f"{report.seconds:.0f} s, of which {report.reading:.0f} s were reading."


@contextmanager
def _bar() -> Iterator[Show]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("Voice", total=None)

        def show(what: str, done: int, of: int) -> None:
            progress.update(bar, description=f"Voice: {what}", completed=done, total=of or None)

        yield show


COMMANDS = (voice,)
