"""When to do it: the customer's own times, else a time set by hand, else when they answer best, else our next hours.

Windows are told in the customer's zone where it is known. Calls stay out of the customer's night where our hours allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from motenashi.suggestions.advice.case import Case, utc
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.moments import clock, day_word
from motenashi.suggestions.advice.weekly_hours import HourOfWeek, next_dates
from motenashi.suggestions.best_time.best_times import BestTimes
from motenashi.suggestions.suggestion import Action, Reason, TimeWindow
from motenashi.suggestions.windows import after_business_time, fitting, spans_from

MOST_WINDOWS = 3
_THEIR_OWN = ("proposed", "invitation")
_THEIR_DAY = (time(8), time(20))  # outside of it nobody is rung
_THEIR_OFFICE = (time(9), time(18))  # appointments are proposed within it
_LIKED = (10, 14, 11)  # hours for the first, second and third day, so that there is a choice
_STEP = timedelta(minutes=30)
_SHORTEST_CALL = timedelta(hours=1)
_HURRY = timedelta(hours=2)  # business time for a customer whom we kept waiting
_OWN_EVIDENCE = 3  # attempts from which on the person's own numbers are told


@dataclass(frozen=True)
class Timing:
    windows: tuple[TimeWindow, ...]
    respond_by: datetime
    not_before: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Limits:
    """From when on it can be done, when it should be done, and until when a better time is worth waiting for."""

    opens: datetime
    respond_by: datetime
    before: datetime


def timing(case: Case, idea: Idea) -> Timing:
    limits = _limits(case, idea)
    proposals = _proposals(case, idea, limits)
    reasons = _proposal_reasons(case, idea, proposals)
    windows, why = (proposals, ()) if proposals else _our_choice(case, idea, limits)
    away = case.back_at if idea.action != "update" else None
    late = idea.respond_by is not None and utc(idea.respond_by) <= utc(case.now)
    return Timing(
        windows=tuple(_in_their_zone(case, window) for window in windows),
        respond_by=_respond_by(idea, limits, windows, late=late and not away),
        not_before=away,
        reasons=(*reasons, *why, *_clock_reasons(case, idea, windows), *_late(case, idea, late)),
    )


def _respond_by(idea: Idea, limits: _Limits, windows: Sequence[TimeWindow], *, late: bool) -> datetime:
    """What the customer was to hear by stays said when it has passed; our own time reaches as far as its window."""
    if late and idea.respond_by is not None:
        return idea.respond_by
    if idea.respond_by is not None or idea.action == "event":
        return limits.respond_by
    return max(limits.respond_by, windows[0].end, key=utc)


def _limits(case: Case, idea: Idea) -> _Limits:
    begins = case.back_at or case.now if idea.action != "update" else case.now
    work = timedelta(hours=idea.within_hours or case.settings.within_hours)
    due = idea.respond_by
    if due is not None and utc(due) <= utc(case.now):
        work = min(work, _HURRY)
    opens, closes = after_business_time(case.hours, begins, work, case.department)
    respond_by = due if due is not None and utc(due) > utc(opens) else closes
    if idea.action != "event":
        return _Limits(opens, respond_by, respond_by)
    notice = timedelta(hours=case.settings.event_notice_hours)
    _, ready = after_business_time(case.hours, begins, notice, case.department)
    return _Limits(ready, respond_by, case.now + timedelta(days=case.settings.days_ahead))


def _proposals(case: Case, idea: Idea, limits: _Limits) -> tuple[TimeWindow, ...]:
    """Still to come, within our hours; what clashes with the owner's diary and what lies outside our hours last."""
    if idea.action not in ("call", "event"):
        return ()
    begins = case.back_at or case.now
    fitted = fitting(idea.proposals, case.hours, now=begins, department=case.department)
    return tuple(sorted(fitted, key=lambda window: (window.off_hours, clashes(case, window))))


