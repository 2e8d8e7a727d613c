"""What an operator may choose about best times: section `best_time` of config.yaml.

Whether they are learned and shown at all (calls, e-mails, reminders, one by one) is switched with the other advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class BestTimeSettings:
    """ValueError when a number makes no sense."""

    slots_shown: Annotated[int, "At most this many best hours are shown beside one person."] = 3
    half_life_days: Annotated[float, "What happened this many days ago counts half as much as today."] = 730.0
    reaction_hours: Annotated[float, "A mail was well timed when the person reacts within this many hours."] = 2.0

    def __post_init__(self) -> None:
        if self.half_life_days <= 0 or self.reaction_hours <= 0 or self.slots_shown < 1:
            raise ValueError("best_time: slots_shown, half_life_days and reaction_hours must be above 0")
