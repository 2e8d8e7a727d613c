"""Which of several actions that may be equally good is suggested now: mostly the best, sometimes another, to learn.

Thompson sampling (W. R. Thompson, Biometrika 1933) among the actions whose intervals overlap the best one's, mixed with
the best action so that another one is suggested no oftener than an administrator allows. The chance with which an
action was chosen goes into the log, and comes back as feedback.
"""

from __future__ import annotations

import numpy as np

from motenashi.sales_history.history import Numbers
from motenashi.suggestions.next_best_action.deal_advice import RankedAction
from motenashi.suggestions.next_best_action.settings import LearningSettings

NORMAL_95 = 1.96
_IMAGINED = 2000  # draws by which the chances to be best are counted
_IMAGINED_SEED = 3


def choose(
    ranked: tuple[RankedAction, ...], settings: LearningSettings, random: np.random.Generator
) -> tuple[RankedAction, float]:
    """The action to suggest, and the probability with which it was chosen among all.

    `ranked` best first, not empty. Whether anything is to be tried at all is the caller's to know.
    """
    chances = choice_chances(ranked, settings)
    place = int(random.choice(len(chances), p=chances))
    return ranked[place], float(chances[place])


def choice_chances(ranked: tuple[RankedAction, ...], settings: LearningSettings) -> Numbers:
    """By action, adding up to 1: how likely `choose` takes it."""
    chances = np.zeros(len(ranked))
    chances[0] = 1.0
    bound = min(max(settings.exploration_at_most, 0.0), 1.0)
    rivals = [place for place, action in enumerate(ranked) if action.high >= ranked[0].low]
    if bound and len(rivals) > 1:
        best_of = _chance_to_be_best([ranked[place] for place in rivals])
        chances *= 1.0 - bound
        chances[rivals] += bound * best_of
    return np.asarray(chances / chances.sum())


def _chance_to_be_best(actions: list[RankedAction]) -> Numbers:
    low = np.log([max(action.low, 1e-6) for action in actions])
    high = np.log([max(action.high, 1e-6) for action in actions])
    noise = np.random.default_rng(_IMAGINED_SEED).standard_normal((_IMAGINED, len(actions)))
    imagined = (low + high) / 2 + noise * (high - low) / (2 * NORMAL_95)
    return np.asarray(np.bincount(imagined.argmax(axis=1), minlength=len(actions)) / _IMAGINED)
