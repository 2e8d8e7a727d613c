"""The last days as a small picture: one column a day; stored, waiting and refused rows on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from motenashi.pages.touchpoints.touchpoints_view import DayCount

HEIGHT = 60.0
COLUMN, GAP = 8.0, 2.0


@dataclass(frozen=True)
class Piece:
    """`kind`: stored, waiting, refused."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    day: date
    x: float
    pieces: tuple[Piece, ...]
    total: int


@dataclass(frozen=True)
class DaysPicture:
    """`most`: rows of the highest column."""

    width: float
    height: float
    columns: tuple[Column, ...]
    most: int


def draw_days(days: Sequence[DayCount]) -> DaysPicture:
    """What is there is seen: each piece has some height. Repeated rows told nothing new and are left out."""
    counts = [((day.stored + day.changed, day.waiting, day.refused), day.day) for day in days]
    most = max((sum(parts) for parts, _day in counts), default=0)
    columns = tuple(
        Column(day, number * (COLUMN + GAP), _pieces(parts, most), sum(parts))
        for number, (parts, day) in enumerate(counts)
    )
    return DaysPicture(max(1.0, len(days) * (COLUMN + GAP) - GAP), HEIGHT, columns, most)


def _pieces(parts: tuple[int, int, int], most: int) -> tuple[Piece, ...]:
    pieces, y = [], HEIGHT
    for kind, count in zip(("stored", "waiting", "refused"), parts, strict=True):
        if count:
            height = max(1.0, round((HEIGHT - 3) * count / most, 2))
            y = max(0.0, round(y - height, 2))
            pieces.append(Piece(kind, y, height))
    return tuple(pieces)
