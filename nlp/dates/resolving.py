"""Values against the moment of writing: the normal form, the datetimes, and the readings that were not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from nlp.dates.calendar_days import add_days, moved
from nlp.dates.compose import SECONDS_EACH, counted, is_short, period_of
from nlp.dates.compose_clocks import guessed, other_half
from nlp.dates.context import Context
from nlp.dates.mention import Grain, NormalForm, RejectedReading
from nlp.dates.pinning import pin
from nlp.dates.time_zones import offset_at
from nlp.dates.values import Clock, Day, Exact, Length, Part, Period, Repeat, Value, When

_ISO_UNITS = {"years": "Y", "months": "M", "weeks": "W", "days": "D", "nights": "D", "hours": "H", "minutes": "M",
              "seconds": "S"}  # fmt: skip
_LONGER = {"quarters": ("months", 3), "fortnights": ("weeks", 2), "decades": ("years", 10), "weekends": ("days", 2)}


@dataclass(frozen=True, slots=True)
class Resolved:
    """`begins` and `ends` are local to `form.zone`, or to the writer where it is empty."""

    form: NormalForm
    begins: datetime | None = None
    ends: datetime | None = None
    rejected: tuple[RejectedReading, ...] = ()
    certainty: float = 1.0


def resolve(value: Value, context: Context) -> Resolved | None:
    """None for what has no place in the calendar (30 February)."""
    if isinstance(value, Day):
        return _resolve_day(value, context)
    if isinstance(value, Period):
        return Resolved(
            _days_form(value), _midnight(value.start), _midnight(value.end), certainty=0.8 if value.convention else 1.0
        )
    if isinstance(value, Clock):
        return _resolve_clock(value, context)
    if isinstance(value, Part):
        return _resolve_part(value)
    if isinstance(value, Exact):
        return Resolved(_instant(value.at, value.grain, value.zone), value.at)
    if isinstance(value, Length):
        return Resolved(_duration(value))
    if isinstance(value, Repeat):
        return Resolved(NormalForm("set", ";".join(f"{name}={said}" for name, said in value.rule)))
    return _resolve_when(value, context) if isinstance(value, When) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _written(at: datetime | None) -> str:
    return "" if at is None else at.replace(microsecond=0).isoformat()


def _instant(at: datetime, grain: Grain, zone: str = "") -> NormalForm:
    return NormalForm("instant", _written(at), grain=grain, zone=offset_at(zone, at))


def _interval(begins: datetime | None, ends: datetime | None, grain: Grain, zone: str = "") -> NormalForm:
    told = begins or ends
    return NormalForm("interval", start=_written(begins), end=_written(ends), grain=grain,
                      zone=offset_at(zone, told) if told else "")  # fmt: skip


def _days_form(period: Period) -> NormalForm:
    return _interval(_midnight(period.start), _midnight(period.end), period.grain)


def _resolve_day(day: Day, context: Context) -> Resolved | None:
    pinned = pin(day, context)
    if pinned is None:
        return None
    whole = period_of(replace(day, swapped=None, year=pinned.date.year, month=pinned.date.month, day=pinned.date.day)
                      if day.grain == "day" else replace(day, year=pinned.date.year), context)  # fmt: skip
    if whole is None:
        return None
    rejected = tuple(RejectedReading(_instant(_midnight(other), day.grain), reason) for other, reason in pinned.others)
    form = _instant(_midnight(pinned.date), day.grain)
    return Resolved(form, _midnight(whole.start), _midnight(whole.end), rejected, pinned.certainty)


def _time_text(minutes: float) -> str:
    seconds = round(minutes * 60) % 86400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _resolve_clock(clock: Clock, context: Context) -> Resolved:
    chosen = guessed(clock)
    at = moved(_midnight(context.today), minutes=chosen.minutes)
    if at < context.reference:
        at = moved(at, days=1)
    zone = offset_at(clock.zone, at)
    other = other_half(clock)
    rejected = (
        (RejectedReading(NormalForm("time", _time_text(other.minutes), zone=zone), "outside the hours people meet"),)
        if other
        else ()
    )
    form = NormalForm("time", _time_text(chosen.minutes), grain=clock.grain, zone=zone)
    return Resolved(form, at, None, rejected, 0.75 if other else 0.9)


def _resolve_part(part: Part) -> Resolved:
    form = NormalForm("timeinterval", start=_time_text(part.begins * 60), end=_time_text(part.ends * 60))
    return Resolved(form, certainty=0.7)


def _duration(length: Length) -> NormalForm:
    seconds = sum(amount * SECONDS_EACH[unit] for unit, amount in length.amounts)
    days, clock = "", ""
    for unit, amount in length.amounts:
        unit, times = _LONGER.get(unit, (unit, 1))
        told = f"{amount * times:g}{_ISO_UNITS[unit]}"
        if unit in ("hours", "minutes", "seconds"):
            clock += told
        else:
            days += told
    return NormalForm("duration", f"P{days}{'T' + clock if clock else ''}", seconds=seconds)


# Whens


def _resolve_when(when: When, context: Context) -> Resolved | None:
    if when.exact is not None:
        return _resolve_exact(when)
    if when.day is None:
        return _resolve_times(when, context)
    pinned = None if isinstance(when.day, Period) else pin(when.day, context)
    if isinstance(when.day, Day) and pinned is None:
        return None
    begins, ends, grain = _edges(when, context)
    if begins is None:
        return None
    zone = (when.clock and when.clock.zone) or (when.until_clock and when.until_clock.zone) or ""
    rejected = list(_other_days(when, pinned.others, context) if pinned else ())
    rejected += _other_hours(when, begins, ends, zone)
    certainty = (pinned.certainty if pinned else 1.0) * (0.85 if when.clock and not when.clock.sure else 1.0)
    if when.bound:
        return _resolve_bound(when, begins, ends, grain, zone, tuple(rejected), certainty)
    if ends is None:
        return Resolved(_instant(begins, grain, zone), begins, None, tuple(rejected), certainty)
    return Resolved(_interval(begins, ends, grain, zone), begins, ends, tuple(rejected), certainty)


def _resolve_exact(when: When) -> Resolved:
    if when.exact is None:
        return Resolved(NormalForm("instant"))
    begins, ends = when.exact.at, when.until_exact.at if when.until_exact else None
    if ends is None and isinstance(when.until_day, Period):
        ends = _midnight(when.until_day.end)
    if ends is not None:
        return Resolved(_interval(begins, ends, "minute"), begins, ends)
    if when.bound in ("before", "until"):
        return Resolved(_interval(None, begins, "minute"), None, begins)
    return Resolved(_interval(begins, None, "minute"), begins, None)


def _resolve_times(when: When, context: Context) -> Resolved | None:
    """Clock times and parts of the day without a date."""
    zone = offset_at((when.clock and when.clock.zone) or "", context.reference)
    if when.clock is not None and when.until_clock is not None:
        one, two = guessed(when.clock), when.until_clock
        form = NormalForm("timeinterval", start=_time_text(one.minutes), end=_time_text(two.minutes), zone=zone)
        begins = moved(_midnight(context.today), minutes=one.minutes)
        ends = moved(_midnight(context.today), minutes=two.minutes + (1440 if two.minutes < one.minutes else 0))
        if begins < context.reference:
            begins, ends = moved(begins, days=1), moved(ends, days=1)
        return Resolved(form, begins, ends, certainty=0.8)
    edge = guessed(when.clock).minutes if when.clock else None
    if edge is None and when.part is not None:
        if when.bound == "":
            return _resolve_part(when.part)
        edge = (when.part.ends if when.bound in ("after",) else when.part.begins) * 60
    if edge is None:
        return None
    if when.bound in ("before", "until"):
        return Resolved(NormalForm("timeinterval", end=_time_text(edge), zone=zone), certainty=0.8)
    if when.bound:
        return Resolved(NormalForm("timeinterval", start=_time_text(edge), zone=zone), certainty=0.8)
    return _resolve_clock(when.clock, context) if when.clock else None


def _edges(when: When, context: Context) -> tuple[datetime | None, datetime | None, Grain]:
    """Where it begins and ends (None: a point of time)."""
    first = period_of(when.day, context) if isinstance(when.day, Period) else _whole_day(when.day, context)
    if first is None:
        return None, None, ""
    begins = _midnight(first.start)
    if when.clock is not None:
        begins = moved(begins, minutes=guessed(when.clock).minutes)
    elif when.part is not None:
        begins = moved(begins, hours=when.part.begins)
    if when.lasts is not None:
        return begins, _end_of_length(when, begins), "minute" if is_short(when.lasts) else "day"
    if when.until_day is not None:
        return begins, _last_edge(when, context), "minute" if when.clock or when.until_clock else "day"
    if when.until_clock is not None:
        ends = moved(_midnight(first.start), minutes=when.until_clock.minutes)
        return begins, moved(ends, days=1) if ends <= begins else ends, "minute"
    if when.clock is not None:
        return begins, None, when.clock.grain
    if when.part is not None:
        return begins, moved(_midnight(first.start), hours=when.part.ends), "hour"
    return begins, _midnight(first.end), first.grain


def _whole_day(day: Day | Period | None, context: Context) -> Period | None:
    if day is None or isinstance(day, Period):
        return day
    pinned = pin(day, context)
    if pinned is None:
        return None
    if day.grain == "day":
        return Period(pinned.date, add_days(pinned.date, 1))
    return period_of(replace(day, year=pinned.date.year), context)


def _end_of_length(when: When, begins: datetime) -> datetime:
    return counted(begins, when.lasts, 1) if when.lasts else begins


def _last_edge(when: When, context: Context) -> datetime | None:
    last = _whole_day(when.until_day, context)
    if last is None:
        return None
    if when.until_clock is not None:
        return moved(_midnight(last.start), minutes=guessed(when.until_clock).minutes)
    if when.until_excluded or (isinstance(when.day, Day) and when.clock is not None):
        return _midnight(last.start if when.until_excluded else last.end)
    return _midnight(last.end)


def _resolve_bound(
    when: When,
    begins: datetime,
    ends: datetime | None,
    grain: Grain,
    zone: str,
    rejected: tuple[RejectedReading, ...],
    certainty: float,
) -> Resolved:
    if when.until_day is not None and when.bound == "until":
        return Resolved(_interval(begins, ends, grain, zone), begins, ends, rejected, certainty)
    if when.bound in ("before", "until"):
        edge = begins if when.bound == "before" or ends is None else ends
        return Resolved(_interval(None, edge, grain, zone), None, edge, rejected, certainty)
    edge = ends if when.bound == "after" and ends is not None else begins
    return Resolved(_interval(edge, None, grain, zone), edge, None, rejected, certainty)


def _other_days(when: When, others: tuple[tuple[date, str], ...], context: Context) -> Iterator[RejectedReading]:
    for other, reason in others:
        begins, ends, grain = _edges(replace(when, day=Day(other.year, other.month, other.day)), context)
        if begins is not None:
            form = _instant(begins, grain) if ends is None else _interval(begins, ends, grain)
            yield RejectedReading(form, reason)


def _other_hours(when: When, begins: datetime, ends: datetime | None, zone: str) -> list[RejectedReading]:
    other = other_half(when.clock) if when.clock else None
    if other is None:
        return []
    shift = timedelta(hours=12 if other.hour > guessed(when.clock).hour else -12)  # type: ignore[arg-type]
    form = (
        _instant(begins + shift, "minute", zone)
        if ends is None
        else _interval(begins + shift, ends + shift, "minute", zone)
    )
    return [RejectedReading(form, "outside the hours people meet")]
