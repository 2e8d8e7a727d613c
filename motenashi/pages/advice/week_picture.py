"""The week of a person as a table: one row an hour, one column a weekday, stars in the cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motenashi.suggestions.best_time.best_times import Slot


@dataclass(frozen=True)
class Cell:
    """`slot` None: outside business hours. `heat` 0 to 10 is twice the stars. `chosen`: somebody set it by hand."""

    weekday: int
    slot: Slot | None = None
    heat: int = 0
    chosen: bool = False


@dataclass(frozen=True)
class WeekPicture:
    weekdays: tuple[int, ...]  # Monday is 0
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]  # hour, its cells


def draw_week(
    slots: Sequence[Slot], *, chosen_days: Sequence[int] = (), from_hour: int = 0, to_hour: int = 0
) -> WeekPicture:
    """Weekdays and hours that hold a slot, and those between them; nothing without slots."""
    known = {(slot.weekday, slot.hour): slot for slot in slots}
    if not known:
        return WeekPicture((), ())
    weekdays = _stretch([weekday for weekday, _hour in known])
    hours = _stretch([hour for _weekday, hour in known])
    return WeekPicture(
        weekdays,
        tuple(
            (
                hour,
                tuple(
                    _cell(day, known.get((day, hour)), day in chosen_days and from_hour <= hour < to_hour)
                    for day in weekdays
                ),
            )
            for hour in hours
        ),
    )


def _cell(weekday: int, slot: Slot | None, chosen: bool) -> Cell:
    heat = round(max(0.0, min(5.0, slot.stars)) * 2) if slot else 0
    return Cell(weekday, slot, heat, chosen)


def _stretch(numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(range(min(numbers), max(numbers) + 1))
