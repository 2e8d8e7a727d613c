"""A reading laid over its text: pieces of plain text and marked pieces, and the sentences that gave a label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nlp.reading import Reading

# Who wins where two marks would share letters: what is rarer and surer first.
_ORDER = ("date", "product", "competitor", "phone", "person", "keyword")


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    kind: str  # one of _ORDER
    tone: str = ""  # of a keyword
    role: str = ""  # of a date
    number: int = -1  # which date of the reading: its line in the list


@dataclass(frozen=True)
class Piece:
    text: str
    mark: Mark | None = None


@dataclass(frozen=True)
class Stretch:
    """A run of text that gave `labels` (none: it gave no label)."""

    labels: tuple[str, ...]
    pieces: tuple[Piece, ...] = field(default_factory=tuple)


def stretches(reading: Reading, start: int, end: int) -> list[Stretch]:
    """The text from `start` to `end` of a reading, cut at its sentences and marks; together they are that text."""
    marks = [mark for mark in _marks(reading) if start <= mark.start and mark.end <= end]
    found = []
    for begins, ends, labels in _sentences(reading, start, end):
        found.append(Stretch(labels, tuple(_pieces(reading.text, marks, begins, ends))))
    return found


def _marks(reading: Reading) -> list[Mark]:
    """Marks that share no letter, in the order of the text."""
    wanted = sorted(_all_marks(reading), key=lambda mark: (_ORDER.index(mark.kind), mark.start, -mark.end))
    taken: list[Mark] = []
    for mark in wanted:
        if mark.end > mark.start >= 0 and all(mark.end <= other.start or other.end <= mark.start for other in taken):
            taken.append(mark)
    return sorted(taken, key=lambda mark: mark.start)


def _all_marks(reading: Reading) -> Iterator[Mark]:
    for number, date in enumerate(reading.dates):
        yield Mark(date.start, date.end, "date", role=date.role, number=number)
    for mention in reading.mentions:
        yield Mark(mention.start, mention.end, mention.kind)
    for phone in reading.phone_numbers:
        yield Mark(phone.start, phone.end, "phone")
    for person in reading.people:
        yield Mark(person.start, person.end, "person")
    for keyword in reading.keywords:
        yield Mark(keyword.start, keyword.end, "keyword", tone=keyword.tone)


def _sentences(reading: Reading, start: int, end: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The whole stretch, cut where sentences with labels begin and end."""
    given: dict[tuple[int, int], list[str]] = {}
    for intent in reading.intents:
        if start <= intent.start < intent.end <= end:
            given.setdefault((intent.start, intent.end), []).append(intent.label)
    place = start
    for (begins, ends), labels in sorted(given.items()):
        if begins < place:  # two sentences that overlap: the first one was told
            continue
        if begins > place:
            yield place, begins, ()
        yield begins, ends, tuple(labels)
        place = ends
    if place < end:
        yield place, end, ()


def _pieces(text: str, marks: list[Mark], start: int, end: int) -> Iterator[Piece]:
    place = start
    for mark in marks:
        if mark.end <= start or mark.start >= end:
            continue
        begins, ends = max(mark.start, start), min(mark.end, end)
        if begins > place:
            yield Piece(text[place:begins])
        yield Piece(text[begins:ends], mark)
        place = ends
    if place < end:
        yield Piece(text[place:end])
