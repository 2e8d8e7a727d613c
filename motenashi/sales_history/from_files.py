"""Reads a folder of records (docs/records-format.md) into columns, without a store: DuckDB types, joins and counts.

Each table is read once, one after the other; ids become codes inside DuckDB, so that no text but the records' own
ids ever reaches Python. What can't be true is left out and counted, what is not known is NONE and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from motenashi.sales_history.backdating import as_it_stood
from motenashi.sales_history.events_in_files import read_activities, read_emails, read_stage_changes, read_touchpoints
from motenashi.sales_history.history import Names, Organisation, SalesHistory
from motenashi.sales_history.organisation import OrgFile, UnreadableRecords, read_org, seconds_of
from motenashi.sales_history.purposes import PURPOSES
from motenashi.sales_history.records_in_files import Limits, Records, read_records
from motenashi.sales_history.staging import Staging

# Beyond this DuckDB writes to disk. What leaves it as columns comes on top.
MEMORY: Final = "3GB"

Progress = Callable[[str, int, int], None]  # what is being read, steps done, steps in all
_STEPS: Final = ("records", "stage_history", "activities", "emails", "touchpoints")


def read_files(
    folder: Path,
    *,
    as_of: datetime | None = None,
    progress: Progress | None = None,
    memory: str = MEMORY,
) -> SalesHistory:
    """Everything in `folder` that can be true, as it was known at `as_of` (aware; None: when the record ends).

    With an earlier `as_of` the history is the one of that moment: what came later is left out, and deals closed
    later are open, in the stage they had. UnreadableRecords when the folder, org.json or a whole file can't be read.
    """
    if not folder.is_dir():
        raise UnreadableRecords(f"{folder}: there is no such folder.")
    org = read_org(folder)
    end = org.organisation.as_of
    until = end if as_of is None else seconds_of(as_of.astimezone(UTC))
    with Staging(folder, memory=memory) as staging:
        history = _History(staging, org, Limits(end, until), progress or _silent).read()
    return as_it_stood(history, all_deals=until < end)


def _silent(what: str, done: int, of: int) -> None:
    """Nobody wants to know."""


class _History:
    def __init__(self, staging: Staging, org: OrgFile, limits: Limits, progress: Progress) -> None:
        self._staging, self._org, self._limits, self._progress = staging, org, limits, progress

    def read(self) -> SalesHistory:
        staging, limits = self._staging, self._limits
        self._step("records")
        records = read_records(staging, self._org, limits)
        self._step("stage_history")
        stage_changes = read_stage_changes(staging, limits)
        self._step("activities")
        activities = read_activities(staging, limits)
        self._step("emails")
        emails = read_emails(staging, limits)
        self._step("touchpoints")
        touchpoints, channels, types = read_touchpoints(staging, limits)
        self._progress("", len(_STEPS), len(_STEPS))
        return SalesHistory(
            self._organisation(),
            self._names(records, channels, types),
            records.users,
            records.accounts,
            records.contacts,
            records.leads,
            records.deals,
            stage_changes,
            activities,
            emails,
            touchpoints,
            dict(staging.left_out),
            dict(staging.incomplete),
        )

    def _step(self, what: str) -> None:
        self._progress(what, _STEPS.index(what), len(_STEPS))

    def _organisation(self) -> Organisation:
        said = self._org.organisation
        return Organisation(said.time_zone, said.business_days, said.opens, said.closes, self._limits.until)

    def _names(self, records: Records, channels: tuple[str, ...], types: tuple[str, ...]) -> Names:
        words = records.words
        return Names(
            stages=self._org.stages,
            stage_outcomes=self._org.outcomes,
            industries=words["industries"],
            types=words["types"],
            lead_sources=words["lead_sources"],
            purposes=PURPOSES,
            channels=channels,
            touchpoint_types=types,
            time_zones=words["time_zones"],
            lead_statuses=words["lead_statuses"],
        )
