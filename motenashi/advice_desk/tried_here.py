"""Actions that people really take where a deal stands.

What is believed of others comes from other stages: a contract is not talked about on the first day, however well that
goes in the end.
"""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.next_best_action.deal_advice import DealAdvice


def tried_here(learned: DealAdvice | None) -> DealAdvice | None:
    """What was learned, with only those actions that were taken often enough at this stage to be counted apart; all of
    it while nothing was."""
    if learned is None:
        return None
    known = tuple(one for one in learned.ranked if one.like != "all")
    return replace(learned, ranked=known) if known else learned
