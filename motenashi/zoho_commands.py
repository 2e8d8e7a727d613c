"""The command line's part about Zoho CRM: connect, look for what is wrong, fill the mirror, make both sides alike."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from crm_client.errors import CrmError
from crm_client.zoho.troubles import WHAT_TO_DO
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database

if TYPE_CHECKING:
    from crm_client.zoho.mirror.filling import Progress as FillProgress
    from motenashi.zoho_room import ZohoRoom

console = Console(highlight=False, soft_wrap=True)


@click.group()
def zoho() -> None:
    """Zoho CRM: connect, examine, fill the mirror, bring both sides up to date."""


def _room(context: click.Context) -> ZohoRoom:
    from motenashi.cli import settings_now

    settings = settings_now()
    if settings.crm.backend != "zoho":
        raise click.ClickException("crm.backend is not zoho. Set it in config.yaml; docs/zoho.md tells the way.")
    migrate(open_database(settings.database))
    room: ZohoRoom | None = context.find_root().obj.house(settings).zoho
    if room is None:
        raise click.ClickException("crm.backend is not zoho.")
    context.call_on_close(room.close)  # what the command cost is counted
    return room


def told(error: CrmError) -> click.ClickException:
    """The error, and what to do about it."""
    return click.ClickException(f"{error}\n{_named(error.trouble)}".rstrip())


def _named(trouble: str) -> str:
    """The trouble's name, as the guide and the page have it, and what to do about it; '' for none."""
    return f"{trouble}: {WHAT_TO_DO[trouble]}" if trouble in WHAT_TO_DO else trouble


@zoho.command()
@click.option("--code", default="", help="The grant code; asked for when left out.")
@click.pass_context
def connect(context: click.Context, code: str) -> None:
    """Connect with a self client's grant code; the refresh token is stored encrypted."""
    from crm_client.zoho.api.connecting import connect as exchange
    from crm_client.zoho.api.data_centres import accounts_url
    from crm_client.zoho.api.scopes import SCOPES
    from motenashi.cli import settings_now
    from motenashi.identity.secret_key import secret_key

    settings = settings_now()
    choice = settings.crm.zoho
    database = open_database(settings.database)
    migrate(database)
    client_id = os.environ.get(choice.client_id_env) or click.prompt("Client id of the self client")
    client_secret = os.environ.get(choice.client_secret_env) or click.prompt("Client secret", hide_input=True)
    if not code:
        console.print(
            f"\nData centre [bold]{choice.data_centre}[/bold] ({choice.environment}), {accounts_url(choice)}\n"
            "In the API console, open the self client, tab Generate Code, and enter these scopes:\n"
        )
        console.print(",".join(SCOPES) + "\n")
        code = click.prompt("The code it shows (good for a few minutes, once)", hide_input=True)
    try:
        done = exchange(
            choice,
            database,
            secret_key(settings.data, settings.production),
            client_id=client_id.strip(),
            client_secret=client_secret.strip(),
            grant_code=code.strip(),
        )
    except CrmError as error:
        raise told(error) from None
    click.echo(f"Connected with {done.api_domain}. The refresh token is stored, encrypted.")
    if done.missing:
        click.echo(f"Not granted: {', '.join(done.missing)}")
    if done.lacks_needed:
        click.echo("Without these it can't work. Make a new code with all scopes, and connect again.")
        sys.exit(1)
    if not os.environ.get(choice.client_id_env):
        click.echo(f"The server needs {choice.client_id_env} and {choice.client_secret_env} in its environment.")
    if os.environ.get(choice.refresh_token_env):
        click.echo(
            f"{choice.refresh_token_env} is set, and goes before what was stored now: take it out of the environment "
            "of server and worker."
        )
        sys.exit(1)
    if settings.crm.backend != "zoho":
        click.echo("Next: crm.backend: zoho in config.yaml, then `python app.py zoho doctor`.")


