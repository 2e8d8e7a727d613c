"""How likely a deal as it stands will be won, whatever is done next: learned from the contacts of closed deals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.sales_history.history import Numbers
from motenashi.suggestions.next_best_action.blocks import Scales, level_blocks, level_entries, level_numbers
from motenashi.suggestions.next_best_action.columns import Columns, choose_columns, places, sparse, values
from motenashi.suggestions.next_best_action.penalised_logit import Blocks, Design, fit_logit
from motenashi.suggestions.next_best_action.state import State
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

USUALLY_WON = 0.25
NUMBER_WIDTH = 0.3


@dataclass(frozen=True)
class WinChance:
    columns: Columns
    of_columns: Numbers
    of_numbers: Numbers


def learn_win_chance(state: State, won: Numbers, weight: Numbers, words: Vocabulary, scales: Scales) -> WinChance:
    """A row a contact of a closed deal; `weight` should count each deal once."""
    blocks, entries, numbers = level_blocks(words), level_entries(state, words, scales), level_numbers(state, scales)
    columns = choose_columns(blocks, entries)
    design = Design(sparse(places(columns, entries), values(entries, len(won)), columns.count), numbers)
    first = len(blocks)
    of_column = np.concatenate([columns.block_of, [first], np.full(numbers.shape[1] - 1, first + 1)]).astype(np.int64)
    mean = np.zeros(len(of_column))
    mean[columns.count] = np.log(USUALLY_WON / (1 - USUALLY_WON))
    expected = np.array([*(block.expected for block in blocks), 1.0, NUMBER_WIDTH])
    learned = np.arange(len(expected)) != first
    fitted = fit_logit(design, won, Blocks(of_column, expected, learned, mean), weights=weight, draws=2, seed=1)
    return WinChance(columns, fitted.coefficients[: columns.count], fitted.coefficients[columns.count :])


def win_chance(learned: WinChance, words: Vocabulary, scales: Scales, state: State) -> Numbers:
    entries = level_entries(state, words, scales)
    design = sparse(places(learned.columns, entries), values(entries, len(state.deal)), learned.columns.count)
    logit = np.asarray(design @ learned.of_columns) + level_numbers(state, scales) @ learned.of_numbers
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -35, 35))))
