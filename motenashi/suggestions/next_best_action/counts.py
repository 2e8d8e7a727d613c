"""Plain counts that a person can check: how often an action was taken in such a place, and how often that went well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.sales_history.history import Codes, Flags, Numbers
from motenashi.suggestions.next_best_action.state import State
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

LIKE = ("industry", "type", "stage", "all")  # finest first: same stage, type and industry; stage and type; stage; any
SHARE_DOUBT = 5.0  # a stage's habits count with so many contacts of all stages added


@dataclass(frozen=True)
class Counts:
    """Shape (actions, stages + 1, types + 1, industries + 1), learned codes; decisions whose end is known."""

    taken: Numbers
    advanced: Numbers


def count_decisions(
    action: Codes, stage: Codes, type_: Codes, industry: Codes, advanced: Flags, words: Vocabulary
) -> Counts:
    shape = (len(words.actions), len(words.stages) + 1, len(words.types) + 1, len(words.industries) + 1)
    if not shape[0]:
        return Counts(np.zeros(shape), np.zeros(shape))
    place = np.ravel_multi_index((action, stage, type_, industry), shape)
    size = int(np.prod(shape))
    taken = np.bincount(place, minlength=size).astype(np.float64)
    moved = np.bincount(place, advanced.astype(np.float64), minlength=size)
    return Counts(taken.reshape(shape), moved.astype(np.float64).reshape(shape))


def like_this(counts: Counts, state: State, at_least: int) -> tuple[Numbers, Numbers, Codes]:
    """For every state (row) and action: taken, advanced, and the place in LIKE of the finest level at which the action
    was taken `at_least` times."""
    taken, advanced = (_levels(table, state) for table in (counts.taken, counts.advanced))
    enough = taken >= at_least
    enough[-1] = True
    level = enough.argmax(axis=0)
    pick = (level, *np.indices(level.shape))
    return taken[pick], advanced[pick], level.astype(np.int32)


def habits(counts: Counts) -> Numbers:
    """The share of each action among contacts of each stage, shape (stages + 1, actions)."""
    by_stage = counts.taken.sum(axis=(2, 3)).T
    actions = max(by_stage.shape[1], 1)
    overall = (by_stage.sum(axis=0) + 1.0) / (by_stage.sum() + actions)
    return np.asarray((by_stage + SHARE_DOUBT * overall) / (by_stage.sum(axis=1, keepdims=True) + SHARE_DOUBT))


def _levels(table: Numbers, state: State) -> Numbers:
    """Shape (levels, states, actions)."""
    of_type, of_stage = table.sum(axis=3), table.sum(axis=(2, 3))
    rows = (
        table[:, state.stage, state.type, state.industry],
        of_type[:, state.stage, state.type],
        of_stage[:, state.stage],
        np.repeat(of_stage.sum(axis=1)[:, None], len(state.stage), axis=1),
    )
    return np.stack([row.T for row in rows])
