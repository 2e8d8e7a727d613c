"""What is believed before anything is known: common sense of selling, outweighed by some dozen contacts."""

from __future__ import annotations

import numpy as np

from motenashi.sales_history.history import Numbers
from motenashi.suggestions.next_best_action.vocabulary import Vocabulary

USUAL_CHANCE = 0.22  # that a deal moves on after one contact
FADES_AFTER = 200.0  # contacts: with so many, half of the tilt is left

# What fits the beginning, the middle and the end of a deal, as a tilt in logits: our own guess, and said to be one.
_FITS: dict[str, tuple[float, float, float]] = {
    "call:follow_up": (0.0, 0.0, 0.0),
    "call:discovery": (0.2, 0.0, -0.2),
    "call:negotiation": (-0.2, 0.0, 0.2),
    "event:meeting": (0.1, 0.1, 0.1),
    "event:demo": (0.1, 0.2, 0.0),
    "event:contract_review": (-0.3, 0.0, 0.25),
    "email:follow_up": (-0.05, -0.05, -0.05),
    "email:product_info": (0.1, 0.0, -0.2),
    "email:quote": (-0.1, 0.1, 0.1),
}
PRIOR_ACTIONS = tuple(_FITS)


def tilt(words: Vocabulary, decisions: int) -> Numbers:
    """Prior means by action and stage, shape (actions, stages + 1), in logits; they fade as decisions come in."""
    still_open = [place for place, outcome in enumerate(words.stage_outcomes) if outcome == "open"]
    table = np.zeros((len(words.actions), len(words.stages) + 1))
    for row, name in enumerate(words.actions):
        fits = _FITS.get(name, (0.0, 0.0, 0.0))
        for order, stage in enumerate(still_open):
            along = order / max(len(still_open) - 1, 1)
            table[row, stage] = np.interp(along, (0.0, 0.5, 1.0), fits)
    return table * FADES_AFTER / (FADES_AFTER + decisions)
