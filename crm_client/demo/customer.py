"""How a made-up customer behaves: at which hours they answer, how readily they read and write.

There are a few kinds of people (early, before lunch, after lunch, late), as later features hope to find out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from random import Random

from crm_client.demo.office_time import local_hour

FAVOURITE_HOURS = (9.5, 11.5, 14.0, 16.5)


@dataclass(frozen=True)
class Customer:
    """Chances from 0 to 1. `favourite_hour` is on their own clock."""

    id: str
    name: str
    company: str
    language: str
    zone: str
    industry: str
    owner_id: str
    favourite_hour: float
    answers: float
    reads: float

    def answer_chance(self, moment: datetime) -> float:
        """Of a call at this moment: up to three times as high at the favourite hour as far away from it."""
        away = local_hour(moment, self.zone) - self.favourite_hour
        return self.answers * (0.35 + 0.75 * math.exp(-((away / 1.6) ** 2)))


def habits(random: Random) -> tuple[float, float, float]:
    """favourite_hour, answers, reads of one person."""
    return random.choice(FAVOURITE_HOURS), random.betavariate(5, 3), random.betavariate(5, 3)
