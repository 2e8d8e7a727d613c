"""Cards that ask for something. At most one stands in a reply; its answer comes back as the next message.

`answers.py` reads what the visitor sends back; a channel's renderer shows the card, or a text in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TextFormat = Literal["text", "name", "email", "tel", "url", "number"]


@dataclass(frozen=True)
class TextInput:
    """Typed text of a format. Lengths count characters; `low`/`high` bound a number."""

    format: TextFormat = "text"
    placeholder: str = ""
    value: str = ""  # filled in beforehand
    errors: tuple[str, ...] = ()  # what to say when the answer does not fit; shown in turn
    shortest: int | None = None
    longest: int | None = None
    low: float | None = None
    high: float | None = None
    decimals: int | None = None  # digits after the point; 0 means whole numbers
    letters_only: bool = False
    profile_field: str = ""  # visitor field the platform stores the answer in: name, email, phone or an own key
    skippable: bool = False


@dataclass(frozen=True)
class Select:
    """One of several options, all shown."""

    options: tuple[str, ...]
    skippable: bool = False


@dataclass(frozen=True)
class MultipleSelect:
    options: tuple[str, ...]
    at_least: int = 1
    at_most: int | None = None
    skippable: bool = False


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class DropDown:
    options: tuple[Option, ...]
    placeholder: str = ""
    label: str = ""
    multiple: bool = False
    at_least: int = 1
    at_most: int | None = None
    skippable: bool = False


@dataclass(frozen=True)
class Slider:
    values: tuple[str, ...]
    skippable: bool = False


@dataclass(frozen=True)
class RangeSlider:
    values: tuple[str, ...]
    skippable: bool = False


@dataclass(frozen=True)
class Calendar:
    """A day, or with `time` a moment. `first`/`last` are ISO dates (YYYY-MM-DD), '' for no bound."""

    time: bool = False
    choose_zone: bool = False
    first: str = ""
    last: str = ""
    button: str = ""
    title: str = ""
    time_zone: str = ""
    skippable: bool = False


@dataclass(frozen=True)
class RangeCalendar:
    time: bool = False
    choose_zone: bool = False
    first: str = ""
    last: str = ""
    button: str = ""
    title: str = ""
    time_zone: str = ""
    skippable: bool = False


@dataclass(frozen=True)
class TimeSlots:
    """Times (hh:mm, 24 h) of one day (ISO date) in a zone."""

    slots: tuple[str, ...]
    date: str = ""
    time_zone: str = ""
    choose_zone: bool = False
    button: str = ""
    skippable: bool = False


@dataclass(frozen=True)
class DateTimeSlots:
    """ISO date -> times (hh:mm), in a zone."""

    slots: Mapping[str, tuple[str, ...]]
    time_zone: str = ""
    choose_zone: bool = False
    title: str = ""
    skippable: bool = False


@dataclass(frozen=True)
class StarRating:
    level: int = 5  # 3 to 10
    skippable: bool = False


@dataclass(frozen=True)
class HappinessRating:
    level: int = 5  # 3 or 5
    rates_conversation: bool = False
    skippable: bool = False


@dataclass(frozen=True)
class Like:
    rates_conversation: bool = False
    skippable: bool = False


@dataclass(frozen=True)
class LocationInput:
    button: str = ""
    latitude: str = ""
    longitude: str = ""
    radius_km: float | None = None
    skippable: bool = False


@dataclass(frozen=True)
class Upload:
    button: str = ""
    most_files: int = 1
    accept: tuple[str, ...] = ()  # media types
    skippable: bool = False


InputCard = (
    TextInput
    | Select
    | MultipleSelect
    | DropDown
    | Slider
    | RangeSlider
    | Calendar
    | RangeCalendar
    | TimeSlots
    | DateTimeSlots
    | StarRating
    | HappinessRating
    | Like
    | LocationInput
    | Upload
)


@dataclass(frozen=True)
class Question:
    """One question of a form."""

    name: str
    say: tuple[str, ...]
    input: InputCard | None = None
    chips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """Several questions that a platform which collects forms asks by itself."""

    id: str
    questions: tuple[Question, ...] = field(default_factory=tuple)
