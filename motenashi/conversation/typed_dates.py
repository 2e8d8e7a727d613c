"""Days and times of day as people type them, in English and Japanese: the plain ways, one day or time in a text.

'03/11/2026' is day, month, year, as Zoho SalesIQ's calendar card writes it. '11/3' without a year is month and day in
Japanese; in English it may be either, and then both are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from motenashi.conversation.folding import fold

LONGEST_TEXT = 500  # characters in which a date is looked for

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905  easier to read than a list
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)",
        r"(?:(?P<year>\d{4})\s*年|(?P<era>令和)\s*(?P<era_year>\d{1,2}|元)\s*年)?\s*"
        r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日?",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>\d{{4}})\b)?",
        rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+(?P<year>\d{{4}})\b)?",
        r"(?<![\d/:.])(?P<one>\d{1,2})/(?P<two>\d{1,2})(?![\d/:])",
    )
)
_RELATIVE = (
    (re.compile(r"明後日|あさって|\bday after tomorrow\b"), 2),
    (re.compile(r"明日|あした|あす|\btomorrow\b"), 1),
    (re.compile(r"今日|本日|きょう|\btoday\b"), 0),
    (re.compile(r"昨日|きのう|\byesterday\b"), -1),
)
_TIMES = (
    re.compile(r"(?P<half>午前|午後)?\s*(?P<hour>\d{1,2})\s*時(?:\s*(?P<minute>\d{1,2})\s*分|(?P<thirty>半))?(?!間)"),
    re.compile(
        r"(?<![\d:])(?:(?P<half>午前|午後)\s*)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::00)?(?![\d:])\s*"
        r"(?P<english>[ap]\.?m\b\.?)?"
    ),
    re.compile(r"(?<![\d:./-])(?P<hour>\d{1,2})\s*(?P<english>[ap]\.?m\b\.?)"),
    re.compile(r"(?P<noon>正午|\bnoon\b)"),
)
_YEARS = range(1900, 2200)  # others are typing mistakes


@dataclass(frozen=True)
class Typed:
    """`days`: what the text may mean, the likelier first; several only when day and month can't be told apart.
    `rest` is the text without the date."""

    days: tuple[date, ...]
    rest: str


def read_days(text: str, today: date, language: str) -> Typed:
    """The one day in a text, or no `days` when there is none or more than one."""
    rest = fold(text[:LONGEST_TEXT])
    found: list[tuple[date, ...]] = []
    for pattern, days in _RELATIVE:
        rest, times = pattern.subn(" ", rest)
        found.extend([(today + timedelta(days=days),)] * times)
    for form in _FORMS:
        found.extend(_meanings(match, today, language) for match in form.finditer(rest))
        rest = form.sub(" ", rest)
    different = set(found)
    return Typed(found[0] if len(different) == 1 else (), " ".join(rest.split()))


def read_clock(text: str) -> time | None:
    """The one time of day in a text: '9:30', '3 pm', '15時', '午後3時半', 'noon'; None without, or with several."""
    rest = fold(text[:LONGEST_TEXT])
    found: set[time | None] = set()
    for pattern in _TIMES:
        found.update(_clock(match) for match in pattern.finditer(rest))
        rest = pattern.sub(" ", rest)
    return found.pop() if len(found) == 1 else None


def _meanings(match: re.Match[str], today: date, language: str) -> tuple[date, ...]:
    parts = match.groupdict()
    if "one" in parts:
        first, second = int(parts["one"]), int(parts["two"])
        pairs = [(first, second)] if language.startswith("ja") else [(second, first), (first, second)]
        days = [day for month, number in pairs for day in _dates(None, month, number, today)]
        return tuple(dict.fromkeys(days))
    month = parts["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    return tuple(_dates(_year(parts), number, int(parts["day"]), today))


def _year(parts: dict[str, str | None]) -> int | None:
    if parts.get("era"):
        era_year = parts["era_year"]
        return 2018 + (1 if era_year == "元" else int(era_year or 1))
    return int(parts["year"] or 0) or None


def _dates(year: int | None, month: int, day: int, today: date) -> Iterator[date]:
    """The day; without a year the next one, today included (the 29th of February may be years away)."""
    for candidate in [year] if year else range(today.year, today.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if candidate in _YEARS and (year or found >= today):
            yield found
            return


def _clock(match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    if parts.get("noon"):
        return time(12)
    hour = int(parts["hour"] or 0)
    minute = 30 if parts.get("thirty") else int(parts.get("minute") or 0)
    english, half = (parts.get("english") or "").replace(".", ""), parts.get("half")
    if (english or half) and hour > 12:
        return None
    if english == "pm" or half == "午後":
        hour = hour % 12 + 12
    elif english == "am" or half == "午前":
        hour %= 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
