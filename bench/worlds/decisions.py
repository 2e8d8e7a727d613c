"""Plain decisions of a history, for the naive suggesters: contact, stage, action, and whether the deal moved on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.worlds.clock import DAY
from bench.worlds.words import ACTIONS
from motenashi.sales_history.history import DIRECTIONS, KINDS, NEVER, STATUSES, SalesHistory

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Decisions:
    """Sorted by deal, then time. `action` -1: unknown. `signals`: of the customer in the fortnight before. `won`: 1, 0,
    or -1 while the deal is open."""

    deal: Codes
    at: Codes
    stage: Codes
    action: Codes
    days: NDArray[np.float64]
    signals: Codes
    advanced: NDArray[np.bool_]
    won: Codes


def decisions(history: SalesHistory) -> Decisions:
    acts, mails = history.activities, history.emails
    code = _codes(history)
    done = (acts.status == STATUSES.index("completed")) & (
        ((acts.kind == KINDS.index("call")) & (acts.direction == DIRECTIONS.index("outbound")))
        | (acts.kind == KINDS.index("event"))
    )
    out = mails.direction == 0
    deal = np.concatenate([acts.deal[done], mails.deal[out]]).astype(np.int64)
    at = np.concatenate([acts.at[done], mails.at[out]])
    action = np.concatenate([code[acts.kind[done], acts.purpose[done]], code[-1, mails.purpose[out]]])
    order = np.lexsort((at, deal))
    deal, at, action = deal[order], at[order], action[order]
    same_next = np.append(deal[1:] == deal[:-1], False)
    until = np.where(same_next, np.append(at[1:], 0), np.iinfo(np.int64).max)
    before = np.where(np.insert(same_next[:-1], 0, False), np.insert(at[:-1], 0, 0), history.deals.created_at[deal])
    stage, after = _stage(history, deal, at), _stage(history, deal, until)
    outcome = np.array([{"won": 1, "lost": 0}.get(name, -1) for name in history.names.stage_outcomes])
    return Decisions(
        deal=deal,
        at=at,
        stage=stage,
        action=action,
        days=(at - before) / DAY,
        signals=signals_before(history, deal, at),
        advanced=(after != stage) & (outcome[after] != 0),
        won=outcome[history.deals.stage[deal]],
    )


def _codes(history: SalesHistory) -> Codes:
    """KINDS and mail (last) x purposes (and NONE, last) -> place in ACTIONS or -1."""
    known = {action: number for number, action in enumerate(ACTIONS)}
    return np.array(
        [
            [known.get(f"{kind}:{purpose}", -1) for purpose in (*history.names.purposes, "")]
            for kind in (*KINDS, "email")
        ]
    )


def _stage(history: SalesHistory, deal: Codes, at: Codes) -> Codes:
    """Of each deal at each moment (its creation counts as before everything)."""
    changes = history.stage_changes
    keys = _key(changes.deal, np.maximum(changes.at, 0), changes.at)
    place = np.searchsorted(keys, _key(deal, at, changes.at), side="right") - 1
    first = np.searchsorted(changes.deal, deal)
    return changes.to_stage[np.maximum(place, first)].astype(np.int64)


def _key(deal: NDArray[np.generic], at: Codes, all_moments: Codes) -> Codes:
    most = int(all_moments.max(initial=1)) + 1
    return np.asarray(deal, np.int64) * (most + 1) + np.minimum(at, most)


def signals_before(history: SalesHistory, deal: Codes, at: Codes, days: int = 14) -> Codes:
    who, when = signals(history)
    order = np.lexsort((when, who))
    keys = _key(who[order], when[order], when)
    upto = np.searchsorted(keys, _key(deal, at, when))
    since = np.searchsorted(keys, _key(deal, at - days * DAY, when))
    return np.asarray(upto - since, np.int64)


def signals(history: SalesHistory) -> tuple[Codes, Codes]:
    """Deal and moment of everything a customer did, opened mails excepted."""
    acts, mails, points = history.activities, history.emails, history.touchpoints
    called = acts.direction == DIRECTIONS.index("inbound")
    wrote = mails.direction == 1
    replied, clicked = mails.replied_at != NEVER, mails.clicked_at != NEVER
    who = (acts.deal[called], mails.deal[wrote], points.deal[points.signal], mails.deal[replied], mails.deal[clicked])
    when = (
        acts.at[called],
        mails.at[wrote],
        points.at[points.signal],
        mails.replied_at[replied],
        mails.clicked_at[clicked],
    )
    return np.concatenate(who).astype(np.int64), np.concatenate(when)


def open_state(history: SalesHistory, as_of: int) -> tuple[Codes, Codes, NDArray[np.float64]]:
    """Rows of the open deals, their stage, and days since the last contact or the creation."""
    rows = open_rows(history)
    last = history.deals.created_at.copy()
    made = decisions(history)
    np.maximum.at(last, made.deal, made.at)
    return rows, history.deals.stage[rows].astype(np.int64), (as_of - last[rows]) / DAY


def open_rows(history: SalesHistory) -> Codes:
    still_open = np.array([name == "open" for name in history.names.stage_outcomes])
    return np.flatnonzero(still_open[history.deals.stage])
