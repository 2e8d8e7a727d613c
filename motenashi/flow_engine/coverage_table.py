"""Coverage as a table for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from motenashi.flow_engine.coverage import FlowCoverage, whole


def print_coverage(coverages: Sequence[FlowCoverage], console: Console | None = None) -> None:
    """A row for each flow, one for all, and below it every step and branch that no talk reaches."""
    console = console or Console()
    table = Table("flow")
    for heading in ("steps", "", "branches", ""):
        table.add_column(heading, justify="right")
    for each in coverages:
        table.add_row(*_row(each))
    table.add_section()
    total = whole(coverages)
    table.add_row(*_row(total), style="bold")
    console.print(table)
    unseen = {(missing.flow, missing.step) for missing in total.missing if not missing.exit}
    for missing in total.missing:
        if missing.exit and (missing.flow, missing.step) in unseen:
            continue  # its branches go without saying
        console.print(str(missing), markup=False, highlight=False, soft_wrap=True)


def _row(each: FlowCoverage) -> tuple[str, ...]:
    return (
        each.flow,
        f"{each.steps_covered}/{each.steps}",
        f"{each.steps_percent:.0f} %",
        f"{each.branches_covered}/{each.branches}",
        f"{each.branches_percent:.0f} %",
    )
