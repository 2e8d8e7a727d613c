"""The command line's commands about mail: read one or many, import archives, train the reader."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.parsed_mail import ParsedMail
from motenashi.inbound_mail.raw_or_plain import PASTED, mail_of_file
from motenashi.mail_intake.invitation_times import invitation_dates
from motenashi.mail_intake.letter import letter_of
from motenashi.mail_intake.our_people import OurPeople
from motenashi.reader_here import corrected_model, model_folder
from nlp.model_folder import MODEL, ModelMissing, fresh
from nlp.reading import Reading, TextToRead

Show = Callable[[int, int], None]
_MOST_TOLD = 20  # lines that could not be read
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("read-mail")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_data", is_flag=True, help="As JSON instead of a page for people.")
@click.option("--catalogue", type=_FILE, help="Products and competitors (JSON) instead of the CRM's.")
def read_mail(file: Any, as_data: bool, catalogue: Path | None) -> None:
    """Read one mail, a file or - for the standard input: its source, or just its text. Nothing is stored."""
    from motenashi.cli import settings_now
    from motenashi.reading_in_terminal import show_reading
    from nlp.reading_json import as_json

    raw = mail_of_file(file.read(), datetime.now(ZoneInfo(settings_now().turns.time_zone)))
    if not raw:
        raise click.ClickException("There is nothing to read: the file is empty.")
    mail = parse_mail(raw)
    # Only a text was given: that it has no headers is no news.
    problems = () if raw.startswith(f"{PASTED}:".encode()) else mail.problems
    reading = _reading_of(mail, _reader(catalogue))
    if as_data:
        click.echo(json.dumps(_told(mail, problems, as_json(reading)), ensure_ascii=False, indent=1))
        return
    sender = f"{mail.sender.name} <{mail.sender.address}>" if mail.sender else ""
    show_reading(Console(), reading, sender)
    for problem in problems:
        click.echo(problem, err=True)


def _reading_of(mail: ParsedMail, reader: Any) -> Reading:
    letter = letter_of(mail, OurPeople((), ()), received_at=datetime.now(UTC))
    text = TextToRead(letter.body, letter.subject, "", letter.sent_at, letter.utc_offset, letter.sender_name)
    reading: Reading = reader.read(text)
    return replace(reading, dates=(*reading.dates, *invitation_dates(letter.invitations)))


def _told(mail: ParsedMail, problems: Sequence[str], reading: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": mail.message_id,
        "from": mail.sender.address if mail.sender else "",
        "subject": mail.subject,
        "sent_at": mail.sent_at and mail.sent_at.isoformat(),
        "automatic": mail.automatic,
        "attachments": [{"name": file.name, "type": file.media_type, "size": file.size} for file in mail.attachments],
        "problems": list(problems),
        "reading": reading,
    }


@click.command("read-mails")
@click.option("--in", "cases", required=True, type=_FILE, help="JSON lines: id, body and, if known, lang, subject …")
@click.option("--out", "predictions", required=True, type=_NEW_FILE, help="Where the JSON lines of readings go.")
@click.option("--catalogue", type=_FILE, help="Products and competitors (JSON) instead of the CRM's.")
def read_mails(cases: Path, predictions: Path, catalogue: Path | None) -> None:
    """Read many mails on all cores: JSON lines with id, lang, subject and body in; their readings out."""
    from motenashi.cli import settings_now, with_progress
    from nlp.mails_batch import read_mails_in_lines

    folder = _model(settings_now())
    # Not splitlines(): JSON may hold the other line ends of Unicode as they are.
    lines = cases.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    numbers = [number for number, line in enumerate(lines, start=1) if line.strip()]
    known = _catalogue(catalogue)
    unread: list[str] = []

    def work(show: Show) -> int:
        answers = read_mails_in_lines(lines, folder, known, processes=os.cpu_count() or 1)
        with predictions.open("w", encoding="utf-8") as file:
            for done, (number, answer) in enumerate(zip(numbers, answers, strict=True), start=1):
                file.write(f"{answer}\n")
                if error := json.loads(answer).get("error"):
                    unread.append(f"Line {number} could not be read: {error}")
                show(done, len(numbers))
        return len(numbers) - len(unread)

    click.echo(f"{with_progress('Mails', work)} mails read.")
    for trouble in unread[:_MOST_TOLD]:
        click.echo(trouble, err=True)
    if len(unread) > _MOST_TOLD:
        click.echo(f"And {len(unread) - _MOST_TOLD} more; each stands in {predictions.name}.", err=True)
    sys.exit(1 if unread else 0)


def _reader(catalogue: Path | None) -> Any:
    from motenashi.cli import settings_now
    from nlp.pipeline import MailReader

    return MailReader.load(_model(settings_now()), _catalogue(catalogue))


def _model(settings: Any) -> Path:
    """The model's folder; built first when it is missing."""
    try:
        return model_folder(settings)
    except ModelMissing:
        ensure_model(settings, Console(stderr=True))
        return model_folder(settings)


