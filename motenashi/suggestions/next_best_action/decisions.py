"""One row for every contact of ours with an open deal: what was done, and what followed before the next contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NONE, Codes, Flags, Moments
from motenashi.suggestions.next_best_action.record import Rows, SalesRecord, before
from motenashi.suggestions.next_best_action.state import stage_at

NOTHING, ADVANCED, LOST, CENSORED = 0, 1, 2, 3
OUTCOME_NAMES = ("nothing", "advanced", "lost", "censored")

# An open deal's last contact is given up on once so large a share of all stage changes would have come by now.
SETTLED_SHARE = 0.995


@dataclass(frozen=True)
class Decisions:
    """Sorted by deal, then time. `stage`, `action`: the history's codes. `outcome`: one of the four above, before the
    deal's next contact; CENSORED: an open deal's last contact, of which nobody can tell yet. `after`: since when the
    deal was in its stage."""

    deal: Codes
    at: Moments
    stage: Codes
    stage_since: Moments
    action: Codes
    outcome: Codes

    def take(self, rows: NDArray[np.int64]) -> Decisions:
        return Decisions(
            self.deal[rows],
            self.at[rows],
            self.stage[rows],
            self.stage_since[rows],
            self.action[rows],
            self.outcome[rows],
        )


def decisions_of(record: SalesRecord, *, as_of: int) -> Decisions:
    """A contact made at the second of a stage change belongs to the stage before it."""
    contacts, key = record.contacts, record.contact_key
    stage, since = stage_at(record, contacts.deal, key)
    outcome = _outcomes(record, stage, as_of)
    every = Decisions(contacts.deal, contacts.at, stage, since, contacts.action, outcome)
    return every.take(np.flatnonzero(_is_open(record, stage)))


def _outcomes(record: SalesRecord, stage: Codes, as_of: int) -> Codes:
    contacts, path = record.contacts, record.path
    change = before(path.key, record.contact_key)
    last = np.append(contacts.deal[1:] != contacts.deal[:-1], True)[: len(contacts.deal)]
    next_key = np.append(record.contact_key[1:], 0)[: len(contacts.deal)]
    exists = _same_deal(path.deal, change, contacts.deal)
    in_time = exists & (last | (_at(path.key, change) < next_key))
    to_stage = _at(path.to_stage, change).astype(np.int32)
    outcome = np.where(in_time, _meaning(record, stage, to_stage), NOTHING)
    waiting = last & ~in_time & _is_open(record, record.history.deals.stage[contacts.deal])
    lag = _at(path.at, change) - contacts.at
    settled = as_of - contacts.at > _usual_wait(lag[in_time & (outcome != NOTHING)])
    return np.where(waiting & ~settled, CENSORED, outcome).astype(np.int32)


def _usual_wait(lags: Moments) -> float:
    return float(np.quantile(lags, SETTLED_SHARE)) if len(lags) >= 100 else np.inf


def _meaning(record: SalesRecord, stage: Codes, to_stage: Codes) -> Codes:
    """What a change from a stage to another is. Winning is moving on; going back is nothing."""
    outcomes = record.history.names.stage_outcomes
    won = np.array([outcome == "won" for outcome in outcomes] + [False])
    lost = np.array([outcome == "lost" for outcome in outcomes] + [False])
    up = won[to_stage] | (~lost[to_stage] & (to_stage > stage))
    return np.where(lost[to_stage], LOST, np.where(up, ADVANCED, NOTHING)).astype(np.int32)


def _is_open(record: SalesRecord, stage: Codes) -> Flags:
    is_open = np.array([outcome == "open" for outcome in record.history.names.stage_outcomes] + [False])
    return np.asarray(is_open[stage] & (stage != NONE), dtype=np.bool_)


def _at(column: NDArray[np.int64] | Codes, places: Rows) -> NDArray[np.int64]:
    if not len(column):
        return np.zeros(len(places), dtype=np.int64)
    return column[np.minimum(places, len(column) - 1)].astype(np.int64)


def _same_deal(deals: Codes, places: Rows, deal: Codes) -> Flags:
    return np.asarray((places < len(deals)) & (_at(deals, places) == deal), dtype=np.bool_)
