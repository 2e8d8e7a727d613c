"""Times of advice in words: in the house's zone, and beside it in the customer's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import format_date, get_timezone, to_user_timezone

from crm_client.money import parts_of
from motenashi.pages.advice.advice_view import NextSlot
from motenashi.pages.page_language import page_language
from motenashi.pages.page_language import translate as _
from motenashi.suggestions.suggestion import Suggestion, TimeWindow

_MONDAY = date(2024, 1, 1)


def day_words(day: date) -> str:
    return str(format_date(day, "M月d日(ccc)" if page_language() == "ja" else "ccc d MMM"))


def weekday(number: int) -> str:
    """Monday is 0; short."""
    return str(format_date(_MONDAY + timedelta(days=number), "ccccc" if page_language() == "ja" else "ccc"))


def weekday_full(number: int) -> str:
    return str(format_date(_MONDAY + timedelta(days=number), "cccc"))


def weekdays(numbers: Sequence[int]) -> str:
    """Several weekdays in a row, short."""
    return ("・" if page_language() == "ja" else ", ").join(weekday(number) for number in sorted(numbers))


def between(start: datetime, end: datetime) -> str:
    """Both ends as they stand, in the zone that they carry."""
    first = f"{day_words(start.date())} {start:%H:%M}"
    if end <= start:
        return first
    if end.date() == start.date():
        return f"{first} – {end:%H:%M}"
    return f"{first} – {day_words(end.date())} {end:%H:%M}"


def our_time(window: TimeWindow) -> str:
    return between(to_user_timezone(window.start), to_user_timezone(window.end))


def slot_time(start: datetime, end: datetime) -> str:
    return between(to_user_timezone(start), to_user_timezone(end))


def moment_here(at: datetime) -> str:
    here = to_user_timezone(at)
    return f"{day_words(here.date())} {here:%H:%M}"


def day_here(at: datetime) -> str:
    return day_words(to_user_timezone(at).date())


def date_here(at: datetime) -> str:
    """A day with its year."""
    day = to_user_timezone(at).date()
    return str(format_date(day, "y年M月d日" if page_language() == "ja" else "d MMM y"))


def their_time(window: TimeWindow, time_zone: str) -> str:
    """The window on the customer's clock; '' when that is ours, or nobody knows it."""
    return their_slot(window.start, window.end, time_zone)


def their_slot(start: datetime, end: datetime, time_zone: str) -> str:
    zone = _zone(time_zone)
    if zone is None or start.astimezone(zone).utcoffset() == start.astimezone(house_zone()).utcoffset():
        return ""
    theirs = start.astimezone(zone), end.astimezone(zone)
    same_day = {moment.date() for moment in theirs} == {start.astimezone(house_zone()).date()}
    return f"{theirs[0]:%H:%M} – {theirs[1]:%H:%M}" if same_day and theirs[0] < theirs[1] else between(*theirs)


def city(time_zone: str) -> str:
    """A zone as people say it: the city's name."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def ahead(slots: Iterable[NextSlot], now: datetime) -> list[NextSlot]:
    """Those that have not begun yet: of the others nobody can be reminded."""
    return [slot for slot in slots if slot.start > now]


def for_field(at: datetime | None) -> str:
    """A moment as a form's field takes it, in the house's zone."""
    return f"{to_user_timezone(at):%Y-%m-%dT%H:%M}" if at else ""


def from_field(text: str) -> datetime | None:
    """A moment that somebody entered in the house's zone; None for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=house_zone())
    except ValueError:
        return None


def house_zone() -> ZoneInfo:
    return ZoneInfo(str(get_timezone()))


def tomorrow(now: datetime) -> str:
    """The first day that somebody may put a thing off to, as a form's field takes it."""
    return f"{to_user_timezone(now).date() + timedelta(days=1):%Y-%m-%d}"


def due(suggestion: Suggestion) -> datetime | None:
    """When "no action needed" ends: the beginning of its window."""
    return suggestion.windows[0].start if suggestion.windows else suggestion.respond_by


def ago(at: datetime, now: datetime) -> str:
    """How long ago, in days as people count them in the house's zone."""
    days = (to_user_timezone(now).date() - to_user_timezone(at).date()).days
    if days <= 0:
        return _("today")
    return _("yesterday") if days == 1 else _("%(days)s days ago", days=days)


def until(at: datetime, now: datetime) -> str:
    days = (to_user_timezone(at).date() - to_user_timezone(now).date()).days
    if days <= 0:
        return _("today")
    return _("tomorrow") if days == 1 else _("in %(days)s days", days=days)


def money(amount: int, currency: str) -> str:
    """An amount in the currency's smallest part, as the CRM keeps it."""
    sign = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")
    parts = parts_of(currency)
    return f"{sign}{amount:,}" if parts == 1 else f"{sign}{amount / parts:,.2f}"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, OSError, ValueError):  # a zone that nobody knows
        return None
