"""Dates of a reading in words of the page's language. All moments are told in the zone that the mail spoke in."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from babel.units import format_unit
from flask_babel import format_date, to_user_timezone

from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from nlp.dates.mention import DateMention, NormalForm

_AMOUNT = re.compile(r"([\d.]+)([A-Z])")
_DAYS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_CLOCK = {"H": "hour", "M": "minute", "S": "second"}
_JAPANESE_UNITS = {
    "year": "年間",
    "month": "か月間",
    "week": "週間",
    "day": "日間",
    "hour": "時間",
    "minute": "分",
    "second": "秒",
}


def month_name(day: date) -> str:
    return str(format_date(day, "y年M月" if _is_japanese() else "MMMM y"))


def weekday_name(day: date) -> str:
    return str(format_date(day, "ccccc"))


def date_value(mention: DateMention) -> str:
    """What a date means: a day, a stretch of time, or the plain form where it has no place in a calendar."""
    form, begins, ends = mention.value, mention.begins, mention.ends
    if form.kind in ("duration", "set"):
        return form_value(form)
    zone = f" {form.zone}" if form.zone else ""
    clock = mention.grain in ("hour", "minute", "second")
    if begins is None:
        return _("until %(end)s", end=_moment(ends, clock=clock, last=True) + zone) if ends else form_value(form)
    if form.kind == "interval" and not form.end:
        return _("from %(start)s", start=_moment(begins, clock=clock) + zone)
    return _clock(begins, ends) + zone if clock else _days(begins, ends)


def _moment(at: datetime, *, clock: bool, last: bool = False) -> str:
    """A day, or a day with its time. A stretch of days ends as the next day begins: `last` takes the day before."""
    if clock:
        return f"{_day(at.date())} {at:%H:%M}"
    return _day((at - timedelta(microseconds=1)).date() if last else at.date())


def _clock(begins: datetime, ends: datetime | None) -> str:
    first = f"{_day(begins.date())} {begins:%H:%M}"
    if ends is None or ends - begins <= timedelta(minutes=1):
        return first
    return f"{first} – {ends:%H:%M}" if ends.date() == begins.date() else f"{first} – {_day(ends.date())} {ends:%H:%M}"


def _days(begins: datetime, ends: datetime | None) -> str:
    last = (ends - timedelta(microseconds=1)).date() if ends is not None else begins.date()
    return _day(begins.date()) if last <= begins.date() else f"{_day(begins.date())} – {_day(last)}"


def _day(day: date) -> str:
    return str(format_date(day, "y年M月d日(ccc)" if _is_japanese() else "ccc d MMM y"))


def _is_japanese() -> bool:
    return page_language() == "ja"


def here(moment: datetime) -> str:
    """A moment in the house's zone."""
    return _moment(to_user_timezone(moment), clock=True)


def there(moment: datetime) -> str:
    """A moment in the writer's zone, which is told."""
    return f"{_moment(moment, clock=True)} {moment.isoformat()[-6:]}"


def window(times: tuple[datetime, datetime]) -> str:
    """A time window of ours, in the house's zone."""
    start, end = (to_user_timezone(moment) for moment in times)
    return _clock(start, end)


def form_value(form: NormalForm) -> str:
    """A normal form as people can read it; an open end is said in words."""
    if form.kind in ("interval", "timeinterval"):
        if not form.start:
            return _("until %(end)s", end=_plain(form.end))
        if not form.end:
            return _("from %(start)s", start=_plain(form.start))
        begins, ends = _read(form.start), _read(form.end)
        if begins is None or ends is None:
            return f"{_plain(form.start)} – {_plain(form.end)}"
        return _days(begins, ends) if _is_midnight(begins) and _is_midnight(ends) else _clock(begins, ends)
    if form.kind == "set":
        return _("repeats")
    return _length(form.value) if form.kind == "duration" else _plain(form.value)


def _read(text: str) -> datetime | None:
    """A whole day or moment; not what has only a clock or a year."""
    try:
        return datetime.fromisoformat(text) if len(text) >= len("2026-01-01") else None
    except ValueError:
        return None


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)


def _length(value: str) -> str:
    """An ISO 8601 duration in words: "P1DT2H" is 1 day 2 hours."""
    days, _t, clock = value.removeprefix("P").partition("T")
    units = [(amount, _DAYS[unit]) for amount, unit in _AMOUNT.findall(days)]
    units += [(amount, _CLOCK[unit]) for amount, unit in _AMOUNT.findall(clock)]
    if _is_japanese():  # Babel has no Japanese words for them
        return "".join(f"{amount}{_JAPANESE_UNITS[unit]}" for amount, unit in units) or value
    told = [
        format_unit(float(amount) if "." in amount else int(amount), f"duration-{unit}", "long", locale="en")
        for amount, unit in units
    ]
    return " ".join(told) or value


def _plain(text: str) -> str:
    moment = _read(text)
    return _moment(moment, clock=not _is_midnight(moment)) if moment else text.removeprefix("T")


FILTERS = (month_name, weekday_name, date_value, form_value, here, there, window)
