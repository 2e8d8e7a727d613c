"""The effect of an action as a bar: from the lowest to the highest believable factor, around "no difference".

Factors are drawn on a logarithmic scale, so that twice as often and half as often lie equally far from the middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from motenashi.suggestions.suggestion import Effect

WIDTH = 100.0
_SMALLEST_SPAN = math.log(2.2)  # half to twice as often is always to be seen
_LARGEST_SPAN = math.log(16)
_MARKS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Mark:
    x: float
    words: str


@dataclass(frozen=True)
class EffectPicture:
    """Places between 0 and WIDTH; "no difference" stands in the middle. `tone`: good, bad or open."""

    low: float
    point: float
    high: float
    tone: str
    marks: tuple[Mark, ...]
    middle: float = WIDTH / 2

    @property
    def length(self) -> float:
        return round(self.high - self.low, 2)


def draw_effect(effect: Effect) -> EffectPicture:
    """Factors that lie outside the picture end at its edge."""
    ends = [abs(math.log(_positive(factor))) for factor in (effect.low, effect.lift, effect.high)]
    span = min(max(*ends, _SMALLEST_SPAN) * 1.08, _LARGEST_SPAN)
    tone = "good" if effect.low > 1 else "bad" if effect.high < 1 else "open"
    marks = tuple(
        Mark(_place(factor, span), "1" if factor == 1 else f"{factor:g}" if factor > 1 else f"1/{round(1 / factor)}")
        for factor in _MARKS
        if abs(math.log(factor)) <= span * 0.92
    )
    return EffectPicture(_place(effect.low, span), _place(effect.lift, span), _place(effect.high, span), tone, marks)


def _place(factor: float, span: float) -> float:
    share = math.log(_positive(factor)) / span
    return round(WIDTH / 2 * (1 + max(-1.0, min(1.0, share))), 2)


def _positive(factor: float) -> float:
    return min(max(factor, 1e-6), 1e6) if math.isfinite(factor) else 1e6
