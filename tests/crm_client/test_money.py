"""How many of the CRM's whole numbers make one unit of money, and how that is written."""

from __future__ import annotations

import pytest

from crm_client.money import parts_of
from motenashi.pages.advice.time_words import money
from plugs.prices import price_text


@pytest.mark.parametrize(
    ("currency", "parts", "written"),
    [("JPY", 1, "¥12,345"), ("USD", 100, "$123.45"), ("CLP", 1, "CLP 12,345"), ("XAF", 1, "XAF 12,345")],
)
def test_money_is_written_in_units_everywhere(currency: str, parts: int, written: str) -> None:
    assert parts_of(currency) == parts
    assert money(12_345, currency) == price_text(12_345, currency, "en") == written
