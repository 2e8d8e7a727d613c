"""What a date is there for: proposed, old (being moved), a deadline, past, or something else.

The words around it decide, within its sentence; a date that stands alone on its line, as in a list of slots, asks the
lines before. The cues are in roles_english.py and roles_japanese.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from nlp.dates.context import Context
from nlp.dates.mention import Role
from nlp.dates.resolving import Resolved
from nlp.dates.roles_english import ENGLISH
from nlp.dates.roles_japanese import JAPANESE
from nlp.dates.values import Day, Repeat, Value, When

_CUES = {"en": ENGLISH, "ja": JAPANESE}
_SENTENCE_REACH = 200  # characters on each side that may belong to the sentence
_LIST_REACH = 400  # characters before a list of slots in which its purpose is looked for
# "Free until four" is no deadline; "valid until June" has a cue of its own.
_UNTIL = re.compile(r"^(?:until|till|til)\b|まで$")
_BARE = re.compile(
    r"[\s\d\W]*(?:option|slot|and|or|at|on|from|to|または|か|と|の|第\w希望|第\w候補|候補\w?)?[\s\W]*", re.IGNORECASE
)
_ENDS = {"en": re.compile(r"[!?;]\s|\.\s+(?=\S)|\n\s*\n|\n(?=[-*•])|\n$"), "ja": re.compile(r"[。!?\n]")}
_STARTS = {
    "en": re.compile(r".*(?:[!?;]\s|\.\s+|\n\s*\n|\n(?=[-*•]))", re.DOTALL),
    "ja": re.compile(r".*[。!?\n]", re.DOTALL),
}
# A stop behind these does not end a sentence.
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|e\.g|i\.e|approx|mon|tues?|wed|thurs?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|"
    r"sept?|oct|nov|dec|no|a\.m|p\.m|\d)\.\s+$"
)


@dataclass(frozen=True, slots=True)
class Around:
    """A date's sentence: what stands before and behind it, and what came before the sentence."""

    before: str
    after: str
    earlier: str
    later: str

    @property
    def bare(self) -> bool:
        """Nothing but the date stands there."""
        return bool(_BARE.fullmatch(self.before)) and len(self.after) < 40 and bool(_BARE.fullmatch(self.after))


def around(text: str, start: int, end: int, language: str) -> Around:
    spoken = language if language in _CUES else "en"
    before = text[max(0, start - _SENTENCE_REACH) : start]
    began = _STARTS[spoken].match(before)
    while began is not None and spoken == "en" and _ABBREVIATION.search(began.group()):
        shorter = _STARTS[spoken].match(before[: began.end() - 2])
        began = None if shorter is None or shorter.end() >= began.end() else shorter
    cut = began.end() if began else 0
    after = text[end : end + _SENTENCE_REACH]
    ended = _ENDS[spoken].search(after)
    sentence_start = start - len(before) + cut
    return Around(
        before[cut:],
        after[: ended.end()] if ended else after,
        text[max(0, sentence_start - _LIST_REACH) : sentence_start],
        after[ended.end() :] if ended else "",
    )


def in_its_tense(value: Value, place: Around, language: str) -> Value:
    """ "We met on Tuesday" is a Tuesday behind us: a date with gaps learns that from its verb."""
    day = value if isinstance(value, Day) else value.day if isinstance(value, When) else None
    if not isinstance(day, Day) or day.settled or day.year is not None:
        return value
    if isinstance(value, When) and value.bound in ("before", "until"):
        return value
    if not _CUES.get(language, ENGLISH).tells_of_past(place.before, place.after):
        return value
    past = replace(day, past=True)
    return replace(value, day=past) if isinstance(value, When) else past


def role_of(value: Value, resolved: Resolved, place: Around, language: str, context: Context, *, said: str) -> Role:
    """`said` are the date's own words."""
    cues = _CUES.get(language, ENGLISH)
    if resolved.form.kind in ("duration", "set") or isinstance(value, Repeat):
        return (
            "deadline" if cues.is_deadline(place.before, place.after) and resolved.form.kind == "duration" else "other"
        )
    if cues.is_old(place.before, place.after, f"{place.earlier} {place.later}"):
        return "old"
    begun = resolved.begins is not None and resolved.begins <= context.reference
    if _is_past(resolved, context) or (begun and cues.tells_of_past(place.before, place.after)):
        return "past"
    if isinstance(value, When) and value.bound and value.day is None and cues.is_proposed(place.before, place.after):
        return "proposed"
    after = f"まで{place.after}" if said.endswith("まで") and _is_open_at_start(value) else place.after
    if cues.is_deadline(place.before, after) or (_is_open_at_start(value) and not _UNTIL.search(said)):
        return "deadline"
    if cues.is_proposed(place.before, place.after):
        return "proposed"
    if place.bare and (not place.earlier.strip() or cues.is_proposed(place.earlier, "")):
        return "proposed"
    return "other"


def _is_open_at_start(value: Value) -> bool:
    return isinstance(value, When) and value.bound in ("before", "until")


def _is_past(resolved: Resolved, context: Context) -> bool:
    edge = resolved.ends or resolved.begins
    if edge is None or resolved.form.kind in ("time", "timeinterval"):
        return False
    if resolved.form.zone:
        return edge < context.reference - timedelta(days=1)
    return edge <= context.reference if resolved.ends else edge < context.reference
