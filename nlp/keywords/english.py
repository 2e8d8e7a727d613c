"""English noun phrases by light means: closed word classes, endings and neighbours; no trained tagger.

A phrase is a run of words that nothing forbids to be nouns or their modifiers. What decides about a word that can
    be a
noun as well as a verb ("order", "charge", "support") is the word before it and the one behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.keywords import english_words as lists
from nlp.keywords.phrase import Phrase

_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9]*(?:['’+&/.-][A-Za-zÀ-ÿ0-9]+)*\+?|\d[\w.,:/-]*|[^\w\s]")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_COURTESY_LINE = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|(?:kind|best|"
    r"warm)(?:est)? (?:regards|wishes)|"
    r"regards|cheers|thanks?(?: you)?(?: (?:in advance|and regards|again))?|many thanks|yours \w+|sincerely|best|"
    r"(?:i )?hope (?:you|this|all)\b[^.!?]*|all the best)\b[\w .'’-]{0,30}[,.!]?\s*$",
    re.I,
)
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b(?: (?:there|all|team|everyone|sir|"
    r"madam|mr|mrs|ms|dr)\b\.?)*"
    r"(?: [A-Z][\w'’-]+){0,3}\s*[,!:–—-]\s*",
    re.I,
)
_SHOUTING = re.compile(r"[a-z]")
MOST_WORDS = 4  # of a phrase; of a longer run the last ones count

_SMALL = (
    lists.DETERMINERS
    | lists.PREPOSITIONS
    | lists.PRONOUNS
    | lists.CONJUNCTIONS
    | lists.BE
    | lists.MODALS
    | lists.ADVERBS
)
_OPENING = frozenset({"", '"', "“", "”", "(", "‘"})
_STARTS_A_PHRASE = lists.DETERMINERS | lists.PREPOSITIONS


@dataclass(frozen=True)
class _Word:
    text: str
    lower: str
    start: int
    end: int


def english_phrases(text: str, start: int, end: int) -> Iterator[Phrase]:
    """The noun phrases of the sentence that stands in `text` from `start` to `end`."""
    sentence = text[start:end]
    if _COURTESY_LINE.match(sentence):
        return
    greeting = _GREETING.match(sentence)
    offset = start + (greeting.end() if greeting else 0)
    sentence = _ADDRESS.sub(lambda found: " " * len(found.group()), text[offset:end])
    words = [
        _Word(found.group(), found.group().lower().replace("’", "'"), offset + found.start(), offset + found.end())
        for found in _WORD.finditer(sentence)
    ]
    shouted = _SHOUTING.search(sentence) is None
    for run in _runs(words):
        phrase = _phrase(run, words, shouted)
        if phrase is not None:
            yield phrase


def _runs(words: list[_Word]) -> Iterator[list[int]]:
    """Runs of places whose words may stand in one noun phrase."""
    run: list[int] = []
    for place in range(len(words)):
        if _may_be_nominal(words, place, bool(run)):
            run.append(place)
        else:
            if run:
                yield run
            run = []
    if run:
        yield run


def _may_be_nominal(words: list[_Word], place: int, in_phrase: bool) -> bool:
    word = words[place].lower
    if not word[0].isalnum():
        return False
    before = words[place - 1].lower if place else ""
    after = words[place + 1].lower if place + 1 < len(words) else ""
    if word[0].isdigit():
        return in_phrase and _is_part_of_name(words, place)
    if (
        word in _SMALL
        or (word.endswith("ly") and word not in lists.LY_NOUNS)
        or ("'" in word and not word.endswith("'s"))
    ):
        return False
    if before in lists.SUBJECTS or (before in lists.INTENSIFIERS and not in_phrase):
        return False
    if before in lists.BE and not _asks(words, place - 1) and not _can_go_on(after):
        return False  # "the cable is blue"
    if _is_name_like(words, place):
        return True
    if word in lists.VERBS or (word.endswith("ed") and len(word) > 4):
        return _verb_is_noun_here(words, place, before, after, in_phrase)
    if before in lists.MODALS and before not in ("to", "have", "has", "had", "not"):
        return False
    return not (before == "to" and (after in lists.DETERMINERS or after in lists.PRONOUNS))


def _asks(words: list[_Word], place: int) -> bool:
    """Whether the "is" at that place opens a question, so that its subject follows."""
    return place == 0 or not words[place - 1].lower[0].isalnum() or words[place - 1].lower in _ASKING


_ASKING = frozenset(
    ["what", "where", "when", "how", "who", "why", "which", "and", "but", "there", "here", "whether", "if"]
)


def _is_part_of_name(words: list[_Word], place: int) -> bool:
    """ "AeroBook 14": a short number straight behind a word with a capital."""
    return (
        place > 0
        and words[place - 1].text[0].isupper()
        and words[place].lower.isalnum()
        and len(words[place].lower) < 5
    )


def _is_name_like(words: list[_Word], place: int) -> bool:
    text = words[place].text
    inside = place > 0 and words[place - 1].lower not in (".", "!", "?", ":", '"', "“")
    return (
        (inside and text[0].isupper() and not text.isupper())
        or any(c.isdigit() for c in text)
        or (len(text) > 2 and any(letter.isupper() for letter in text[1:]) and not text.isupper())
    )


def _verb_is_noun_here(words: list[_Word], place: int, before: str, after: str, in_phrase: bool) -> bool:
    word = words[place].lower
    if before in lists.MODALS or before in lists.BE or before in lists.ADVERBS or before.endswith("ly"):
        return False
    if word.endswith("ed") or word in (
        "broken",
        "used",
        "given",
        "made",
        "sent",
    ):  # "extended warranty", not "we extended"
        return (before in _STARTS_A_PHRASE or before in _OPENING) and _can_go_on(after)
    if before in lists.DETERMINERS or before in lists.LOOSE_ADJECTIVES:
        return True
    if after in lists.DETERMINERS or after in lists.PRONOUNS:
        return False
    if before in lists.PREPOSITIONS:
        return not word.endswith("ing") or _can_go_on(after)
    if in_phrase:
        # "support contract", "delivery address": a compound goes on; "the printer jams every time" does not.
        if word.endswith("s") and not word.endswith("ss"):
            return word in lists.PLURAL_NOUNS and after not in lists.ADVERBS and not _can_go_on(after)
        return word not in lists.PAST_FORMS and word not in ("keep", "seem", "happen", "need", "want", "arrive")
    starts = place == 0 or before in (".", "!", "?", ",", ":", "and", "or", '"', "“")
    return starts and word not in lists.BASE_VERBS and not word.endswith(("ing", "s")) and _can_go_on(after)


def _can_go_on(after: str) -> bool:
    return bool(after) and after[0].isalpha() and after not in _SMALL


def _phrase(run: list[int], words: list[_Word], shouted: bool) -> Phrase | None:
    run = list(run)
    while run and _falls_off_front([words[place].lower for place in run[:2]]):
        run.pop(0)
    while run and _falls_off_end(words[run[-1]].lower, len(run)):
        run.pop()
    run = run[-MOST_WORDS:]
    if not run:
        return None
    parts = [words[place] for place in run]
    if all(part.lower.rstrip("'s") in lists.EMPTY_NOUNS or part.lower in lists.EMPTY_NOUNS for part in parts):
        return None
    if len(parts) == 1 and (len(parts[0].lower) < 3 or parts[0].lower in lists.LOOSE_ADJECTIVES):
        return None
    lower = [part.lower for part in parts]
    is_name = not shouted and any(_is_name_like(words, place) for place in run)
    last = lower[-1] if is_name and parts[-1].text[0].isupper() else lists.singular(lower[-1])
    normal = (*lower[:-1], last)
    return Phrase(parts[0].start, parts[-1].end, " ".join(normal), normal, is_name)


def _falls_off_front(words: list[str]) -> bool:
    if len(words) == 2 and (words[0], lists.singular(words[1])) in lists.TIGHT_PAIRS:
        return False
    return words[0] in lists.LOOSE_ADJECTIVES or words[0] in _CALENDAR


def _falls_off_end(word: str, left: int) -> bool:
    if left > 1 and word in ("time", "times", "hours"):  # "lead time", "opening hours"
        return False
    return word in lists.LOOSE_ADJECTIVES or word.endswith(lists.ADJECTIVE_ENDINGS) or word in _CALENDAR


_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "day",
        "days",
        "morning",
        "afternoon",
        "evening",
        "night",
        "today",
        "tomorrow",
        "yesterday",
        "hour",
        "hours",
        "minute",
        "minutes",
        "time",
        "times",
    ]
)
