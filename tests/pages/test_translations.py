"""Every sentence of the staff's pages is there in both languages, and the built catalogues are those of the texts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import motenashi.pages

PAGES = Path(motenashi.pages.__file__).parent


def catalogue(language: str) -> Catalog:
    with (PAGES / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def sentences() -> set[str]:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(str(PAGES), methods, {})
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    known = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(language)
        if message.id and message.string and not message.fuzzy
    }

    assert sentences() - known == set()
    assert known - sentences() == set()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_translation_keeps_the_places_for_values(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            # "This one" and "these 5" are one message; each form says what one of the two says.
            meant = [set(re.findall(r"%\(\w+\)s", one)) for one in ids]
            for string in strings:
                assert set(re.findall(r"%\(\w+\)s", string)) in meant, string


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_built_catalogue_is_that_of_the_text(language: str) -> None:
    """If not: `pybabel compile -d motenashi/pages/translations`."""
    built = PAGES / "translations" / language / "LC_MESSAGES" / "messages.mo"
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(language))
    fresh.seek(0)
    with built.open("rb") as file:
        stored = plain(read_mo(file))

    assert stored == plain(read_mo(fresh))


def plain(read: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read if message.id}


def test_japanese_sentences_are_japanese() -> None:
    foreign = [
        message.string
        for message in catalogue("ja")
        # An abbreviation ("NPS") is the same in both languages.
        if message.id and not str(message.id).isupper() and not re.search(r"[ぁ-んァ-ヶ一-龠～]", str(message.string))
    ]

    assert foreign == []
