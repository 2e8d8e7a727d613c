"""spaCy component `people`: who signs, who is greeted, who is talked about, at `doc._.people`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.people.finding import find_people
from nlp.reading import Person


class PeopleFinder:
    """`doc.user_data["sender_name"]` (may be missing) helps to find who signs."""

    def __call__(self, doc: Doc) -> Doc:
        people = find_people(text_of(doc), doc.lang_, doc.user_data.get("sender_name", ""))
        doc._.people = tuple(person for person in people if not _is_a_firm_or_product(person, doc))
        return doc


def _is_a_firm_or_product(person: Person, doc: Doc) -> bool:
    """「ケストレルさん」: firms are addressed like people; the component `mentions` knows them, where it ran before."""
    mentions = doc._.mentions if Doc.has_extension("mentions") else ()
    return any(mention.start < person.end and person.start < mention.end for mention in mentions or ())


if not Doc.has_extension("people"):
    Doc.set_extension("people", default=())


@Language.factory("people")
def make_people(nlp: Language, name: str) -> PeopleFinder:
    return PeopleFinder()
