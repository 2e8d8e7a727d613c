"""Keys of addresses and phone numbers: equal when people would call them the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_client.identifiers import email_key, phone_key


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("03-1234-5678", "81312345678"),
        ("+81-3-1234-5678", "81312345678"),
        ("(+81) 3 1234 5678", "81312345678"),
        ("03(1234)5678 内線 12", "81312345678"),
        ("03-1234-5678 ext. 12", "81312345678"),
        ("+1 (415) 555-0100", "14155550100"),
        ("001 415 555 0100", "14155550100"),
        ("٠٩٠١٢٣٤٥٦٧٨", "819012345678"),
        ("12345", ""),
        ("", ""),
        ("1" * 30, ""),
    ],
)
def test_a_number_becomes_its_international_digits(number: str, key: str) -> None:
    assert phone_key(number) == key


def test_a_number_at_home_is_one_of_the_shops_country() -> None:
    assert phone_key("020 7946 0958", country_code="44") == phone_key("+44 20 7946 0958", country_code="44")


@given(st.text())
def test_any_text_has_a_key_and_keys_are_their_own_keys(text: str) -> None:
    assert phone_key(text).isdigit() or phone_key(text) == ""
    assert email_key(email_key(text)) == email_key(text)
    assert email_key(f"  {text}@example.com".upper()) == email_key(f"{text}@example.com".upper())