def clashes(case: Case, window: TimeWindow) -> bool:
    return any(utc(one.start) < utc(window.end) and utc(window.start) < utc(one.end) for one in case.facts.busy)


def _proposal_reasons(case: Case, idea: Idea, proposals: Sequence[TimeWindow]) -> tuple[Reason, ...]:
    theirs = [window for window in proposals if window.source in _THEIR_OWN]
    names = []
    if not theirs and any(window.source in _THEIR_OWN for window in idea.proposals):
        names.append("proposals_passed")
    if theirs and theirs[0].off_hours:
        names.append("proposal_off_hours")
    if any(clashes(case, window) for window in theirs):
        names.append("proposal_clashes")
    return tuple(case.sentences.reason(name, 0.5) for name in names)


def _our_choice(case: Case, idea: Idea, limits: _Limits) -> tuple[tuple[TimeWindow, ...], tuple[Reason, ...]]:
    if idea.action == "update":
        return (TimeWindow(limits.opens, max(limits.opens, limits.respond_by, key=utc)),), ()
    for find in (_set_by_hand, _learned):
        windows, reasons = find(case, idea.action, limits)
        if windows:
            return windows, reasons
    if idea.action == "event":
        return free_hours(case, case.back_at or case.now), ()
    return (_next_hours(case, idea, limits),), ()


def _set_by_hand(case: Case, action: Action, limits: _Limits) -> tuple[tuple[TimeWindow, ...], tuple[Reason, ...]]:
    override = case.override
    if override is None:
        return (), ()
    wanted = [HourOfWeek(day, override.from_hour, override.to_hour) for day in override.weekdays]
    found = next_dates(
        wanted, case.hours, case.department, begins=limits.opens, before=limits.before, source="override"
    )
    name, values = ("override", {"by": override.by}) if override.by else ("override_unknown", {})
    return _chosen(case, action, found), (case.sentences.reason(name, 0.5, **values),)


def _learned(case: Case, action: Action, limits: _Limits) -> tuple[tuple[TimeWindow, ...], tuple[Reason, ...]]:
    times = case.times.get("email" if action == "e-mail" else "call")
    if times is None or not times.preference:
        return (), ()
    wanted = [HourOfWeek(slot.weekday, slot.hour, slot.hour + 1, slot.stars) for slot in times.slots if slot.stars > 0]
    found = next_dates(
        wanted, case.hours, case.department, begins=limits.opens, before=limits.before, source="best_time"
    )
    return _chosen(case, action, found), (_best_time_reason(case, times),)


def _chosen(case: Case, action: Action, found: Sequence[TimeWindow]) -> tuple[TimeWindow, ...]:
    free = [window for window in found if not clashes(case, window)] if action != "e-mail" else list(found)
    return tuple(free[:MOST_WINDOWS])


def _best_time_reason(case: Case, times: BestTimes) -> Reason:
    if times.attempts < _OWN_EVIDENCE:
        return case.sentences.reason("best_time_others", 0.25)
    name = "best_time_email" if times.channel == "email" else "best_time_call"
    return case.sentences.reason(name, 0.3, attempts=times.attempts, answered=times.answered)


def free_hours(case: Case, begins: datetime) -> tuple[TimeWindow, ...]:
    """The first free time of each of the next days, long enough for an appointment, in the customer's day, and far
    enough ahead to agree on it."""
    notice = timedelta(hours=case.settings.event_notice_hours)
    _, begins = after_business_time(case.hours, begins, notice, case.department)
    before = begins + timedelta(days=case.settings.days_ahead)
    length = timedelta(minutes=case.settings.event_minutes)
    found: dict[date, TimeWindow] = {}
    for opens, closes in _by_their_day(case, begins, before, _THEIR_OFFICE):
        starts = [start for start in _starts(opens, closes, length) if start.date() not in found]
        liked = sorted(starts, key=lambda start: start.hour != _LIKED[len(found)])
        windows = (TimeWindow(start, start + length) for start in liked)
        free = next((window for window in windows if not clashes(case, window)), None)
        if free is not None:
            found[free.start.date()] = free
        if len(found) >= MOST_WINDOWS:
            break
    return tuple(found.values()) or (TimeWindow(begins, begins + length),)


