"""The door: a text in, its dates out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone, tzinfo

from nlp.dates.context import Context
from nlp.dates.english import read_english
from nlp.dates.following import after_the_last
from nlp.dates.japanese import read_japanese
from nlp.dates.mention import DateMention, Role
from nlp.dates.narrow import narrowed_text
from nlp.dates.people import places_of_names, touches
from nlp.dates.resolving import Resolved, resolve
from nlp.dates.roles import around, in_its_tense, role_of
from nlp.dates.time_zones import offset_writes_day_first, writes_day_first, zone_of

LONGEST_TEXT = 200_000  # characters; what comes after is not read
_FIRST_YEAR, _LAST_YEAR = 20, 9980
_LIST_OF_DATES = 400  # characters; a longer text is no mere list
_SAID_AGAIN = 45  # letters between a time and the same time told otherwise
MOST_DATES = 2_500  # in one text; what comes after is not told
_READERS = {"en": read_english, "ja": read_japanese}


def no_holidays(_day: date) -> bool:
    return False


def find_dates(
    text: str,
    language: str,
    *,
    reference: datetime,
    time_zone: str = "",
    is_holiday: Callable[[date], bool] = no_holidays,
) -> tuple[DateMention, ...]:
    """The dates, times, durations and recurrences of a text, in order.

    `language` is "en" or "ja" (others are read as English). `reference` is the aware moment the text was written.
    `time_zone` is the writer's own (IANA name or "+09:00"); without it the reference's counts. `is_holiday` says which
    days besides Saturdays and Sundays are no business days. Any text is fine; nothing is raised for its content.
    """
    zone = zone_of(time_zone) or reference.tzinfo
    local = _local(reference, zone)
    narrow = narrowed_text(text[:LONGEST_TEXT])
    context = Context(local.replace(microsecond=0), text, _day_first(language, time_zone, zone, local), is_holiday)
    names = places_of_names(text[:LONGEST_TEXT], narrow) if language != "ja" else []
    reader = _READERS.get(language, read_english)
    mentions: list[DateMention] = []
    for start, end, value, link in reader(narrow, context)[:MOST_DATES]:
        if touches(names, start, end):
            continue
        place = around(narrow, start, end, language)
        value = after_the_last(value, narrow[start:end], start, mentions, context)
        resolved = resolve(in_its_tense(value, place, language, context, said=narrow[start:end]), context)
        if resolved is None:
            continue
        role = role_of(value, resolved, place, language, context, said=narrow[start:end])
        first = _first_of_choice(mentions, link)
        mentions.append(_mention(text, start, end, resolved, role, zone, first))
        if first >= 0 and mentions[first].alternative_to < 0:
            mentions[first] = replace(mentions[first], alternative_to=first)
        if link:
            _share_role(mentions)
            _share_zone(mentions)
        elif role == "other":
            _say_again(mentions, narrow)
    return tuple(_proposed_if_all(mentions, text))


def _local(reference: datetime, zone: tzinfo | None) -> datetime:
    """What the writer's clock showed; a year at the ends of the calendar becomes one with neighbours on both sides."""
    year = min(max(reference.year, _FIRST_YEAR), _LAST_YEAR)
    if year != reference.year:
        reference = reference.replace(year=year, day=min(reference.day, 28))
    return reference.astimezone(zone).replace(tzinfo=None) if reference.tzinfo else reference


def _day_first(language: str, time_zone: str, zone: tzinfo | None, local: datetime) -> bool:
    if language == "ja":
        return False
    if "/" in time_zone:
        return writes_day_first(time_zone)
    return zone is not None and offset_writes_day_first(zone.utcoffset(local))


def _proposed_if_all(mentions: list[DateMention], text: str) -> list[DateMention]:
    """A text of nothing but dates is an offer of them."""
    told = sum(mention.end - mention.start for mention in mentions)
    if len(text) > _LIST_OF_DATES or told * 10 < len("".join(text.split())) * 7:
        return mentions
    return [
        replace(mention, role="proposed") if mention.role == "other" and mention.begins is not None else mention
        for mention in mentions
    ]


def _first_of_choice(mentions: list[DateMention], link: str) -> int:
    if link != "or" or not mentions:
        return -1
    last = mentions[-1]
    return last.alternative_to if last.alternative_to >= 0 else len(mentions) - 1


def _share_role(mentions: list[DateMention]) -> None:
    """Of two dates side by side, the one whose role is clear tells the other's."""
    last, one = mentions[-2:]
    if {last.role, one.role} == {"other", "proposed"} and last.value.kind == one.value.kind:
        mentions[-2:] = [replace(last, role="proposed"), replace(one, role="proposed")]


def _share_zone(mentions: list[DateMention]) -> None:
    """Of two times side by side, the zone that is told of one is meant for both: "10:00 or 11:00 CET"."""
    last, one = mentions[-2:]
    if last.value.zone and _wants_zone(one):
        mentions[-1] = _zoned(one, last.value.zone)
    elif one.value.zone and _wants_zone(last):
        mentions[-2] = _zoned(last, one.value.zone)


def _wants_zone(mention: DateMention) -> bool:
    clock = mention.value.kind in ("time", "timeinterval") or mention.grain in ("hour", "minute")
    return clock and not mention.value.zone and mention.value.kind not in ("duration", "set")


def _zoned(mention: DateMention, zone: str) -> DateMention:
    begins, ends = (_aware(at and at.replace(tzinfo=None), zone, None) for at in (mention.begins, mention.ends))
    return replace(mention, value=replace(mention.value, zone=zone), begins=begins, ends=ends)


def _say_again(mentions: list[DateMention], text: str) -> None:
    """A clock time right behind an offered day or hour belongs to it: "10:00 in Tokyo", "that's noon for me"."""
    if len(mentions) < 2:
        return
    last, one = mentions[-2:]
    between = text[last.end : one.start]
    if last.role == "proposed" and one.value.kind == "time" and len(between) <= _SAID_AGAIN:
        mentions[-1] = replace(one, role="proposed")


def _mention(
    text: str, start: int, end: int, resolved: Resolved, role: Role, zone: tzinfo | None, first: int
) -> DateMention:
    return DateMention(
        start=start,
        end=end,
        text=text[start:end],
        value=resolved.form,
        role=role,
        begins=_aware(resolved.begins, resolved.form.zone, zone),
        ends=_aware(resolved.ends, resolved.form.zone, zone),
        alternative_to=first,
        certainty=round(resolved.certainty, 2),
        rejected=resolved.rejected,
    )


def _aware(at: datetime | None, offset: str, zone: tzinfo | None) -> datetime | None:
    if at is None:
        return None
    if offset:
        hours, minutes = offset[1:].split(":")
        shift = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if offset[0] == "-" else 1)
        return at.replace(tzinfo=timezone(shift))
    return at.replace(tzinfo=zone)
