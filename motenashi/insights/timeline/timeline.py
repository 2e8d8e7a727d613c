"""The words of the timeline: touches of both sides, milestones between them, gaps, and what to show of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

PersonKind = Literal["contact", "lead"]
Side = Literal["signal", "follow_up"]
View = Literal["all", "signals", "milestones"]
RhythmKind = Literal["module", "own"]
Period = Literal["", "today", "yesterday", "last_7", "last_30", "day", "range"]


@dataclass(frozen=True)
class Touch:
    """One thing that happened. `side`: signal is theirs, follow_up ours. `channel` is one of
    crm_client.touch_channels.CHANNELS; `type` what it was within it. `user` is who of ours did it, or took it."""

    id: str  # "activity:12", "email:7", "touchpoint:9"; stable
    at: datetime
    side: Side
    channel: str
    type: str = ""
    title: str = ""
    user_id: str = ""
    user: str = ""
    status: str = ""  # crm_client.touch_channels.STATUSES
    duration_s: int | None = None
    pages: int | None = None
    count: int | None = None  # questions answered, messages
    deal_id: str = ""


@dataclass(frozen=True)
class Milestone:
    """A tracked field got another value. `lasted_s`: how long it then kept it (until now for the last one);
    `signals` and `follow_ups`: the touches within that time."""

    id: str
    at: datetime
    field: str  # "leads.status", "deals.stage", "contacts.Loyalty_Level"
    from_value: str
    to_value: str
    outcome: str = ""  # of a stage: open, won, lost
    user_id: str = ""
    user: str = ""
    deal_id: str = ""
    deal: str = ""  # its name
    lasted_s: int = 0
    ended: bool = False  # another value followed
    signals: int = 0
    follow_ups: int = 0


@dataclass(frozen=True)
class Row:
    """One row: a touch or a milestone. `gap_s` is the time since the entry before it in the person's whole timeline,
    whatever is filtered (None for the first, and for what is no entry: entries.py says what is one); `inactive`: that
    gap is longer than usual. `folded`: follow-ups that the
    view hides behind "details", in time order; they happened before this row and after the row before it."""

    touch: Touch | None = None
    milestone: Milestone | None = None
    gap_s: int | None = None
    inactive: bool = False
    folded: tuple[Touch, ...] = ()

    @property
    def at(self) -> datetime:
        one = self.touch or self.milestone
        if one is None:
            raise ValueError("a row without anything in it")
        return one.at


@dataclass(frozen=True)
class Rhythm:
    """What gap is usual. `mean_s`: of all persons of the module, recomputed weekly (`computed_at`; None where nothing
    was to be learned from). `median_s`, `spread_s` (median absolute deviation, scaled to a normal one's sigma): this
    person's own; None with fewer than `needs` gaps. `limit_s`: a longer gap is inactivity, by the chosen `kind`; a
    person without a rhythm of their own is held against the module's mean."""

    kind: RhythmKind
    limit_s: float | None
    mean_s: float | None = None
    computed_at: datetime | None = None
    median_s: float | None = None
    spread_s: float | None = None
    gaps: int = 0  # of this person
    needs: int = 5


@dataclass(frozen=True)
class ChannelAnswers:
    """How often follow-ups in a channel were answered: by a signal of the person before our next follow-up, or (calls
    and meetings) by picking up or being there."""

    channel: str
    follow_ups: int
    answered: int
    signals: int


@dataclass(frozen=True)
class Summary:
    """Of the whole timeline up to now, whatever is filtered. `silence_s`: since the last touch of either side;
    `silent`: that is longer than usual. `touches_per_30_days` over the last 90 days (or since the first touch)."""

    signals: int = 0
    follow_ups: int = 0
    milestones: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_signal_at: datetime | None = None
    silence_s: int | None = None
    silent: bool = False
    touches_per_30_days: float = 0.0
    channels: tuple[ChannelAnswers, ...] = ()  # most follow-ups first


@dataclass(frozen=True)
class Query:
    """What to show. Empty `channels` and `users` (ids of owners): all. Channels hide touches and never milestones;
    users hide what others did or took, and not what nobody took: a visit of the website is nobody's. `day` for period
    "day"; `first`, `last` (days, both included) for "range", of which one may be left open. Days are of the zone that
    the reader is given."""

    view: View = "all"
    rhythm: RhythmKind = "module"
    channels: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    period: Period = ""
    day: date | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Timeline:
    """`rows` newest first. `total`: how many rows the query has, of which `rows` may be a part. `users`: everybody of
    ours in the whole timeline, id to name; `channels`: those that occur in it. `unanswered`, in the view Signals: our
    follow-ups since the newest signal, in time order."""

    person_kind: PersonKind
    person_id: str
    query: Query
    rows: tuple[Row, ...]
    total: int
    rhythm: Rhythm
    summary: Summary
    users: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    unanswered: tuple[Touch, ...] = ()
