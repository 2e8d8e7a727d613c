"""Which language a text is in, and that of others we can say which they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.components.language import is_read, language_of

TRAINING_DATA = Path(__file__).parents[2] / "nlp" / "training_data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("OK", "en"),
        ("price?", "en"),
        ("Demo Tuesday 3pm", "en"),
        ("Dear 田中様, we would like to see the demo next week.", "en"),
        ("The quote for the Café Zürich terminals, please.", "en"),
        ("", "en"),
        ("了解です。", "ja"),
        ("御見積依頼", "ja"),
        ("未着。請求書。", "ja"),
        ("AeroBook 14のデモをお願いします", "ja"),
        ("R350 ×2 見積", "ja"),
        ("SafeSync Business Plus の Annual License renewal について", "ja"),
        ("ｶﾀﾛｸﾞ希望", "ja"),
        ("Osewa ni natte orimasu. Mitsumori wo onegai shimasu.", "ja"),
        ("您好,我们想购买十台电脑,请发报价单。", "zh"),
        ("我們想了解價格", "zh"),
        ("견적서를 보내 주세요.", "ko"),
        ("Guten Tag, wir hätten gern ein Angebot über 10 Notebooks. Mit freundlichen Grüßen", "de"),
        ("Danke!", "de"),
        ("Bonjour, pouvez-vous nous envoyer un devis pour dix ordinateurs ? Merci", "fr"),
        ("Hola, quisiera un presupuesto para diez portátiles. Gracias", "es"),
        ("Buongiorno, vorrei un preventivo per dieci computer", "it"),
        ("Graag ontvangen wij een offerte voor tien laptops", "nl"),
        ("Olá, gostaria de um orçamento para dez computadores", "pt"),
        ("Здравствуйте, пришлите счёт", "ru"),
    ],
)
def test_the_language_of_a_text_is_known(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("hint", ["ja", "ja-JP", "ja_JP"])
def test_a_hint_decides_where_the_text_says_nothing(hint: str) -> None:
    assert language_of("R350 x 2", hint) == "ja"


def test_a_hint_does_not_decide_where_the_text_speaks_for_itself() -> None:
    assert language_of("Could you send us the price list, please?", "ja") == "en"
    assert language_of("価格表をお送りください。", "en") == "ja"


def test_addresses_and_links_are_in_no_language() -> None:
    assert language_of("https://example.com/the-and-of-is tanaka@the.example.com 見てください") == "ja"


def test_only_english_and_japanese_are_read() -> None:
    assert [language for language in ("en", "ja", "de", "zh") if is_read(language)] == ["en", "ja"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_training_mails_are_in_their_language(language: str) -> None:
    mails = [
        json.loads(line)["text"]
        for path in sorted((TRAINING_DATA / language).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    wrong = [mail for mail in mails if language_of(mail) != language]

    # A handful of Japanese mails are nothing but a product or "FYI".
    assert len(wrong) <= len(mails) // 1000


@given(st.text(max_size=300), st.text(max_size=8))
def test_any_text_has_a_language(text: str, hint: str) -> None:
    assert isinstance(language_of(text, hint), str)
