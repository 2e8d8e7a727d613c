"""The dates of a mail as a spaCy component: puts a tuple of `nlp.dates.DateMention` at `doc._.dates`."""

from __future__ import annotations

from datetime import UTC, datetime

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.doc_text import text_of
from nlp.dates import find_dates
from nlp.dates.finding import no_holidays


class DateFinder:
    """Asks `doc.user_data` when and where the text was written.

    `reference` (aware; without it today is 1970-01-01, so that nothing depends on the clock), `time_zone` (IANA name
    or ""), `is_holiday` (date -> bool, may be missing or None). Places are those of the Doc's text, subject included.
    """

    def __call__(self, doc: Doc) -> Doc:
        doc._.dates = find_dates(
            text_of(doc),
            doc.lang_,
            reference=doc.user_data.get("reference") or datetime(1970, 1, 1, tzinfo=UTC),
            time_zone=doc.user_data.get("time_zone") or "",
            is_holiday=doc.user_data.get("is_holiday") or no_holidays,
        )
        return doc


if not Doc.has_extension("dates"):
    Doc.set_extension("dates", default=())


@Language.factory("mail_dates")
def make_date_finder(nlp: Language, name: str) -> DateFinder:
    return DateFinder()