def _starts(opens: datetime, closes: datetime, length: timedelta) -> Iterator[datetime]:
    start = _full_hour(opens)
    while utc(start) + length <= utc(closes):
        yield start
        start += _STEP


def _full_hour(moment: datetime) -> datetime:
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(hours=1)


def _by_their_day(
    case: Case, begins: datetime, before: datetime, day: tuple[time, time] = _THEIR_DAY
) -> Iterator[tuple[datetime, datetime]]:
    """The times we are there and it is day where the customer is; just ours where the two never meet."""
    spans = [
        (span.start, span.end) for span in spans_from(case.hours, case.department, begins, case.settings.days_ahead)
    ]
    together = [part for start, end in spans for part in _their_part(case, start, end, day)]
    return ((start, end) for start, end in together or spans if utc(start) < utc(before))


def _their_part(
    case: Case, start: datetime, end: datetime, hours: tuple[time, time]
) -> Iterator[tuple[datetime, datetime]]:
    zone = case.their_zone
    if zone is None:
        yield start, end
        return
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        wakes, sleeps = (datetime.combine(day, hour, zone) for hour in hours)
        opens, closes = max(start, wakes, key=utc), min(end, sleeps, key=utc)
        if utc(opens) < utc(closes):
            yield opens.astimezone(start.tzinfo), closes.astimezone(start.tzinfo)
        day += timedelta(days=1)


def _next_hours(case: Case, idea: Idea, limits: _Limits) -> TimeWindow:
    """From when somebody is there until when it is due; for a call the first time that is the customer's day, too."""
    window = TimeWindow(limits.opens, max(limits.opens, limits.respond_by, key=utc))
    if idea.action != "call" or case.their_zone is None:
        return window
    horizon = limits.opens + timedelta(days=case.settings.days_ahead)
    opens, closes = next(_by_their_day(case, limits.opens, horizon), (window.start, window.end))
    if utc(opens) == utc(window.start):
        return replace(window, end=max(opens, min(window.end, closes, key=utc), key=utc)) if _short(window) else window
    length = max(utc(limits.respond_by) - utc(limits.opens), _SHORTEST_CALL)
    return TimeWindow(opens, min(closes, opens + length, key=utc))


def _short(window: TimeWindow) -> bool:
    return utc(window.end) - utc(window.start) < timedelta(hours=12)


def _in_their_zone(case: Case, window: TimeWindow) -> TimeWindow:
    zone = case.their_zone
    if zone is None or window.source in _THEIR_OWN:
        return window
    return replace(window, start=window.start.astimezone(zone), end=window.end.astimezone(zone))


def _clock_reasons(case: Case, idea: Idea, windows: Sequence[TimeWindow]) -> tuple[Reason, ...]:
    zone = case.their_zone
    if zone is None or idea.action not in ("call", "event") or not windows:
        return ()
    start = windows[0].start
    theirs, ours = start.astimezone(zone), start.astimezone(case.zone)
    if theirs.utcoffset() == ours.utcoffset():
        return ()
    night = not _THEIR_DAY[0] <= theirs.time() < _THEIR_DAY[1]

    def said(language: str) -> str:
        return f"{day_word(theirs.date(), case.today, language)} {clock(theirs)}"

    # What the customer proposed themselves is no night of theirs.
    night = night and windows[0].source not in _THEIR_OWN
    return (case.sentences.reason("their_night" if night else "their_clock", 0.2, time=said, zone=zone.key),)


def _late(case: Case, idea: Idea, late: bool) -> tuple[Reason, ...]:
    if not late or idea.respond_by is None:
        return ()
    return (case.sentences.reason("late", 0.6, date=case.day(idea.respond_by)),)
