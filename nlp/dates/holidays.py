"""Holidays that people name in mails: fixed days, nth weekdays, and those that follow Easter.

This is for names ("after Christmas", 「お盆明け」), not for closed shops: which days are business days is asked of a
callable that the caller hands over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from nlp.dates.calendar_days import add_days, add_months, easter, nth_weekday


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int, later: int = 0) -> Callable[[int], date]:
    def on(year: int) -> date:
        first = date(year, month, 1)
        found = nth_weekday(first, add_months(first, 1), weekday, nth)
        return add_days(found or first, later)

    return on


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: add_days(easter(year), days)


def _equinox(month: int, base: float) -> Callable[[int], date]:
    """The approximation Japan's almanacs use for 1980 to 2099."""
    return lambda year: date(year, month, int(base + 0.242194 * (year - 1980) - (year - 1980) // 4))


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year": _fixed(1, 1), "valentine": _fixed(2, 14), "groundhog day": _fixed(2, 2), "st patrick": _fixed(3, 17),
    "april fools": _fixed(4, 1), "earth day": _fixed(4, 22), "may day": _fixed(5, 1), "juneteenth": _fixed(6, 19),
    "independence day": _fixed(7, 4), "halloween": _fixed(10, 31), "guy fawkes": _fixed(11, 5),
    "veterans day": _fixed(11, 11), "christmas eve": _fixed(12, 24), "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26), "new year's eve": _fixed(12, 31), "tax day": _fixed(4, 15),
    "mlk day": _nth(1, 0, 3), "presidents day": _nth(2, 0, 3), "mothers day": _nth(5, 6, 2),
    "memorial day": _nth(5, 0, -1), "fathers day": _nth(6, 6, 3), "labor day": _nth(9, 0, 1),
    "columbus day": _nth(10, 0, 2), "thanksgiving": _nth(11, 3, 4), "black friday": _nth(11, 3, 4, 1),
    "cyber monday": _nth(11, 3, 4, 4), "shrove tuesday": _from_easter(-47), "ash wednesday": _from_easter(-46),
    "good friday": _from_easter(-2), "easter": _from_easter(0), "easter monday": _from_easter(1),
    "pentecost": _from_easter(49), "whit monday": _from_easter(50),
    "成人の日": _nth(1, 0, 2), "建国記念の日": _fixed(2, 11), "天皇誕生日": _fixed(2, 23), "春分": _equinox(3, 20.8431),
    "昭和の日": _fixed(4, 29), "憲法記念日": _fixed(5, 3), "みどりの日": _fixed(5, 4), "こどもの日": _fixed(5, 5),
    "海の日": _nth(7, 0, 3), "山の日": _fixed(8, 11), "敬老の日": _nth(9, 0, 3), "秋分": _equinox(9, 23.2488),
    "スポーツの日": _nth(10, 0, 2), "文化の日": _fixed(11, 3), "勤労感謝の日": _fixed(11, 23), "節分": _fixed(2, 3),
    "七夕": _fixed(7, 7), "母の日": _nth(5, 6, 2), "父の日": _nth(6, 6, 3),
}  # fmt: skip


def holiday_on(name: str, year: int) -> date | None:
    if not 2 <= year <= 9990:
        return None
    rule = _HOLIDAYS.get(name)
    return rule(year) if rule else None


def next_holiday(name: str, today: date, *, back: bool = False) -> date | None:
    """The next such holiday, today included; with `back` the last one before today."""
    days = [day for year in range(today.year - 1, today.year + 2) if (day := holiday_on(name, year))]
    if back:
        return next((day for day in reversed(days) if day < today), None)
    return next((day for day in days if day >= today), None)
