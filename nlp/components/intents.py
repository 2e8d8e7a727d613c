"""The intents of a mail as a spaCy component: puts a tuple of `nlp.reading.Intent` at `doc._.intents`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.components.sentences import split_sentences
from nlp.intents.model import IntentsModel


@Language.factory("mail_intents", requires=["doc.sents"])
class MailIntents:
    """Reads with the model it was given or loaded; without one it finds nothing.

    `doc._.body_start` says where the body begins; what stands before is the subject.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.model: IntentsModel | None = None
        self._language = nlp.lang or ""
        for extension, default in (("intents", ()), ("body_start", 0), ("sentence_places", ())):
            if not Doc.has_extension(extension):
                Doc.set_extension(extension, default=default)

    def __call__(self, doc: Doc) -> Doc:
        if self.model is not None:
            text = text_of(doc)
            places = doc._.sentence_places or split_sentences(text, self._language)
            doc._.intents = self.model.read(text, places, doc._.body_start)
        return doc

    def to_disk(self, path: Path | str, exclude: Iterable[str] = ()) -> None:
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path | str, exclude: Iterable[str] = ()) -> MailIntents:
        if (Path(path) / "model.json").exists():
            self.model = IntentsModel.from_disk(Path(path))
        return self
