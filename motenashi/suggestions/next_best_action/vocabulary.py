"""The names that learned codes stand for, so that what was learned from one history can be asked about another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from motenashi.sales_history.history import Codes, SalesHistory
from motenashi.suggestions.next_best_action.customer_signals import signal_names
from motenashi.suggestions.next_best_action.outbound_contacts import action_names


@dataclass(frozen=True)
class Vocabulary:
    """Learned codes are places in these. The code after the last one means "unknown" or "new since then"."""

    stages: tuple[str, ...]
    stage_outcomes: tuple[str, ...]
    industries: tuple[str, ...]
    types: tuple[str, ...]
    lead_sources: tuple[str, ...]
    owners: tuple[str, ...]
    actions: tuple[str, ...]
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Translation:
    """By code of a history: the learned code. One more at the end answers for NONE (-1)."""

    stage: Codes
    industry: Codes
    type: Codes
    lead_source: Codes
    owner: Codes
    action: Codes
    signal: Codes


def vocabulary_of(history: SalesHistory, actions: Sequence[str]) -> Vocabulary:
    names = history.names
    return Vocabulary(
        names.stages,
        names.stage_outcomes,
        names.industries,
        names.types,
        names.lead_sources,
        tuple(str(user) for user in history.users.ids),
        tuple(actions),
        signal_names(names.touchpoint_types),
    )


def translation(history: SalesHistory, learned: Vocabulary) -> Translation:
    names = history.names
    return Translation(
        _translate(names.stages, learned.stages),
        _translate(names.industries, learned.industries),
        _translate(names.types, learned.types),
        _translate(names.lead_sources, learned.lead_sources),
        _translate(tuple(history.users.ids), learned.owners),
        _translate(action_names(names.purposes), learned.actions),
        _translate(signal_names(names.touchpoint_types), learned.signals),
    )


def _translate(names: Sequence[str], learned: Sequence[str]) -> Codes:
    place = {name: code for code, name in enumerate(learned)}
    unknown = len(learned)
    return np.array([*(place.get(name, unknown) for name in names), unknown], dtype=np.int32)
