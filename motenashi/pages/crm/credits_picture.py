"""Credits as pictures: the day's budget as a bar with the part that is kept, and the last hours as small columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from motenashi.pages.crm.crm_view import CreditsHour, CreditsState

HEIGHT = 48.0
COLUMN, GAP = 8.0, 2.0


@dataclass(frozen=True)
class BudgetBar:
    """In percent of the budget. `kept_from`: where the part begins that background work leaves alone. `tone`: bad
    when only that is left, low when the operator is to be warned, calm else."""

    used: float
    kept_from: float
    tone: Literal["calm", "low", "bad"]


@dataclass(frozen=True)
class HourColumn:
    at: datetime
    used: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class HoursPicture:
    """`most`: credits of the highest column."""

    width: float
    height: float
    columns: tuple[HourColumn, ...]
    most: int


def draw_budget(credits: CreditsState) -> BudgetBar:
    """What is gone counts, whoever used it: Zoho may say that less is left than we have used."""
    whole = max(1, credits.budget)
    gone = min(whole, max(0, whole - credits.left))
    tone: Literal["calm", "low", "bad"] = "calm"
    if credits.left <= credits.kept:
        tone = "bad"
    elif credits.left <= credits.alarm:
        tone = "low"
    return BudgetBar(round(100 * gone / whole, 2), round(100 - 100 * min(credits.kept, whole) / whole, 2), tone)


def draw_hours(hours: Sequence[CreditsHour]) -> HoursPicture:
    """What was used is seen, even a little."""
    most = max((hour.used for hour in hours), default=0)
    columns = []
    for number, hour in enumerate(hours):
        height = max(1.5, round((HEIGHT - 2) * hour.used / most, 2)) if hour.used else 0.0
        columns.append(HourColumn(hour.at, hour.used, number * (COLUMN + GAP), round(HEIGHT - height, 2), height))
    return HoursPicture(max(1.0, len(hours) * (COLUMN + GAP) - GAP), HEIGHT, tuple(columns), most)
