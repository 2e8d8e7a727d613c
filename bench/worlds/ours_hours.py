"""Motenashi's own best times, asked as anybody asks them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bench.worlds.hours import HourAnswers, from_best_times
from bench.worlds.world import World
from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.best_time.find_times import best_times
from motenashi.suggestions.best_time.learn_times import learn_times


def hours_of(world: World, history: SalesHistory, contacts: NDArray[np.int64]) -> HourAnswers:
    told = best_times(learn_times(history), history, contacts=contacts.astype(np.int32), channel="call")
    return from_best_times(world, history.contacts.ids[contacts], told)
