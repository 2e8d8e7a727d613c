"""Reads answers to cards with options: selects, drop-downs, sliders, ratings, like.

A label is recognised whatever the width, case, kana or punctuation; near misses and 'the second one' are the flow
engine's `matching`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from motenashi.conversation.answer_words import Answer, Given, Wrong, listed, wrong
from motenashi.conversation.folding import bare, fold, number_in
from motenashi.conversation.input_cards import (
    DropDown,
    HappinessRating,
    Like,
    MultipleSelect,
    RangeSlider,
    Select,
    Slider,
    StarRating,
)

_BETWEEN = re.compile(r"\s*(?:,|、|;|/|&|\+|・|(?<=\s)and(?=\s)|と)\s*")
_FROM_TO = re.compile(r"\s*(?:-|–|—|~|〜|から|(?<=\s)to(?=\s))\s*")
_STARS = re.compile(r"(\d{1,2})\s*(?:/\s*(\d{1,2})|stars?|つ星|点|★|☆)?")
_LONGEST_LIST = 5_000  # characters of a typed list
_LONGEST_RANGE = 200  # characters of a typed range


def pick(text: str, labels: Sequence[str]) -> int | None:
    """The option that a text names, or None: by its label, or by its number where no label holds a digit."""
    for plain in (fold, bare):
        wanted = plain(text)
        fits = [index for index, label in enumerate(labels) if wanted and plain(label) == wanted]
        if len(fits) == 1:
            return fits[0]
    number = number_in(text)
    if number is None:
        return None
    equal = [index for index, label in enumerate(labels) if number_in(label) == number]
    if equal:
        return equal[0]
    counted = isinstance(number, int) and 1 <= number <= len(labels)
    return int(number) - 1 if counted and not any(c.isdigit() for label in labels for c in label) else None


def read_select(card: Select | Slider, given: Given) -> Answer | Wrong:
    options = card.options if isinstance(card, Select) else card.values
    index = _first_pick(_candidates(given, "value", "label"), options)
    return wrong("one_of", options=listed(options)) if index is None else Answer(options[index], options[index])


def read_multiple_select(card: MultipleSelect, given: Given) -> Answer | Wrong:
    found = _several(given, card.options, card.options)
    if found is None:
        return wrong("some_of", options=listed(card.options))
    labels = [card.options[index] for index in found]
    return _count(card, len(found)) or Answer(labels, ", ".join(labels))


def read_drop_down(card: DropDown, given: Given) -> Answer | Wrong:
    """The option's value, or with `multiple` a list of them."""
    labels = [option.label for option in card.options]
    values = [option.value for option in card.options]
    if card.multiple:
        found = _several(given, labels, values)
        if found is None:
            return wrong("some_of", options=listed(labels))
        shown = ", ".join(labels[index] for index in found)
        return _count(card, len(found)) or Answer([values[index] for index in found], shown)
    index = _by_value(given.data.get("value"), values)
    if index is None:
        index = _first_pick(_candidates(given, "label"), labels)
    if index is None:
        index = _by_value(given.text, values)
    return wrong("one_of", options=listed(labels)) if index is None else Answer(values[index], labels[index])


def read_range_slider(card: RangeSlider, given: Given) -> Answer | Wrong:
    ends = _data_ends(card, given.data) or _typed_ends(card, given.text)
    if ends is None:
        return wrong("two_of", first=card.values[0], last=card.values[-1])
    first, last = (card.values[index] for index in sorted(ends))
    return Answer({"from": first, "to": last}, f"{first} - {last}")


def _data_ends(card: RangeSlider, data: Mapping[str, Any]) -> tuple[int, int] | None:
    first, last = (_by_value(data.get(key), card.values) for key in ("from", "to"))
    return None if first is None or last is None else (first, last)


def _typed_ends(card: RangeSlider, text: str) -> tuple[int, int] | None:
    """A value may hold a dash itself, so every dash is tried as the one between."""
    plain = fold(text[:_LONGEST_RANGE])
    for middle in _FROM_TO.finditer(plain):
        right = plain[middle.end() :].removesuffix("まで")
        ends = (pick(plain[: middle.start()], card.values), pick(right, card.values))
        if ends[0] is not None and ends[1] is not None:
            return ends[0], ends[1]
    return None


def read_stars(card: StarRating, given: Given) -> Answer | Wrong:
    """A whole number from 1 to the card's level."""
    plain = fold(given.plain_value())[:50]
    found = _STARS.fullmatch(plain)
    number = int(found[1]) if found and found[2] in (None, str(card.level)) else None
    if plain and set(plain) <= {"★", "☆", "⭐"}:
        number = plain.count("★") + plain.count("⭐")
    if number is None or not 1 <= number <= card.level:
        return wrong("not_rating", level=card.level)
    return Answer(number, f"{number}/{card.level}")