def _catalogue(file: Path | None) -> Any:
    from motenashi.cli import products_now, settings_now
    from motenashi.reading_desk.catalogue import catalogue_of
    from nlp.mentions import Catalogue

    if file is None:
        settings = settings_now()
        return catalogue_of(products_now(settings), settings.reading)
    try:
        return Catalogue.from_json(file)
    except ValueError as error:
        raise click.ClickException(f"{file.name}: {error}") from None


@click.command("import-mail")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def import_mail(context: click.Context, paths: Sequence[Path]) -> None:
    """Take in archives: mbox files, .eml files, folders of them, Maildir. Beginning again changes nothing."""
    from motenashi.channels.email.import_files import import_files
    from motenashi.cli import house_now, with_progress

    house = house_now(context)
    done: list[Any] = []

    def work(show: Show) -> int:
        largest = house.settings.inbound_mail.largest_mail
        arrived, mails = house.inbound.arrived, house.inbound.mails
        done.append(import_files(paths, mails, largest_mail=largest, progress=show, arrived=arrived))
        return 0

    with_progress("Mail", work)
    result = done[0]
    click.echo(f"{result.found} mails found, {result.new} new, {result.too_large} too large and set aside.")
    for trouble in result.unread:
        click.echo(trouble, err=True)
    sys.exit(1 if result.unread else 0)


@click.command()
@click.option("--with-corrections", is_flag=True, help="Learn from what people corrected on the page /mail, too.")
@click.option("--if-needed", is_flag=True, help="Do nothing when the model is that of this code and data.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Another folder for the model.")
@click.pass_context
def train(context: click.Context, with_corrections: bool, if_needed: bool, into: Path | None) -> None:
    """Build the model that reads mail, and say how well it reads."""
    from motenashi.cli import house_now, settings_now

    settings = settings_now()
    if with_corrections:
        rows = house_now(context).inbound.corrections.training_rows()
        build_model(into or corrected_model(settings), Console(), rows)
    elif not (if_needed and fresh(into or MODEL)):
        build_model(into or MODEL, Console())


def ensure_model(settings: Any, console: Console) -> None:
    """Build the model when there is none that fits this code. Takes a minute or two, with progress shown."""
    corrected = corrected_model(settings)
    if corrected.exists() and not fresh(corrected):
        console.print("The model with your corrections is of an older version: python app.py train --with-corrections")
    try:
        model_folder(settings)
    except ModelMissing:
        build_model(MODEL, console)


def build_model(folder: Path, console: Console, corrections: Sequence[dict[str, Any]] = ()) -> None:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from nlp.train import train as build

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        bar = progress.add_task("Model that reads mail", total=None)
        description = build(
            folder,
            corrections=corrections,
            told=lambda what, done, total: progress.update(
                bar, description=f"Model that reads mail: {what}", completed=done, total=total
            ),
        )
    told = "; ".join(
        f"{language}: intents {scores['intents']['micro_f1']:.2f} micro, {scores['intents']['macro_f1']:.2f} macro, "
        f"tone {scores['sentiment']['macro']:.2f}"
        for language, scores in description["scores"].items()
    )
    console.print(f"Model that reads mail: built in {description['seconds']:.0f} s (F1 on mails left out: {told}).")


COMMANDS = (read_mail, read_mails, import_mail, train)
