"""Bytes into text, with right, wrong, missing and unknown labels."""

from __future__ import annotations

import base64

import pytest

from motenashi.inbound_mail.charsets import codec_of, decode
from motenashi.inbound_mail.encoded_words import decode_words
from motenashi.inbound_mail.japanese_bytes import decode_jis
from motenashi.inbound_mail.transfer_encodings import decode_transfer, from_base64, from_quoted_printable

REQUEST_JA = "いつもお世話になっております。来週火曜の15時以降でデモをお願いできますか。"
SHORT_JA = "見積書"
REQUEST_ZH = "您好，请问下周二下午可以演示吗？谢谢"
REQUEST_TW = "您好，請問下週二下午可以示範嗎？謝謝"
REQUEST_KO = "안녕하세요. 다음 주 화요일 오후에 데모를 부탁드립니다."
REQUEST_RU = "Здравствуйте! Можно ли показать демо во вторник?"
REQUEST_DE = "Können wir uns nächste Woche für die Übung treffen? Schöne Grüße"
REQUEST_FR = "Voilà l’été, ça a été difficile à préparer"

WRITTEN_IN = [
    (REQUEST_JA, "shift_jis"),
    (REQUEST_JA, "euc_jp"),
    (REQUEST_JA, "iso2022_jp"),
    (REQUEST_JA, "utf-8"),
    (SHORT_JA, "shift_jis"),
    (SHORT_JA, "euc_jp"),
    (REQUEST_ZH, "gb18030"),
    (REQUEST_TW, "big5"),
    (REQUEST_KO, "cp949"),
    (REQUEST_RU, "koi8_r"),
    (REQUEST_RU, "cp1251"),
    (REQUEST_DE, "cp1252"),
    (REQUEST_FR, "cp1252"),
]


@pytest.mark.parametrize("label", ["", "us-ascii", "iso-8859-1", "utf-8", "x-nobody-knows"])
@pytest.mark.parametrize(("text", "codec"), WRITTEN_IN)
def test_a_wrong_or_missing_label_does_not_matter(text: str, codec: str, label: str) -> None:
    assert decode(text.encode(codec), label).text == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("Shift_JIS", "cp932", "①㈱～髙﨑ﾃｽﾄ"),
        ("x-sjis", "cp932", "ﾃｽ"),
        ("windows-31j", "cp932", "Ⅲ"),
        ("EUC-JP", "euc_jp", "お見積り"),
        ("ISO-2022-JP", "iso2022_jp", "株式会社"),
        ('"ISO-8859-1"', "cp1252", "It’s “fine” – 5 €"),
        ("iso-8859-15", "iso8859_15", "5 €"),
        ("iso-8859-2", "iso8859_2", "Žluťoučký kůň"),
        ("windows-1251", "cp1251", "Привет"),
        ("koi8-r", "koi8_r", "Привет"),
        ("ks_c_5601-1987", "cp949", "안녕 똠"),
        ("gb2312", "gbk", "朱镕基"),
        ("big5", "big5hkscs", "你好"),
        ("hz-gb-2312", "hz", "你好"),
        ("utf-7", "utf-7", "Grüße"),
        ("utf-16", "utf-16", "こんにちは"),
        ("tis-620", "cp874", "สวัสดี"),
        ("charset=utf-8", "utf-8", "é"),
    ],
)
def test_a_right_label_is_believed(label: str, codec: str, text: str) -> None:
    found = decode(text.encode(codec), label)

    assert (found.text, found.problem) == (text, "")


def test_iso_2022_jp_with_the_characters_of_windows() -> None:
    # JIS X 0208 has no row 13 (circled figures, ㈱) and no IBM rows; CP50220 puts them there all the same.
    assert decode(b"\x1b$B-!-j\x1b(B/\x1b$B|b\x1b(B", "iso-2022-jp").text == "①㈱/髙"


def test_half_width_kana_in_iso_2022_jp_in_each_of_their_ways() -> None:
    by_escape, by_shift, by_eight_bits = b"\x1b(I1236\x1b(B", b'\x1b$B$"\x1b(B\x0e1236\x0f', b'\x1b$B$"\x1b(B\xb1\xb2'

    assert decode(by_escape, "iso-2022-jp").text == "ｱｲｳｶ"
    assert decode(by_shift, "iso-2022-jp").text == "あｱｲｳｶ"
    assert decode(by_eight_bits, "iso-2022-jp").text == "あｱｲ"


def test_euc_jp_with_the_characters_of_windows() -> None:
    assert decode(b"\xad\xa1\xa4\xa2\x8e\xb1", "euc-jp").text == "①あｱ"


def test_a_lost_escape_back_to_ascii_ends_with_the_line() -> None:
    assert decode_jis(b'\x1b$B$"$$\r\nHello\r\n') == "あい\r\nHello\r\n"


def test_text_that_was_encoded_twice_is_read_once_more() -> None:
    for text in (REQUEST_JA, "Müller & Söhne"):
        twice = text.encode().decode("latin-1").encode()

        assert decode(twice, "utf-8").text == text


def test_a_character_cut_at_the_end_costs_only_itself() -> None:
    found = decode(REQUEST_JA.encode()[:-1], "utf-8")

    assert found.text == REQUEST_JA[:-1]
    assert "middle of a character" in found.problem


