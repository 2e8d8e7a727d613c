"""Motenashi's own suggester, asked as anybody asks it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bench.worlds.answers import Answers, from_advice
from bench.worlds.decisions import open_rows
from motenashi.sales_history.history import SalesHistory
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.learn import LearnedActions, learn


class Motenashi:
    name = "Motenashi"

    def __init__(self) -> None:
        self.learned: LearnedActions | None = None
        self.seconds = 0.0

    def learn(self, history: SalesHistory) -> None:
        started = time.perf_counter()
        self.learned = learn(history)
        self.seconds = time.perf_counter() - started

    def advise(self, history: SalesHistory, as_of: int) -> Answers:
        assert self.learned is not None, "learn first"
        told = advise(self.learned, history, as_of=datetime.fromtimestamp(as_of, UTC))
        return from_advice(history.deals.ids[open_rows(history)], told)
