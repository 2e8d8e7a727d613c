"""The command line's part about erasing a person."""

from __future__ import annotations

import click

from motenashi.erasing.whose import PersonKind


@click.command("erase-person")
@click.argument("kind", type=click.Choice(["contact", "lead"]))
@click.argument("record_id")
@click.option("--yes", is_flag=True, help="Erase without asking. Without it, what would go is shown first.")
@click.pass_context
def erase_person(context: click.Context, kind: PersonKind, record_id: str, yes: bool) -> None:
    """Delete everything kept about a contact or lead, then search the whole store for them. Exit code 1 when they are
    still named somewhere."""
    from motenashi.cli import house_now

    desk = house_now(context).insights.erasing
    plan = desk.plan(kind, record_id)
    if plan is None:
        raise click.ClickException(f"there is no {kind} {record_id}")
    click.echo(f"{plan.name}: {sum(plan.rows.values()):,} rows")
    for group, rows in plan.rows.items():
        click.echo(f"  {group}: {rows:,}")
    click.echo(f"  {plan.deals_kept:,} deals stay, without the person")
    if not yes:
        click.confirm("Erase them for good?", abort=True)
    done = desk.erase(kind, record_id, by="command line")
    if done is None:
        raise click.ClickException(f"there is no {kind} {record_id} any more")
    click.echo(f"Erased. {done.searched} columns were searched afterwards.")
    for one in done.still_named:
        click.echo(f"  still named: {one.table}.{one.column}, {one.rows:,} rows", err=True)
    if done.still_named:
        context.exit(1)
