"""From a text and the tone of its reading to the emotion in it, with the sentence that shows it best.

Words decide which feeling, the tone decides which side they are believed on: thanks at the end of a complaint are
courtesy, "we had no trouble" in a glad mail is no complaint. Where no word shows a feeling the tone alone decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.emotions.cues import Cues, cues_of
from nlp.reading import Sentiment
from nlp.sentiment.courtesy import without_courtesy

LONGEST_TEXT = 20_000  # characters; as much as the reader reads
_ENOUGH = 1.0  # what a text without a tone must show before it is called a feeling
_AGAINST_TONE = 0.5  # how much words count on the side that the tone speaks against
_TONE_ALONE = 0.9  # a tone counts nearly as much as a plain word of its most general feeling
_AFTER_A_TURN = 1.25  # "a good product, but ...": what follows is what was to be said

GLAD = frozenset({"happy", "enthusiastic", "grateful", "trusting"})
SORE = frozenset({"dissatisfied", "disappointed"})
_SENTENCE = re.compile(r"[^.!?。\n]+(?:[.!?。]+|\n|$)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Emotion:
    """`name`: one of the eight; `sentence` shows it best, '' where only the tone does, or nothing."""

    name: str
    sentence: str = ""


def emotion_of(text: str, language: str, sentiment: Sentiment) -> Emotion:
    """What the writer of `text` feels most. Any text is fine; "neutral" when nothing shows."""
    cues = cues_of(language)
    found: dict[str, float] = {}
    best: dict[str, tuple[float, str]] = {}
    turned = False
    for sentence in _sentences(text):
        folded = without_courtesy(sentence, cues.language).lower().replace("’", "'")
        turned = turned or bool(cues.turns.search(folded))
        for feeling, weight in _shown(folded, cues).items():
            weight *= _AFTER_A_TURN if turned else 1.0
            found[feeling] = found.get(feeling, 0.0) + weight
            best[feeling] = max(best.get(feeling, (0.0, "")), (weight, sentence), key=lambda pair: pair[0])
    name = _strongest(found, sentiment)
    return Emotion(name, best.get(name, (0.0, ""))[1])


def _strongest(found: dict[str, float], sentiment: Sentiment) -> str:
    weighed = {feeling: weight * _belief(feeling, sentiment) for feeling, weight in found.items()}
    general = {"positive": "happy", "negative": "dissatisfied"}.get(sentiment.tone)
    if general:
        weighed[general] = weighed.get(general, 0.0) + _TONE_ALONE
    least = _TONE_ALONE if general else _ENOUGH
    # Cues stand in the order of how specific they are; the first of several equal ones wins.
    name = max(weighed, key=lambda feeling: weighed[feeling], default="neutral")
    return name if weighed.get(name, 0.0) >= least else "neutral"


def _belief(feeling: str, sentiment: Sentiment) -> float:
    against = {"positive": SORE, "negative": GLAD}.get(sentiment.tone, frozenset())
    return _AGAINST_TONE if feeling in against else 1.0


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])):
        if sentence := _SPACES.sub(" ", match.group()).strip():
            yield sentence


def _shown(folded: str, cues: Cues) -> dict[str, float]:
    """How strongly a sentence shows each feeling: its strongest cue, and a little for every other one."""
    shown: dict[str, float] = {}
    for cue in cues.cues:
        for match in cue.pattern.finditer(folded):
            feeling = cue.feeling
            if _is_denied(folded, match, cues):
                feeling = cues.denied.get(feeling, "")
            if feeling:
                strongest = shown.get(feeling, 0.0)
                shown[feeling] = max(strongest, cue.weight) + 0.25 * min(strongest, cue.weight)
    return shown


def _is_denied(folded: str, match: re.Match[str], cues: Cues) -> bool:
    if cues.not_a_denial is None:
        return bool(cues.denies.search(folded[max(0, match.start() - 40) : match.start()]))
    after = folded[match.end() : match.end() + 12]
    return bool(cues.denies.match(after)) and not cues.not_a_denial.match(after)
