"""Text that every database takes."""

from __future__ import annotations

import pytest

from motenashi.clean_text import clean_text, plain_line


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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ann\tLee\r\nBcc: x", "Ann Lee Bcc: x"),
        ("\u202egpj.exe", "gpj.exe"),
        ("Evil\u061c\u2060\u2066 Inc.\u00ad", "Evil Inc."),
        ("\x1b]0;title\x07\x9b31mred", "]0;title 31mred"),
        ("\U000e0041tag\u2028line", "tag line"),
        ("森\u3000遥 👩\u200d💻 می\u200cخواهم", "森\u3000遥 👩\u200d💻 می\u200cخواهم"),
    ],
)
def test_one_line_shows_what_it_is(text: str, line: str) -> None:
    assert plain_line(text) == line
