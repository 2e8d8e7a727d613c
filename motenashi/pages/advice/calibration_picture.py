"""Calibration as a picture: what was promised to the right, what happened upwards; on the diagonal promises were kept.

A reliability diagram (DeGroot and Fienberg 1983). The circle of a bin grows with the number of suggestions in it, and
its whisker is the 95 % interval of Wilson (1927) for what happened, so that few cases look like few cases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from motenashi.pages.advice.advice_view import Bin

SIZE = 240.0
LEFT, BOTTOM = 34.0, 30.0  # room for the words of the axes
_Z = 1.959964


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    radius: float
    low_y: float
    high_y: float
    bin: Bin


@dataclass(frozen=True)
class CalibrationPicture:
    points: tuple[Point, ...]
    marks: tuple[tuple[float, float, int], ...]  # x on the lower axis, y on the left one, percent
    width: float = LEFT + SIZE + 10
    height: float = SIZE + BOTTOM + 10


def draw_calibration(bins: Sequence[Bin]) -> CalibrationPicture:
    most = max((one.count for one in bins), default=1)
    marks = tuple((x_of(percent / 100), y_of(percent / 100), percent) for percent in (0, 25, 50, 75, 100))
    return CalibrationPicture(tuple(_point(one, most) for one in bins if one.count), marks)


def _point(one: Bin, most: int) -> Point:
    low, high = wilson(one.happened, one.count)
    radius = round(4 + 8 * math.sqrt(one.count / most), 1)
    return Point(x_of(one.promised), y_of(one.happened), radius, y_of(low), y_of(high), one)


def x_of(share: float) -> float:
    return round(LEFT + SIZE * _within(share), 1)


def y_of(share: float) -> float:
    return round(10 + SIZE * (1 - _within(share)), 1)


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's score interval for a share among `count` cases (1 or more)."""
    square = _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def _within(share: float) -> float:
    return max(0.0, min(1.0, share))