@zoho.command()
@click.option("--all", "everything", is_flag=True, help="Also what is fine.")
@click.pass_context
def doctor(context: click.Context, everything: bool) -> None:
    """Ask Zoho for its modules, fields, layouts and scopes, and tell what does not fit, and what to do."""
    from crm_client.zoho.mapping.doctor import examine

    room = _room(context)
    state = room.connection()
    if not state.connected:
        click.echo(f"error    {_named(state.trouble or 'not_connected')}")
        sys.exit(1)
    findings = examine(room.calls, room.field_map, room.settings.crm.zoho)
    room.examinations.keep(findings, datetime.now(UTC))
    for one in findings:
        if everything or one.severity != "fine":
            what = f"{one.trouble}: {one.what}" if one.trouble else one.what
            click.echo(f"{one.severity:<8} {what}" + (f"\n         {one.what_to_do}" if one.what_to_do else ""))
    errors = sum(one.severity == "error" for one in findings)
    warnings = sum(one.severity == "warning" for one in findings)
    fine = sum(one.severity == "fine" for one in findings)
    click.echo(
        f"{errors} errors, {warnings} warnings, {fine} things fine. Credits left today: {room.calls.credits().left}"
    )
    sys.exit(1 if errors else 0)


@zoho.command()
@click.option("--again", is_flag=True, help="Read everything anew, also what was filled before.")
@click.pass_context
def fill(context: click.Context, again: bool) -> None:
    """Fill the mirror. Broken off, it goes on where it was."""
    room = _room(context)
    if again:
        room.mirror.fill_again()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars: dict[str, TaskID] = {}

        def show(one: FillProgress) -> None:
            if one.module not in bars:
                bars[one.module] = progress.add_task(one.module, total=None)
            progress.update(bars[one.module], completed=one.done, total=one.expected or None)

        try:
            filled = room.mirror.fill(show)
            room.mirror.poll(deletions=True)
            while room.mirror.take_details():
                pass
        except CrmError as error:
            raise told(error) from None
    click.echo(f"{filled.records} records were read.")
    for module, trouble in filled.failed.items():
        click.echo(f"{module} could not be read: {_named(trouble)}")
    sys.exit(1 if filled.failed else 0)


@zoho.command()
@click.pass_context
def sync(context: click.Context) -> None:
    """Send what waits and ask for all changes, once, now."""
    from crm_client.zoho.mirror.sync_rows import RECORD_TROUBLES

    room = _room(context)

    def step(what: str, do: Callable[[], object]) -> None:
        try:
            click.echo(f"{what}: {do()}")
        except CrmError as error:
            raise told(error) from None

    step("sent", lambda: room.pusher.push().sent)
    step("records that became different", lambda: room.mirror.poll(deletions=True))
    step("records fetched after notifications", room.mirror.take_hints)
    _tell_waiting(room)
    unread = [row for row in room.mirror.freshness().modules if row.trouble and row.trouble not in RECORD_TROUBLES]
    for row in unread:
        click.echo(f"{row.module} could not be read: {_named(row.trouble)}")
    sys.exit(1 if unread else 0)


@zoho.command()
@click.pass_context
def status(context: click.Context) -> None:
    """How we stand with Zoho: connection, credits, how fresh each module is, what waits. Nothing is asked of Zoho."""
    room = _room(context)
    state, fresh = room.connection(), room.mirror.freshness()
    click.echo("connected" if state.connected else "not connected")
    if trouble := state.trouble or ("" if state.connected else "not_connected"):
        click.echo(f"  {_named(trouble)}")
    if not room.is_kept_up(datetime.now(UTC)):
        click.echo("  no worker keeps both sides alike: `python app.py worker` does, and `app.py run` starts one")
    click.echo(f"credits left today: {state.credits.left} of {state.credits.budget}")
    if state.credits.left * 100 < state.credits.budget * room.settings.crm.zoho.limits.alarm_below:
        click.echo(f"  {_named('credits_low')}")
    for row in fresh.modules:
        as_of = f"as of {row.asked_at:%Y-%m-%d %H:%M:%S} UTC" if row.asked_at else "never read"
        click.echo(f"  {row.module:<10} {as_of}" + (f"  {row.trouble}: {row.why}" if row.trouble else ""))
    _tell_waiting(room)


def _tell_waiting(room: ZohoRoom) -> None:
    counts = room.waiting.counts()
    click.echo(f"outbox: {counts.waiting} waiting, {counts.sending} being sent, {counts.stuck} stuck")
    for one in room.waiting.stuck():
        click.echo(f"  {one.module} {one.name or one.local_id}: {one.why}\n    {_named(one.trouble)}".rstrip())


COMMANDS = (zoho,)
