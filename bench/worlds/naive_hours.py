"""Simple ways of choosing an hour: all look at answered and unanswered calls on the company's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.worlds.clock import local
from bench.worlds.hours import HourAnswers, from_chances
from motenashi.sales_history.history import DIRECTIONS, KINDS, RESULTS, SalesHistory

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
Slots = list[tuple[int, int]]


def random_hours(history: SalesHistory, contacts: Codes, slots: Slots) -> HourAnswers:
    rng = np.random.default_rng(5)
    return _ordered(rng.random((len(contacts), len(slots))))


def usual_hours(history: SalesHistory, contacts: Codes, slots: Slots) -> HourAnswers:
    """When our people call most."""
    tried, _ = _histograms(history, slots)
    return _ordered(np.broadcast_to(tried.sum(axis=0), (len(contacts), len(slots))))


def company_histogram(history: SalesHistory, contacts: Codes, slots: Slots) -> HourAnswers:
    """The hours with the best rate of answers over all people."""
    tried, answered = (counts.sum(axis=0) for counts in _histograms(history, slots))
    rate = (answered + answered.sum() / max(tried.sum(), 1) * 5) / (tried + 5)
    return from_chances(np.broadcast_to(rate, (len(contacts), len(slots))))


def own_histogram(history: SalesHistory, contacts: Codes, slots: Slots) -> HourAnswers:
    """Where this person answered most; of equals, what is usual."""
    tried, answered = _histograms(history, slots)
    return _ordered(answered[contacts] + tried.sum(axis=0) / (tried.sum() + 1))


NAIVE_HOURS: Final[dict[str, Callable[[SalesHistory, Codes, Slots], HourAnswers]]] = {
    "random hours": random_hours,
    "usual hours": usual_hours,
    "company histogram": company_histogram,
    "own histogram": own_histogram,
}


def _ordered(scores: Numbers) -> HourAnswers:
    """The order only: these say no chance."""
    answers = from_chances(scores)
    return HourAnswers(answers.slots, np.full(answers.p.shape, np.nan), answers.preference)


def _histograms(history: SalesHistory, slots: Slots) -> tuple[Numbers, Numbers]:
    """Contacts x slots: calls out, and those answered."""
    acts = history.activities
    calls = (acts.kind == KINDS.index("call")) & (acts.direction == DIRECTIONS.index("outbound")) & (acts.contact >= 0)
    weekday, hour = local((history.organisation.time_zone,), np.zeros(int(calls.sum()), np.int64), acts.at[calls])
    place = np.full((7, 24), -1)
    for number, (day, clock_hour) in enumerate(slots):
        place[day, clock_hour] = number
    slot = place[weekday, hour]
    answered = acts.result[calls] == RESULTS.index("answered")
    tried, heard = (np.zeros((len(history.contacts.ids), len(slots))) for _ in range(2))
    inside = slot >= 0
    np.add.at(tried, (acts.contact[calls][inside], slot[inside]), 1)
    np.add.at(heard, (acts.contact[calls][inside], slot[inside]), answered[inside])
    return tried, heard
