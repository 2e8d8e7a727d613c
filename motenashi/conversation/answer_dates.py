"""Reads answers to calendars and slot cards: days, moments, ranges of them, and times that were on offer.

Moments are given back as ISO 8601 with their offset, days as YYYY-MM-DD. A day is within bounds, a time among those
offered, whatever the card's data claims.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.conversation.answer_words import Answer, Given, Wrong, listed, wrong
from motenashi.conversation.folding import fold
from motenashi.conversation.input_cards import Calendar, DateTimeSlots, RangeCalendar, TimeSlots
from motenashi.conversation.typed_dates import read_clock, read_days

_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MOST_SHOWN = 4
_BETWEEN = re.compile(r"\s+-\s+|\s*[–—~〜]\s*|\s+(?:to|until|till)\s+|\s*から\s*")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d.*)?", re.ASCII)


def read_calendar(card: Calendar, given: Given) -> Answer | Wrong:
    found = _one_day(card, given, given.data, given.text)
    if isinstance(found, Wrong):
        return found
    return Answer(found.isoformat(), shown(found, given.japanese))


def read_range_calendar(card: RangeCalendar, given: Given) -> Answer | Wrong:
    """{"from": …, "to": …}; both may be the same day."""
    sides = _data_sides(given.data) or _typed_sides(given)
    if sides is None:
        today = _today(card, given)
        return wrong("two_dates", **_facts(first=today, last=today.replace(day=28)))
    ends = [_one_day(card, given, data, text) for data, text in sides]
    for end in ends:
        if isinstance(end, Wrong):
            return end
    first, last = (end for end in ends if not isinstance(end, Wrong))
    if first > last:
        return wrong("reversed")
    text = f"{shown(first, given.japanese)} - {shown(last, given.japanese)}"
    return Answer({"from": first.isoformat(), "to": last.isoformat()}, text)


def read_time_slots(card: TimeSlots, given: Given) -> Answer | Wrong:
    """A moment when the card has a date, else the time 'hh:mm'."""
    clock = _data_clock(given.data) or read_clock(given.text)
    if card.date and clock is not None:
        # The data's own day counts: an old card's answer must not become a booking on another day.
        day = _data_day(given.data) or date.fromisoformat(card.date)
        return _slot({card.date: card.slots}, day, clock, card, given)
    known = {_hours(slot): slot for slot in card.slots}
    if clock not in known:
        return wrong("not_offered", options=listed(card.slots), options_ja=listed(card.slots))
    return Answer(f"{clock:%H:%M}", f"{clock:%H:%M}")


def read_date_time_slots(card: DateTimeSlots, given: Given) -> Answer | Wrong:
    """A moment. The day may be left out when only one day has that time, the time when that day has only one."""
    offered = [(date.fromisoformat(day), _hours(slot)) for day, slots in card.slots.items() for slot in slots]
    day, clock = _data_day(given.data), _data_clock(given.data)
    if day is None or clock is None:
        typed = read_days(given.text, _today(card, given), given.language)
        near = [day for day in typed.days if any(day == known for known, _ in offered)]
        day = near[0] if len(near) == 1 else typed.days[0] if typed.days else None
        clock = read_clock(typed.rest)
    if day is not None and clock is not None:
        return _slot(card.slots, day, clock, card, given)
    said = [pair for pair in offered if pair[0] == day or (clock is not None and pair[1] == clock and day is None)]
    if len(said) != 1 or (day is None and clock is None):
        return _not_offered(card.slots)
    return _slot(card.slots, *said[0], card, given)


def shown(moment: date | datetime, japanese: bool) -> str:
    """'3 November 2026, 09:30' or '2026年11月3日 09:30'."""
    clock = f"{moment:%H:%M}" if isinstance(moment, datetime) else ""
    if japanese:
        return f"{moment.year}年{moment.month}月{moment.day}日" + (f" {clock}" if clock else "")
    return f"{moment.day} {_ENGLISH_MONTHS[moment.month - 1]} {moment.year}" + (f", {clock}" if clock else "")


def _one_day(
    card: Calendar | RangeCalendar, given: Given, data: Mapping[str, Any], text: str
) -> date | datetime | Wrong:
    """A day within the card's bounds; a moment when the card asks for the time."""
    zone = _zone(card, given, data)
    found = _data_moment(data, zone)
    days: tuple[date, ...] = (found.date() if isinstance(found, datetime) else found,) if found else ()
    clock = found.time() if isinstance(found, datetime) else None
    if not days:
        typed = read_days(text, _today(card, given), given.language)
        days, clock = typed.days, read_clock(typed.rest)
    if not days:
        return _not_a_date(card, given)
    day = _within(days, card)
    if isinstance(day, Wrong) or not card.time:
        return day
    return datetime.combine(day, clock, zone) if clock is not None else wrong("no_time")


