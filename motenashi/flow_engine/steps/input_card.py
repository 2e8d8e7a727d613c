"""An input card as a designer writes it, and the card that a visitor is shown for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from motenashi.conversation import input_cards as cards
from motenashi.flow_engine.texts import LocalText, Value, is_template
from motenashi.flow_engine.turn import Turn, known_zone
from motenashi.yaml_fields import FieldReader, record_schema
from motenashi.yaml_source import YamlMap

CardName = Literal[
    "text",
    "name",
    "email",
    "tel",
    "url",
    "number",
    "select",
    "multiple-select",
    "drop-down",
    "slider",
    "range-slider",
    "calendar",
    "range-calendar",
    "timeslots",
    "date-timeslots",
    "star-rating",
    "happiness-rating",
    "like",
    "location",
    "upload",
]
C = TypeVar("C", bound="CardSpec")

TEXT_CARDS = get_args(cards.TextFormat)


@dataclass(frozen=True)
class CardSpec:
    """The keys of an input card. Which of them a card knows is told by the checker."""

    card: Annotated[CardName, "Which card, by SalesIQ's name."] = "text"
    placeholder: Annotated[LocalText | None, "Shown in the empty field."] = None
    value: Annotated[Value | None, "Filled in beforehand."] = None
    errors: Annotated[tuple[LocalText, ...], "What to say when the answer does not fit, in turn."] = ()
    shortest: Annotated[int | None, "Fewest characters."] = None
    longest: Annotated[int | None, "Most characters."] = None
    low: Annotated[float | None, "Smallest number."] = None
    high: Annotated[float | None, "Largest number."] = None
    decimals: Annotated[int | None, "Digits after the point; 0 for whole numbers."] = None
    letters_only: Annotated[bool, "No digits, signs or spaces."] = False
    options: Annotated[Value | None, "What can be picked: a list of texts, of {value, label}, or $variable."] = None
    at_least: Annotated[int, "Fewest options."] = 1
    at_most: Annotated[int | None, "Most options."] = None
    multiple: Annotated[bool, "drop-down: several may be picked."] = False
    values: Annotated[Value | None, "The slider's values: a list of texts or $variable."] = None
    time: Annotated[bool, "calendar: ask for the time, too."] = False
    choose_zone: Annotated[bool, "Let the visitor choose the time zone."] = False
    from_: Annotated[Value | None, "First day: +1 (days from today), 2026-11-03 or $variable."] = None
    to: Annotated[Value | None, "Last day."] = None
    slots: Annotated[Value | None, "timeslots: list of hh:mm; date-timeslots: day -> list; or $variable."] = None
    date: Annotated[Value | None, "timeslots: the day."] = None
    time_zone: Annotated[str, "IANA zone of the slots; the visitor's without it."] = ""
    button: Annotated[LocalText | None, "On the card's button."] = None
    title: Annotated[LocalText | None, "Above the card."] = None
    level: Annotated[int, "Ratings: how many stars (3 to 10) or faces (3 or 5)."] = 5
    rates_conversation: Annotated[bool, "The rating counts for the conversation."] = False
    radius_km: Annotated[float | None, "location: how far around."] = None
    most_files: Annotated[int, "upload: how many files."] = 1
    accept: Annotated[tuple[str, ...], "upload: media types."] = ()
    skippable: Annotated[bool, "The visitor may skip it."] = False

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> CardSpec | None:
        if isinstance(raw, str):  # `ask: email`
            short = YamlMap(card=raw)
            short.line, short.lines = line, {"card": line}
            raw = short
        return read_card(cls, raw, reader, line, where)

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, str) or (isinstance(raw, YamlMap) and "questions" not in raw)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {"anyOf": [{"enum": list(get_args(CardName))}, record_schema(cls)]}


def read_card(kind: type[C], raw: Any, reader: FieldReader, line: int, where: str) -> C | None:
    """A record with a card's keys; `phone` and names with underscores are understood, keys of other cards are told."""
    if isinstance(raw, YamlMap) and isinstance(raw.get("card"), str):
        word = raw["card"].replace("_", "-")
        raw["card"] = {"phone": "tel", "time-slots": "timeslots", "date-time-slots": "date-timeslots"}.get(word, word)
    spec = reader.record(kind, raw, line, where.rstrip(","))
    if spec is None:
        return None
    before = len(reader.problems)
    _check_card(spec, raw, reader, line, where.rstrip(","))
    return spec if len(reader.problems) == before else None


