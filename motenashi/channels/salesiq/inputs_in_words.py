"""Input cards as words and buttons, for the messengers behind SalesIQ that show no cards."""

from __future__ import annotations

from motenashi.channels.salesiq import limits
from motenashi.channels.salesiq.offers import Offered, numbered, offer_chips
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
    TimeSlots,
    Upload,
)

_FACES = ("😠", "🙁", "😐", "🙂", "😄")
_THUMBS = ("👍", "👎")
_EXAMPLE = "2026-11-03"


def in_words(card: InputCard, target: Target) -> Offered:
    match card:
        case MultipleSelect() | DropDown(multiple=True):
            return Offered(texts=(numbered(options_of(card)), target.says("type_several")))
        case RangeSlider():
            low, high = (card.values[0], card.values[-1]) if card.values else ("1", "9")
            return Offered(texts=("\n".join(card.values), target.says("type_range", low=low, high=high)))
        case Calendar():
            return Offered(texts=(_typed_date(card, target),))
        case RangeCalendar():
            return Offered(texts=(target.says("type_dates", example=f"{_EXAMPLE} - 2026-11-05"),))
        case LocationInput():
            return Offered(texts=(target.says("type_place"),))
        case Upload():
            return Offered(texts=(target.says("send_file"),))
        case StarRating():
            return offer_chips([str(star) for star in range(1, stars(card) + 1)], target)
        case HappinessRating():
            return offer_chips(_FACES if faces(card) == 5 else _FACES[1:4], target)
        case Like():
            return offer_chips(_THUMBS, target)
        case _:
            return offer_chips(options_of(card), target)


def _typed_date(card: Calendar, target: Target) -> str:
    if card.time:
        return target.says("type_date_time", example=f"{_EXAMPLE} 14:30")
    return target.says("type_date", example=_EXAMPLE)


def stars(card: StarRating) -> int:
    return min(max(card.level, limits.FEWEST_STARS), limits.MOST_STARS)


def faces(card: HappinessRating) -> int:
    return 3 if card.level <= 3 else 5


def options_of(card: InputCard | None) -> tuple[str, ...]:
    """The labels a visitor chooses from, for cards that have any."""
    match card:
        case Select() | MultipleSelect():
            return card.options
        case DropDown():
            return tuple(option.label for option in card.options)
        case Slider() | RangeSlider():
            return card.values
        case TimeSlots():
            return card.slots
        case DateTimeSlots():
            return tuple(f"{day} {slot}" for day, slots in sorted(card.slots.items()) for slot in slots)
        case _:
            return ()
