"""Who knows the truth: what could be reached at best."""

from __future__ import annotations

import numpy as np

from bench.worlds.answers import Answers, from_scores
from bench.worlds.play import Play
from bench.worlds.record import deal_ids
from bench.worlds.scores import too_early
from motenashi.sales_history.history import SalesHistory


class Omniscient:
    """Takes the action with the best true chance as soon as the ideal gap is over (at once where no gap is ideal)."""

    name = "the truth"

    def __init__(self, play: Play) -> None:
        self._play = play
        self._rows = {deal: row for row, deal in enumerate(deal_ids(play, np.arange(len(play.deals.key))))}

    def advise(self, history: SalesHistory, as_of: int) -> Answers:
        rows = np.array([self._rows[deal] for deal in history.deals.ids])
        chances = self._play.chances(rows, np.full(len(rows), as_of))
        quiet = too_early(self._play, rows, as_of)
        return from_scores(chances, ~quiet, chances)
