"""The words of a suggestion: what to do next with a customer, within what time, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# `update` changes the customer's record; the first three reach the customer. `none`: nothing need be done until then.
Action = Literal["call", "event", "e-mail", "update", "none"]
Urgency = Literal["urgent", "soon", "normal"]
State = Literal["open", "done", "dismissed", "replaced"]
What = Literal["shown", "accepted", "dismissed", "snoozed", "done", "advanced", "won", "lost", "expired"]
WindowSource = Literal["invitation", "proposed", "hours", "best_time", "override"]

# Why somebody turned one down.
DISMISS_REASONS = ("not_now", "wrong_action", "wrong_time", "done_already", "deal_is_dead", "other")

Words = Mapping[str, str]  # language -> text


@dataclass(frozen=True)
class TimeWindow:
    """When to do it; both ends aware. `source`: an invitation's own dates (certain), what the customer proposed in the
    words `text`, or our business hours. `off_hours`: nobody of ours is there then."""

    start: datetime
    end: datetime
    source: WindowSource = "hours"
    certainty: float = 1.0
    text: str = ""
    off_hours: bool = False


@dataclass(frozen=True)
class Reason:
    """One sentence in each language; `sentence` is the customer's own that says so. `weight` 0 to 1."""

    text: Words
    weight: float = 1.0
    sentence: str = ""


@dataclass(frozen=True)
class About:
    """Whom and what a suggestion is about. `deal_certainty` says how sure the deal is, 0 to 1."""

    contact_id: str = ""
    lead_id: str = ""
    deal_id: str = ""
    deal_certainty: float = 0.0
    owner_id: str = ""
    language: str = ""  # the customer's


@dataclass(frozen=True)
class Effect:
    """How much an action is believed to help, and on what that rests.

    `p`: probability that the deal moves on before the contact after this one; `base`: the same for what is usual.
    `lift` = p / base with its 95 % interval. `taken`, `advanced`: plain counts among deals `like` this one.
    """

    p: float
    base: float
    lift: float
    low: float
    high: float
    taken: int = 0
    advanced: int = 0
    like: str = "all"


@dataclass(frozen=True)
class Alternative:
    """Another way to act, with what is believed of it."""

    action: Action
    purpose: str
    title: Words
    effect: Effect | None = None


@dataclass(frozen=True)
class Draft:
    """What accepting fills in. `subject` and `text` in the customer's language; events have `start` and `end`; `to` is
    an address (mails) or number (calls)."""

    kind: Action
    language: str
    subject: str
    text: str
    to: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Suggestion:
    """`id` 0: not stored yet. `key`: the same key again is the same suggestion. `windows` come best first.

    `purposes` are what it is done for, the main one first. By `respond_by` the customer should have heard from us, also
    about an event that lies further ahead. `made_by` names who thought of it; `source` what it was read from
    ("mail:12"). `not_before` is when the customer is back.
    """

    id: int
    key: str
    about: About
    action: Action
    purposes: tuple[str, ...]
    urgency: Urgency
    title: Words
    windows: tuple[TimeWindow, ...]
    reasons: tuple[Reason, ...]
    created_at: datetime
    respond_by: datetime
    product_ids: tuple[str, ...] = ()
    not_before: datetime | None = None
    made_by: str = "plain"
    source: str = ""
    state: State = "open"
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_why: str = ""
    situation: str = ""  # which of the known situations it answers ("discount"); '' for the ordinary next contact
    effect: Effect | None = None
    alternatives: tuple[Alternative, ...] = ()
    draft: Draft | None = None
    gain: float = 0.0  # expected gain: money of the deal times the chance added; what lists are ordered by
    probability: float = 1.0  # with which this action was chosen among those that were possible
    snoozed_until: datetime | None = None
    answers: tuple[int, ...] = ()  # ids of the wishes that are granted when this one is accepted
