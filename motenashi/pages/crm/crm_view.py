"""What the page `/crm` shows, and whom it asks for it. `motenashi/crm_views.py` answers.

Times are aware, in UTC. Modules and fields have our names; values of fields are texts, made for reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

ROWS_A_PAGE = 50

Severity = Literal["error", "warning", "fine"]


@dataclass(frozen=True)
class Place:
    """Where our CRM lives. `trying_out`: the address is that of a fake on this machine."""

    backend: Literal["embedded", "zoho"] = "embedded"
    data_centre: str = ""
    environment: str = ""
    version: str = ""
    trying_out: bool = False


@dataclass(frozen=True)
class ConnectionState:
    """`trouble` is a name in crm_client/zoho/troubles.py; '' when nothing is wrong. `since`: when it was last told.
    `needs_consent`: everything stops until an operator connects again."""

    trouble: str = ""
    since: datetime | None = None
    api_domain: str = ""
    needs_consent: bool = False


@dataclass(frozen=True)
class CreditsHour:
    """API credits used in the hour that begins at `at`. `told_left`: what Zoho said last in it."""

    at: datetime
    used: int = 0
    told_left: int | None = None


@dataclass(frozen=True)
class CreditsState:
    """`kept`: credits that background work leaves alone; `alarm`: at or below so many left the operator is warned.
    `hours`: the last 24 and the one in which they began, oldest first."""

    budget: int
    used: int
    left: int
    kept: int
    alarm: int
    told_at: datetime | None = None
    hours: Sequence[CreditsHour] = ()


@dataclass(frozen=True)
class ModuleState:
    """How far one module has been read. `rows`: records of Zoho that stand here. `as_of`: when Zoho last told us all
    that had changed; `watermark`: the latest change we have. `done` of `expected` (0: nobody knows yet) while the
    first fill is under way. `hinted`: records that Zoho said had changed and that are still to be fetched;
    `unreadable`: those that could not be taken over, so far."""

    module: str
    rows: int = 0
    as_of: datetime | None = None
    watermark: datetime | None = None
    filled_at: datetime | None = None
    filling: bool = False
    done: int = 0
    expected: int = 0
    hinted: int = 0
    trouble: str = ""
    why: str = ""
    trouble_at: datetime | None = None
    unreadable: int = 0


@dataclass(frozen=True)
class ChannelState:
    """A notification channel: Zoho keeps it until `expires_at`. `about`: modules, in our words."""

    id: str
    about: Sequence[str]
    expires_at: datetime | None = None
    checked_at: datetime | None = None
    last_push_at: datetime | None = None


@dataclass(frozen=True)
class ChangedValue:
    """`before` is None where nobody knows what stood there."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Named:
    """A record by the name people call it; '' when it is gone."""

    module: str
    record_id: str
    name: str


@dataclass(frozen=True)
class WaitingWrite:
    """Something that was written here and is not in Zoho yet. `behind`: it waits for an earlier one of its record that
    is stuck. `waits_for`: records that Zoho must have first. `unsure`: a call went out and nobody knows yet what became
    of it."""

    number: int
    module: str
    record_id: str
    name: str  # of the record; '' when it is gone
    action: str  # create, update, delete, products, email
    state: str  # waiting, sending, stuck
    at: datetime
    changes: Sequence[ChangedValue] = ()
    by: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    unsure: bool = False
    behind: bool = False
    waits_for: Sequence[Named] = ()
    trouble: str = ""
    why: str = ""


@dataclass(frozen=True)
class OutboxState:
    """`oldest`: since when the first of them waits."""

    waiting: int = 0
    sending: int = 0
    stuck: int = 0
    oldest: datetime | None = None

    @property
    def all(self) -> int:
        return self.waiting + self.sending + self.stuck


@dataclass(frozen=True)
class ConflictRow:
    """A field that both sides had changed. `won`: ours or zoho."""

    number: int
    at: datetime
    module: str
    record_id: str
    name: str
    field: str
    base: str
    ours: str
    theirs: str
    won: str
    ours_at: datetime | None = None
    theirs_at: datetime | None = None


@dataclass(frozen=True)
class FindingRow:
    """Something that `app.py zoho doctor` found; the sentences are the doctor's, `field` is Zoho's name of it."""

    severity: Severity
    module: str
    field: str
    what: str
    what_to_do: str
    trouble: str = ""


@dataclass(frozen=True)
class Examination:
    """The doctor's last visit."""

    at: datetime
    findings: Sequence[FindingRow] = ()


@dataclass(frozen=True)
class CrmState:
    """All that the page shows at first sight. `as_of`: everything that Zoho knew then is here; None before the first
    fill has ended. `details`: deals whose products and stages are still to be fetched. `poll_seconds`: how often
    changes are asked for as things stand; `notify`: notifications are wanted. `workflow_url`: where Zoho's workflows
    may post to; whoever knows it is believed, so it is for administrators."""

    place: Place
    connection: ConnectionState = field(default_factory=ConnectionState)
    credits: CreditsState | None = None
    modules: Sequence[ModuleState] = ()
    as_of: datetime | None = None
    details: int = 0
    channels: Sequence[ChannelState] = ()
    outbox: OutboxState = field(default_factory=OutboxState)
    conflicts: int = 0
    notify: bool = False
    workflow_url: str = ""
    poll_seconds: int = 0
    rule: str = "newest"  # crm.zoho.sync.conflicts
    examination: Examination | None = None


class CrmDesk(Protocol):
    """CrmError and DBAPIError pass through."""

    def state(self) -> CrmState: ...
    def waiting(self, show: str = "", after: int = 0) -> Sequence[WaitingWrite]:
        """Oldest first, at most ROWS_A_PAGE; `show`: 'stuck' or 'waiting' (both others) only, '' all."""

    def write(self, number: int) -> WaitingWrite | None: ...
    def conflicts(self, before: int | None = None) -> Sequence[ConflictRow]:
        """Newest first, at most ROWS_A_PAGE."""

    def try_again(self, number: int) -> bool:
        """False when it is not there any more (sent, or given up by somebody else)."""

    def give_up(self, number: int, by: str) -> bool: ...
    def ask_now(self) -> bool:
        """False when somebody is asking already."""
