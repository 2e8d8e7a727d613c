"""Text that every database takes."""

from __future__ import annotations

import pytest

from motenashi.clean_text import clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("森 はるか 😀", "森 はるか 😀"),
        ("a\0b", "ab"),
        ("森\0", "森"),
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
        ("\ude00 other", "\N{REPLACEMENT CHARACTER} other"),
        ("both \ud83d\ude00", "both 😀"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_only_what_no_database_takes_is_changed(text: str, clean: str) -> None:
    assert clean_text(text) == clean
    clean_text(text).encode()
