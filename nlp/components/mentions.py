"""Products and competitors as a spaCy component: puts a tuple of `nlp.mentions.Mention` at `doc._.mentions`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.mentions import MentionFinder


class NamedThings:
    """Finds with the `finder` it was handed; without one, nothing. A catalogue is the company's, not the model's."""

    def __init__(self, finder: MentionFinder | None = None) -> None:
        self.finder = finder

    def __call__(self, doc: Doc) -> Doc:
        if self.finder is not None:
            doc._.mentions = self.finder.find(text_of(doc), doc.lang_)
        return doc


if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=())


@Language.factory("mail_mentions")
def make_named_things(nlp: Language, name: str) -> NamedThings:
    return NamedThings()
