"""What a date is there for: proposed, old (being moved), a deadline, past, or something else.

The words around it decide, within its sentence; a date that stands alone on its line, as in a list of slots, asks the
lines before. The cues are in roles_english.py and roles_japanese.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from nlp.dates.context import Context
from nlp.dates.cues import Cues
from nlp.dates.mention import Role
from nlp.dates.pinning import date_of
from nlp.dates.resolving import Resolved
from nlp.dates.roles_english import ENGLISH
from nlp.dates.roles_japanese import JAPANESE
from nlp.dates.values import Day, Repeat, Value, When

_CUES = {"en": ENGLISH, "ja": JAPANESE}
_SENTENCE_REACH = 200  # characters on each side that may belong to the sentence
_SENTENCE = 12  # characters beside a date that make it part of a sentence
_SHORT_WHILE = 120  # days
_LIST_REACH = 400  # characters before a list of slots in which its purpose is looked for
# "Free until four" is no deadline; "valid until June" has a cue of its own.
_UNTIL = re.compile(r"^(?:until|till|til)\b|まで$")
_UNTIL_FIRST = re.compile(r"(?:until|till|til|through)\b")
_SINCE = re.compile(r"since\b")
_GOES_ON = re.compile(r"^[^。\n]{0,24}(?:して|続いて|待って|止まって|困って|落ちて)(?:い|おり)ます")
_WITHIN = re.compile(r"^within\b|以内に?$")
_CLOSES = re.compile(r"\b(?:clos\w+|ends?|finish\w*) $")  # a shop closes at six
_BARE = re.compile(
    r"[\s\d\W]*(?:option|slot|and|or|at|on|from|to|then|ok|okay|so|say|let's say|"
    r"または|か|と|の|で|に|では|それでは|"
    r"第\w希望|第\w候補|"
    r"候補\w?|終日)?[\s\W]*",
    re.IGNORECASE,
)
_ENDS = {"en": re.compile(r"[!?;]\s|\.\s+(?=\S)|\n\s*\n|\n(?=[-*•])|\n$"), "ja": re.compile(r"[。!?\n]")}
_STARTS = {
    "en": re.compile(r".*(?:[!?;]\s|\.\s+|\n\s*\n|\n(?=[-*•]))", re.DOTALL),
    "ja": re.compile(r".*[。!?\n]", re.DOTALL),
}
# A long line of Japanese that ends amid a sentence, and a next one that is no item of a list.
_WRAPPED = re.compile(
    r"(?:(?<=[^\n]{18}[^\n。!?:」>])|(?<=[^\n]、))\n(?=[^\s・\-*●■□◆◇〇○>①-⑳第\d(])|(?<=[^\n]{24}[^\n。!?:」>])\n(?=\d)"
)
_BROKEN = "\ufffc"  # stands for such a break, one letter for one
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
    before, after = text[max(0, start - _SENTENCE_REACH) : start], text[end : end + _SENTENCE_REACH]
    if spoken == "ja" and "\n" in before + after:
        before, after = _unwrapped(before, text[start:end], after)
    began = _STARTS[spoken].match(before)
    while began is not None and spoken == "en" and _ABBREVIATION.search(began.group()):
        shorter = _STARTS[spoken].match(before[: began.end() - 2])
        began = None if shorter is None or shorter.end() >= began.end() else shorter
    cut = began.end() if began else 0
    ended = _ENDS[spoken].search(after)
    sentence_start = max(0, start - len(before) + cut)
    lead, rest = before[cut:], after[: ended.end()] if ended else after
    if spoken == "en":  # what is left of line ends only wraps the sentence
        lead, rest = lead.replace("\n", " "), rest.replace("\n", " ")
    return Around(
        lead,
        rest,
        text[max(0, sentence_start - _LIST_REACH) : sentence_start],
        after[ended.end() :] if ended else "",
    )


def _unwrapped(before: str, said: str, after: str) -> tuple[str, str]:
    """Japanese lines that were only broken because they were long, as one."""
    whole = _WRAPPED.sub(_BROKEN, before + said + after)
    cut = len(before), len(before) + len(said)
    return whole[: cut[0]].replace(_BROKEN, ""), whole[cut[1] :].replace(_BROKEN, "")


def in_its_tense(value: Value, place: Around, language: str, context: Context, *, said: str) -> Value:
    """ "We met on Tuesday" is a Tuesday behind us: a date with gaps learns that from its verb.

    A date without a year that was a short while ago and comes again in a long time only, in a sentence that looks
    nowhere ahead, lies behind, too.
    """
    day = value if isinstance(value, Day) else value.day if isinstance(value, When) else None
    if not isinstance(day, Day) or day.settled or day.year is not None:
        return value
    if isinstance(value, When) and value.bound in ("before", "until"):
        return value
    cues = _CUES.get(language, ENGLISH)
    if (
        not _goes_on(said, place, cues)
        and not cues.tells_of_past(place.before, place.after)
        and not (_was_just_now(day, place, context) and not cues.looks_ahead(place.before, place.after))
    ):
        return value
    if cues.is_old(place.before, place.after, f"{place.earlier} {place.later}"):
        return value  # what is moved lies ahead
    past = replace(day, past=True)
    return replace(value, day=past) if isinstance(value, When) else past


def _was_just_now(day: Day, place: Around, context: Context) -> bool:
    """Months ago at most, in a sentence of some length; the next one is most of a year away."""
    if day.month is None or len(f"{place.before}{place.after}".strip()) < _SENTENCE:
        return False
    ahead, behind = date_of(day, context), date_of(replace(day, past=True), context)
    if ahead is None or behind is None or behind >= context.today:
        return False
    return (context.today - behind).days <= _SHORT_WHILE < (ahead - context.today).days


def role_of(value: Value, resolved: Resolved, place: Around, language: str, context: Context, *, said: str) -> Role:
    """`said` are the date's own words."""
    cues = _CUES.get(language, ENGLISH)
    if resolved.form.kind in ("duration", "set") or isinstance(value, Repeat):
        by_that_much = place.before.endswith("by ")  # "postpone by a week"
        due = resolved.form.kind == "duration" and not by_that_much and cues.is_deadline(place.before, place.after)
        return "deadline" if due else "other"
    begun = resolved.begins is not None and resolved.begins <= context.reference
    if _goes_on(said, place, cues) and (begun or _is_clock_alone(resolved)):
        return "past"
    if _is_past(resolved, context) or (begun and cues.tells_of_past(place.before, place.after)):
        return "past"
    if cues.is_old(place.before, place.after, f"{place.earlier} {place.later}"):
        return "old"
    if _WITHIN.search(said) and resolved.form.kind == "interval":
        return "deadline"
    if isinstance(value, When) and value.bound and value.day is None and cues.is_proposed(place.before, place.after):
        return "proposed"
    if (
        _is_before_an_hour(value)
        and not cues.is_demand(place.before, place.after)
        and cues.is_proposed(place.before, place.after)
    ):
        return "proposed"  # "tomorrow before noon"
    before, after = _with_own_words(value, place, said)
    if (
        cues.is_deadline(before, after)
        and not (_is_clock_alone(resolved) and (_CLOSES.search(before) or after.startswith(("までです", "までと"))))
    ) or (_is_open_at_start(value) and not _UNTIL.search(said)):
        return "deadline"
    if _is_soon(resolved, context) and cues.is_demand(place.before, place.after):
        return "deadline"
    if cues.is_proposed(place.before, place.after):
        return "proposed"
    if place.bare and (not place.earlier.strip() or cues.is_proposed(place.earlier, "")):
        return "proposed"
    if _has_clock(resolved) and not cues.is_no_meeting(place.before, place.after):
        return "proposed"  # who tells the hour of a day to come, and nothing else that happens then, offers it
    return "other"


