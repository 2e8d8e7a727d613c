"""Reads what came back for an input card: the card's own value, or what was typed instead.

`read_answer` is the only door. Whatever comes is checked against the card: a value that was not among the options, a
day out of bounds or a rating of 99 is no answer, whoever sends it. The shapes of a card's data are those that this
project sends to webhooks in the place of Zoho SalesIQ (which documents none), and those of our own chat box:
{"value"}, {"values"}, {"from", "to"}, {"date", "time"}, {"latitude", "longitude"}, {"skipped": true}.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.conversation import answer_choices, answer_dates, answer_texts
from motenashi.conversation.answer_words import Answer, Given, Wrong, wrong
from motenashi.conversation.folding import bare, without_surrogates
from motenashi.conversation.input_cards import (
    Calendar,
    DateTimeSlots,
    DropDown,
    HappinessRating,
    InputCard,
    Like,
    LocationInput,
    MultipleSelect,
    RangeCalendar,
    RangeSlider,
    Select,
    Slider,
    StarRating,
    TextInput,
    TimeSlots,
    Upload,
)
from motenashi.conversation.message import Attachment

__all__ = ["Answer", "Wrong", "read_answer"]

LONGEST_ADDRESS = 500
_EARTH_RADIUS_KM = 6371.0
_COORDINATES = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d{1,12})?)\s*,\s*([-+]?\d{1,3}(?:\.\d{1,12})?)\s*", re.ASCII)
_SKIP = {bare(word) for word in ("skip", "skip it", "skip this", "スキップ", "スキップする", "飛ばす", "とばす")}


def read_answer(
    card: InputCard,
    message_text: str,
    card_data: Mapping[str, Any],
    *,
    language: str,
    now: datetime,
    time_zone: str,
    attachments: Sequence[Attachment] = (),
) -> Answer | Wrong:
    """The answer to `card`, or why it is none. Never raises for anything a visitor or a page can send.

    `now` is aware; `time_zone` is an IANA name, for days and times that carry none ('' or unknown: that of `now`).
    """
    given = Given(_cleaned(message_text), card_data, language, now, _zone(time_zone, now), attachments)
    skipped = card_data.get("skipped") is True or bare(given.text) in _SKIP
    if card.skippable and skipped:
        return Answer(None, "", skipped=True)
    if not given.text and not any(value not in (None, "") for value in card_data.values()) and not attachments:
        return wrong("no_file" if isinstance(card, Upload) else "needed")
    if card_data.get("skipped") is True:
        return wrong("needed")
    reader: Callable[[Any, Given], Answer | Wrong] = _READERS[type(card)]
    return reader(card, given)


def _cleaned(text: str) -> str:
    """Without what nobody can type: control characters (line breaks stay) and halves of characters."""
    kept = (c for c in without_surrogates(text) if c in "\n\t" or unicodedata.category(c) != "Cc")
    return "".join(kept).strip()


def _zone(name: str, now: datetime) -> ZoneInfo:
    for candidate in (name, getattr(now.tzinfo, "key", "")):
        try:
            return ZoneInfo(candidate)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _read_location(card: LocationInput, given: Given) -> Answer | Wrong:
    """{"latitude", "longitude", "address"}, numbers in degrees; only the address when that is all we were told."""
    typed = _COORDINATES.fullmatch(given.text)
    pair = (given.data.get("latitude"), given.data.get("longitude"))
    place = _point(*pair) or (_point(typed[1], typed[2]) if typed else None)
    address = "" if typed else given.text
    if place is None:
        readable = address and len(address) <= LONGEST_ADDRESS and any(c.isalpha() for c in address)
        return Answer({"address": address}, address) if readable else wrong("not_place")
    middle = _point(card.latitude, card.longitude)
    if middle and card.radius_km is not None and _distance(place, middle) > card.radius_km:
        return wrong("too_far", radius=f"{card.radius_km:g}")
    value: dict[str, Any] = {"latitude": place[0], "longitude": place[1]}
    address = address[:LONGEST_ADDRESS]
    return Answer(value | ({"address": address} if address else {}), address or f"{place[0]}, {place[1]}")


def _point(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    if isinstance(latitude, bool) or isinstance(longitude, bool):
        return None
    try:
        point = (float(latitude), float(longitude))
    except (TypeError, ValueError, OverflowError):
        return None
    return point if abs(point[0]) <= 90 and abs(point[1]) <= 180 else None  # NaN is in no range


def _distance(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Kilometres along the great circle (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, two))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def _read_upload(card: Upload, given: Given) -> Answer | Wrong:
    """A list of {"name", "url", "type", "size", "id"}, of what the channel itself received."""
    files = given.attachments
    if not files:
        return wrong("no_file")
    if len(files) > card.most_files:
        return wrong("too_many_files", number=card.most_files)
    if not all(_accepted(file.type, card.accept) for file in files):
        return wrong("wrong_file", accept=", ".join(card.accept))
    fields = ("name", "url", "type", "size", "id")
    return Answer([{name: getattr(file, name) for name in fields} for file in files], ", ".join(f.name for f in files))


def _accepted(media_type: str, accept: Sequence[str]) -> bool:
    kind = media_type.casefold().partition(";")[0].strip()
    wanted = [pattern.casefold() for pattern in accept]
    return not wanted or any(kind == w or (w.endswith("/*") and kind.startswith(w[:-1])) for w in wanted)


_READERS: Mapping[type, Callable[[Any, Given], Answer | Wrong]] = {
    TextInput: answer_texts.read_text,
    Select: answer_choices.read_select,
    Slider: answer_choices.read_select,
    MultipleSelect: answer_choices.read_multiple_select,
    DropDown: answer_choices.read_drop_down,
    RangeSlider: answer_choices.read_range_slider,
    StarRating: answer_choices.read_stars,
    HappinessRating: answer_choices.read_happiness,
    Like: answer_choices.read_like,
    Calendar: answer_dates.read_calendar,
    RangeCalendar: answer_dates.read_range_calendar,
    TimeSlots: answer_dates.read_time_slots,
    DateTimeSlots: answer_dates.read_date_time_slots,
    LocationInput: _read_location,
    Upload: _read_upload,
}
