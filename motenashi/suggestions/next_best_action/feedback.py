"""What was suggested, with what chance, whether it was followed, and what came of it: the cure for confounding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import Flags, Ids, Moments, Numbers, SalesHistory
from motenashi.suggestions.next_best_action.decisions import Decisions
from motenashi.suggestions.next_best_action.outbound_contacts import action_names
from motenashi.suggestions.next_best_action.record import Rows

CERTAIN = 0.999  # a suggestion that could not have been another one says nothing by chance


@dataclass(frozen=True)
class Feedback:
    """One row a suggestion that was shown and is settled. `deal`: its id. `at`: when it was shown, seconds UTC.
    `action`: "kind:purpose". `probability`: with which it was chosen. `followed`, `advanced`: what became of it."""

    deal: Ids
    at: Moments
    action: Ids
    probability: Numbers
    followed: Flags
    advanced: Flags


def no_feedback() -> Feedback:
    nothing = np.zeros(0, dtype=bool)
    return Feedback(np.zeros(0, object), np.zeros(0, np.int64), np.zeros(0, object), np.zeros(0), nothing, nothing)


def chosen_by_us(history: SalesHistory, decisions: Decisions, feedback: Feedback) -> Flags:
    """Which decisions did what we had suggested, where chance had a say in what we suggested.

    That is the deal's next decision after the suggestion was shown, when it took the suggested action.
    """
    chosen = np.zeros(len(decisions.deal), dtype=bool)
    asked = np.flatnonzero(feedback.followed & (feedback.probability < CERTAIN))
    if not len(asked) or not len(chosen):
        return chosen
    deal = _codes(history.deals.ids, feedback.deal[asked])
    action = _codes(np.array(action_names(history.names.purposes), dtype=object), feedback.action[asked])
    known = np.flatnonzero((deal >= 0) & (action >= 0))
    place = _first_after(decisions, deal[known], feedback.at[asked][known])
    inside = place < len(chosen)
    place, known = place[inside], known[inside]
    right = (decisions.deal[place] == deal[known]) & (decisions.action[place] == action[known])
    chosen[place[right]] = True
    return chosen


def _first_after(decisions: Decisions, deal: Rows, at: Moments) -> Rows:
    """The place of each deal's first decision at that moment or later; decisions are sorted by deal, then time."""
    start = int(min(decisions.at.min(), at.min(initial=decisions.at[0])))
    span = int(max(decisions.at.max(), at.max(initial=decisions.at[0]))) - start + 1
    keys = decisions.deal.astype(np.int64) * span + (decisions.at - start)
    return np.asarray(np.searchsorted(keys, deal * span + (at - start), "left"), dtype=np.int64)


def _codes(names: Ids, wanted: Ids) -> NDArray[np.int64]:
    place = {name: code for code, name in enumerate(names)}
    return np.array([place.get(name, -1) for name in wanted], dtype=np.int64)
