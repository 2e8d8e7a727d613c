"""A text in, its Reading out: newest part, language, then the spaCy pipeline of that language.

Each component (nlp/components/, one file each) leaves what it found at `doc._.<its name>`; this file builds the two
pipelines, keeps them in a folder, and turns a read Doc into a Reading. Importing it loads spaCy.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components import dates, intents, keywords, mentions, people, phone_numbers, sentences, sentiment  # noqa: F401
from nlp.components.language import language_of
from nlp.email_text import newest_part
from nlp.mentions import Catalogue, MentionFinder
from nlp.model_folder import ModelMissing, described
from nlp.reading import Reading, TextToRead

LANGUAGES = ("en", "ja")
# What the components need of each other goes first: sentences for intents and tone, names for people and keywords.
COMPONENTS = (
    "mail_sentences",
    "mail_dates",
    "mail_mentions",
    "mail_intents",
    "sentiment",
    "phone_numbers",
    "people",
    "keywords",
)
MOST_CHARACTERS = 20_000  # of subject and newest part; nobody asks for something new after ten pages
MOST_BYTES = 45_000  # the Japanese tokeniser takes 49,149 at once


# Thousands of signs in a row say nothing, and more than one pattern of more than one library takes the square of them.
_LONG_RUN = re.compile(r"([^\w\s]{200})[^\w\s]+")

Holidays = Callable[[date], bool]


def new_pipeline(language: str) -> Language:
    """The pipeline of a language with all its components, as yet without anything learnt."""
    pipeline = spacy.blank(language)
    for name in COMPONENTS:
        pipeline.add_pipe(name)
    return pipeline


_LONGEST_SUFFIX = 100


def _bound_suffixes(pipeline: Language) -> None:
    """The tokeniser looks for a word's ending from the word's beginning, once for each sign that it takes off. Of a run
    of thousands of signs that is the square of its length. An ending is short: the last signs will do."""
    tokenizer: Any = pipeline.tokenizer
    search = getattr(tokenizer, "suffix_search", None)
    if search is not None:
        tokenizer.suffix_search = lambda word: search(word[-_LONGEST_SUFFIX:])


class MailReader:
    """Reads mails and chat messages. Safe to share between threads: one text a language at a time."""

    def __init__(
        self,
        pipelines: dict[str, Language],
        catalogue: Catalogue | None = None,
        is_holiday: Holidays | None = None,
    ) -> None:
        self._pipelines = pipelines
        self._locks = {language: threading.Lock() for language in pipelines}
        self._is_holiday = is_holiday
        self.use_catalogue(catalogue or Catalogue(()))

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue | None = None, is_holiday: Holidays | None = None) -> MailReader:
        """From what `nlp.train` kept in `folder`. ModelMissing when nothing usable lies there."""
        described(folder)
        try:
            pipelines = {language: spacy.load(folder / language) for language in LANGUAGES}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelMissing(
                f"The model in {folder} can't be read ({error}). Build it: python app.py train"
            ) from error
        for pipeline in pipelines.values():
            # What is said of a keyword is judged by the same model as the whole mail's tone.
            pipeline.get_pipe("keywords").tones = pipeline.get_pipe("sentiment").model  # type: ignore[attr-defined]
            _bound_suffixes(pipeline)
        return cls(pipelines, catalogue, is_holiday)

    def use_catalogue(self, catalogue: Catalogue) -> None:
        """From now on these products and competitors are recognised."""
        finder = MentionFinder(catalogue)
        for pipeline in self._pipelines.values():
            pipeline.get_pipe("mail_mentions").finder = finder  # type: ignore[attr-defined]

    def read(self, text: TextToRead) -> Reading:
        """What is understood of one text. Any text is fine; nothing is raised for its content."""
        prepared = prepare(text)
        with self._locks[_pipeline_of(prepared.language)]:
            return self._read(prepared, text)

    def read_chat(self, text: str, language: str) -> Reading:
        """The same for a chat message, of which nothing is cut off."""
        return self.read(TextToRead(text, language=language, is_mail=False))

    def answers(self) -> bool:
        """It has its model in memory."""
        return True

    def read_many(self, texts: Iterable[TextToRead]) -> Iterator[Reading]:
        return map(self.read, texts)

    def _read(self, prepared: Reading, text: TextToRead) -> Reading:
        pipeline = self._pipelines[_pipeline_of(prepared.language)]
        doc = pipeline.make_doc(prepared.text)
        doc.user_data.update(
            text=prepared.text,  # Doc.text is put together anew at each call
            body_start=prepared.body_start,
            reference=_aware(text.sent_at),
            time_zone=text.time_zone,
            is_holiday=self._is_holiday,
            sender_name=text.sender_name,
            is_mail=text.is_mail,
        )
        doc._.body_start = prepared.body_start
        told = _told(prepared, pipeline(doc))
        # "Next Tuesday" of a text written nobody knows when is no date.
        return told if text.sent_at else replace(told, dates=())


def prepare(text: TextToRead) -> Reading:
    """The text to be read and its language, before anything is understood."""
    own = newest_part(text.body) if text.is_mail else text.body.strip()
    subject = " ".join(text.subject.split())
    whole = f"{subject}\n\n{own}" if subject else own
    cut = _within_bounds(whole)
    calm = _LONG_RUN.sub(r"\1", cut)
    own_start = len(_LONG_RUN.sub(r"\1", cut[: len(subject) + 2])) if subject else 0
    return Reading(
        language=language_of(f"{subject}\n{own}"[:MOST_CHARACTERS], text.language),
        text=calm,
        body_start=min(own_start, len(calm)),
        shortened=len(calm) < len(whole),
    )


def _within_bounds(text: str) -> str:
    """At most what the tokenisers take; lone surrogates, which no tokeniser takes, become question marks."""
    safe = text[:MOST_CHARACTERS].encode("utf-8", "replace")
    return safe[:MOST_BYTES].decode("utf-8", "ignore")


def _pipeline_of(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def _told(prepared: Reading, doc: Doc) -> Reading:
    found = doc._
    return replace(
        prepared,
        intents=tuple(found.intents),
        sentiment=found.sentiment,
        dates=tuple(found.dates),
        mentions=tuple(found.mentions),
        keywords=tuple(found.keywords),
        people=tuple(found.people),
        phone_numbers=tuple(found.phone_numbers),
    )
