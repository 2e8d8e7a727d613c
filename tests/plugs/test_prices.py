"""Money as people read it."""

from __future__ import annotations

import pytest

from plugs.prices import price_text


@pytest.mark.parametrize(
    ("amount", "currency", "english", "japanese"),
    [
        (128_000, "JPY", "¥128,000", "128,000円"),
        (0, "JPY", "¥0", "0円"),
        (128_050, "USD", "$1,280.50", "1,280.50ドル"),
        (99, "eur", "€0.99", "0.99ユーロ"),
        (1_250, "CHF", "CHF 12.50", "12.50 CHF"),
        (-500, "JPY", "-¥500", "-500円"),
        (9_000, "KRW", "₩9,000", "9,000ウォン"),
    ],
)
def test_prices_are_written_as_the_language_does(amount: int, currency: str, english: str, japanese: str) -> None:
    assert price_text(amount, currency, "en") == english
    assert price_text(amount, currency, "ja") == japanese
