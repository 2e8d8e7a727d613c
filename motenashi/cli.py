"""The command line: `python app.py COMMAND`. Each command is a few lines here; the work is done in its room."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from crm_client.demo.company import demo_is_there, make_demo
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmError
from crm_client.records import Product
from motenashi import advice_commands, mail_commands, touchpoint_commands, voice_commands, zoho_commands
from motenashi.database import Database
from motenashi.demo_voices import give_voices
from motenashi.erase_commands import erase_person
from motenashi.flow_engine.flow_reader import read_flows
from motenashi.flow_engine.live_flows import read_folder
from motenashi.house import House
from motenashi.identity.passwords import make_password
from motenashi.identity.roles import Role
from motenashi.identity.secret_key import SecretKeyMissing
from motenashi.identity.users import UserError, ensure_demo_admin
from motenashi.problems import Problem, ProblemsFound
from motenashi.reader_here import ReaderWhenNeeded
from motenashi.settings import Settings, load_settings
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from motenashi.web_server import serve, why_not_here
from nlp.dates_batch import find_dates_in_lines
from nlp.model_folder import ModelMissing
from nlp.newest_part_batch import write_newest_parts

console = Console()


@dataclass(frozen=True)
class Builders:
    """How app.py puts things together: all parts, and the web application around them."""

    house: Callable[..., House]
    app: Callable[[Settings], Flask]


def main(builders: Builders) -> None:
    """Run the command line. What a person can mend is told without a trace; exit code 1."""
    try:
        commands(obj=builders)
    except ProblemsFound as found:
        for problem in found.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)
    except (SecretKeyMissing, UserError, ModelMissing) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def settings_now() -> Settings:
    return load_settings(os.environ.get("MOTENASHI_CONFIG", "config.yaml"))


def house_now(context: click.Context) -> House:
    """The house, on a database that has its tables."""
    settings = settings_now()
    migrate(open_database(settings.database))
    builders: Builders = context.find_root().obj
    return builders.house(settings)


def own_reader(settings: Settings) -> ReaderWhenNeeded:
    """Reads in this process: the command line does not count on a worker."""
    return ReaderWhenNeeded(settings, lambda: products_now(settings))


def products_now(settings: Settings) -> Sequence[Product]:
    """The catalogue of the CRM; none where there is no database yet."""
    try:
        return EmbeddedCrm(open_database(settings.database), settings.crm.embedded).products()
    except CrmError:
        return ()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Motenashi: a conversation server for sales teams."""


@commands.command()
@click.pass_context
def run(context: click.Context) -> None:
    """Prepare everything, the demo company included, and serve (PORT, default 8000)."""
    began = time.monotonic()
    settings = settings_now()
    if trouble := why_not_here():
        raise click.ClickException(trouble)
    prepare(settings)
    mail_commands.ensure_model(settings, console)
    builders: Builders = context.find_root().obj
    # A broken flow or setting is told here and not in a worker's log. No connection of ours crosses the fork.
    house = builders.house(settings)
    for problem in house.flows.state.problems:
        click.echo(str(problem), err=True)
    house.database.engine.dispose()
    announce(settings, time.monotonic() - began)
    sys.stdout.flush()
    with worker_beside():
        serve(lambda: builders.app(settings))


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker that reads mail, for as long as this process serves. It ends by itself should this one be killed."""
    from motenashi.mail_worker import STARTED_BY

    told = {**os.environ, STARTED_BY: str(os.getpid())}
    worker = subprocess.Popen([sys.executable, "app.py", "worker"], process_group=0, env=told)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


@commands.command()
@click.option("--processes", default=1, show_default=True, envvar="WORKER_PROCESSES", help="How many read at once.")
@click.option("--one", is_flag=True, hidden=True, help="Be one of these processes.")
@click.pass_context
def worker(context: click.Context, processes: int, one: bool) -> None:
    """Read mail and watch mailboxes, until told to stop. `run` starts one by itself."""
    from motenashi.mail_worker import keep_alive

    settings = settings_now()
    if not one:
        mail_commands.ensure_model(settings, console)
        sys.exit(keep_alive([sys.executable, "app.py", "worker", "--one"], processes))
    advice_commands.one_thread()
    from motenashi.reading_worker import work_here

    builders: Builders = context.find_root().obj
    sys.exit(work_here(settings, builders.house))


def prepare(settings: Settings) -> None:
    """Tables, and in development the demo company."""
    database = open_database(settings.database)
    if migrate(database):
        console.print("Database: tables made.")
    if settings.crm.backend == "embedded" and not settings.production and not demo_is_there(database):
        fill_with_demo(database, 1)


def fill_with_demo(database: Database, scale: int) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        bar = progress.add_task("Demo company", total=None)

        def show(what: str, done: int, total: int) -> None:
            progress.update(bar, description=f"Demo company: {what}", completed=done, total=total)

        counts = make_demo(database, scale=scale, now=datetime.now(UTC), progress=show)
    if counts.already_there:
        console.print("Demo company: it is there already; nothing was changed.")
    else:
        console.print(f"Demo company: {counts.contacts} contacts, {counts.leads} leads, {counts.deals} deals.")
    give_voices(database, datetime.now(UTC))


def announce(settings: Settings, seconds: float) -> None:
    """What to open, and how to log in."""
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    lines = [f"\n[bold]Motenashi is at {address}[/bold]  (ready after {seconds:.1f} s; Ctrl-C stops it)\n"]
    if settings.demo.shop:
        lines.append(f"  {address}/             the demo shop with its chat box")
    lines.append(f"  {address}/today        what to do next, with whom, when (learned within a minute or so)")
    lines.append(f"  {address}/mail         mail that came in and what was understood of it; try one out")
    lines.append(f"  {address}/flows        the conversations: versions, graphs, problems, coverage")
    if settings.crm.backend == "zoho":
        lines.append(f"  {address}/crm          how we stand with Zoho CRM: connection, mirror, what waits, credits")
    if not settings.production:
        from motenashi.identity.users import Users

        users = Users(open_database(settings.database))
        email, password = ensure_demo_admin(users, settings.data / "demo_admin.txt")
        lines.append(f"  {address}/dev/outbox   mails that were not sent, one-time codes among them")
        lines.append(f"\n  Log in as {email} with {password or 'the password you gave it'}")
        lines.append(
            "  Be haruka.mori@example.com, tom.becker@example.com, new.contact@example.com or nobody@example.com"
        )
    console.print("\n".join(lines) + "\n", highlight=False, soft_wrap=True)


@commands.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables to this version."""
    done = migrate(open_database(settings_now().database))
    click.echo("The tables were brought up to date." if done else "The tables were up to date.")


