"""Headers, parameters, addresses and dates, as they are really written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from motenashi.inbound_mail.addresses import read_addresses
from motenashi.inbound_mail.headers import Headers, read_headers
from motenashi.inbound_mail.mail_dates import read_date, sent_at
from motenashi.inbound_mail.parameters import read_parameters
from motenashi.inbound_mail.parsed_mail import Address

TOKYO = timezone(timedelta(hours=9))


def headers_of(raw: bytes) -> Headers:
    return read_headers(raw, 0, len(raw), of_mail=True)[0]


def body_of(raw: bytes) -> bytes:
    return raw[read_headers(raw, 0, len(raw), of_mail=True)[1] :]


def test_folded_headers_are_one_line() -> None:
    headers = headers_of(b"Subject: one\r\n two\r\n\tthree\r\nTo: a@example.com\r\n\r\nbody")

    assert headers.words("subject") == "one two three"
    assert headers.words("to") == "a@example.com"


def test_the_first_of_doubled_headers_that_says_something() -> None:
    assert headers_of(b"Subject:\nSubject: real\nSubject: other\n\n").words("subject") == "real"


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_raw_japanese_headers_without_encoded_words(codec: str) -> None:
    headers = headers_of("Subject: 来週のお打ち合わせについて\r\n\r\n".encode(codec))

    assert headers.words("subject") == "来週のお打ち合わせについて"


def test_what_stands_above_the_headers_is_passed_over() -> None:
    raw = b"\r\n\r\nFrom ann@example.com Tue Nov 24 15:00:00 2026\r\n>From x\r\nSubject: hello\r\n\r\nbody"

    assert headers_of(raw).words("subject") == "hello"
    assert body_of(raw) == b"body"


def test_a_fold_that_lost_its_white_space_goes_to_the_header_above() -> None:
    raw = b"Subject: a very\r\nlong one\r\nTo: a@example.com\r\n\r\nbody"

    assert headers_of(raw).words("subject") == "a very long one"
    assert headers_of(raw).words("to") == "a@example.com"
    assert headers_of(raw).problems


def test_a_missing_empty_line_does_not_swallow_the_text() -> None:
    raw = b"Subject: hello\r\nDear Sam,\r\nthank you.\r\n"

    assert headers_of(raw).words("subject") == "hello"
    assert body_of(raw) == b"Dear Sam,\r\nthank you.\r\n"


def test_headers_are_bounded() -> None:
    many = b"X-A: 1\r\n" * 5000 + b"\r\nbody"
    long = b"Subject: " + b"a" * 100_000 + b"\r\n\r\nbody"
    folded = b"Subject: a\r\n" + b" b\r\n" * 200_000 + b"\r\nbody"

    assert len(headers_of(many).fields) == 2000
    assert len(headers_of(long).words("subject")) == 64 * 1024 - 1
    assert len(headers_of(folded).text("subject")) <= 64 * 1024
    assert all(headers_of(raw).problems for raw in (many, long, folded))


@pytest.mark.parametrize(
    ("written", "value", "parameters"),
    [
        ("Text/Plain; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (
            'text/plain; charset="ISO-2022-JP"; format=flowed',
            "text/plain",
            {"charset": "ISO-2022-JP", "format": "flowed"},
        ),
        ("text/plain;charset = utf-8 ;", "text/plain", {"charset": "utf-8"}),
        ("attachment; filename=My offer.pdf", "attachment", {"filename": "My offer.pdf"}),
        ('attachment; filename="a;b \\"c\\".pdf"', "attachment", {"filename": 'a;b "c".pdf'}),
        ("attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf", "attachment", {"filename": "見積.pdf"}),
        ("attachment; filename*=iso-2022-jp'ja'%1B%24B%25%22%1B%28B.txt", "attachment", {"filename": "ア.txt"}),
        (
            'attachment; filename*0*=UTF-8\'\'%E8%A6; filename*1*=%8B; filename*2="-1.pdf"; filename="x.pdf"',
            "attachment",
            {"filename": "見-1.pdf"},
        ),
        ('attachment; name="=?ISO-2022-JP?B?GyRCOCtAURsoQg==?=.pdf"', "attachment", {"name": "見積.pdf"}),
        ("attachment; filename=見積.pdf", "attachment", {"filename": "見積.pdf"}),
        ('attachment; filename="never closed', "attachment", {"filename": "never closed"}),
        ("", "", {}),
        (";;;=;", "", {}),
    ],
)
def test_parameters(written: str, value: str, parameters: dict[str, str]) -> None:
    found = read_parameters(written)

    assert (found.value, found.parameters) == (value, parameters)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ann <Ann@Example.COM>", [("Ann", "Ann@example.com")]),
        (
            '"Reyes, Dana" <dana@example.com>, bo@example.org (Bo B)',
            [("Reyes, Dana", "dana@example.com"), ("Bo B", "bo@example.org")],
        ),
        ("Reyes, Dana <dana@example.com>", [("Reyes, Dana", "dana@example.com")]),
        ("=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>", [("山田", "yamada@example.jp")]),
        ('"=?UTF-8?B?5bGx55Sw?=" <yamada@example.jp>', [("山田", "yamada@example.jp")]),
        ("山田＠営業部 <yamada@example.jp>", [("山田＠営業部", "yamada@example.jp")]),
        ("Team: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        ("undisclosed-recipients:;", []),
        ('"a@example.com" <a@example.com>', [("", "a@example.com")]),
        ('"\\"Q\\" Quinn" <q@example.com>', [('"Q" Quinn', "q@example.com")]),
        ("taro..yamada.@docomo.example", [("", "taro..yamada.@docomo.example")]),
        ('"taro..yamada."@docomo.example', [("", "taro..yamada.@docomo.example")]),
        ("x <mailto:z@example.com>", [("x", "z@example.com")]),
        ("a@example.com; b@example.com", [("", "a@example.com"), ("", "b@example.com")]),
        ("MAILER-DAEMON", []),
        ("<>", []),
        ("", []),
        ("\u202eAnn\u200b <ann@example.com>", [("Ann", "ann@example.com")]),
    ],
)
def test_addresses(written: str, read: list[tuple[str, str]]) -> None:
    assert read_addresses(written) == tuple(Address(*pair) for pair in read)


def test_a_word_with_a_comma_in_it_parts_no_addresses() -> None:
    # the encoded word holds "Reyes, Dana"
    assert read_addresses("=?UTF-8?Q?Reyes=2C_Dana?= <dana@example.com>") == (
        Address("Reyes, Dana", "dana@example.com"),
    )


@pytest.mark.parametrize(
    ("written", "moment", "offset"),
    [
        ("Tue, 24 Nov 2026 15:00:00 +0900 (JST)", datetime(2026, 11, 24, 15, tzinfo=TOKYO), "+09:00"),
        ("Tue, 24 Nov 2026 15:00:00 JST", datetime(2026, 11, 24, 15, tzinfo=TOKYO), "+09:00"),
        ("Tue, 24 Nov 2026 15:00:00 -0000", datetime(2026, 11, 24, 15, tzinfo=UTC), ""),
        ("Tue, 24 Nov 2026 15:00:00", datetime(2026, 11, 24, 15, tzinfo=UTC), ""),
        ("24 Nov 26 15:00 GMT", datetime(2026, 11, 24, 15, tzinfo=UTC), "+00:00"),
        ("Tue, 24 Nov 2026 15:00:00 PST", datetime(2026, 11, 24, 23, tzinfo=UTC), "-08:00"),
        ("Tue, 24 Nov 2026 15:00:00 +0530", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "+05:30"),
        ("2026-11-24T15:00:00+09:00", datetime(2026, 11, 24, 15, tzinfo=TOKYO), "+09:00"),
        ("Tue, 24 Nov 2026 23:59:60 +0000", datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC), "+00:00"),
    ],
)
def test_dates(written: str, moment: datetime, offset: str) -> None:
    assert read_date(written) == (moment, offset)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "Tue, 44 Nov 2026 15:00:00 +0900", "Thu, 1 Jan 1970 00:00:00 +0000", "1 Nov 2026 1:00 +9999"],
)
def test_no_dates(written: str) -> None:
    assert read_date(written) is None


RECEIVED = b"Received: from a by b; Tue, 24 Nov 2026 06:00:05 +0000\r\n"


def test_a_broken_date_gives_way_to_the_time_of_receipt() -> None:
    for date in (b"", b"Date: Tomorrow\r\n"):
        found = sent_at(headers_of(RECEIVED + date + b"\r\n"))

        assert found.at == datetime(2026, 11, 24, 6, 0, 5, tzinfo=UTC)
        assert found.utc_offset == ""
        assert "time of receipt" in found.problem


def test_a_date_in_the_future_gives_way_but_its_zone_stays() -> None:
    found = sent_at(headers_of(RECEIVED + b"Date: Tue, 24 Nov 2037 15:00:00 +0900\r\n\r\n"))

    assert found.at == datetime(2026, 11, 24, 6, 0, 5, tzinfo=UTC)
    assert found.utc_offset == "+09:00"


def test_a_mail_that_was_on_its_way_for_days_keeps_its_date() -> None:
    found = sent_at(headers_of(RECEIVED + b"Date: Fri, 20 Nov 2026 15:00:00 +0900\r\n\r\n"))

    assert (found.at, found.problem) == (datetime(2026, 11, 20, 15, tzinfo=TOKYO), "")


def test_no_date_at_all_is_none_and_told() -> None:
    found = sent_at(headers_of(b"Subject: x\r\n\r\n"))

    assert found.at is None
    assert found.problem
