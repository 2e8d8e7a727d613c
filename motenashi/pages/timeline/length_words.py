"""Lengths of time, days and moments along a timeline in words, in the house's zone."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import format_date, ngettext, to_user_timezone

from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _

MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


def length(seconds: float) -> str:
    """As people count a stretch of time: whole days from one day on, hours and minutes below. Rounded down, since
    somebody has been silent for three days only when three are over."""
    seconds = max(0.0, seconds)
    if seconds >= DAY:
        return str(ngettext("%(num)s day", "%(num)s days", int(seconds // DAY)))
    if seconds >= HOUR:
        return str(ngettext("%(num)s hour", "%(num)s hours", int(seconds // HOUR)))
    if seconds >= MINUTE:
        return str(ngettext("%(num)s minute", "%(num)s minutes", int(seconds // MINUTE)))
    return _("less than a minute")


def usual_length(seconds: float) -> str:
    """The same for a mean or a spread, with one digit where that tells more: '2.4 days'."""
    tenths = round(seconds / DAY, 1)
    if seconds < DAY or tenths >= 10 or tenths == int(tenths):
        return length(seconds if seconds < DAY else round(tenths) * DAY)
    return _("%(days)s days", days=f"{tenths:.1f}")


def duration(seconds: int) -> str:
    """How long a call, a meeting or a visit took."""
    if seconds < MINUTE:
        return _("%(seconds)s s", seconds=seconds)
    if seconds < 2 * HOUR:
        return _("%(minutes)s min", minutes=round(seconds / MINUTE))
    return _("%(hours)s h %(minutes)s min", hours=seconds // HOUR, minutes=seconds % HOUR // MINUTE)


def day_label(at: datetime, now: datetime) -> str:
    """The day beside the line: short, with its year only when that is another one."""
    day, today = to_user_timezone(at).date(), to_user_timezone(now).date()
    if day.year == today.year:
        return str(format_date(day, "M月d日" if page_language() == "ja" else "d MMM"))
    return short_day(day)


def day_of_house(at: datetime) -> date:
    return to_user_timezone(at).date()  # type: ignore[no-any-return]


def short_day(day: date) -> str:
    return str(format_date(day, "y年M月d日" if page_language() == "ja" else "d MMM y"))


def month_label(day: date) -> str:
    return str(format_date(day, "y年M月" if page_language() == "ja" else "MMM y"))


def year_label(day: date) -> str:
    return str(format_date(day, "y年" if page_language() == "ja" else "y"))


def exact(at: datetime) -> str:
    """A moment to the minute with its weekday and zone."""
    here = to_user_timezone(at)
    day = str(format_date(here.date(), "y年M月d日(ccc)" if page_language() == "ja" else "cccc d MMMM y"))
    return f"{day} {here:%H:%M} ({here:%Z})" if page_language() == "ja" else f"{day}, {here:%H:%M} ({here:%Z})"
