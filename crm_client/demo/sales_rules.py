"""What works with made-up customers: the hidden rules by which deals move on, stall and die.

Whoever learns from this company's history should find them again: demonstrations help early, quotes in the proposal
stage, contract reviews at the end; a contact in good time helps and silence kills. Sellers do not act at random
either: promising deals get calls and meetings, the others get a mail, so a plain count of what was done before a
win misleads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from crm_client.embedded.stages import DEFAULT_STAGES
from crm_client.records import Outcome


@dataclass(frozen=True)
class Action:
    kind: str  # call, event, email
    purpose: str


@dataclass(frozen=True)
class StageRules:
    """`ideal_gap` in days; `effects` on the log-odds of moving on; `habit` is how often sellers do it."""

    ideal_gap: float
    effects: Mapping[Action, float]
    habit: Mapping[Action, float]


def _rules(ideal_gap: float, *rows: tuple[str, str, float, float]) -> StageRules:
    actions = {Action(kind, purpose): (effect, habit) for kind, purpose, effect, habit in rows}
    return StageRules(
        ideal_gap,
        {action: effect for action, (effect, _) in actions.items()},
        {action: habit for action, (_, habit) in actions.items()},
    )


OPEN_STAGES = tuple(stage.name for stage in DEFAULT_STAGES if stage.outcome is Outcome.OPEN)
WON = next(stage.name for stage in DEFAULT_STAGES if stage.outcome is Outcome.WON)
LOST = next(stage.name for stage in DEFAULT_STAGES if stage.outcome is Outcome.LOST)

STAGE_RULES: Mapping[str, StageRules] = dict(
    zip(
        OPEN_STAGES,
        (
            _rules(
                3.0,
                ("call", "discovery", 0.7, 5),
                ("email", "product_info", 0.1, 3),
                ("event", "meeting", 0.4, 2),
                ("email", "follow_up", -0.3, 2),
            ),
            _rules(
                5.0,
                ("event", "demo", 1.0, 3),
                ("call", "discovery", 0.1, 3),
                ("email", "product_info", 0.3, 3),
                ("event", "meeting", 0.3, 1),
                ("email", "follow_up", -0.4, 2),
            ),
            _rules(
                5.0,
                ("event", "demo", 0.7, 3),
                ("call", "product_info", 0.2, 3),
                ("email", "trial_extension", 0.4, 1),
                ("email", "product_info", 0.1, 2),
                ("call", "follow_up", -0.1, 2),
            ),
            _rules(
                4.0,
                ("email", "quote", 0.8, 5),
                ("call", "negotiation", 0.4, 3),
                ("email", "discount", 0.3, 1),
                ("call", "follow_up", 0.0, 2),
                ("email", "follow_up", -0.5, 2),
            ),
            _rules(
                4.0,
                ("event", "contract_review", 0.9, 3),
                ("call", "negotiation", 0.4, 4),
                ("email", "discount", 0.0, 1),
                ("call", "follow_up", 0.1, 2),
                ("email", "follow_up", -0.5, 1),
            ),
        ),
        strict=True,
    )
)

# Industries differ in what they like: (industry, kind or purpose) -> more log-odds.
TASTES: Mapping[tuple[str, str], float] = {
    ("education", "demo"): 0.6,
    ("construction", "demo"): 0.4,
    ("software", "email"): 0.5,
    ("software", "event"): -0.4,
    ("healthcare", "call"): 0.5,
    ("retail", "quote"): 0.4,
    ("finance", "contract_review"): 0.5,
    ("public", "meeting"): 0.6,
    ("logistics", "call"): 0.3,
}


def choose(random: Random, stage: str, heat: float) -> Action:
    """What a seller does: by habit, and warmer with warmer deals."""
    habit = STAGE_RULES[stage].habit
    warmth = {"call": 0.7, "event": 1.0, "email": -0.7}
    weights = [often * math.exp(warmth[action.kind] * heat) for action, often in habit.items()]
    return random.choices(list(habit), weights)[0]


def effect(stage: str, action: Action, industry: str) -> float:
    taste = TASTES.get((industry, action.kind), 0.0) + TASTES.get((industry, action.purpose), 0.0)
    return STAGE_RULES[stage].effects[action] + taste


def chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def timeliness(gap_days: float, ideal: float) -> float:
    """1 for a contact after the ideal gap, towards 0 for one that comes far too early or too late."""
    return math.exp(-abs(math.log(max(gap_days, 0.2) / ideal)))
