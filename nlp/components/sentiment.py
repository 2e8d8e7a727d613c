"""spaCy component `sentiment`: the tone of a mail, at `doc._.sentiment`."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.components.sentences import split_sentences
from nlp.reading import Sentiment
from nlp.sentiment.model import SentimentModel

LONGEST_TEXT = 50_000  # characters; what comes after does not change a tone


class SentimentReader:
    """Without a model (before training) every text is neutral."""

    def __init__(self, model: SentimentModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        doc._.sentiment = _read(doc, self.model) if self.model else Sentiment()
        return doc

    def to_disk(self, path: Path | str, exclude: tuple[str, ...] = ()) -> None:
        if self.model:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path | str, exclude: tuple[str, ...] = ()) -> SentimentReader:
        self.model = SentimentModel.from_disk(Path(path))
        return self


def _read(doc: Doc, model: SentimentModel) -> Sentiment:
    text = text_of(doc)[:LONGEST_TEXT]
    places = [place for place in sentence_places(doc) if place[1] <= len(text)]
    return model.sentiment(text, places, doc.user_data.get("body_start", 0))


def sentence_places(doc: Doc) -> list[tuple[int, int]]:
    """What the component `mail_sentences` found, or the same found here when it did not run."""
    if Doc.has_extension("sentence_places") and doc._.sentence_places:
        return list(doc._.sentence_places)
    return split_sentences(text_of(doc)[:LONGEST_TEXT], doc.lang_)


if not Doc.has_extension("sentiment"):
    Doc.set_extension("sentiment", default=None)


@Language.factory("sentiment")
def make_sentiment(nlp: Language, name: str) -> SentimentReader:
    return SentimentReader()
