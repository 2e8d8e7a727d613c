"""What pages and tools see of the advice. Web processes read it from the store; they never compute it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motenashi.suggestions.best_time.best_times import BestTimes, TimeOverride
from motenashi.suggestions.suggestion import Suggestion

RecordKind = Literal["deal", "contact", "lead"]


@dataclass(frozen=True)
class PersonTimes:
    """Best times of one person, calls and e-mails apart; None where the feature is off or nothing is known yet."""

    call: BestTimes | None
    email: BestTimes | None
    override: TimeOverride | None = None
    reminder_at: datetime | None = None


@dataclass(frozen=True)
class RecordAdvice:
    """The advice beside one record. `suggestion` None with `computing` True: the worker is at it."""

    kind: RecordKind
    record_id: str
    suggestion: Suggestion | None
    computing: bool
    times: PersonTimes | None
    learned_from: int = 0  # closed deals behind what was learned; 0: prior knowledge only
    learned_at: datetime | None = None
    switched_off: bool = False


@dataclass(frozen=True)
class TodayRow:
    """One line of a representative's list."""

    suggestion: Suggestion
    record_kind: RecordKind
    record_name: str
    person_name: str
    account_name: str
    stage: str
    amount: int | None
    currency: str
    overdue: bool


@dataclass(frozen=True)
class Today:
    """`rows` by expected gain, urgent wishes of customers first. `quiet`: records where nothing need be done;
    `next_due`: when the first of them changes."""

    owner_id: str
    rows: tuple[TodayRow, ...]
    quiet: int
    next_due: datetime | None


@dataclass(frozen=True)
class Accepted:
    """What accepting made in the CRM."""

    suggestion: Suggestion
    made: Literal["call", "event", "e-mail", "update"]
    record_id: str


@dataclass(frozen=True)
class ActionResults:
    """What became of one kind of suggestion ("call:demo") or of all ("")."""

    action: str
    shown: int
    accepted: int
    done: int
    dismissed: int
    snoozed: int
    advanced: int
    won: int


@dataclass(frozen=True)
class CalibrationBin:
    """Of suggestions that were followed and promised between `low` and `high`: how many there were, the mean promise,
    and how often the deal really moved on."""

    low: float
    high: float
    count: int
    promised: float
    happened: float


@dataclass(frozen=True)
class Results:
    total: ActionResults
    by_action: tuple[ActionResults, ...]
    calibration: tuple[CalibrationBin, ...]
    not_followed: CalibrationBin | None  # all that were shown and not followed, for comparison
    dismiss_reasons: tuple[tuple[str, int], ...]
