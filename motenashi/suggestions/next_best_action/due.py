"""When the next contact of a deal is due: when the ideal gap has nearly passed, or the customer waits."""

from __future__ import annotations

import numpy as np

from motenashi.sales_history.history import Moments, Numbers
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.next_best_action.record import SalesRecord, before
from motenashi.suggestions.next_best_action.state import DAY, State

# Where the ideal gap is not known well, a shorter one is waited for: silence that turns out too long costs more.
CAUTION = 0.5  # standard deviations of its log


def waiting_days(learned: LearnedActions, state: State) -> Numbers:
    """How many days after the last contact nothing need be done, for each state."""
    place = (state.stage, state.type)
    return np.asarray(learned.settings.patience * learned.ideal_days[place] * np.exp(-CAUTION * learned.doubt[place]))


def due_moments(learned: LearnedActions, record: SalesRecord, state: State) -> Moments:
    """When the next contact is due, seconds UTC; it may lie in the past."""
    quiet = state.last_contact + (waiting_days(learned, state) * DAY).astype(np.int64)
    asked = _asked_at(record, state)
    answer = asked + int(learned.settings.answer_within_days * DAY)
    return np.where(asked >= 0, np.minimum(quiet, answer), quiet)


def _asked_at(record: SalesRecord, state: State) -> Moments:
    """When the customer first wrote or called in vain since our last contact; -1: not at all."""
    asks = np.flatnonzero(record.signals.asks)
    if not len(asks):
        return np.full(len(state.deal), -1, dtype=np.int64)
    keys, clock = record.signal_key[asks], record.clock
    start, end = (
        before(keys, clock.key(state.deal, state.last_contact) + 1),
        before(keys, clock.key(state.deal, state.at)),
    )
    at = record.signals.at[asks][np.minimum(start, len(asks) - 1)]
    return np.where(end > start, at, -1)
