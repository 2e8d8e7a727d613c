"""What happened, out of the store: stage changes, activities, e-mails, touchpoints, and whom they concern."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from motenashi.sales_history.checks import Columns
from motenashi.sales_history.coding import Encode, Purposes, Words, by_place, flags, numbers
from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    NEVER,
    NONE,
    RESULTS,
    STATUSES,
    Activities,
    Codes,
    Deals,
    Emails,
    Flags,
    StageChanges,
    Touchpoints,
)
from motenashi.sales_history.store_records import RecordReader, read_columns
from motenashi.sales_history.store_rows import Rows

_WHOM: Final = ("deal", "contact", "lead")
_LONGEST: Final = 366 * 86_400  # nothing anybody does takes longer than a year
_MAIL_TIMES: Final = ("opened_at", "opened_again_at", "clicked_at", "replied_at")


class EventReader:
    """Reads each kind of event once, after the records."""

    def __init__(self, rows: Rows, records: RecordReader, as_of: int) -> None:
        self._rows, self._records, self._tally, self._as_of = rows, records, records.tally, as_of
        self.channels, self.types = Words(), Words()

    def stage_changes(self, deals: Deals) -> StageChanges:
        stages = self._records.stages
        columns = read_columns(
            self._rows,
            "stage_history",
            (self._records.deals, stages, stages, numbers, numbers),
            ("deal", "from_stage", "to_stage", "at", "number"),
        )
        created = np.append(deals.created_at, NEVER)[np.maximum(columns["deal"], NONE)]
        why = {
            "unknown_deal": columns["deal"] < 0,
            "unknown_stage": (columns["to_stage"] < 0) | (columns["from_stage"] < NONE),
            "no_time": columns["at"] == NEVER,
            "after_the_end": columns["at"] > self._as_of,
            "before_its_deal": columns["at"] < created,
        }
        columns = self._tally.sift("stage_history", columns, why)
        # Files are in the order of their values where times are equal; so is this, and not in that of writing.
        del columns["number"]
        return StageChanges(**_sorted(columns, "deal", "at", "from_stage", "to_stage"))

    def activities(self) -> Activities:
        fixed = (by_place(DIRECTIONS), by_place(STATUSES), by_place(RESULTS))
        columns = self._concerning(
            "activities",
            (self._records.users, by_place(KINDS), Purposes().encode, *fixed, numbers, numbers),
            ("owner", "kind", "purpose", "direction", "status", "result", "at", "seconds"),
        )
        at, seconds = columns["at"], columns["seconds"]
        planned = columns["status"] == STATUSES.index("open")
        why = {
            "unknown_kind": columns["kind"] < 0,
            "no_time": at == NEVER,
            "after_the_end": (at > self._as_of) & ~planned,
            "impossible_duration": (seconds < 0) | (seconds > _LONGEST),
            "concerns_nobody": _nobody(columns),
        }
        columns = self._tally.sift("activities", columns, why)
        self._tally.note_unknown("activities", columns, "deal", "contact", "lead", "owner")
        calls, tasks = (columns["kind"] == KINDS.index(kind) for kind in ("call", "task"))
        self._tally.note(
            "activities",
            {
                "no_direction": calls & (columns["direction"] < 0),
                "unknown_status": columns["status"] < 0,
                "unknown_result": columns["result"] < NONE,
                "no_purpose": (columns["purpose"] == NONE) & ~tasks & (columns["direction"] != 1),
            },
        )
        for name in ("direction", "status", "result"):
            columns[name] = np.maximum(columns[name], NONE)
        columns["seconds"] = columns["seconds"].astype(np.int32)
        order = (
            "at",
            "deal",
            "contact",
            "lead",
            "owner",
            "purpose",
            "kind",
            "direction",
            "status",
            "result",
            "seconds",
        )
        return Activities(**_sorted(columns, *order))

    def emails(self) -> Emails:
        columns = self._concerning(
            "emails",
            (self._records.users, by_place(("out", "in")), Purposes().encode, numbers, *(numbers for _ in _MAIL_TIMES)),
            ("owner", "direction", "purpose", "at", *_MAIL_TIMES),
        )
        why = {
            "unknown_direction": columns["direction"] < 0,
            "no_time": columns["at"] == NEVER,
            "after_the_end": columns["at"] > self._as_of,
            "concerns_nobody": _nobody(columns),
        }
        columns = self._tally.sift("emails", columns, why)
        self._tally.note_unknown("emails", columns, "deal", "contact", "lead", "owner")
        no_purpose = (columns["purpose"] == NONE) & (columns["direction"] == 0)
        self._tally.note("emails", self._impossible_reactions(columns) | {"no_purpose": no_purpose})
        for name in _MAIL_TIMES:
            true = (columns[name] >= columns["at"]) & (columns[name] <= self._as_of)
            columns[name] = np.where(true, columns[name], NEVER)
        return Emails(
            **_sorted(columns, "at", "deal", "contact", "lead", "owner", "purpose", "direction", *_MAIL_TIMES)
        )

    def _impossible_reactions(self, columns: Columns) -> dict[str, Flags]:
        times = [columns[name] for name in _MAIL_TIMES]
        early: Flags = np.logical_or.reduce([(time != NEVER) & (time < columns["at"]) for time in times])
        late: Flags = np.logical_or.reduce([time > self._as_of for time in times])
        return {"opened_before_sent": early, "opened_after_the_end": late}

    def touchpoints(self) -> Touchpoints:
        columns = self._concerning(
            "touchpoints",
            (self.channels.encode, self.types.encode, flags, numbers, numbers, numbers),
            ("channel", "type", "signal", "at", "seconds", "pages"),
        )
        at, seconds, pages = columns["at"], columns["seconds"], columns["pages"]
        why = {
            "no_type": columns["type"] < 0,
            "no_time": at == NEVER,
            "after_the_end": at > self._as_of,
            "impossible_duration": (seconds < 0) | (seconds > _LONGEST) | (pages < 0) | (pages > 1_000_000),
            "concerns_nobody": _nobody(columns),
        }
        columns = self._tally.sift("touchpoints", columns, why)
        self._tally.note_unknown("touchpoints", columns, *_WHOM)
        columns["channel"] = self.channels.in_order(columns["channel"])
        columns["type"] = self.types.in_order(columns["type"])
        for name in ("seconds", "pages"):
            columns[name] = columns[name].astype(np.int32)
        return Touchpoints(**_sorted(columns, "at", "deal", "contact", "lead", "type", "channel", "seconds", "pages"))

    def _concerning(self, table: str, encoders: Sequence[Encode], names: Sequence[str]) -> Columns:
        """These columns after those of whom the event concerns."""
        whom = (self._records.deals, self._records.contacts, self._records.leads)
        columns = read_columns(self._rows, table, (_nothing, *whom, *encoders), ("id", *_WHOM, *names))
        del columns["id"]
        return columns


def _nobody(columns: Columns) -> Flags:
    nobody: Flags = np.logical_and.reduce([columns[name] < 0 for name in _WHOM])
    return nobody


def _nothing(values: Sequence[Any]) -> Codes:
    return np.empty(len(values), dtype=np.int32)


def _sorted(columns: Columns, *keys: str) -> Columns:
    order = np.lexsort([columns[key] for key in reversed(keys)])
    return {name: column[order] for name, column in columns.items()}
