"""config.yaml, section `next_best_action`: how the next best action is learned and chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class LearningSettings:
    """When we speak, how much history is used, and how far a suggestion may stray from the best one to learn."""

    need_won_deals: Annotated[
        int,
        "Won deals, each with `need_activities` completed contacts, before anything is suggested. "
        "0: from the first deal on. 500 is the classic threshold.",
    ] = 0
    need_activities: Annotated[int, "Completed contacts that a won deal needs to count for `need_won_deals`."] = 5
    most_decisions: Annotated[int, "Effects are fitted on at most this many contacts; a larger history is sampled."] = (
        120_000
    )
    like_at_least: Annotated[int, "So many deals 'like this one' are needed before they are counted apart."] = 10
    exploration_at_most: Annotated[
        float,
        "While `advice_desk.switched.exploration` is on: the chance, 0 to 1, that another action than the best one is "
        "suggested.",
    ] = 0.1
    patience: Annotated[
        float, "No contact is due before this share of the ideal gap has passed since the last one, 0 to 1."
    ] = 0.85
    answer_within_days: Annotated[
        float, "A mail or missed call of the customer that nobody reacted to makes a contact due after so many days."
    ] = 2.0
    feedback_weight: Annotated[
        float, "How many ordinary contacts one counts for that followed a suggestion whose probability is known."
    ] = 2.0