def _within(days: Sequence[date], card: Calendar | RangeCalendar) -> date | Wrong:
    """The one meaning that the card allows."""
    first = date.fromisoformat(card.first) if card.first else date.min
    last = date.fromisoformat(card.last) if card.last else date.max
    allowed = [day for day in days if first <= day <= last]
    if len(allowed) > 1:
        return wrong("which_date", **_facts(first=allowed[0], second=allowed[1]))
    if allowed:
        return allowed[0]
    if card.first and card.last:
        return wrong("date_between", **_facts(first=first, last=last))
    return wrong("date_from", **_facts(first=first)) if card.first else wrong("date_until", **_facts(last=last))


def _not_a_date(card: Calendar | RangeCalendar, given: Given) -> Wrong:
    example = date.fromisoformat(card.first) if card.first else _today(card, given)
    clock = " 14:30" if card.time else ""
    return wrong("not_date", example=shown(example, False) + clock, example_ja=shown(example, True) + clock)


def _facts(**days: date) -> dict[str, str]:
    """Each day for the English sentence, and with _ja for the Japanese one."""
    english = {name: shown(day, False) for name, day in days.items()}
    return english | {f"{name}_ja": shown(day, True) for name, day in days.items()}


def _data_sides(data: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], str]] | None:
    ends = [data.get("from"), data.get("to")]
    sides = [end if isinstance(end, Mapping) else {"value": end} for end in ends]
    sides = [{"time_zone_id": data.get("time_zone_id"), **side} for side in sides]
    return [(side, "") for side in sides] if all(_has_moment(side) for side in sides) else None


def _has_moment(data: Mapping[str, Any]) -> bool:
    return _data_moment(data, ZoneInfo("UTC")) is not None


def _typed_sides(given: Given) -> list[tuple[Mapping[str, Any], str]] | None:
    pieces = _BETWEEN.split(fold(given.text[:500]))
    return [({}, piece) for piece in pieces] if len(pieces) == 2 else None


def _data_moment(data: Mapping[str, Any], zone: ZoneInfo) -> date | datetime | None:
    """Of {"value": ISO text} or {"epoch_ms": number}; a moment is given in `zone`."""
    value, epoch = data.get("value"), data.get("epoch_ms")
    try:
        if isinstance(value, str) and _ISO.fullmatch(fold(value)):
            text = fold(value).upper()
            if len(text) == 10:
                return date.fromisoformat(text)
            moment = datetime.fromisoformat(text)
            return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
        if isinstance(epoch, int | float) and not isinstance(epoch, bool):
            return datetime.fromtimestamp(epoch / 1000, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _data_day(data: Mapping[str, Any]) -> date | None:
    """Of {"date": "dd/mm/yyyy" or ISO}."""
    written = data.get("date")
    days = read_days(written, date(2000, 1, 1), "en").days if isinstance(written, str) else ()
    return days[0] if len(days) == 1 else None


def _data_clock(data: Mapping[str, Any]) -> time | None:
    for key in ("time", "value"):
        written = data.get(key)
        if isinstance(written, str) and re.fullmatch(r"\d{1,2}:\d{2}", written, re.ASCII):
            return read_clock(written)
    return None


def _slot(
    offered: Mapping[str, Sequence[str]], day: date, clock: time, card: TimeSlots | DateTimeSlots, given: Given
) -> Answer | Wrong:
    """The moment in the card's own zone, if it was offered; the visitor may have said it in theirs."""
    home = _named_zone(card.time_zone) or given.zone
    moment = datetime.combine(day, clock, _zone(card, given, given.data)).astimezone(home)
    times = offered.get(moment.date().isoformat(), ())
    if moment.time() not in {_hours(slot) for slot in times}:
        return _not_offered(offered)
    return Answer(moment.isoformat(), shown(moment, given.japanese))


def _not_offered(slots: Mapping[str, Sequence[str]]) -> Wrong:
    """The first few that are, as people write them; the card itself shows them all."""
    if not all(slots):  # times of an unnamed day
        times = listed([slot for some in slots.values() for slot in some])
        return wrong("not_offered", options=times, options_ja=times)
    moments = [datetime.combine(date.fromisoformat(day), _hours(slot)) for day, some in slots.items() for slot in some]
    few = moments[:MOST_SHOWN]
    more = " …" if len(moments) > len(few) else ""
    return wrong(
        "not_offered",
        options=" / ".join(shown(moment, japanese=False) for moment in few) + more,
        options_ja=" / ".join(shown(moment, japanese=True) for moment in few) + more,
    )


def _hours(slot: str) -> time:
    hour, _, minute = slot.partition(":")
    return time(int(hour), int(minute))


def _today(card: Calendar | RangeCalendar | TimeSlots | DateTimeSlots, given: Given) -> date:
    return given.now.astimezone(_zone(card, given, given.data)).date()


def _zone(
    card: Calendar | RangeCalendar | TimeSlots | DateTimeSlots, given: Given, data: Mapping[str, Any]
) -> ZoneInfo:
    """The zone the visitor chose, where the card lets them; else the card's; else the conversation's."""
    chosen = _named_zone(data.get("time_zone_id")) if card.choose_zone else None
    return chosen or _named_zone(card.time_zone) or given.zone


def _named_zone(name: Any) -> ZoneInfo | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
