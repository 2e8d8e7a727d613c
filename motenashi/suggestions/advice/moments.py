"""Days, hours and windows of time as a person says them, in each of our languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names, get_timezone_name

from motenashi.suggestions.day_words import day_in
from motenashi.suggestions.suggestion import TimeWindow

_SHORT = {"en": "ccc d MMM", "ja": "M月d日(ccc)"}
_LONG_WINDOW = timedelta(hours=4)  # what is longer is told as its day

ByLanguage = Callable[[str], str]


def day_word(day: date, now: date, language: str) -> str:
    """Thu 3 Jun, 6月3日(木); with the year where it is not this one's. Never today or tomorrow, which go stale."""
    return _day_word(day, day.year == now.year, language if language in _SHORT else "en")


@lru_cache(maxsize=4096)
def _day_word(day: date, this_year: bool, language: str) -> str:
    return format_date(day, _SHORT[language], locale=language) if this_year else day_in(day, language)


def weekday_word(weekday: int, language: str) -> str:
    """Tuesdays, 火曜日; 0 is Monday."""
    name = get_day_names("wide", locale=language if language in _SHORT else "en")[weekday]
    return name if language == "ja" else f"{name}s"


@lru_cache(maxsize=512)
def zone_word(zone: ZoneInfo, language: str) -> str:
    """Japan Time, 日本時間; zones that belong to no place (UTC) by their own name."""
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return zone.key
    return get_timezone_name(zone, locale=language if language in _SHORT else "en")


def clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def span_words(start: datetime, end: datetime, language: str) -> str:
    """10:00-11:00 with the dash of the language."""
    return f"{clock(start)}{'〜' if language == 'ja' else '–'}{clock(end)}"


def day_and_span(start: datetime, end: datetime, now: datetime, language: str) -> str:
    """Thu 3 Jun 10:00–11:00, 6月3日(木) 10:00〜11:00; a span over days names both."""
    if start.date() == end.date():
        return f"{day_word(start.date(), now.date(), language)} {span_words(start, end, language)}"
    dash = "〜" if language == "ja" else " – "
    ends = (moment for moment in (start, end))
    return dash.join(f"{day_word(moment.date(), now.date(), language)} {clock(moment)}" for moment in ends)


def when_words(
    window: TimeWindow, respond_by: datetime, zone: ZoneInfo, now: datetime, language: str, *, exact: bool = False
) -> str:
    """The part of a title that says when, on our clock: " on Thu 3 Jun between 10:00 and 11:00", " by Thu 3 Jun 15:00";
    in Japanese before everything else: 6月3日(木) 10:00〜11:00に、. An appointment has its hour (`exact`), whoever
    chose it; of other things done within our hours only the end matters."""
    start, end, today = window.start.astimezone(zone), window.end.astimezone(zone), now.astimezone(zone).date()
    if (window.source == "hours" and not exact) or start.date() != (end - timedelta(seconds=1)).date():
        return _until(_quarter(respond_by, now).astimezone(zone), today, language)
    day = day_word(start.date(), today, language)
    if end - start > _LONG_WINDOW:
        return f"{day}に、" if language == "ja" else f" on {day}"
    if language == "ja":
        return f"{day} {span_words(start, end, language)}に、"
    return f" on {day} between {clock(start)} and {clock(end)}"


def _quarter(moment: datetime, now: datetime) -> datetime:
    """The full quarter of an hour before it: nobody says "by 15:11"."""
    before = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return before if before > now else moment


def _until(moment: datetime, today: date, language: str) -> str:
    day = day_word(moment.date(), today, language)
    return f"{day} {clock(moment)}までに、" if language == "ja" else f" by {day} {clock(moment)}"


def on_day(moment: datetime, zone: ZoneInfo, now: datetime) -> ByLanguage:
    """For sentences: the day on our clock, in whatever language is asked for."""
    return lambda language: day_word(moment.astimezone(zone).date(), now.astimezone(zone).date(), language)


def on_date(day: date, now: datetime) -> ByLanguage:
    return lambda language: day_word(day, now.date(), language)
