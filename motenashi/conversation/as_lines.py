"""A reply as lines of text, for places that show nothing else: a terminal, a log a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from motenashi.conversation import display_cards as cards
from motenashi.conversation import input_cards as inputs


def lines_of(display: cards.Display) -> Iterator[str]:
    """A card's text first, then what it shows, indented."""
    if text := getattr(display, "text", ""):
        yield from text.splitlines()
    match display:
        case cards.Links(links=links):
            yield from (f"  {link.text or link.url}  {link.url}" for link in links)
        case cards.Articles(articles=articles):
            yield from (f"  {article.title or article.id}  {article.url}".rstrip() for article in articles)
        case cards.Products(products=products):
            for tile in products:
                yield from _product(tile.title, tile.subtitle, tile.url, tile.buttons)
        case cards.SingleProduct():
            yield from _product(display.title, display.subtitle, "", display.buttons)
        case cards.Place():
            yield f"  {display.label} {display.latitude}, {display.longitude}".rstrip()
        case cards.Image(url=url) | cards.Video(url=url):
            yield f"  {url}"
        case cards.File(url=url, name=name):
            yield f"  {name} {url}".rstrip()


def _product(title: str, subtitle: str, url: str, buttons: Sequence[cards.Button]) -> Iterator[str]:
    yield "  " + "  ".join(part for part in (title, subtitle, url) if part)
    for button in buttons:
        if button.kind == "say" or button.url not in ("", url):
            yield f"      [{button.label}] {button.url}".rstrip()


def options_of(card: inputs.InputCard) -> tuple[str, ...]:
    """What can be picked on a card, in its order; () where something is to be typed."""
    match card:
        case inputs.Select() | inputs.MultipleSelect():
            return card.options
        case inputs.DropDown():
            return tuple(option.label for option in card.options)
        case inputs.Slider() | inputs.RangeSlider():
            return card.values
        case inputs.TimeSlots():
            return card.slots
        case inputs.DateTimeSlots():
            return tuple(f"{day} {time}" for day, times in card.slots.items() for time in times)
        case _:
            return ()


def takes_several(card: inputs.InputCard) -> bool:
    """May more than one option be picked?"""
    return isinstance(card, inputs.MultipleSelect | inputs.RangeSlider) or (
        isinstance(card, inputs.DropDown) and card.multiple
    )


def hint_of(card: inputs.InputCard, language: str) -> str:
    """A short word on what to type; '' where the question itself says enough."""
    japanese = language == "ja"
    match card:
        case inputs.TextInput(placeholder=placeholder):
            return placeholder
        case inputs.Calendar(time=time) | inputs.RangeCalendar(time=time):
            day = "2026-11-03 10:30" if time else "2026-11-03"
            both = isinstance(card, inputs.RangeCalendar)
            return f"{day} – {day}" if both else day
        case inputs.StarRating(level=level) | inputs.HappinessRating(level=level):
            return f"1 – {level}"
        case inputs.Like():
            return "👍 / 👎"
        case inputs.LocationInput():
            return "住所" if japanese else "an address"
        case inputs.Upload():
            return "ここではファイルを送れません" if japanese else "files can't be sent from here"
        case _:
            return ""
