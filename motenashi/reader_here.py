"""The model of this installation: where it lies, built when it is missing or old, loaded into this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm_client.records import Product
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.reading_desk.catalogue import catalogue_of
from motenashi.settings import Settings
from nlp.model_folder import MODEL, ModelMissing, fresh
from nlp.reading import Reading, TextToRead

if TYPE_CHECKING:  # loads spaCy
    from nlp.pipeline import MailReader


class ChatReader(Protocol):
    """Reads mails and what visitors type: in this process, or by asking the one that has the model."""

    def read(self, text: TextToRead) -> Reading: ...
    def read_chat(self, text: str, language: str) -> Reading: ...
    def answers(self) -> bool:
        """Whether a text could be read now."""


def corrected_model(settings: Settings) -> Path:
    """Where a model lies that learnt from this installation's corrections."""
    return settings.data / "model"


def model_folder(settings: Settings) -> Path:
    """The model to read with: the corrected one where there is one. ModelMissing when none fits this code."""
    for folder in (corrected_model(settings), MODEL):
        if fresh(folder):
            return folder
    raise ModelMissing("The model that reads mail is missing or of an older version. Build it: python app.py train")


def load_reader(settings: Settings, products: Iterable[Product]) -> MailReader:
    """The reader with the products of the CRM and our own holidays. ModelMissing. Loads spaCy: a second or two."""
    from nlp.pipeline import MailReader

    hours = BusinessHours(settings.business_hours)
    return MailReader.load(
        model_folder(settings), catalogue_of(products, settings.reading), lambda day: bool(hours.holiday("", day))
    )


class ReaderWhenNeeded:
    """For the command line: reads in this process, with a model that is loaded when the first text comes."""

    def __init__(self, settings: Settings, products: Callable[[], Iterable[Product]]) -> None:
        self._settings = settings
        self._products = products
        self._lock = threading.Lock()
        self._reader: MailReader | None = None

    def answers(self) -> bool:
        try:
            return bool(model_folder(self._settings))
        except ModelMissing:
            return False

    def read(self, text: TextToRead) -> Reading:
        with self._lock:
            if self._reader is None:
                self._reader = load_reader(self._settings, self._products())
        return self._reader.read(text)

    def read_chat(self, text: str, language: str) -> Reading:
        return self.read(TextToRead(text, language=language, is_mail=False))
