"""How likely a deal moves on after each action, against what would have happened anyway: learned, and asked.

Salespeople act more, and otherwise, on deals that look promising, so that what follows an action says little about
what it does. Here everything that a choice may have leaned on (how the customer stirred, who owns the deal, where it
came from, what was tried, how long the silence was) explains the outcome beside the action, in one penalised model with
nested blocks: outcome regression for causal effects, with partial pooling as in A. Gelman and J. Hill, "Data Analysis
Using Regression and Multilevel/Hierarchical Models" (2007), chapters 9 to 13.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import Codes, Flags, Numbers
from motenashi.suggestions.next_best_action.blocks import (
    Scales,
    action_blocks,
    action_entries,
    heat,
    level_blocks,
    level_entries,
    level_numbers,
    repetition_numbers,
)
from motenashi.suggestions.next_best_action.columns import (
    Columns,
    choose_columns,
    places,
    sparse,
    values,
    with_unseen,
)
from motenashi.suggestions.next_best_action.penalised_logit import Blocks, Design, Fitted, fit_logit
from motenashi.suggestions.next_best_action.state import State
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

DRAWS = 200
REPETITIONS = 3  # columns of repetition_numbers
REPEATING_WEARS_OFF = -0.15  # prior mean: a second time helps a little less, until the data speak
LEVEL_WIDTH, NUMBER_WIDTH, REPETITION_WIDTH, ANCHOR_WIDTH, LEANING_WIDTH = 1.0, 0.3, 0.3, 0.2, 0.5
LEANING_DOUBT = 20.0  # contacts without any leaning that each action and stage counts with


@dataclass(frozen=True)
class Evidence:
    """What effects are learned from, a row a decision: the state before it, the (learned) action, how often that and
    others of its kind were taken in the stage before, what happened (0, 1), and how much the row counts.
    `known`: the choice was ours by a known chance, so nothing hidden led to it."""

    state: State
    action: Codes
    times: Numbers
    same_kind: Numbers
    happened: Numbers
    weight: Numbers
    known: Flags


@dataclass(frozen=True)
class Effects:
    """Coefficients as posterior draws (columns): of the level's places, its numbers, the actions' places (and behind
    them their places without a column), and repetition. `spread`: the width of every block's prior as learned."""

    level: Columns
    action: Columns
    level_draws: Numbers
    number_draws: Numbers
    action_draws: Numbers
    repetition_draws: Numbers
    spread: Numbers


def learn_effects(
    evidence: Evidence,
    words: Vocabulary,
    scales: Scales,
    *,
    usual_chance: float,
    tilt: Numbers,
    seed: int = 7,
    progress: Callable[[int, int], None] | None = None,
) -> Effects:
    """`usual_chance`: prior mean of the chance. `tilt`: prior mean of each action in each stage, shape (actions,
    stages + 1), in logits."""
    state, levels, actions = evidence.state, level_blocks(words), action_blocks(words)
    level_entry = level_entries(state, words, scales)
    action_entry = action_entries(state, evidence.action, words, scales)
    level, action = choose_columns(levels, level_entry), choose_columns(actions, action_entry)
    rows, numbers = len(evidence.action), level_numbers(state, scales)
    anchored = bool(evidence.known.any())
    parts = [places(level, level_entry), _beyond(places(action, action_entry), level.count)]
    part_values = [values(level_entry, rows), values(action_entry, rows)]
    width = level.count + action.count
    if anchored:
        # What hidden reasons for choosing an action look like: seen beside choices that had none.
        both = evidence.action * (len(words.stages) + 1) + state.stage
        parts.append(np.where(evidence.known, -1, width + both)[:, None].astype(np.int32))
        part_values.append(np.ones((rows, 1)))
    anchors = tilt.size if anchored else 0
    design = Design(
        sparse(np.concatenate(parts, axis=1), np.concatenate(part_values, axis=1), width + anchors),
        np.concatenate(
            [numbers, leaning(evidence, words, scales), repetition_numbers(evidence.times, evidence.same_kind)], axis=1
        ),
    )
    blocks = _prior(level, action, anchors, numbers.shape[1], words, usual_chance, tilt)
    fitted = fit_logit(
        design, evidence.happened, blocks, weights=evidence.weight, draws=DRAWS, seed=seed, progress=progress
    )
    return _taken_apart(fitted, level, action, anchors, numbers.shape[1], words, seed)


def leaning(evidence: Evidence, words: Vocabulary, scales: Scales) -> Numbers:
    """How much warmer than others of its stage deals are for which the row's action is chosen, one column.

    Whoever favours an action on deals that show warmth will also favour it on deals whose warmth shows nowhere. What
    goes well in proportion to this leaning is put down to such hidden reasons, not to the actions: the column's
    coefficient is learned with the others and left out when effects are told.
    """
    places, warmth = len(words.stages) + 1, heat(evidence.state, scales)
    cell = evidence.action * places + evidence.state.stage
    of_stage = _mean_by(evidence.state.stage, warmth, places, 0.0)[evidence.state.stage]
    of_cell = _mean_by(cell, warmth - of_stage, len(words.actions) * places, LEANING_DOUBT)
    return np.where(evidence.known, 0.0, of_cell[cell])[:, None]