@commands.command()
@click.option(
    "--scale", default=1, show_default=True, type=click.IntRange(min=1), help="How many times the usual size."
)
def demo(scale: int) -> None:
    """Fill the database with the demo company."""
    settings = settings_now()
    if settings.crm.backend != "embedded":
        raise click.ClickException("the demo company lives in the embedded CRM alone; crm.backend names another.")
    database = open_database(settings.database)
    migrate(database)
    fill_with_demo(database, scale)


@commands.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Check and prove all flows, question-and-answer pages, settings, alerts and the words of advice: all problems at
    once."""
    from motenashi.flow_engine.check import check_all
    from motenashi.known_names import known_names
    from plugs.all_plugs import ALL_PLUGS

    settings = settings_now()
    folder = Path(settings.flows.folder)
    flows, problems = read_flows(read_folder(folder))
    problems = problems or check_all(flows, known_names(settings, ALL_PLUGS))
    from motenashi.faq.entries import read_folder as read_faq

    problems += read_faq(Path(settings.faq.folder))[1]
    problems += problems_of_advice()
    from motenashi.insights_room import rules_in

    problems += rules_in(settings, Path(settings.alerts.folder))[1]
    for problem in problems:
        click.echo(str(problem))
    errors = [problem for problem in problems if problem.severity == "error"]
    files = len(flows.sources)
    if errors:
        broken = len({problem.file for problem in errors})
        click.echo(
            f"{_many(len(errors), 'problem')} in {_many(broken, 'file')}. The flows now answering were not changed."
        )
        sys.exit(1)
    verdict = f"right, with {_many(len(problems), 'warning')}." if problems else "nothing wrong."
    click.echo(f"{_many(len(flows.flows), 'flow')} in {_many(files, 'file')}: {verdict}")


def problems_of_advice() -> list[Problem]:
    """What is wrong with the words of advice that people may edit: its table, purposes, sentences and drafts."""
    from motenashi.suggestions.advice.drafts.draft_templates import check_templates
    from motenashi.suggestions.advice.purposes import read_purposes
    from motenashi.suggestions.advice.sentences import read_sentences
    from motenashi.suggestions.intent_actions import read_intent_actions

    return [*read_intent_actions()[1], *read_purposes()[1], *read_sentences()[1], *check_templates()]


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


@commands.command()
@click.option("--as", "email", default="", help="The visitor's e-mail address.")
@click.option("--lang", default="en", type=click.Choice(["en", "ja"]), help="The visitor's language.")
@click.option("--bot", default="storefront", show_default=True, help="The flow to begin with.")
@click.pass_context
def talk(context: click.Context, email: str, lang: str, bot: str) -> None:
    """Talk to the bot here in the terminal."""
    from motenashi.terminal_talk import talk as talk_here

    settings = settings_now()
    migrate(open_database(settings.database))
    builders: Builders = context.find_root().obj
    house = builders.house(settings, own_reader(settings))
    talk_here(house.chat.answer, bot=bot, email=email, language=lang)


@commands.command()
def coverage() -> None:
    """Run the sample talks; say which steps and branches of the flows they visit."""
    from motenashi.talk_report import report

    settings = settings_now()
    sys.exit(0 if report(settings, console, own_reader(settings).read_chat) else 1)


@commands.command()
@click.option("--snapshot", is_flag=True, help="Also take a new picture of the designers' language.")
def docs(snapshot: bool) -> None:
    """Write the pages that are made from the code."""
    from motenashi import docs_maker

    docs_maker.write_docs()
    if snapshot:
        docs_maker.write_snapshot()
    click.echo("Written.")


@commands.command("newest-part")
@click.option("--in", "cases", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "predictions", required=True, type=click.Path(dir_okay=False, path_type=Path))
def newest_part_command(cases: Path, predictions: Path) -> None:
    """The newest part of many mails: JSON lines with id and raw in, with id and reply out."""
    count = with_progress("Mails", lambda show: write_newest_parts(cases, predictions, show))
    click.echo(f"{count} mails read.")


@commands.command("find-dates")
@click.option("--in", "cases", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "predictions", required=True, type=click.Path(dir_okay=False, path_type=Path))
def find_dates_command(cases: Path, predictions: Path) -> None:
    """The dates in many texts: JSON lines with id, lang, text and reference in; their spans and values out."""

    def work(show: Callable[[int, int], None]) -> int:
        lines = cases.read_text(encoding="utf-8").splitlines()
        answers = find_dates_in_lines(
            lines, processes=os.cpu_count() or 1, progress=lambda done: show(done, len(lines))
        )
        with predictions.open("w", encoding="utf-8") as file:
            return sum(file.write(f"{answer}\n") > 0 for answer in answers)

    click.echo(f"{with_progress('Texts', work)} texts read.")


def with_progress(what: str, work: Callable[[Callable[[int, int], None]], int]) -> int:
    """Run `work`, which tells how much of how much is done, behind a bar. ValueError becomes a plain message."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(what, total=None)
        try:
            return work(lambda done, total: progress.update(bar, completed=done, total=total))
        except ValueError as error:
            raise click.ClickException(str(error)) from None


