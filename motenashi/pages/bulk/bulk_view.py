"""What the pages /bulk show, what people enter there, and whom they ask. `motenashi/bulk_views.py` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from motenashi.identity.users import User

Module = Literal["leads", "contacts", "accounts", "deals"]
Action = Literal["mail", "update", "task"]
State = Literal["planning", "preview", "running", "paused", "cancelled", "done"]

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Trouble:
    """One thing wrong with what was entered. `where` names the field (subject.en, value.stage, filter …); `line` of its
    text, 0 for the whole; `text` is in the page's language."""

    where: str
    text: str
    line: int = 0


class NotPossible(Exception):
    """Nothing was made or changed."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__("; ".join(trouble.text for trouble in troubles))
        self.troubles = tuple(troubles)


@dataclass(frozen=True)
class Form:
    """What somebody entered for one of the three actions, as it was typed."""

    action: Action
    subject: Mapping[str, str] = field(default_factory=dict)  # by language; a task's under ""
    body: Mapping[str, str] = field(default_factory=dict)
    fallback: str = ""
    best_time_days: int = 0
    values: Mapping[str, str] = field(default_factory=dict)  # field -> new value; '' empties it
    due: str = ""


@dataclass(frozen=True)
class Selection:
    """Whom a filter finds now. `filter` is its JSON, `words` says it in the page's language."""

    module: Module
    filter: str
    records: int
    words: str


@dataclass(frozen=True)
class SettableField:
    """`kind`: text, long_text, number, date, yes_no, stage, owner, language. `choices`: value and name."""

    name: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    may_be_empty: bool = True
    custom: bool = False


@dataclass(frozen=True)
class Limits:
    most_records: int
    type_number_over: int
    best_time_days: int
    undo_days: int
    fallback: str


@dataclass(frozen=True)
class Count:
    """`state`: new, ready, working, handed, done, failed, skipped, stopped; `why`: one of bulk_words.WHYS, or ''."""

    state: str
    why: str
    rows: int


@dataclass(frozen=True)
class AuditLine:
    """`what`: one of bulk_words.AUDIT; `records`: how many it was about, where that is told."""

    at: datetime
    by: str
    what: str
    records: int | None = None


@dataclass(frozen=True)
class JobView:
    """`confirmed_records`: how many it was to be done to when it was confirmed. `undo_until`: None when it can't be
    undone. `trouble`: why it waits for somebody (bulk_words.TROUBLES), or ''."""

    id: int
    module: Module
    action: Action
    state: State
    version: int
    filter: str
    words: str
    total: int
    created_at: datetime
    created_by: str
    form: Form
    counts: tuple[Count, ...] = ()
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_records: int = 0
    good_until: datetime | None = None
    finished_at: datetime | None = None
    trouble: str = ""
    undo: Literal["", "running", "done"] = ""
    undo_until: datetime | None = None
    undo_counts: Mapping[str, int] = field(default_factory=dict)
    audit: tuple[AuditLine, ...] = ()

    def number(self, *states: str) -> int:
        return sum(one.rows for one in self.counts if one.state in states)

    @property
    def left(self) -> int:
        return self.number("new", "ready", "working", "handed")

    @property
    def over(self) -> int:
        """Of those it was to be done to, how many are over."""
        return max(0, self.confirmed_records - self.left)

    def reasons(self, *states: str) -> list[Count]:
        return [one for one in self.counts if one.state in states]


@dataclass(frozen=True)
class Change:
    """One field of a record; texts as people read them."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RowView:
    """`module`, `record_id`: what it is done to. `detail`: the server's words, or fields."""

    number: int
    module: str
    record_id: str
    name: str
    state: str
    why: str = ""
    detail: str = ""
    at: datetime | None = None
    changes: tuple[Change, ...] = ()
    undo: str = ""
    undo_detail: str = ""


@dataclass(frozen=True)
class SampleView:
    """One record as it would be done now. `why`: it would be left out by now. `before`, `after`: its neighbours."""

    row: RowView
    place: int
    of: int
    before: int | None = None
    after: int | None = None
    why: str = ""
    to: str = ""
    language: str = ""
    subject: str = ""
    text: str = ""
    empty: tuple[str, ...] = ()
    when: datetime | None = None
    owner: str = ""
    due: date | None = None


class BulkDesk(Protocol):
    """All may raise CrmError. None and NotPossible also where somebody may not see it."""

    def may(self, user: User) -> bool:
        """Is this person let in at all?"""

    def limits(self) -> Limits: ...
    def select(self, module: Module, written: str) -> Selection:
        """NotPossible tells all that is wrong with the filter."""

    def fields(self, module: Module) -> Sequence[SettableField]: ...
    def known(self, module: Module, action: Action) -> Mapping[str, Sequence[str]]:
        """What a template may name: contact -> first_name …"""

    def jobs(self, user: User, *, before: int | None = None) -> Sequence[JobView]:
        """The newest first, without their audit."""

    def job(self, user: User, job_id: int) -> JobView | None: ...
    def sample(self, user: User, job_id: int, number: int) -> SampleView | None: ...
    def rows(
        self, user: User, job_id: int, *, states: Sequence[str] = (), why: str = "", undo: str = "", after: int = 0
    ) -> Sequence[RowView]:
        """At most ROWS_A_PAGE."""

    def plan(self, user: User, module: Module, written: str, form: Form) -> int:
        """The plan's id; NotPossible."""

    def change(self, user: User, job_id: int, form: Form) -> None: ...
    def confirm(self, user: User, job_id: int, *, version: int, said: int, typed: str) -> None: ...
    def do(self, user: User, job_id: int, deed: Literal["pause", "resume", "cancel", "undo"]) -> None: ...


class Stopping(Protocol):
    """Who wants no such mail; the page /unsubscribe asks."""

    def whom(self, token: str) -> str:
        """The address, its middle hidden; '' for a token that is not ours."""

    def refused(self, token: str) -> bool: ...
    def refuse(self, token: str, why: Literal["one_click", "page"]) -> None: ...
    def allow(self, token: str) -> None: ...
