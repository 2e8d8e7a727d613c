"""What every template with advice may use: its words, its times and its pictures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from motenashi.pages.advice import advice_words, time_words
from motenashi.pages.advice.calibration_picture import draw_calibration
from motenashi.pages.advice.effect_picture import draw_effect
from motenashi.pages.advice.week_picture import draw_week


def advice_in_templates(clock: Callable[[], datetime]) -> Callable[[], dict[str, object]]:
    """A context processor; `clock` gives the present moment, aware."""

    def names() -> dict[str, object]:
        return {
            "words": advice_words,
            "time": time_words,
            "draw_effect": draw_effect,
            "draw_week": draw_week,
            "draw_calibration": draw_calibration,
            "now": clock,
        }

    return names
