"""What the pages show of advice and best times, and whom they ask for it. `motenashi/advice_views.py` answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes
from motenashi.suggestions.suggestion import Suggestion

RecordKind = Literal["deal", "contact", "lead"]
PersonKind = Literal["contact", "lead"]
Channel = Literal["call", "email"]
LONGEST_TEXT = 20_000  # letters of a draft that somebody edited


@dataclass(frozen=True)
class Person:
    """Whom the advice is about. `time_zone` is theirs, '' when nobody knows it."""

    kind: PersonKind
    id: str
    name: str
    time_zone: str = ""
    language: str = ""


@dataclass(frozen=True)
class NextSlot:
    """A good hour with its date, aware. `passed`: it was today and is over for half an hour or more."""

    start: datetime
    end: datetime
    stars: float
    passed: bool = False


@dataclass(frozen=True)
class ChannelTimes:
    """Best times for one channel; `times` None: nothing is known yet. `next_slots` by date."""

    channel: Channel
    times: BestTimes | None = None
    next_slots: tuple[NextSlot, ...] = ()


@dataclass(frozen=True)
class OwnTimes:
    """Somebody's word against the learned best time, on the organisation's clock. Monday is 0."""

    weekdays: tuple[int, ...]
    from_hour: int
    to_hour: int
    by: str
    at: datetime


@dataclass(frozen=True)
class PersonTimes:
    """`channels`: those that are switched on. `zone`: the organisation's, in which hours and weekdays are told."""

    person: Person
    channels: tuple[ChannelTimes, ...]
    zone: str
    own: OwnTimes | None = None
    reminder_at: datetime | None = None
    reminders_on: bool = True


@dataclass(frozen=True)
class AdviceView:
    """The advice beside a record. `suggestion` None with `computing`: the worker is at it; with `closed`: the deal has
    come to an end, or the lead was converted.

    `learned_from`: closed deals behind what was learned; 0 is prior knowledge only.
    """

    suggestion: Suggestion | None = None
    person: Person | None = None
    computing: bool = False
    switched_off: bool = False
    closed: bool = False
    learned_from: int = 0
    learned_at: datetime | None = None
    times: PersonTimes | None = None


class AdviceActions(Protocol):
    """All may raise CrmError; then nothing is half done."""

    def suggestion(self, suggestion_id: int) -> Suggestion | None: ...
    def accept(self, suggestion_id: int, changes: Mapping[str, Any], *, by: str) -> Acted:
        """`changes` go before the draft: subject, text, to, start, end (aware), and send: True sends the mail now."""

    def dismiss(self, suggestion_id: int, reason: str, note: str, *, by: str) -> Acted: ...
    def snooze(self, suggestion_id: int, until: datetime, *, by: str) -> Acted: ...


@dataclass(frozen=True)
class Switch:
    """`turned_by` and `turned_at` are of the last one who turned it; nobody: it stands as in config.yaml."""

    name: str
    on: bool
    turned_by: str = ""
    turned_at: datetime | None = None


@dataclass(frozen=True)
class Learning:
    """How it stands with learning. `state`: never, waiting, running, done or failed. `progress` 0 to 1.

    `closed_deals`, `won_deals`: what was learned from. `trouble`: why the last try failed, in technical words.
    `left_out`: impossible records by what was wrong with them.
    """

    state: Literal["never", "waiting", "running", "done", "failed"] = "never"
    learned_at: datetime | None = None
    began_at: datetime | None = None
    progress: float = 0.0
    step: str = ""
    deals: int = 0
    closed_deals: int = 0
    won_deals: int = 0
    people: int = 0
    seconds: float = 0.0
    trouble: str = ""
    left_out: tuple[tuple[str, int], ...] = ()


class SettingsDesk(Protocol):
    def switches(self) -> Sequence[Switch]: ...
    def turn(self, name: str, on: bool, *, by: str) -> None:
        """Only for names that `switches` told."""

    def learning(self) -> Learning: ...
    def learn_now(self) -> None:
        """Have a worker learn soon."""


@dataclass(frozen=True)
class Counts:
    """What became of one kind of suggestion ("call:demo"), or of all ('')."""

    action: str
    shown: int = 0
    accepted: int = 0
    done: int = 0
    dismissed: int = 0
    snoozed: int = 0
    advanced: int = 0
    won: int = 0


@dataclass(frozen=True)
class Bin:
    """Of suggestions that promised between `low` and `high`: how many, the mean promise, and what came true."""

    low: float
    high: float
    count: int
    promised: float
    happened: float


@dataclass(frozen=True)
class ResultsView:
    total: Counts
    by_action: Sequence[Counts] = ()
    calibration: Sequence[Bin] = ()
    not_followed: Bin | None = None
    dismiss_reasons: Sequence[tuple[str, int]] = ()


class ResultsDesk(Protocol):
    def results(self, *, days: int) -> ResultsView: ...
