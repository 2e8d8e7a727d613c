"""The keywords of one text: noun phrases, ranked by how much they matter here, with their speaker and tone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.keywords.phrase import Phrase
from nlp.keywords.table import BackgroundTable
from nlp.keywords.tones import clause_around, is_question, tone_of_clause
from nlp.keywords.voices import Stretch, quoted_stretches
from nlp.reading import Keyword, Tone, Voice

MOST_KEYWORDS = 10
MOST_LOOKED_AT = 5  # of the places where one keyword stands
LEAST_SCORE = 0.2
_NAME_COUNTS_MORE = 1.35
_SUBJECT_COUNTS_MORE = 1.3
_LATER_COUNTS_LESS = 0.5  # the last phrase of a text against the first

Place = tuple[int, int]


@dataclass(frozen=True)
class _Found:
    phrase: Phrase
    sentence: Place


def keywords_of(
    text: str,
    phrases: Iterable[tuple[Phrase, Place]],
    language: str,
    table: BackgroundTable,
    body_start: int = 0,
    named: Sequence[Place] = (),
    learned: Callable[[str], Tone] | None = None,
) -> tuple[Keyword, ...]:
    """The best keywords in the order of the text; `phrases` come with the place of their sentence.

    `named` are places of products and competitors, `learned` gives the tone of a clause where its words do not tell.
    """
    by_normal: dict[str, list[_Found]] = {}
    for phrase, sentence in phrases:
        by_normal.setdefault(phrase.normal, []).append(_Found(phrase, sentence))
    scored = [(_score(found, table, len(text), body_start, named), found) for found in by_normal.values()]
    best = sorted((pair for pair in scored if pair[0] >= LEAST_SCORE), key=lambda pair: -pair[0])[:MOST_KEYWORDS]
    judged = _Judge(text, language, learned)
    return tuple(sorted((judged.keyword(score, found) for score, found in best), key=lambda keyword: keyword.start))


class _Judge:
    """Speaker and tone of what was chosen; each sentence and clause is looked at once."""

    def __init__(self, text: str, language: str, learned: Callable[[str], Tone] | None) -> None:
        self._text = text
        self._language = language
        self._learned = learned
        self._stretches: dict[Place, list[Stretch]] = {}
        self._tones: dict[tuple[Place, bool], Tone] = {}

    def keyword(self, score: float, found: list[_Found]) -> Keyword:
        phrase = found[0].phrase
        some = found[:MOST_LOOKED_AT]
        tones = {tone for tone in (self._tone(one) for one in some) if tone != "neutral"}
        voices = [self._voice(one) for one in some]
        return Keyword(
            self._text[phrase.start : phrase.end],
            phrase.normal,
            phrase.start,
            phrase.end,
            round(score, 3),
            "sender" if "sender" in voices else voices[0],
            tones.pop() if len(tones) == 1 else "neutral",
        )

    def _voice(self, found: _Found) -> Voice:
        if found.sentence not in self._stretches:
            self._stretches[found.sentence] = quoted_stretches(self._text, *found.sentence, self._language)
        for stretch in self._stretches[found.sentence]:
            if stretch.start <= found.phrase.start and found.phrase.end <= stretch.end:
                return stretch.voice
        return "sender"

    def _tone(self, found: _Found) -> Tone:
        start, end = found.sentence
        clause = clause_around(self._text, start, end, found.phrase.start, self._language)
        tone = self._tone_of(clause, found.sentence, self._learned)
        if tone == "neutral" and clause[0] == start and clause[1] < end:
            # What a sentence begins with is its subject: 「管理画面、とても快適です」, "the stylus, however, broke".
            return self._tone_of(found.sentence, found.sentence, None)
        return tone

    def _tone_of(self, clause: Place, sentence: Place, learned: Callable[[str], Tone] | None) -> Tone:
        key = clause, learned is None
        if key not in self._tones:
            asks = is_question(self._text[slice(*sentence)], self._language)
            self._tones[key] = tone_of_clause(self._text[slice(*clause)], self._language, asks, learned)
        return self._tones[key]


def _score(found: list[_Found], table: BackgroundTable, length: int, body_start: int, named: Sequence[Place]) -> float:
    phrase = found[0].phrase
    rarity = [table.rarity(word) for word in phrase.words]
    score = 0.7 * max(rarity) + 0.3 * sum(rarity) / len(rarity)
    score *= 1 + 0.25 * min(len(phrase.words) - 1, 2)
    score *= 1 + 0.5 * math.log(len(found))
    score *= 1 - (1 - _LATER_COUNTS_LESS) * min(1.0, phrase.start / max(length, 400))
    if phrase.is_name or any(start < phrase.end and phrase.start < end for start, end in named):
        score *= _NAME_COUNTS_MORE
    if phrase.start < body_start:
        score *= _SUBJECT_COUNTS_MORE
    return score / (score + 0.6)
