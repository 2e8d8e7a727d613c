"""When appointments took place, and how many of their deals were won: the hours that go with wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from motenashi.sales_history.history import KINDS, NONE, OUTCOMES, RESULTS, STATUSES, SalesHistory
from motenashi.suggestions.advice.facts import HeldHour
from motenashi.suggestions.next_best_action.cadence import local_hours

PURPOSES = ("demo", "meeting")
_HOURS = 24


def held_hours(history: SalesHistory) -> dict[str, list[list[int]]]:
    """Purpose -> rows of weekday, hour (of the organisation's clock), held, won; as JSON. Held are appointments that
    took place with a deal that is closed by now."""
    activities, names = history.activities, history.names
    outcome = np.array([OUTCOMES.index(each) for each in names.stage_outcomes], dtype=np.int32)
    of_deal = outcome[history.deals.stage] if len(history.deals.stage) else np.zeros(0, np.int32)
    took_place = (
        (activities.kind == KINDS.index("event"))
        & (activities.status == STATUSES.index("completed"))
        & (activities.result != RESULTS.index("no_show"))
        & (activities.deal != NONE)
    )
    rows = np.flatnonzero(took_place)
    rows = rows[of_deal[activities.deal[rows]] != OUTCOMES.index("open")]
    found: dict[str, list[list[int]]] = {}
    for purpose in PURPOSES:
        if purpose not in names.purposes:
            continue
        these = rows[activities.purpose[rows] == names.purposes.index(purpose)]
        weekday, hour = local_hours(history.organisation.time_zone, activities.at[these])
        place = weekday.astype(np.int64) * _HOURS + hour
        held = np.bincount(place, minlength=7 * _HOURS)
        won = of_deal[activities.deal[these]] == OUTCOMES.index("won")
        wins = np.bincount(place[won], minlength=7 * _HOURS)
        found[purpose] = [
            [int(each) // _HOURS, int(each) % _HOURS, int(held[each]), int(wins[each])] for each in np.flatnonzero(held)
        ]
    return found


def held_from(facts: Mapping[str, Any]) -> dict[str, tuple[HeldHour, ...]]:
    """What `held_hours` counted, as advice reads it."""
    return {purpose: tuple(HeldHour(*row) for row in rows) for purpose, rows in facts.get("held", {}).items()}
