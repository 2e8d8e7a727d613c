"""The people of one text, each told once, with the role that says most."""

from __future__ import annotations

import re
from itertools import chain

from nlp.people.english import english_people
from nlp.people.japanese import japanese_people
from nlp.reading import Person

LONGEST_TEXT = 20_000  # characters; names of interest stand at the two ends of a mail
MOST_PEOPLE = 20
_WEIGHT = {"sender": 2, "addressed": 1, "mentioned": 0}


def find_people(text: str, language: str, sender_name: str = "") -> tuple[Person, ...]:
    """Everybody named in `text`, in order; `sender_name` is the display name of the mail's From line, where known.

    Works on any plain text: the newest part of a mail as well as a signature that was cut off.
    """
    # The end of a very long text is its signature.
    if len(text) > LONGEST_TEXT:
        cut = len(text) - LONGEST_TEXT // 4
        start = find_people(text[: LONGEST_TEXT * 3 // 4], language, sender_name)
        moved = (
            Person(person.name, person.start + cut, person.end + cut, person.role)
            for person in find_people(text[cut:], language, sender_name)
        )
        return _each_once(chain(start, moved))
    found = list(japanese_people(text) if language == "ja" else english_people(text))
    found += _by_display_name(text, sender_name)
    return _each_once(found)


def _by_display_name(text: str, sender_name: str) -> list[Person]:
    """Where the sender's own name stands in the text, whole or in part."""
    words = [word for word in re.split(r"[\s,\u3000\"'<>()]+", sender_name) if len(word) > 1]
    if not words:
        return []
    whole = re.compile(r"[ \u3000]?".join(map(re.escape, words)))
    japanese = not sender_name.isascii()
    parts = re.compile("|".join(rf"{re.escape(word)}" if japanese else rf"\b{re.escape(word)}\b" for word in words))
    places = [found.span() for found in whole.finditer(text)] or [found.span() for found in parts.finditer(text)]
    return [Person(text[start:end], start, end, "sender") for start, end in places[-1:]]


def _each_once(people: chain[Person] | list[Person]) -> tuple[Person, ...]:
    best: dict[str, Person] = {}
    for person in sorted(people, key=lambda person: (-_WEIGHT[person.role], person.start, -len(person.name))):
        key = re.sub(r"[\s\u3000.]", "", person.name).casefold()
        if any(_overlap(person, other) for other in best.values()):
            continue
        # "Ms Tanaka" in the greeting and "Tanaka" later are one person, and so are "Anna" and "Anna Berg".
        if any(key in other.split("|") or other.startswith(key) for other in best):
            continue
        best[key] = person
    return tuple(sorted(best.values(), key=lambda person: person.start))[:MOST_PEOPLE]


def _overlap(one: Person, other: Person) -> bool:
    return one.start < other.end and other.start < one.end