def _mean_by(code: Codes, value: Numbers, size: int, doubt: float) -> Numbers:
    count = np.bincount(code, minlength=size)
    return np.asarray(np.bincount(code, value, minlength=size) / np.maximum(count + doubt, 1.0))


def _beyond(place: NDArray[np.int32], start: int) -> NDArray[np.int32]:
    return np.where(place < 0, place, place + start).astype(np.int32)


def _prior(
    level: Columns,
    action: Columns,
    anchors: int,
    numbers: int,
    words: Vocabulary,
    usual_chance: float,
    tilt: Numbers,
) -> Blocks:
    """Blocks in order: the level's, the actions', anchors, the constant, other numbers, repetition, leaning."""
    levels, actions = level_blocks(words), action_blocks(words)
    first = len(levels) + len(actions)
    of_column = np.concatenate(
        [
            level.block_of,
            action.block_of + len(levels),
            np.full(anchors, first),
            [first + 1],
            np.full(numbers - 1, first + 2),
            [first + 4],
            np.full(REPETITIONS, first + 3),
        ]
    ).astype(np.int64)
    expected = [block.expected for block in (*levels, *actions)]
    expected += [ANCHOR_WIDTH, LEVEL_WIDTH, NUMBER_WIDTH, REPETITION_WIDTH, LEANING_WIDTH]
    learned = np.ones(len(expected), dtype=bool)
    learned[[first + 1, first + 3, first + 4]] = False
    mean = np.zeros(len(of_column))
    mean[len(mean) - REPETITIONS : -1] = REPEATING_WEARS_OFF
    mean[-REPETITIONS - 1 - numbers] = np.log(usual_chance / (1 - usual_chance))
    by_place = _place_of_tilt(action, actions.index(next(b for b in actions if b.name == "action, stage")), tilt.size)
    mean[level.count + by_place[by_place >= 0]] = tilt.ravel()[by_place >= 0]
    return Blocks(of_column, np.array(expected), learned, mean)


def _place_of_tilt(action: Columns, block: int, size: int) -> NDArray[np.int32]:
    start = int(action.starts[block])
    return action.column[start : start + size]


def _taken_apart(
    fitted: Fitted, level: Columns, action: Columns, anchors: int, numbers: int, words: Vocabulary, seed: int
) -> Effects:
    draws, levels, actions = fitted.draws, len(level_blocks(words)), len(action_blocks(words))
    ends = np.cumsum([level.count, action.count, anchors, numbers])
    noise = np.random.default_rng(seed + 1).standard_normal((actions * len(words.actions), DRAWS // 2))
    unseen = noise * np.repeat(fitted.widths[levels : levels + actions], len(words.actions))[:, None]
    action_draws = np.concatenate([draws[ends[0] : ends[1]], np.concatenate([unseen, -unseen], axis=1)])
    return Effects(
        level,
        action,
        draws[: ends[0]],
        draws[ends[2] : ends[3]],
        action_draws,
        draws[ends[3] + 1 :],
        fitted.widths,
    )


def logits(
    effects: Effects, words: Vocabulary, scales: Scales, state: State, times: Numbers, same_kind: Numbers
) -> Numbers:
    """The log-odds of moving on after every action, as draws: shape (states, actions, draws). `times`, `same_kind`:
    (states, actions)."""
    level_entry = level_entries(state, words, scales)
    rows, actions = times.shape
    level_x = sparse(places(effects.level, level_entry), values(level_entry, rows), effects.level.count)
    level = np.asarray(level_x @ effects.level_draws) + level_numbers(state, scales) @ effects.number_draws
    every = repeat_state(state, actions)
    action = np.tile(np.arange(actions, dtype=np.int32), rows)
    entry = action_entries(every, action, words, scales)
    place = with_unseen(effects.action, places(effects.action, entry), action_blocks(words), action, actions)
    action_x = sparse(place, values(entry, len(action)), len(effects.action_draws))
    extra = np.asarray(action_x @ effects.action_draws)
    extra += repetition_numbers(times.ravel(), same_kind.ravel()) @ effects.repetition_draws
    return np.asarray(extra.reshape(rows, actions, -1) + level[:, None, :])


def chance(logit: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -35, 35))))


def repeat_state(state: State, times: int) -> State:
    """Every row so many times, one after the other."""
    rows = np.repeat(np.arange(len(state.deal)), times)
    return take_state(state, rows)


def take_state(state: State, rows: NDArray[np.int64]) -> State:
    return replace(state, **{name: getattr(state, name)[rows] for name in State.__dataclass_fields__})
