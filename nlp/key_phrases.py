"""Read intents by key phrases: light enough for every web worker, until a trained pipeline is asked.

The phrases lie in key_phrases.yaml, where their notation is told. A phrase that is taken back ("we don't need a
demo", 「デモは不要です」) does not count, save for labels that negation is part of. Words with a slip of the keyboard
are mended towards the phrases' own words when nothing was found without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from nlp.reading import Intent, Reading

PHRASES = Path(__file__).with_suffix(".yaml")
LONGEST_TEXT = 10_000  # characters; what comes after is not read
LANGUAGES = ("en", "ja")

_STRENGTH = {"phrases": 0.8, "hints": 0.4, "alone": 0.55}
_HIGHEST = 0.97
_LEAST_SURE = 0.3  # below, an intent is not worth telling
_FOUND = 0.5
_SHORTEST_TYPO, _SIMILAR = 5, 84  # letters; percent

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE = re.compile(r"[^.!?。!?\n]+(?:[.!?](?=\S)[^.!?。\n]+)*[.!?。]*", re.ASCII)
_WORD = re.compile(r"[a-z][a-z'-]+")

# A new clause begins here: what was denied before it says nothing about what follows.
_BUT = re.compile(r"\b(?:but|however|just|only|though)\b|[,;:]")
_TAKES_BACK = {
    "en": re.compile(
        r"\b(?:(?:do|does|did|would|will|wo)(?:n't| not) (?:need|want|require|ask|like|mean)|no need|not need|without|"
        r"not (?:after|looking for|asking for|about|interested in|requesting|yet|an?)|no longer (?:need|want)|"
        r"rather than|instead of|skip|never asked|didn't ask|isn't|is not|no|not$|n't$)(?!\w)"
    ),
    "ja": re.compile(
        r"^.{0,10}?(?:不要|いりません|要りません|結構です|必要(?:は|が)?(?:ない|なく|ありません|ございません)|ではなく|"
        r"じゃなく|ではありません|でなくて|なくて(?:よい|いい|も|結構)|しないで|せずに|以外|までは|済んで|済みです|希望しません|"
        r"求めて(?:い|お)(?:ない|ません|りません))"
    ),
}


@dataclass(frozen=True)
class _Phrase:
    label: str
    strength: float
    pattern: re.Pattern[str]
    piece: str  # stands in every text the pattern matches: looking for it is cheap


@dataclass
class _Language:
    phrases: list[_Phrase] = field(default_factory=list)
    alone: list[_Phrase] = field(default_factory=list)


@dataclass(frozen=True)
class _Hit:
    label: str
    strength: float
    sentence: str


class KeyPhraseReader:
    """Built once (some tens of milliseconds), then read() from any thread."""

    def __init__(self, file: Path = PHRASES) -> None:
        labels: Mapping[str, Mapping[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._by_language = {language: _phrases(labels, language) for language in LANGUAGES}
        self._keep_negation = {label for label, given in labels.items() if given.get("keeps_negation")}
        self._stand_alone = {label for label, given in labels.items() if given.get("stands_alone")}
        self._yields_to = {label: set(given.get("yields_to") or ()) for label, given in labels.items()}
        self._vocabulary = _words_of(labels)

    def read(self, text: str, language: str = "") -> Reading:
        """The intents of a text, the surest first. `language` (en, ja) is a wish only: Japanese letters mean ja.

        Texts of any length and kind are fine; an empty Reading means that nothing was recognised.
        """
        folded = _folded(text[:LONGEST_TEXT])
        spoken = "ja" if _JAPANESE.search(folded) else "en"
        sentences = [sentence.strip() for sentence in _SENTENCE.findall(folded)]
        hits = self._hits(sentences, spoken)
        if not hits and spoken == "en":
            hits = self._hits([self._mended(sentence) for sentence in sentences], spoken)
        intents = self._intents(hits) or self._fall_back(sentences, spoken)
        return Reading(spoken if folded.strip() else language, intents)

    def _hits(self, sentences: Sequence[str], language: str) -> list[_Hit]:
        phrases = self._by_language[language].phrases
        return [hit for sentence in sentences for hit in self._hits_in(sentence, phrases, language)]

    def _hits_in(self, sentence: str, phrases: Sequence[_Phrase], language: str) -> Iterator[_Hit]:
        for phrase in phrases:
            if phrase.piece not in sentence:
                continue
            for match in phrase.pattern.finditer(sentence):
                if phrase.label in self._keep_negation or not _taken_back(sentence, match, language):
                    yield _Hit(phrase.label, phrase.strength, sentence)
                    break

    def _intents(self, hits: Sequence[_Hit]) -> tuple[Intent, ...]:
        scores: dict[str, float] = {}
        sentences: dict[str, _Hit] = {}
        for hit in hits:
            scores[hit.label] = 1 - (1 - scores.get(hit.label, 0.0)) * (1 - hit.strength)
            if hit.label not in sentences or hit.strength > sentences[hit.label].strength:
                sentences[hit.label] = hit
        found = {label for label, score in scores.items() if score >= _FOUND}
        alone = found & self._stand_alone
        intents = [
            Intent(label, round(min(score, _HIGHEST), 3), sentences[label].sentence)
            for label, score in scores.items()
            if score >= _LEAST_SURE and (not alone or label in alone) and not found & self._yields_to[label]
        ]
        return tuple(sorted(intents, key=lambda intent: (-intent.score, intent.label)))

    def _fall_back(self, sentences: Sequence[str], language: str) -> tuple[Intent, ...]:
        """What a text without any other intent may be: thanks, a question, a greeting; the first label that fits."""
        hits = [
            hit
            for sentence in sentences
            for hit in self._hits_in(sentence, self._by_language[language].alone, language)
        ]
        if not hits:
            return ()
        order = {phrase.label: place for place, phrase in enumerate(self._by_language[language].alone)}
        first = min(hits, key=lambda hit: order[hit.label])
        return (Intent(first.label, first.strength, first.sentence),)

    def _mended(self, sentence: str) -> str:
        return _WORD.sub(lambda match: self._mended_word(match.group()), sentence)

    def _mended_word(self, word: str) -> str:
        if len(word) < _SHORTEST_TYPO or word in self._vocabulary:
            return word
        near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_SIMILAR)
        return near[0] if near and near[0][0] == word[0] else word


def _phrases(labels: Mapping[str, Mapping[str, Any]], language: str) -> _Language:
    result = _Language()
    for label, given in labels.items():
        for kind, strength in _STRENGTH.items():
            for text in (given.get(kind) or {}).get(language) or ():
                phrase = _Phrase(label, strength, _pattern(text, language), _fixed_piece(text))
                (result.alone if kind == "alone" else result.phrases).append(phrase)
    return result


def _pattern(text: str, language: str) -> re.Pattern[str]:
    """The notation of key_phrases.yaml as a regular expression."""
    gap = r".{0,12}?" if language == "ja" else r"(?:\S+\s+){0,4}?"
    parts = re.split(r"( \.\.\. \?| \.\.\. |\.\.\.|\[0-9\]\+|[()|*]|\s+)", text)
    gaps = {"...": gap, " ... ": rf"\s+{gap}", " ... ?": r"\b[^?]{0,200}\?"}
    meaning = {"(": "(?:", ")": ")", "|": "|", "*": r"\w*", "[0-9]+": r"\d+"} | gaps
    pattern = "".join(meaning.get(part) or (r"\s*" if part.isspace() else re.escape(part)) for part in parts)
    if language == "en":
        pattern = rf"{_edge(text[:1], '<')}(?:{pattern}){_edge(text[-1:], '')}"
    return re.compile(pattern)


def _edge(letter: str, side: str) -> str:
    """A phrase begins and ends at the edge of a word, unless it ends in a mark of its own."""
    return "" if letter in "?*" else rf"(?{side}!\w)"


def _fixed_piece(text: str) -> str:
    """The longest piece outside brackets; '' when all of it stands within."""
    outside = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "\0", text)
    return max(re.split(r"\.\.\.|\[0-9\]\+|[\0*\s]+", outside), key=len, default="")


def _words_of(labels: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """English words worth mending to: the long ones of all phrases."""
    texts = (text for given in labels.values() for text in (given.get("phrases") or {}).get("en") or ())
    return frozenset(word for text in texts for word in _WORD.findall(text) if len(word) >= _SHORTEST_TYPO)


def _taken_back(sentence: str, match: re.Match[str], language: str) -> bool:
    """Is what was found denied? English says so before it, Japanese after it, within the same clause."""
    if language == "ja":
        return bool(_TAKES_BACK["ja"].match(sentence[match.end() : match.end() + 24]))
    before = sentence[max(0, match.start() - 60) : match.start()]
    clause = _BUT.split(before)[-1]
    denials = [denial.end() for denial in _TAKES_BACK["en"].finditer(clause.rstrip())]
    return bool(denials) and len(clause[denials[-1] :].split()) <= 4


def _folded(text: str) -> str:
    """One width, one case, straight apostrophes; nothing that is no character."""
    plain = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8")).casefold()
    return plain.replace("\u2019", "'").replace("\x00", "")


@cache
def known_labels(file: Path = PHRASES) -> frozenset[str]:
    """Every label that a reading may carry."""
    return frozenset(yaml.safe_load(file.read_text(encoding="utf-8")))
