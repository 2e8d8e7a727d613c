"""The blocks of coefficients that say how likely a deal moves on: its level, and on top of it what an action adds.

A block is a row of places, one for each value of a name or of several together (stage and action and industry). The
nesting is what shrinks: "stage and action" holds what is true everywhere, "... and industry" only what differs there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.sales_history.history import Codes, Numbers
from motenashi.suggestions.next_best_action.state import RECENT_DAYS, State
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

YEAR = 365.25 * 86_400
OLDEST_QUARTER = 15
LONG_SILENCE = 1.2  # logs of the usual gap; from here on silence may weigh otherwise


@dataclass(frozen=True)
class Block:
    """`places`: how many; `expected`: width of its prior where nothing is known (in logits); `action`: whether it says
    something about an action (then its last factor is not the action; its first is)."""

    name: str
    places: int
    expected: float
    action: bool


@dataclass(frozen=True)
class Entry:
    """Where each row stands in one block, and with what value (None: 1)."""

    code: Codes
    value: Numbers | None = None


@dataclass(frozen=True)
class Scales:
    """What measured numbers are compared with. `usual_days`: between contacts, by stage and type (learned codes, the
    unknown one last); `signals_a_day`: of all deals; `log_amount`: mean and spread; `until`: what "now" was."""

    usual_days: Numbers
    signals_a_day: float
    log_amount: tuple[float, float]
    until: int


def level_blocks(words: Vocabulary) -> tuple[Block, ...]:
    stages, industries, types = len(words.stages) + 1, len(words.industries) + 1, len(words.types) + 1
    return (
        Block("stage", stages, 0.7, False),
        Block("type", types, 0.3, False),
        Block("industry", industries, 0.3, False),
        Block("lead source", len(words.lead_sources) + 1, 0.3, False),
        Block("owner", len(words.owners) + 1, 0.3, False),
        Block("repeat", 2, 0.3, False),
        Block("stage, type", stages * types, 0.2, False),
        Block("stage, industry", stages * industries, 0.15, False),
        Block("last signal", len(words.signals) + 1, 0.2, False),
        Block("stage, stirred", stages * 2, 0.2, False),
        Block("quarter", OLDEST_QUARTER + 1, 0.15, False),
        Block("stage, type: gap", stages * types, 0.2, False),
        Block("stage: heat", stages, 0.2, False),
    )


def action_blocks(words: Vocabulary) -> tuple[Block, ...]:
    actions, stages = len(words.actions), len(words.stages) + 1
    industries, types, signals = len(words.industries) + 1, len(words.types) + 1, len(words.signals) + 1
    both = actions * stages
    return (
        Block("action", actions, 0.4, True),
        Block("action, stage", both, 0.4, True),
        Block("action, type", actions * types, 0.15, True),
        Block("action, industry", actions * industries, 0.15, True),
        Block("action, repeat", actions * 2, 0.15, True),
        Block("action, last signal", actions * signals, 0.15, True),
        Block("action: heat", actions, 0.15, True),
        Block("action, stage, type", both * types, 0.15, True),
        Block("action, stage, industry", both * industries, 0.15, True),
        Block("action, stage, repeat", both * 2, 0.15, True),
        Block("action, stage, stirred", both * 2, 0.15, True),
        Block("action, stage: years ago", both, 0.1, True),
    )


def level_entries(state: State, words: Vocabulary, scales: Scales) -> tuple[Entry, ...]:
    """In the order of `level_blocks`."""
    industries, types = len(words.industries) + 1, len(words.types) + 1
    stage_type = state.stage * types + state.type
    age = np.maximum(scales.until - state.at, 0) / (YEAR / 4)
    return (
        Entry(state.stage),
        Entry(state.type),
        Entry(state.industry),
        Entry(state.lead_source),
        Entry(state.owner),
        Entry(state.repeat),
        Entry(stage_type),
        Entry(state.stage * industries + state.industry),
        Entry(state.last_signal),
        Entry(state.stage * 2 + state.stirred),
        Entry(np.minimum(age, OLDEST_QUARTER).astype(np.int32)),
        Entry(stage_type, log_gap(state, scales)),
        Entry(state.stage, heat(state, scales)),
    )


def action_entries(state: State, action: Codes, words: Vocabulary, scales: Scales) -> tuple[Entry, ...]:
    """In the order of `action_blocks`; a row a pair of state and action (a learned code)."""
    stages, industries, types = len(words.stages) + 1, len(words.industries) + 1, len(words.types) + 1
    both = action * stages + state.stage
    years = np.maximum(scales.until - state.at, 0) / YEAR
    return (
        Entry(action),
        Entry(both),
        Entry(action * types + state.type),
        Entry(action * industries + state.industry),
        Entry(action * 2 + state.repeat),
        Entry(action * (len(words.signals) + 1) + state.last_signal),
        Entry(action, heat(state, scales)),
        Entry(both * types + state.type),
        Entry(both * industries + state.industry),
        Entry(both * 2 + state.repeat),
        Entry(both * 2 + state.stirred),
        Entry(both, years),
    )


def level_numbers(state: State, scales: Scales) -> Numbers:
    """One row a state; the first column is always 1."""
    gap, warm = log_gap(state, scales), heat(state, scales)
    mean, spread = scales.log_amount
    amount = np.log(np.maximum(np.nan_to_num(state.amount, nan=1.0), 1.0))
    known = ~np.isnan(state.amount)
    turn = 2 * np.pi * state.at / YEAR
    columns = (
        np.ones(len(gap)),
        gap,
        gap**2,
        np.maximum(gap - LONG_SILENCE, 0.0) ** 2,
        state.contacts_in_deal == 0,
        np.log1p(state.contacts_in_stage),
        np.log1p(state.contacts_in_deal),
        np.log1p(state.days_in_stage) - 2,
        np.log1p(state.days_in_deal) - 3,
        warm,
        warm**2,
        _rate(state.signals_since, state.since_days, scales),
        _rate(state.signals_ever, state.days_in_deal, scales),
        np.log1p(state.signals_since),
        np.log1p(np.minimum(state.signal_days, 2 * RECENT_DAYS)) - 2,
        state.answered,
        state.answered_share - 0.3,
        np.where(known, (amount - mean) / spread, 0.0),
        ~known,
        np.sin(turn),
        np.cos(turn),
    )
    return np.concatenate(
        [np.stack(columns, axis=1).astype(np.float64), np.log1p(state.intensity), np.log1p(state.by_kind)], axis=1
    )


def repetition_numbers(times: Numbers, same_kind: Numbers) -> Numbers:
    """`times`: the action itself was taken so often in this stage already; `same_kind`: any action of its kind."""
    others = np.maximum(same_kind - times, 0.0)
    return np.stack([np.minimum(times, 1.0), np.clip(times - 1, 0.0, 5.0), np.log1p(others)], axis=1)


def log_gap(state: State, scales: Scales) -> Numbers:
    """How long our silence is, as the log of its share of what is usual in this stage and type."""
    usual = scales.usual_days[state.stage, state.type]
    return np.asarray(np.clip(np.log(np.maximum(state.since_days, 0.1) / usual), -3.0, 3.0))


def heat(state: State, scales: Scales) -> Numbers:
    """How much the customer stirred lately beside what is usual, as a log; one usual signal's worth of doubt."""
    return _rate(state.signals_recent, np.minimum(state.days_in_deal, RECENT_DAYS), scales)


def _rate(count: Numbers, days: Numbers, scales: Scales) -> Numbers:
    usual = max(scales.signals_a_day, 1e-3)
    return np.asarray(np.log((count + 1.0) / (days * usual + 1.0)))
