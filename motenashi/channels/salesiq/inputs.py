"""Input cards in SalesIQ's JSON; `inputs_in_words` asks on channels that know no cards.

Source: Zoho SalesIQ's pages of input cards and of response validation. Where a page gives two spellings the
documented sample is what we send. Dates go out as dd/mm/yyyy, calendar bounds as epoch milliseconds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from motenashi.channels.salesiq import limits
from motenashi.channels.salesiq.inputs_in_words import faces, in_words, stars
from motenashi.channels.salesiq.offers import Offered, fits, offer_drop_down
from motenashi.channels.salesiq.target import Target
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
)

_PROFILE_FIELDS = {"name": "siq_name", "email": "siq_email", "phone": "siq_phone"}
_TYPED_FORMATS = {"email": "email", "tel": "phoneno", "url": "website"}


def asked(card: InputCard, target: Target) -> Offered:
    """An input card as its channel can show it; one that may be skipped says how, with a button or in words."""
    if isinstance(card, TextInput):
        offered = _text_input(card, target)
    else:
        offered = _as_card(card, target) if target.limits.cards else in_words(card, target)
    if not card.skippable:
        return offered
    if offered.input is None:
        return replace(offered, texts=(*offered.texts, target.says("may_skip")))
    return replace(offered, input=offered.input | {"skippable": True})


def _as_card(card: InputCard, target: Target) -> Offered:
    match card:
        case Select():
            return _select(card.options, target)
        case MultipleSelect():
            return _multiple_select(card, target)
        case DropDown():
            return _drop_down(card, target)
        case Slider() | RangeSlider():
            return _slider(card, target)
        case Calendar() | RangeCalendar():
            return Offered(input=_calendar(card, target))
        case TimeSlots() | DateTimeSlots():
            return _slots(card, target)
        case StarRating():
            return Offered(input={"type": "star-rating", "level": stars(card)})
        case HappinessRating():
            rating = {"type": "happiness-rating", "level": faces(card)}
            return Offered(input=rating | _rates(card.rates_conversation))
        case Like():
            return Offered(input={"type": "like"} | _rates(card.rates_conversation))
        case LocationInput():
            return _location(card, target)
        case _:  # an upload: SalesIQ has no such card, but every chat of its has a button to attach files
            return Offered(texts=(target.says("send_file"),))


def _text_input(card: TextInput, target: Target) -> Offered:
    on_text = _validation(card)
    if card.profile_field:
        on_text["field_name"] = _PROFILE_FIELDS.get(card.profile_field, card.profile_field)
    if card.format not in ("name", "email", "tel", "url") or not target.limits.cards:
        return Offered(on_text=on_text)
    on_text.pop("validate", None)  # the card itself checks
    item: dict[str, Any] = {"type": card.format, "placeholder": card.placeholder or target.says(card.format)}
    if card.value:
        item["value"] = card.value
    if card.errors:
        item["error"] = list(card.errors)
    return Offered(input=item, on_text=on_text)


def _validation(card: TextInput) -> dict[str, Any]:
    """SalesIQ's own check of a typed answer, for the forms whose spelling is documented; the flow checks in any case.

    A skippable answer is not checked there, since its check would keep an empty answer out.
    """
    format = _TYPED_FORMATS.get(card.format, "")
    if card.format == "number" and card.decimals in (None, 0) and _whole(card.low) and _whole(card.high):
        format = f"number({int(card.low or 0)}-{int(card.high or 0)})"
    elif card.format == "number" and card.decimals == 0:
        format = "number"
    elif card.letters_only and card.longest:
        format = f"string({card.shortest or 1}-{card.longest})"
    if not format or card.skippable:
        return {}
    return {"validate": {"format": format} | ({"error": list(card.errors)} if card.errors else {})}


def _whole(number: float | None) -> bool:
    """A bound that the form number(n-m) can hold: it has no place for a sign or a fraction."""
    return number is not None and number >= 0 and number == int(number)


def _select(options: tuple[str, ...], target: Target) -> Offered:
    if fits(options, limits.SELECT_OPTIONS, limits.SELECT_LENGTH):
        return Offered(input={"type": "select", "options": list(options)})
    return offer_drop_down([(option, option, False) for option in options], target)


def _multiple_select(card: MultipleSelect, target: Target) -> Offered:
    if card.at_most == 1 or len(card.options) == 1:
        return _select(card.options, target)
    bounds = {"max_selection": min(card.at_most, len(card.options))} if card.at_most else {}
    if fits(card.options, limits.MULTIPLE_OPTIONS, limits.MULTIPLE_LENGTH):
        return Offered(input={"type": "multiple-select", "options": list(card.options)} | bounds)
    options = [(option, option, False) for option in card.options]
    return offer_drop_down(options, target, multiple=True, min_selection=max(1, card.at_least), **bounds)


def _drop_down(card: DropDown, target: Target) -> Offered:
    options = [(option.value, option.label or option.value, option.selected) for option in card.options]
    others: dict[str, Any] = {}
    if card.placeholder:
        others["placeholder"] = card.placeholder
    if card.label:
        others["select_label"] = card.label
    if card.multiple:
        others |= {"multiple": True, "min_selection": max(1, card.at_least)}
        if card.at_most:
            others["max_selection"] = min(card.at_most, len(options))
    return offer_drop_down(options, target, **others)


def _slider(card: Slider | RangeSlider, target: Target) -> Offered:
    if fits(card.values, limits.SLIDER_VALUES, limits.SLIDER_LENGTH):
        kind = "slider" if isinstance(card, Slider) else "range-slider"
        return Offered(input={"type": kind, "values": list(card.values)})
    return _select(card.values, target) if isinstance(card, Slider) else in_words(card, target)


def _calendar(card: Calendar | RangeCalendar, target: Target) -> dict[str, Any]:
    kind = "calendar" if isinstance(card, Calendar) else "range-calendar"
    item: dict[str, Any] = {"type": kind, "time": card.time}
    if card.choose_zone:
        item["tz"] = True
    zone = _zone(card.time_zone or target.time_zone)
    if first := _epoch(card.first, time.min, zone):
        item["from"] = first
    if last := _epoch(card.last, time(23, 59, 59), zone):
        item["to"] = last
    if card.button:
        item["label"] = card.button
    if card.title:
        item["select_label"] = card.title
    return item


def _epoch(day: str, at: time, zone: ZoneInfo) -> str:
    """Epoch milliseconds as text, as relative days are text too; '' for no bound or no date."""
    try:
        moment = datetime.combine(date.fromisoformat(day), at, zone)
    except ValueError:
        return ""
    return str(int(moment.timestamp() * 1000))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _slots(card: TimeSlots | DateTimeSlots, target: Target) -> Offered:
    zone = card.time_zone or target.time_zone
    tz = {"tz": True} if card.choose_zone else {}
    if isinstance(card, TimeSlots):
        day = _day(card.date)
        item: dict[str, Any] = {"type": "timeslots", "slots": sorted(card.slots)}
        item |= ({"date": day, "time_zone_id": zone} if day else {}) | tz
        return Offered(input=item | ({"label": card.button} if card.button else {})) if card.slots else Offered()
    days = {_day(day): sorted(slots) for day, slots in sorted(card.slots.items()) if _day(day) and slots}
    if not days:
        return Offered()
    label = card.title or target.says("pick_time")
    return Offered(input={"type": "date-timeslots", "label": label, "time_zone_id": zone, "slots": days} | tz)


def _day(iso: str) -> str:
    """2026-11-03 -> 03/11/2026; '' for no date."""
    try:
        return date.fromisoformat(iso).strftime("%d/%m/%Y")
    except ValueError:
        return ""


def _location(card: LocationInput, target: Target) -> Offered:
    if target.cautious:
        return Offered(texts=(target.says("type_place"),))
    item: dict[str, Any] = {"type": "location"}
    if card.button:
        item["label"] = card.button
    if card.latitude and card.longitude:
        item |= {"latitude": card.latitude, "longitude": card.longitude}
    if card.radius_km is not None:
        item["radius"] = card.radius_km
    return Offered(input=item)


def _rates(rates_conversation: bool) -> dict[str, Any]:
    return {"set_conversation_rating": True} if rates_conversation else {}