def test_a_few_damaged_characters_do_not_overrule_the_label() -> None:
    damaged = (REQUEST_JA * 5).encode().replace("火".encode(), b"\xe7\x81", 1)

    found = decode(damaged, "utf-8")

    assert found.text.startswith("いつもお世話に")
    assert found.text.count("\ufffd") == 1
    assert "damaged" in found.problem


def test_one_damaged_character_of_a_short_text_neither() -> None:
    assert decode("お世話に".encode() + b"\xff" + "なります".encode(), "utf-8").text == "お世話に\ufffdなります"


def test_a_wrong_label_is_told() -> None:
    assert (
        decode(REQUEST_JA.encode("cp932"), "utf-8").problem == "The text is labelled utf-8 but was read as shift_jis."
    )
    assert "'x-foo' is not known" in decode("é".encode(), "x-foo").problem


def test_pythons_other_codecs_are_no_charsets_of_mails() -> None:
    for name in ("unicode_escape", "punycode", "idna", "zlib", "rot13", "undefined", "raw_unicode_escape", "mbcs"):
        assert codec_of(name) == ""


def test_no_nul_and_no_half_of_a_pair_comes_through() -> None:
    assert decode(b"a\0b").text == "ab"
    assert decode(b"\xd8\x00a\x00", "utf-16-be").text.encode()  # can be written as UTF-8


def word(charset: str, data: bytes) -> str:
    return f"=?{charset}?B?{base64.b64encode(data).decode()}?="


@pytest.mark.parametrize(
    ("charset", "codec", "cut"), [("UTF-8", "utf-8", 31), ("ISO-2022-JP", "iso2022_jp", 20), ("Shift_JIS", "cp932", 15)]
)
def test_encoded_words_cut_in_the_middle_of_a_character(charset: str, codec: str, cut: int) -> None:
    data = REQUEST_JA.encode(codec)

    assert decode_words(f"{word(charset, data[:cut])}\r\n {word(charset, data[cut:])} (1)") == f"{REQUEST_JA} (1)"


def test_half_characters_that_were_each_wrapped_in_escapes() -> None:
    # あい cut after three bytes, each half closed with its own escape back to ASCII
    first, second = b'\x1b$B$"$\x1b(B', b"\x1b$B$\x1b(B"

    assert decode_words(f"{word('ISO-2022-JP', first)} {word('iso-2022-jp', second)}") == "あい"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Re: =?UTF-8?Q?Caf=C3?= =?UTF-8?Q?=A9_noir?=", "Re: Café noir"),
        ("=?utf-8?Q?two words in it?=", "two words in it"),
        ("=?utf-8?B?44GC?==?utf-8?B?44GE?=", "あい"),
        ("=?utf-8?B?44G?= =?utf-8?B?C?=", "あ"),
        ("=?utf-8*ja?B?44GC?=", "あ"),
        ("=?iso-8859-1?q?=A4?= and =?iso-8859-15?q?=A4?=", "¤ and €"),
        ("=?utf-8?X?44GC?= stays", "=?utf-8?X?44GC?= stays"),
        ("no words =? at ?= all", "no words =? at ?= all"),
        ("", ""),
    ],
)
def test_encoded_words(written: str, read: str) -> None:
    assert decode_words(written) == read


def test_words_that_were_encoded_twice() -> None:
    assert decode_words(word("UTF-8", word("ISO-2022-JP", SHORT_JA.encode("iso2022_jp")).encode())) == SHORT_JA


@pytest.mark.parametrize(
    ("body", "content", "is_told"),
    [
        (b"QUJD\r\n", b"ABC", False),
        (b"QUJ\r\nD", b"ABC", False),
        (b"QUJDRA", b"ABCD", False),
        (b"QUJDRA==QUJD", b"ABCDABC", False),
        (b"Q!U*J?D", b"ABC", True),
        (b"QUJDR", b"ABC", True),
        (b"", b"", False),
    ],
)
def test_damaged_base64(body: bytes, content: bytes, is_told: bool) -> None:
    assert from_base64(body)[0] == content
    assert bool(from_base64(body)[1]) is is_told


@pytest.mark.parametrize(
    ("body", "content", "is_told"),
    [
        (b"caf=C3=A9 =\r\nau lait", "café au lait".encode(), False),
        (b"soft  =  \r\nbreak  \r\n", b"soft  break\r\n", False),
        (b"1 =ZZ 2", b"1 =ZZ 2", True),
        (b"=e3=81=82", "あ".encode(), False),
        (b"cut =E3=8", b"cut \xe3=8", True),
    ],
)
def test_damaged_quoted_printable(body: bytes, content: bytes, is_told: bool) -> None:
    assert from_quoted_printable(body)[0] == content
    assert bool(from_quoted_printable(body)[1]) is is_told


def test_other_transfer_encodings() -> None:
    uu = b"begin 644 note.txt\r\n%:&5L;&\\\r\n`\r\nend\r\n"

    assert decode_transfer(uu, "x-uuencode") == (b"hello", "")
    assert decode_transfer(b"abc", "8bit") == (b"abc", "")
    assert decode_transfer(b"abc", "rot13")[0] == b"abc"
    assert "rot13" in decode_transfer(b"abc", "rot13")[1]
