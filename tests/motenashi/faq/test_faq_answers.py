"""The shop's own questions, asked in other words: how often the answer is right, and how often it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from motenashi.faq.answers import Faq
from motenashi.faq.entries import read_folder
from motenashi.faq.settings import FaqSettings

ROOT = Path(__file__).parents[3]
ASKED = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def faq() -> Faq:
    answers, problems = Faq.from_folder(FaqSettings(folder=str(ROOT / "flows/faq")))
    assert problems == []
    return answers


def test_the_shop_has_answers_in_both_languages() -> None:
    entries, problems = read_folder(ROOT / "flows/faq")

    assert problems == []
    assert len(entries) >= 25
    assert all(len(entry.asked_as(language)) >= 4 for entry in entries for language in ("en", "ja"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_question_as_written_finds_its_own_answer(faq: Faq, language: str) -> None:
    entries, _ = read_folder(ROOT / "flows/faq")

    lost = [
        (entry.id, asked)
        for entry in entries
        for asked in entry.asked_as(language)
        if (found := faq.find(asked, language)).entry != entry.id or not found.sure
    ]
    assert len(lost) <= 3, lost


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("part", ["tune", "held"])
def test_other_words_find_the_answer_and_strange_questions_none(
    faq: Faq, part: str, language: str, record_property: pytest.RecordProperty
) -> None:
    rows = [(faq.find(asked, language), wanted) for asked, wanted in ASKED[part][language]]
    answered = [(found, wanted) for found, wanted in rows if wanted != "none"]
    top = sum(found.entry == wanted for found, wanted in answered) / len(answered)
    given = sum(found.sure and found.entry == wanted for found, wanted in answered) / len(answered)
    wrong = sum(found.sure and found.entry != wanted for found, wanted in rows) / len(rows)
    record_property("top_1", round(top, 3))
    print(f"\nFAQ {part} {language}: top-1 {top:.1%}, answered rightly {given:.1%}, answered wrongly {wrong:.1%}")

    assert top >= 0.75
    assert given >= 0.55
    assert wrong <= 0.12


def test_a_slip_of_the_keyboard_does_not_matter(faq: Faq) -> None:
    assert faq.find("warrenty", "en").entry == "warranty"


def test_an_unsure_answer_offers_near_questions_in_the_language_of_the_visitor(faq: Faq) -> None:
    found = faq.find("注文", "ja")

    assert not found.sure
    assert found.others
    assert all(any("\u3040" <= letter <= "\u9fff" for letter in other) for other in found.others)


def test_a_japanese_question_in_an_english_chat_is_answered_in_japanese(faq: Faq) -> None:
    found = faq.find("営業時間を教えてください", "en")

    assert (found.entry, found.sure) == ("opening_hours", True)
    assert "営業時間" in found.answer


def test_a_product_name_alone_is_answered_in_the_language_of_the_chat(faq: Faq) -> None:
    found = faq.find("CarePlus", "ja")

    assert found.entry == "careplus"
    assert "保証" in found.answer
    assert found.url == "/services/care"


@pytest.mark.parametrize("text", ["", "   ", "???", "。。", "\ud800\x00", "🙂" * 50, "あ" * 10_000, "مرحبا", "the"])
def test_what_is_no_question_has_no_sure_answer(faq: Faq, text: str) -> None:
    for language in ("en", "ja", "fr", ""):
        assert not faq.find(text, language).sure


def test_without_entries_nothing_is_answered() -> None:
    assert Faq([]).find("How long does delivery take?", "en").answer == ""