@commands.command()
@click.option("--most", default=10, show_default=True, help="How many.")
@click.pass_context
def outbox(context: click.Context, most: int) -> None:
    """The newest mails of the development outbox, one-time codes among them."""
    mails = house_now(context).outbox.newest(most)
    for mail in reversed(mails):
        console.rule(f"{mail.at:%Y-%m-%d %H:%M:%S} UTC → {mail.to}", align="left")
        console.print(f"{mail.subject}\n\n{mail.text}", highlight=False, markup=False)
    if not mails:
        click.echo("The outbox is empty.")


@commands.group()
def user() -> None:
    """The staff's accounts."""


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", default="")
@click.option("--password", default=None, help="Asked for when left out; made and printed where nobody can be asked.")
@click.pass_context
def user_add(context: click.Context, email: str, role: str, name: str, password: str | None) -> None:
    """Add somebody who may log in."""
    made = password is None and not sys.stdin.isatty()
    if made:
        password = make_password()
    elif password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    house_now(context).users.add_user(email, Role(role), str(password), name=name)
    click.echo(f"{email} may log in as {role}." + (f" Password: {password}" if made else ""))


@user.command("list")
@click.pass_context
def user_list(context: click.Context) -> None:
    """Everybody who may log in."""
    for somebody in house_now(context).users.everybody():
        click.echo(f"{somebody.email}  {somebody.role.value}{'' if somebody.active else '  (switched off)'}")


@user.command("password")
@click.argument("email")
@click.pass_context
def user_password(context: click.Context, email: str) -> None:
    """Give somebody a new password and print it."""
    password = make_password()
    house_now(context).users.set_password(email, password)
    click.echo(f"New password of {email}: {password}")


@user.command("off")
@click.argument("email")
@click.pass_context
def user_off(context: click.Context, email: str) -> None:
    """Switch an account off; its logins end at once."""
    house_now(context).users.set_active(email, False)
    click.echo(f"{email} can't log in any more.")


@commands.group()
def key() -> None:
    """API keys for tools."""


@key.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="E.g. plugs, metrics; * for everything.")
@click.pass_context
def key_add(context: click.Context, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key; it is shown once."""
    try:
        made = house_now(context).api_keys.create_api_key(name, scopes)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(made)


@key.command("list")
@click.pass_context
def key_list(context: click.Context) -> None:
    """All keys, without their secrets."""
    for found in house_now(context).api_keys.everything():
        ended = "  (revoked)" if found.revoked_at else ""
        click.echo(f"{found.prefix}  {found.name}  {' '.join(sorted(found.scopes))}{ended}")


@key.command("revoke")
@click.argument("prefix")
@click.pass_context
def key_revoke(context: click.Context, prefix: str) -> None:
    """Revoke a key by its prefix."""
    done = house_now(context).api_keys.revoke(prefix, now=datetime.now(UTC))
    click.echo("Revoked." if done else "There is no such key.")
    sys.exit(0 if done else 1)


for _command in (
    *mail_commands.COMMANDS,
    *advice_commands.COMMANDS,
    *touchpoint_commands.COMMANDS,
    *voice_commands.COMMANDS,
    *zoho_commands.COMMANDS,
    erase_person,
):
    commands.add_command(_command)
