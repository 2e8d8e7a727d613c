"""spaCy component `keywords`: the noun phrases that matter, at `doc._.keywords`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.components.sentiment import sentence_places
from nlp.keywords.english import english_phrases
from nlp.keywords.finding import Place, keywords_of
from nlp.keywords.japanese import japanese_phrases
from nlp.keywords.phrase import Phrase
from nlp.keywords.table import BackgroundTable
from nlp.reading import Keyword
from nlp.sentiment.model import SentimentModel

LONGEST_TEXT = 20_000  # characters; what matters in a mail is said before
_OUR_SUBJECT = re.compile(r"\s*(?:re|aw|fwd?|wg|tr|返信|転送)\s*[:：]", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"\s*(?:(?:kind|best|warm|kindest|warmest|many) (?:regards|wishes|thanks)|regards|cheers|thanks|thank you|"
    r"yours \w+|"
    r"sincerely|all the best|best|敬具|草々)(?:,? (?-i:[A-Z][\w'’-]+)){0,3}\s*[,!.、。]?\s*$",
    re.IGNORECASE,
)


class KeywordFinder:
    """`table` comes from training; `tones` may be set to the trained reader of tone."""

    def __init__(self, table: BackgroundTable | None = None, tones: SentimentModel | None = None) -> None:
        self.table = table or BackgroundTable()
        self.tones = tones

    def __call__(self, doc: Doc) -> Doc:
        doc._.keywords = self.find(doc)
        return doc

    def find(self, doc: Doc) -> tuple[Keyword, ...]:
        named = tuple((m.start, m.end) for m in (doc._.mentions or ())) if Doc.has_extension("mentions") else ()
        return keywords_of(
            text_of(doc),
            phrases_of(doc),
            doc.lang_,
            self.table,
            doc.user_data.get("body_start", 0),
            named,
            self.tones.tone_of if self.tones else None,
        )

    def to_disk(self, path: Path | str, exclude: tuple[str, ...] = ()) -> None:
        self.table.to_disk(Path(path))

    def from_disk(self, path: Path | str, exclude: tuple[str, ...] = ()) -> KeywordFinder:
        self.table = BackgroundTable.from_disk(Path(path))
        return self


def phrases_of(doc: Doc) -> Iterator[tuple[Phrase, Place]]:
    """Every noun phrase with the place of its sentence; none from a subject of our own or a sign-off."""
    text = text_of(doc)
    places = [place for place in sentence_places(doc) if place[0] < LONGEST_TEXT]
    if _OUR_SUBJECT.match(text):
        body_start = doc.user_data.get("body_start", 0)
        places = [place for place in places if place[0] >= body_start]
    places = _before_sign_off(text, places)
    if doc.lang_ != "ja":
        for place in places:
            for phrase in english_phrases(text, *place):
                yield phrase, place
        return
    starts = [start for start, _ in places]
    for phrase in japanese_phrases(doc, LONGEST_TEXT):
        number = bisect_right(starts, phrase.start) - 1
        if number >= 0 and phrase.start < places[number][1]:
            yield phrase, places[number]


def train_keywords(docs: Iterable[Doc]) -> BackgroundTable:
    """How common words are, from the tokenized mails of the training data (any order, the same result)."""
    return BackgroundTable.of({word for phrase, _ in phrases_of(doc) for word in phrase.words} for doc in docs)


def _before_sign_off(text: str, places: list[Place]) -> list[Place]:
    for number in range(max(0, len(places) - 4), len(places)):
        if number and _SIGN_OFF.match(text[slice(*places[number])]):
            return places[:number]
    return places


if not Doc.has_extension("keywords"):
    Doc.set_extension("keywords", default=())


@Language.factory("keywords")
def make_keywords(nlp: Language, name: str) -> KeywordFinder:
    return KeywordFinder()
