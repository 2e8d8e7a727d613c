"""Names as visitors type them and platforms invent them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugs.people_names import LONGEST_NAME, addressed_as, name_as_given


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "Visitor 51234", "visitor", "VISITOR51234", "Visitor #5a3f", "Guest", "Guest_12", "Guest User"),
        *("guest (2)", "Anonymous", "Anonymous Visitor", "Unknown", "N/A", "no name", "51234", "+81 3 1234", "???"),
        *("訪問者 51234", "訪問者51234", "ゲスト", "ｹﾞｽﾄ", "ゲストさん", "名無しさん", "匿名", "お客様"),
        *("haruka@example.com", "https://evil.example/", "\0\ud800"),
    ],
)
def test_what_is_no_name_is_none(text: str) -> None:
    name = name_as_given(text)

    assert (name.given, name.family, name.full) == ("", "", "")
    assert addressed_as(name, "en") == ""
    assert addressed_as(name, "ja") == "お客様"


@pytest.mark.parametrize(
    ("text", "first_name", "english", "japanese"),
    [
        ("Haruka Mori", "Haruka", "Haruka", "Haruka Mori様"),
        ("  Haruka   Mori ", "Haruka", "Haruka", "Haruka Mori様"),
        ("Haruka", "Haruka", "Haruka", "Haruka様"),
        ("森 はるか", "はるか", "はるか", "森様"),
        ("森　はるか", "はるか", "はるか", "森様"),
        ("森はるか", "", "森はるか", "森はるか様"),
        ("森様", "", "森", "森様"),
        ("佐々木 太郎さん", "太郎", "太郎", "佐々木様"),
        ("Ｔｏｍ Ｂｅｃｋｅｒ", "Tom", "Tom", "Tom Becker様"),
        ("Guestavo Testa", "Guestavo", "Guestavo", "Guestavo Testa様"),
        ("Ursula Visitorini", "Ursula", "Ursula", "Ursula Visitorini様"),
        ("Noneko", "Noneko", "Noneko", "Noneko様"),
        ("Anna\n\tLena\0 Meier", "Anna", "Anna", "Anna Lena Meier様"),
        ("محمد علي", "محمد", "محمد", "محمد علي様"),
    ],
)
def test_people_are_addressed_as_their_language_does(text: str, first_name: str, english: str, japanese: str) -> None:
    name = name_as_given(text)

    assert name.given == first_name
    assert addressed_as(name, "en") == english
    assert addressed_as(name, "ja") == japanese


@given(st.text())
def test_no_name_breaks_a_line_or_is_endless(text: str) -> None:
    for language in ("en", "ja"):
        said = addressed_as(name_as_given(text), language)

        assert len(said) <= LONGEST_NAME + 1
        assert said == " ".join(said.split())
        said.encode()
