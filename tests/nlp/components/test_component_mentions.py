"""Products as a spaCy component: found with the finder it was handed."""

from __future__ import annotations

import pytest
import spacy

from nlp.components.mentions import NamedThings
from nlp.mentions import Catalogue, CatalogueEntry, MentionFinder

pytestmark = pytest.mark.filterwarnings("ignore:Dictionary.create:DeprecationWarning")  # spaCy asks Sudachi so


def test_what_the_finder_finds_stands_at_the_doc() -> None:
    pipeline = spacy.blank("en")
    part = pipeline.add_pipe("mail_mentions")
    assert isinstance(part, NamedThings)
    part.finder = MentionFinder(Catalogue((CatalogueEntry("product", "1", ("AeroBook 14",)),)))

    (mention,) = pipeline("Is the AeroBook 14 in stock?")._.mentions

    assert (mention.start, mention.end) == (7, 18)


def test_without_a_finder_nothing_is_found() -> None:
    pipeline = spacy.blank("ja")
    pipeline.add_pipe("mail_mentions")

    assert pipeline("AeroBook 14の在庫はありますか。")._.mentions == ()