_NEEDS = {
    "select": "options",
    "multiple-select": "options",
    "drop-down": "options",
    "slider": "values",
    "range-slider": "values",
    "timeslots": "slots",
    "date-timeslots": "slots",
}
_KNOWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXT_CARDS, ("placeholder", "value", "errors", "shortest", "longest", "letters_only")),
    "number": ("placeholder", "value", "errors", "low", "high", "decimals"),
    "select": ("options",),
    "multiple-select": ("options", "at_least", "at_most"),
    "drop-down": ("options", "at_least", "at_most", "multiple", "placeholder", "title"),
    "slider": ("values",),
    "range-slider": ("values",),
    "calendar": ("time", "choose_zone", "from", "to", "button", "title", "time_zone"),
    "range-calendar": ("time", "choose_zone", "from", "to", "button", "title", "time_zone"),
    "timeslots": ("slots", "date", "time_zone", "choose_zone", "button"),
    "date-timeslots": ("slots", "time_zone", "choose_zone", "title"),
    "star-rating": ("level",),
    "happiness-rating": ("level", "rates_conversation"),
    "like": ("rates_conversation",),
    "location": ("button", "radius_km"),
    "upload": ("button", "most_files", "accept"),
}
_DAYS_AWAY = re.compile(r"[-+]?\d{1,5}", re.ASCII)
_ALWAYS = ("card", "skippable", "name", "say", "save", "profile")


def keys_of_card(card: str) -> tuple[str, ...]:
    """The keys that a card knows beside `card` and `skippable`."""
    return _KNOWN[card]


def _check_card(spec: CardSpec, raw: YamlMap, reader: FieldReader, line: int, where: str) -> None:
    known = (*_KNOWN[spec.card], *_ALWAYS)
    for key in raw:
        if key not in known:
            hint = f"It knows {', '.join(_KNOWN[spec.card])}." if _KNOWN[spec.card] else ""
            reader.problem(raw.line_of(key), f"{where}: the card {spec.card} has no key '{key}'.", hint)
    need = _NEEDS.get(spec.card)
    if need and raw.get(need) is None:
        reader.problem(line, f"{where}: the card {spec.card} needs '{need}'.")
    levels = {"star-rating": range(3, 11), "happiness-rating": (3, 5)}.get(spec.card)
    if levels and spec.level not in levels:
        reader.problem(
            raw.line_of("level"), f"{where}: level can't be {spec.level}.", f"One of {', '.join(map(str, levels))}."
        )
    for key in ("from", "to", "date"):
        written = str(raw.get(key, ""))
        comes_later = written.startswith("$") or is_template(written)
        if written and not comes_later and not _day_of(written, date(2000, 1, 1)):
            reader.problem(
                raw.line_of(key), f"{where}: '{key}' is no day: {written}.", "E.g. +1 (tomorrow) or 2026-11-03."
            )
    if spec.time_zone and not known_zone(spec.time_zone):
        reader.problem(
            raw.line_of("time_zone"), f"{where}: there is no time zone '{spec.time_zone}'.", "E.g. Asia/Tokyo."
        )


def build_card(spec: CardSpec, turn: Turn, profile: str = "") -> cards.InputCard:
    """The card as this visitor sees it."""
    if spec.card in TEXT_CARDS:
        return _text_input(spec, turn, profile)
    return _BUILDERS[spec.card](spec, turn)


def _text_input(spec: CardSpec, turn: Turn, profile: str) -> cards.TextInput:
    return cards.TextInput(
        format=spec.card,  # type: ignore[arg-type]  # one of TEXT_CARDS, checked by the caller
        placeholder=_text(spec.placeholder, turn),
        value=_word(turn.value(spec.value)) if spec.value else "",
        errors=tuple(turn.text(error) for error in spec.errors),
        shortest=spec.shortest,
        longest=spec.longest,
        low=spec.low,
        high=spec.high,
        decimals=spec.decimals,
        letters_only=spec.letters_only,
        profile_field=profile,
        skippable=spec.skippable,
    )


def _multiple(spec: CardSpec, turn: Turn) -> cards.InputCard:
    return cards.MultipleSelect(_labels(spec.options, turn), spec.at_least, spec.at_most, spec.skippable)


def _drop_down(spec: CardSpec, turn: Turn) -> cards.InputCard:
    return cards.DropDown(
        options=_options(spec.options, turn),
        placeholder=_text(spec.placeholder, turn),
        label=_text(spec.title, turn),
        multiple=spec.multiple,
        at_least=spec.at_least,
        at_most=spec.at_most,
        skippable=spec.skippable,
    )


