"""Histories written by hand, one line a thing that happened; times are days since the first of June 2025."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    NEVER,
    NONE,
    RESULTS,
    STATUSES,
    Accounts,
    Activities,
    Contacts,
    Deals,
    Emails,
    Leads,
    Names,
    Organisation,
    SalesHistory,
    StageChanges,
    Touchpoints,
    Users,
)

DAY = 86_400
START = int(datetime(2025, 6, 1, tzinfo=UTC).timestamp())
STAGES = ("First", "Second", "Won", "Lost")
PURPOSES = ("demo", "follow_up", "quote")
TYPES = ("visit", "chat")


@dataclass(frozen=True)
class Deal:
    """`path`: (stage, day) in order, the first is the creation."""

    path: Sequence[tuple[str, float]] = (("First", 0.0),)
    industry: int = 0
    type: int = 0
    owner: int = 0


@dataclass(frozen=True)
class Did:
    """A contact, call in or task: kind 'call', 'event', 'task'; purpose '' for none."""

    deal: int
    day: float
    kind: str = "call"
    purpose: str = "follow_up"
    result: str = "no_answer"
    direction: str = "outbound"
    status: str = "completed"


@dataclass(frozen=True)
class Mail:
    """Days at which it was sent and what came of it; None: never."""

    deal: int
    day: float
    out: bool = True
    purpose: str = "quote"
    opened: float | None = None
    again: float | None = None
    clicked: float | None = None
    replied: float | None = None


@dataclass(frozen=True)
class Touch:
    deal: int
    day: float
    type: str = "visit"
    signal: bool = True


def moment(day: float | None) -> int:
    return NEVER if day is None else START + round(day * DAY)


def at_day(day: float) -> datetime:
    return datetime.fromtimestamp(moment(day), UTC)


def history(
    deals: Sequence[Deal] = (),
    did: Sequence[Did] = (),
    mails: Sequence[Mail] = (),
    touches: Sequence[Touch] = (),
    *,
    until: float = 100.0,
    stages: tuple[str, ...] = STAGES,
) -> SalesHistory:
    return SalesHistory(
        Organisation("Asia/Tokyo", (0, 1, 2, 3, 4), 540, 1080, moment(until)),
        replace(_NAMES, stages=stages, stage_outcomes=tuple(_OUTCOME.get(stage, "open") for stage in stages)),
        Users(_ids("u", 2), _codes([0, 0])),
        Accounts(_ids("a", len(deals)), _codes([deal.industry for deal in deals])),
        Contacts(_ids("c", len(deals)), _codes(range(len(deals))), _codes([0] * len(deals))),
        _no_leads(),
        _deals(deals, stages),
        _changes(deals, stages),
        _activities(sorted(did, key=lambda one: one.day)),
        _emails(sorted(mails, key=lambda one: one.day)),
        _touchpoints(sorted(touches, key=lambda one: one.day)),
    )


_OUTCOME = {"Won": "won", "Lost": "lost"}
_NAMES = Names(
    STAGES,
    (),
    ("Retail", "Finance"),
    ("New Business", "Renewal"),
    ("Web",),
    PURPOSES,
    ("web",),
    TYPES,
    ("Asia/Tokyo",),
    ("Contacted",),
)


def _codes(values: Sequence[int] | range) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array(list(values), dtype=np.int32)


def _moments(days: Sequence[float | None]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([moment(day) for day in days], dtype=np.int64)


def _ids(letter: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    return np.array([f"{letter}{number}" for number in range(count)], dtype=object)


def _no_leads() -> Leads:
    none = _codes([])
    return Leads(_ids("l", 0), none, none, none, none, none, _moments([]), none)


def _deals(deals: Sequence[Deal], stages: tuple[str, ...]) -> Deals:
    count, every = len(deals), _codes(range(len(deals)))
    closed = [deal.path[-1][1] if deal.path[-1][0] in _OUTCOME else None for deal in deals]
    return Deals(
        _ids("d", count),
        every,
        every,
        _codes([deal.owner for deal in deals]),
        _codes([deal.industry for deal in deals]),
        _codes([deal.type for deal in deals]),
        _codes([0] * count),
        _codes([stages.index(deal.path[-1][0]) for deal in deals]),
        np.zeros(count, dtype=bool),
        np.full(count, np.nan),
        _moments([deal.path[0][1] for deal in deals]),
        _moments([None] * count),
        _moments(closed),
    )


def _changes(deals: Sequence[Deal], stages: tuple[str, ...]) -> StageChanges:
    rows = [
        (number, NONE if step == 0 else stages.index(deal.path[step - 1][0]), stages.index(stage), day)
        for number, deal in enumerate(deals)
        for step, (stage, day) in enumerate(deal.path)
    ]
    return StageChanges(
        _codes([row[0] for row in rows]),
        _codes([row[1] for row in rows]),
        _codes([row[2] for row in rows]),
        _moments([row[3] for row in rows]),
    )


def _activities(did: Sequence[Did]) -> Activities:
    deal = _codes([one.deal for one in did])
    calls = [DIRECTIONS.index(one.direction) if one.kind == "call" else NONE for one in did]
    return Activities(
        deal,
        deal,
        _codes([NONE] * len(did)),
        _codes([0] * len(did)),
        _codes([KINDS.index(one.kind) for one in did]),
        _codes([PURPOSES.index(one.purpose) if one.purpose else NONE for one in did]),
        _codes(calls),
        _codes([STATUSES.index(one.status) for one in did]),
        _codes([RESULTS.index(one.result) if one.result else NONE for one in did]),
        _moments([one.day for one in did]),
        _codes([0] * len(did)),
    )


def _emails(mails: Sequence[Mail]) -> Emails:
    deal = _codes([mail.deal for mail in mails])
    return Emails(
        deal,
        deal,
        _codes([NONE] * len(mails)),
        _codes([0] * len(mails)),
        _codes([0 if mail.out else 1 for mail in mails]),
        _codes([PURPOSES.index(mail.purpose) if mail.out and mail.purpose else NONE for mail in mails]),
        _moments([mail.day for mail in mails]),
        _moments([mail.opened for mail in mails]),
        _moments([mail.again for mail in mails]),
        _moments([mail.clicked for mail in mails]),
        _moments([mail.replied for mail in mails]),
    )


def _touchpoints(touches: Sequence[Touch]) -> Touchpoints:
    deal, zeros = _codes([one.deal for one in touches]), _codes([0] * len(touches))
    return Touchpoints(
        deal,
        deal,
        zeros + np.int32(NONE),
        zeros,
        _codes([TYPES.index(one.type) for one in touches]),
        np.array([one.signal for one in touches], dtype=bool),
        _moments([one.day for one in touches]),
        zeros,
        zeros,
    )