def _goes_on(said: str, place: Around, cues: Cues) -> bool:
    """It began then and has not ended: "down since 13:20", 「月曜から何度もお電話しております」."""
    if _SINCE.match(said):
        return cues.tells_of_past(f"{place.before}since ", place.after)
    after = place.after.removeprefix("から") if not said.endswith("から") else place.after
    return (said.endswith("から") or after != place.after) and _GOES_ON.match(after) is not None


def _with_own_words(value: Value, place: Around, said: str) -> tuple[str, str]:
    """ "Register until Friday", 「金曜まで延長」: the bound belongs to the date's own words and to the sentence's."""
    before = f"{place.before}{said.split(maxsplit=1)[0]} " if _UNTIL_FIRST.match(said) else place.before
    return before, f"まで{place.after}" if said.endswith("まで") and _is_open_at_start(value) else place.after


def _is_before_an_hour(value: Value) -> bool:
    return isinstance(value, When) and value.bound == "before" and value.day is not None and value.clock is not None


def _is_clock_alone(resolved: Resolved) -> bool:
    return resolved.form.kind in ("time", "timeinterval")


def _has_clock(resolved: Resolved) -> bool:
    form = resolved.form
    return form.kind in ("instant", "interval") and form.grain in ("hour", "minute") and resolved.begins is not None


def _is_soon(resolved: Resolved, context: Context) -> bool:
    """Today, tomorrow, this week, without an hour."""
    begins = resolved.begins
    return begins is not None and not _has_clock(resolved) and (begins - context.reference).days < 4


def _is_open_at_start(value: Value) -> bool:
    return isinstance(value, When) and value.bound in ("before", "until")


def _is_past(resolved: Resolved, context: Context) -> bool:
    edge = resolved.ends or resolved.begins
    if edge is None or resolved.form.kind in ("time", "timeinterval"):
        return False
    if resolved.form.zone:
        return edge < context.reference - timedelta(days=1)
    return edge <= context.reference if resolved.ends else edge < context.reference
