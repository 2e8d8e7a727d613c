"""Calendar parts (iCalendar, RFC 5545 and RFC 5546) as invitations: what is said there about dates is certain."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Component

from motenashi.inbound_mail.addresses import address_of
from motenashi.inbound_mail.calendar_zones import OUR_ZONE_PARAMETER, CalendarZones, zone_name
from motenashi.inbound_mail.limits import LONGEST_CALENDAR, MOST_EVENTS
from motenashi.inbound_mail.parsed_mail import Address, Attendee, Invitation

log = logging.getLogger(__name__)

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(r"([A-Za-z0-9-]{1,100})[;:]")
_TEXTS = {"UID": 500, "SUMMARY": 1000, "DESCRIPTION": 20_000, "LOCATION": 1000, "STATUS": 40}
_DATES = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE")
_ZONE = re.compile(r";TZID=", re.IGNORECASE)
_KEPT = frozenset((*_TEXTS, *_DATES, "SEQUENCE", "ORGANIZER", "ATTENDEE"))
_LONGEST_LINE = 30_000
_MOST_ATTENDEES = 500
_MOST_DATES = 200

Day = datetime | date


def read_invitations(
    text: str, method: str, zone: tzinfo | None, most: int = MOST_EVENTS
) -> tuple[list[Invitation], list[str]]:
    """(the events of a calendar part, problems). `method` is the one that Content-Type names; `zone` is the sender's.

    Never raises. Events that can't be read are left out and named in a problem.
    """
    lines = _FOLD.sub("", text).splitlines()
    method = (_value(lines, "METHOD") or method).strip().upper()[:40]
    events, problems = _events(lines)
    zones = CalendarZones(lines, zone)
    found = []
    for event in events[:most]:
        try:
            found.append(_invitation(event, method, zones))
        except Exception as error:  # the library raises of everything on what is no calendar
            log.debug("an event could not be read", exc_info=error)
            problems.append("An event of the invitation could not be read.")
    if len(events) > most:
        problems.append(f"There are more than {MOST_EVENTS} events in the invitation; the others were not read.")
    if not events:
        problems.append("The calendar part holds no event.")
    problems += [f"The time zone '{name[:60]}' of the invitation is not known." for name in zones.unknown]
    return found, list(dict.fromkeys(problems))


def _events(lines: list[str]) -> tuple[list[list[str]], list[str]]:
    """The lines of each event that matter here. Alarms inside it, pictures and descriptions of zones are left out.

    The library would keep a zone that one mail defines for the whole process, so that one mail set the next one's
    clock: it is shown neither the definitions nor the zones' names, which calendar_zones.py reads.
    """
    events: list[list[str]] = []
    inside, size = 0, 0
    for line in lines:
        upper = line[:40].strip().upper()
        if upper == "BEGIN:VEVENT" and not inside:
            inside = 1
            events.append([])
        elif not inside:
            continue
        elif upper.startswith("BEGIN:"):
            inside += 1
        elif upper.startswith("END:"):
            inside -= 1
        elif inside == 1 and len(line) <= _LONGEST_LINE and _is_kept(line):
            size += len(line)
            if size > LONGEST_CALENDAR:
                return events, ["The calendar part is too long; only its beginning was read."]
            events[-1].append(_ZONE.sub(f";{OUR_ZONE_PARAMETER}=", line, count=1))
    return events, []


def _is_kept(line: str) -> bool:
    match = _PROPERTY.match(line)
    return match is not None and match.group(1).upper() in _KEPT


def _invitation(lines: list[str], method: str, zones: CalendarZones) -> Invitation:
    event: Any = Component.from_ical("\r\n".join(["BEGIN:VEVENT", *_bounded(lines), "END:VEVENT"]))
    start = zones.moment(event.get("DTSTART"))
    organizer = _one(event.get("ORGANIZER"))
    status = _text(event, "STATUS").upper()
    return Invitation(
        method=method,
        uid=_text(event, "UID"),
        sequence=_number(event.get("SEQUENCE")),
        summary=_text(event, "SUMMARY"),
        description=_text(event, "DESCRIPTION"),
        location=_text(event, "LOCATION"),
        organizer=_address(organizer) if organizer is not None else None,
        attendees=tuple(_attendees(event.get("ATTENDEE"))),
        start=start,
        end=_end(event, start, zones),
        time_zone=zone_name(start, zones.name_of(event.get("DTSTART"))),
        recurrence=_recurrence(event.get("RRULE")),
        recurrence_dates=tuple(_added(event.get("RDATE"), zones)),
        changes=zones.moment(event.get("RECURRENCE-ID")),
        status=status or ("CANCELLED" if method == "CANCEL" else ""),
    )


def _bounded(lines: list[str]) -> list[str]:
    """Not more attendees and added dates than anybody reads."""
    people = [line for line in lines if line[:8].upper() == "ATTENDEE"][:_MOST_ATTENDEES]
    return [line for line in lines if line[:8].upper() != "ATTENDEE"] + people


def _end(event: Any, start: Day | None, zones: CalendarZones) -> Day | None:
    end = zones.moment(event.get("DTEND"))
    if end is not None or start is None:
        return end if start is None or type(end) is type(start) else None
    length = getattr(_one(event.get("DURATION")), "dt", None)
    if isinstance(length, timedelta) and timedelta(0) <= length < timedelta(days=3660):
        return start + length
    return None


def _added(dates: Any, zones: CalendarZones) -> list[Day]:
    found: list[Day] = []
    for group in dates if isinstance(dates, list) else [dates]:
        for value in getattr(group, "dts", [])[:_MOST_DATES]:
            moment = zones.moment(value, group)
            if moment is not None:
                found.append(moment)
    return found[:_MOST_DATES]


def _recurrence(rule: Any) -> str:
    rule = _one(rule)
    return rule.to_ical().decode("utf-8", "replace")[:500] if hasattr(rule, "to_ical") else ""


def _attendees(given: Any) -> list[Attendee]:
    found = []
    for value in given if isinstance(given, list) else [given] if given is not None else []:
        address = _address(value)
        if address is not None:
            answer = str(value.params.get("PARTSTAT", "")).upper()[:40]
            found.append(Attendee(address.name, address.address, answer))
    return found


def _address(value: Any) -> Address | None:
    parameters = getattr(value, "params", {})
    # Some programs write a path of their directory as the address, and the real one as EMAIL.
    return address_of(str(value), str(parameters.get("CN", ""))) or address_of(
        str(parameters.get("EMAIL", "")), str(parameters.get("CN", ""))
    )


def _text(event: Any, name: str) -> str:
    value = _one(event.get(name))
    return str(value).strip()[: _TEXTS[name]] if value is not None else ""


def _number(value: Any) -> int:
    try:
        return max(0, min(int(_one(value) or 0), 2**31 - 1))
    except (TypeError, ValueError):
        return 0


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _value(lines: list[str], name: str) -> str:
    """A property of the calendar itself."""
    return next((line.partition(":")[2] for line in lines if line[: len(name) + 1].upper() == f"{name}:"), "")