# Zoho SalesIQ's tokens for the five faces, from worst to best, and what people write for them.
_FACES: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("angry", "Very unhappy", "とても不満", frozenset(["😠", "😡", "🤬", "とても不満", "大変不満", "最悪"])),
    ("sad", "Unhappy", "不満", frozenset(["☹", "🙁", "😞", "😢", "不満", "やや不満", "unhappy"])),
    ("neutral", "Neutral", "普通", frozenset(["😐", "😑", "普通", "ふつう", "どちらでもない", "okay", "ok"])),
    ("happy", "Happy", "満足", frozenset(["🙂", "😊", "😀", "満足", "やや満足", "good"])),
    ("excited", "Very happy", "とても満足", frozenset(["😄", "😁", "😍", "🤩", "とても満足", "大変満足", "great"])),
)


def read_happiness(card: HappinessRating, given: Given) -> Answer | Wrong:
    """1 (worst) to the card's level, 3 or 5. On a card of three, both unhappy faces are 1 and both happy ones 3."""
    word = fold(given.plain_value()).replace("\ufe0f", "")
    number = number_in(word)
    place = next((index for index, face in enumerate(_FACES) if _is_face(word, face)), None)
    if number is None and place is not None:
        number = place + 1 if card.level == 5 else (1, 1, 2, 3, 3)[place]
    if not isinstance(number, int) or not 1 <= number <= card.level:
        return wrong("not_rating", level=card.level)
    _, english, japanese, _ = _FACES[number - 1 if card.level == 5 else number]
    return Answer(number, japanese if given.japanese else english)


def _is_face(word: str, face: tuple[str, str, str, frozenset[str]]) -> bool:
    name, english, japanese, others = face
    return word in (f":rating-{name}:", name, english.casefold(), japanese) or word in others


_LIKES = {"like", "up", "thumbs up", ":thumbsup:", "👍", "yes", "good", "はい", "よい", "良い", "いいね"}
_DISLIKES = {"dislike", "down", "thumbs down", ":thumbsdown:", "👎", "no", "bad"}
_DISLIKES |= {"いいえ", "よくない", "良くない", "悪い"}


def read_like(card: Like, given: Given) -> Answer | Wrong:
    """'like' or 'dislike'."""
    word = fold(given.plain_value())
    for skin in "🏻🏼🏽🏾🏿":
        word = word.replace(skin, "")
    if word in _LIKES:
        return Answer("like", "👍")
    return Answer("dislike", "👎") if word in _DISLIKES else wrong("not_like")


def _candidates(given: Given, *keys: str) -> list[str]:
    """What may name the option: the card's data first, then what was typed."""
    found = [given.data.get(key) for key in keys]
    return [str(item) for item in found if isinstance(item, str | int | float)] + [given.text]


def _first_pick(texts: Sequence[str], labels: Sequence[str]) -> int | None:
    return next((index for text in texts if (index := pick(text, labels)) is not None), None)


def _by_value(value: Any, values: Sequence[str]) -> int | None:
    """Values are names for machines: they are compared as they are, width and case aside."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    wanted = fold(str(value))
    return next((index for index, known in enumerate(values) if fold(known) == wanted), None)


def _several(given: Given, labels: Sequence[str], values: Sequence[str]) -> list[int] | None:
    """The options named, each once and in the card's order; None when something named is not among them."""
    sent = given.data.get("values")
    if isinstance(sent, list | tuple) and sent:
        picked = [_by_value(item, values) for item in sent]
        if None not in picked:
            return sorted({index for index in picked if index is not None})
    return _typed_list(given.text, labels)


def _typed_list(text: str, labels: Sequence[str]) -> list[int] | None:
    """'RAM, Disk' or 'RAMとDisk'. Labels may hold commas themselves, so the longest label that fits comes first."""
    rest = fold(text[:_LONGEST_LIST].replace("\n", ", "))
    known = sorted(((fold(label), index) for index, label in enumerate(labels)), key=lambda pair: -len(pair[0]))
    found: set[int] = set()
    while rest:
        index, rest = _next_label(rest, known, labels)
        if index is None:
            return None
        found.add(index)
    return sorted(found) or None


def _next_label(rest: str, known: Sequence[tuple[str, int]], labels: Sequence[str]) -> tuple[int | None, str]:
    for label, index in known:
        middle = _BETWEEN.match(rest, len(label))
        if label and rest.startswith(label) and (middle or len(rest) == len(label)):
            return index, rest[middle.end() :] if middle else ""
    piece, *others = _BETWEEN.split(rest, maxsplit=1)
    return pick(piece, labels), others[0] if others else ""


def _count(card: MultipleSelect | DropDown, number: int) -> Wrong | None:
    if number < card.at_least:
        return wrong("pick_at_least", number=card.at_least)
    if card.at_most is not None and number > card.at_most:
        return wrong("pick_at_most", number=card.at_most)
    return None
