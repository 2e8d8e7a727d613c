"""Who signs, who is greeted and who is talked about, in both languages; and what only looks like a name."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from nlp.components.people import PeopleFinder
from nlp.people.finding import LONGEST_TEXT, find_people

ENGLISH = [
    (
        "Dear Ms Tanaka,\nplease talk to my colleague Ben Ortiz.\nBest, Anna",
        "addressed Tanaka, mentioned Ben Ortiz, sender Anna",
    ),
    ("Hi team,\nThis is Priya Nair from Acme.\n\nKind regards,\nPriya Nair\nHead of IT", "sender Priya Nair"),
    ("Hello Tom and Jane,\nthe AeroBook broke. Thanks", "addressed Tom, addressed Jane"),
    ("Could Tanaka-san call us?", "mentioned Tanaka"),
    ("Lena Graham will take over from me.\nCheers\nJo", "mentioned Lena Graham, sender Jo"),
    ("Please find the form attached.\nYours faithfully\nH. J. van der Berg", "sender H. J. van der Berg"),
    ("Best ask our deputy, Nils, or Mr O'Neill.", "mentioned Nils, mentioned O'Neill"),
    ("Could you ring our accountant Sofia Lindgren-Roy on Monday?", "mentioned Sofia Lindgren-Roy"),
    ("My name is Chidi Okafor and I run a bakery.", "sender Chidi Okafor"),
    ("The order has arrived.\n\nMarguerite", "sender Marguerite"),
]
NOBODY_ENGLISH = [
    "Good morning, Monday suits us. Thanks, March is fine.",
    "Dear Sir or Madam, please contact Support.\nYours faithfully",
    "Dear Customer Service,\nI am very happy with it.",
    "Hi all,\nWe compared SafeSync Business with the AeroBook.\nKind regards",
    "Please call me about the invoice. This is Great news.",
    "Thanks for the quote. The Dublin office needs ten.",
]
JAPANESE = [
    (
        "株式会社北辰印刷\n田中様\n\nミナモの佐藤と申します。後任の白石より連絡いたします。",
        "addressed 田中, sender 佐藤, mentioned 白石",
    ),
    ("営業部の鈴木です。先日は高橋部長にご対応いただきました。", "sender 鈴木, mentioned 高橋"),
    ("山田さんにもよろしくお伝えください。", "mentioned 山田"),
    ("東海精密工業 情報システム部の岩田です。", "sender 岩田"),
    ("担当：高見までお願いします。", "mentioned 高見"),
    ("トーマスさんに、折笠様からの伝言です。", "mentioned トーマス, mentioned 折笠"),
    ("株式会社ライトハウス保険の管理部、根本です。", "sender 根本"),
    ("以上、よろしくお願いいたします。\n\n鈴木 一郎", "sender 鈴木 一郎"),
]
NOBODY_JAPANESE = [
    "お客様各位\n皆様のおかげです。担当者様、よろしくお願いします。",
    "仕様と模様の件、同様です。様々な有様で、各々様子が違います。",
    "お疲れ様です。ご苦労様でした。お互い様です。",
    "来年度の600台の件です。問題です。御社の製品です。",
    "こちらの不手際です。画面が真っ暗です。",
]


def told(text: str, language: str, sender_name: str = "") -> list[str]:
    return sorted(f"{person.role} {person.name}" for person in find_people(text, language, sender_name))


@pytest.mark.parametrize(("text", "people"), ENGLISH)
def test_people_in_english(text: str, people: str) -> None:
    assert told(text, "en") == sorted(people.split(", "))


@pytest.mark.parametrize(("text", "people"), JAPANESE)
def test_people_in_japanese(text: str, people: str) -> None:
    assert told(text, "ja") == sorted(people.split(", "))


@pytest.mark.parametrize("text", NOBODY_ENGLISH)
def test_nobody_is_made_up_in_english(text: str) -> None:
    assert told(text, "en") == []


@pytest.mark.parametrize("text", NOBODY_JAPANESE)
def test_nobody_is_made_up_in_japanese(text: str) -> None:
    assert told(text, "ja") == []


def test_the_display_name_of_the_sender_helps() -> None:
    assert told("thanks for it. John", "en") == []
    assert told("thanks for it. John", "en", "Smith, John") == ["sender John"]
    assert told("助かりました。ゆうこ", "ja", "ゆうこ") == ["sender ゆうこ"]


def test_a_person_stands_where_the_name_stands() -> None:
    text = "Dear Ms Tanaka,\nask for Mr Ibrahim."

    assert [text[person.start : person.end] for person in find_people(text, "en")] == ["Tanaka", "Ibrahim"]


def test_of_a_very_long_text_the_signature_is_still_read() -> None:
    text = "Dear Ms Tanaka,\n" + "the cable is blue.\n" * (LONGEST_TEXT // 10) + "Best,\nAnna"

    found = find_people(text, "en")

    assert {person.name for person in found} == {"Tanaka", "Anna"}
    assert [text[person.start : person.end] for person in found] == [person.name for person in found]


def test_the_component_reads_the_senders_name_from_the_doc() -> None:
    doc = spacy.blank("en").make_doc("thanks for it. John")
    doc.user_data["sender_name"] = "John Smith"

    assert [person.name for person in PeopleFinder()(doc)._.people] == ["John"]


@given(st.text(max_size=200), st.sampled_from(["en", "ja"]), st.text(max_size=12))
def test_any_text_can_be_searched(text: str, language: str, sender_name: str) -> None:
    for person in find_people(text, language, sender_name):
        assert text[person.start : person.end] == person.name != ""