def _calendar(kind: type[cards.Calendar] | type[cards.RangeCalendar]) -> Callable[[CardSpec, Turn], cards.InputCard]:
    def build(spec: CardSpec, turn: Turn) -> cards.InputCard:
        zone = spec.time_zone or turn.zone
        today = turn.now.astimezone(ZoneInfo(zone)).date()
        return kind(
            time=spec.time,
            choose_zone=spec.choose_zone,
            first=_day(spec.from_, turn, today),
            last=_day(spec.to, turn, today),
            button=_text(spec.button, turn),
            title=_text(spec.title, turn),
            time_zone=zone,
            skippable=spec.skippable,
        )

    return build


def _time_slots(spec: CardSpec, turn: Turn) -> cards.InputCard:
    found = turn.value(spec.slots) if spec.slots else []
    slots = tuple(_word(slot) for slot in found) if isinstance(found, list) else ()
    zone = spec.time_zone or turn.zone
    day = _day(spec.date, turn, turn.now.astimezone(ZoneInfo(zone)).date())
    return cards.TimeSlots(slots, day, zone, spec.choose_zone, _text(spec.button, turn), spec.skippable)


def _date_time_slots(spec: CardSpec, turn: Turn) -> cards.InputCard:
    found = turn.value(spec.slots) if spec.slots else {}
    days = found if isinstance(found, Mapping) else {}
    slots = {str(day): tuple(_word(time) for time in times) for day, times in days.items()}
    zone = spec.time_zone or turn.zone
    return cards.DateTimeSlots(slots, zone, spec.choose_zone, _text(spec.title, turn), spec.skippable)


_BUILDERS: dict[str, Callable[[CardSpec, Turn], cards.InputCard]] = {
    "select": lambda spec, turn: cards.Select(_labels(spec.options, turn), spec.skippable),
    "multiple-select": _multiple,
    "drop-down": _drop_down,
    "slider": lambda spec, turn: cards.Slider(_labels(spec.values, turn), spec.skippable),
    "range-slider": lambda spec, turn: cards.RangeSlider(_labels(spec.values, turn), spec.skippable),
    "calendar": _calendar(cards.Calendar),
    "range-calendar": _calendar(cards.RangeCalendar),
    "timeslots": _time_slots,
    "date-timeslots": _date_time_slots,
    "star-rating": lambda spec, _: cards.StarRating(spec.level, spec.skippable),
    "happiness-rating": lambda spec, _: cards.HappinessRating(spec.level, spec.rates_conversation, spec.skippable),
    "like": lambda spec, _: cards.Like(spec.rates_conversation, spec.skippable),
    "location": lambda spec, turn: cards.LocationInput(
        _text(spec.button, turn), radius_km=spec.radius_km, skippable=spec.skippable
    ),
    "upload": lambda spec, turn: cards.Upload(_text(spec.button, turn), spec.most_files, spec.accept, spec.skippable),
}


def _text(text: LocalText | None, turn: Turn) -> str:
    return turn.text(text) if text else ""


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _options(value: Value | None, turn: Turn) -> tuple[cards.Option, ...]:
    found = turn.value(value) if value else []
    return tuple(_option(item, turn.language) for item in (found if isinstance(found, list) else []))


def _labels(value: Value | None, turn: Turn) -> tuple[str, ...]:
    return tuple(option.label for option in _options(value, turn))


def _option(item: Any, language: str) -> cards.Option:
    """A text, a text per language, or {value, label}; plugs give {id, text} or {id, title}."""
    if not isinstance(item, Mapping):
        return cards.Option(_word(item), _word(item))
    label = item.get("label") or item.get("text") or item.get("title") or item
    if isinstance(label, Mapping):
        label = label.get(language) or label.get("en") or next(iter(label.values()), "")
    value = item.get("value") or item.get("id") or label
    return cards.Option(_word(value), _word(label), bool(item.get("selected")))


def _day(value: Value | None, turn: Turn, today: date) -> str:
    """`+5` and `-3` count from today; a date or a moment is its day; a variable that holds no day sets no bound."""
    return _day_of(_word(turn.value(value)), today) if value else ""


def _day_of(written: str, today: date) -> str:
    """YAML reads +5 as the number 5, so days from today need no sign. Empty for what is no day."""
    if _DAYS_AWAY.fullmatch(written.strip()):
        return (today + timedelta(days=int(written))).isoformat()
    try:
        return datetime.fromisoformat(written.strip()).date().isoformat()
    except ValueError:
        return ""
