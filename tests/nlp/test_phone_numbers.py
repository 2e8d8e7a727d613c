"""Telephone numbers are found as people write them, and nothing else with as many digits."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from nlp.components.phone_numbers import MOST_NUMBERS, find_phone_numbers


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "Call me on 020 7946 0123 or +44 1632 960983.", ["+442079460123", "+441632960983"]),
        ("en", "(212) 555-0134, or 212.555.0134", ["+12125550134", "+12125550134"]),
        ("en", "Mobile: 07700 900123", ["+447700900123"]),
        ("en", "Tel. +44 (0)20 7946 0123", ["+442079460123"]),
        ("en", "Our Osaka office: 06-6789-0123", ["+81667890123"]),
        ("ja", "TEL:052-123-4567（代表）", ["+81521234567"]),
        ("ja", "携帯 09012345678 までお願いします。", ["+819012345678"]),
        ("ja", "+81 (0)3-5555-0123", ["+81355550123"]),
        ("ja", "2026年3月15日 10:00-11:00 に 0120-444-555 へ", ["+81120444555"]),
    ],
)
def test_a_phone_number_is_found_in_its_international_form(language: str, text: str, numbers: list[str]) -> None:
    assert [found.number for found in find_phone_numbers(text, language)] == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Order 4500123456 of 2026-03-15, 12.05.2026 and v10.2.3.4456"),
        ("en", "PO 020 7946 0123"),
        ("en", "IBAN DE89 3704 0044 0532 0130 00"),
        ("en", "Tracking no. 0340 4343 1234 5678; 192.168.100.200; card 4111 1111 1111 1111"),
        ("en", "10 000 000 users in 2026-2027, 14:00-15:00"),
        ("en", "That makes $212 555 0134."),
        ("en", "Fax: 020 7946 0999"),
        ("ja", "注文番号は0312345678です。合計1,234,567円"),
        ("ja", "FAX: 03-5555-0124"),
        ("ja", "伝票番号：052-123-4567"),
        ("ja", "0312345678円"),
    ],
)
def test_what_only_has_as_many_digits_is_left_alone(language: str, text: str) -> None:
    assert find_phone_numbers(text, language) == ()


def test_full_width_digits_and_the_extension_are_read_where_they_stand() -> None:
    text = "お電話（０３－５５５５－０１２３　内線１２）まで"

    (found,) = find_phone_numbers(text, "ja")

    assert (found.number, found.extension) == ("+81355550123", "12")
    assert text[found.start : found.end] == found.text
    assert found.text.startswith("０３－５５５５－０１２３")


def test_the_writers_country_decides_how_a_national_number_is_read() -> None:
    assert [n.number for n in find_phone_numbers("Ring 030 901820", "en", "DE")] == ["+4930901820"]


def test_a_text_full_of_numbers_is_bounded() -> None:
    assert len(find_phone_numbers("call 020 7946 0123\n" * 500, "en")) == MOST_NUMBERS


def test_the_component_puts_them_on_the_doc() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("phone_numbers")

    assert [n.number for n in nlp("Call 020 7946 0123.")._.phone_numbers] == ["+442079460123"]


@given(st.text(alphabet="0123456789+-() .０１－（）x内線電話tel:/\n", max_size=120), st.sampled_from(["en", "ja"]))
def test_any_digits_can_be_read(text: str, language: str) -> None:
    for found in find_phone_numbers(text, language):
        assert text[found.start : found.end] == found.text
        assert found.number.startswith("+")
