"""The words of bulk actions: plans, their rows, who acts, and what can be wrong with a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

Module = Literal["leads", "contacts", "accounts", "deals"]
Action = Literal["mail", "update", "task"]
JobState = Literal["freezing", "planning", "preview", "running", "paused", "cancelled", "done"]
RowState = Literal["new", "ready", "working", "handed", "done", "failed", "skipped", "stopped"]
Language = Literal["en", "ja"]

MODULES: tuple[Module, ...] = get_args(Module)
ACTIONS: tuple[Action, ...] = get_args(Action)
LANGUAGES: tuple[Language, ...] = get_args(Language)

# Why a row was left out or failed. The pages have a sentence for each.
WHYS = (
    "no_address",
    "bad_address",
    "unsubscribed",
    "bounced",
    "duplicate",
    "no_contact",
    "gone",
    "no_match",
    "not_yours",
    "unchanged",
    "changed_meanwhile",
    "no_owner",
    "template",
    "refused",  # by the mail server, for good
    "not_sent",  # the mail server took it at no try
    "rejected",  # by the CRM
    "lost",  # nobody knows any more whether it left
    "error",  # ours; the log says more
    "too_late",
    "cancelled",
)


@dataclass(frozen=True)
class BulkProblem:
    """`where`: filter, subject.en, body.ja, subject, note, due, values, or value.<field>; `line` counts from 1, 0 is
    the whole. `words`: language -> sentence."""

    where: str
    words: Mapping[str, str]
    line: int = 0

    def __str__(self) -> str:
        return f"{self.where}{f':{self.line}' if self.line else ''}: {self.words['en']}"


class BulkWrong(Exception):
    """It can't be done like this, and nothing was made or changed."""

    def __init__(self, problems: Sequence[BulkProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def wrong(where: str, en: str, ja: str, line: int = 0) -> BulkWrong:
    return BulkWrong([BulkProblem(where, {"en": en, "ja": ja}, line)])


@dataclass(frozen=True)
class Actor:
    """Who acts: an address, and whether they may act on everybody's records or on their own only."""

    email: str
    everybodys: bool = True


@dataclass(frozen=True)
class Job:
    """One action as it was planned. `filter` is the filter's JSON; `version` counts changes of the content."""

    id: int
    created_at: datetime
    created_by: str
    module: Module
    filter: str
    action: Action
    content: Mapping[str, Any]
    state: JobState
    version: int
    owner_only: str
    total: int
    confirmed_at: datetime | None
    confirmed_by: str
    good_until: datetime
    looked_at: datetime | None
    look_again: bool
    trouble: str
    finished_at: datetime | None
    undo: Literal["", "running", "done"]
    undone_at: datetime | None


@dataclass(frozen=True)
class Row:
    """What is to be done to one record, and what became of it. `why` is one of WHYS or ''; `detail` says more."""

    job_id: int
    number: int
    found_id: str
    module: Module
    record_id: str
    name: str
    contact_id: str
    lead_id: str
    deal_id: str
    owner_id: str
    mark: str
    state: RowState
    why: str
    detail: str
    due_at: datetime | None
    lease: str
    tries: int
    before: Mapping[str, Any] | None
    subject: str
    text: str
    finished_at: datetime | None
    undo: str
    undo_detail: str


@dataclass(frozen=True)
class Count:
    """So many rows of a state, for one reason."""

    state: RowState
    why: str
    rows: int


@dataclass(frozen=True)
class AuditEntry:
    at: datetime
    by: str
    what: str
    detail: Mapping[str, Any]
