"""Was a mail's source pasted, or its text?"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.raw_or_plain import is_raw_mail, mail_of_file

NOW = datetime(2026, 5, 11, 9, 30, tzinfo=timezone(timedelta(hours=9)))


@pytest.mark.parametrize(
    "text",
    [
        "From: a@example.com\nMessage-ID: <1@example.com>\nSubject: Hello\n\nHi",
        "Return-Path: <a@example.com>\r\nReceived: from x\r\n\tby y; Fri\r\nFrom: a@example.com\r\n\r\nHi",
        "\ufeffFrom: a@example.com\nMIME-Version: 1.0\n\nHi",
    ],
)
def test_a_block_of_headers_is_a_source(text: str) -> None:
    assert is_raw_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, could you call me?",
        "",
        "From: Anna\nTo: Bob\nSubject: Lunch\n\nAs copied from a mail program.",
        "Question: what does it cost?\nFrom: next month on.\n\nAnna",
        "来週火曜の15時以降でお願いします。",
    ],
)
def test_anything_else_is_text(text: str) -> None:
    assert not is_raw_mail(text)


@pytest.mark.parametrize(
    "data",
    [
        b"From: Anna <a@example.com>\nTo: Bob\nSubject: Lunch\n\nA mail that was saved.",
        b"Subject: Lunch\n\nHi",
        b"X-Spam: no\r\nDate: Mon, 11 May 2026 09:30:00 +0900\r\nTo: b@example.com\r\n\r\nHi",
        b"From a@example.com Mon May 11 09:30:00 2026\nSubject: Lunch\n\nHi",
        b"\xef\xbb\xbfSubject: Lunch\n\nHi",
    ],
)
def test_a_file_with_a_mails_first_header_is_a_mail(data: bytes) -> None:
    assert mail_of_file(data, NOW) is data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Could you call me?\nSubject: of your choice\n", "Could you call me?\nSubject: of your choice\n"),
        (b"Question: what does it cost?\n\nAnna", "Question: what does it cost?\n\nAnna"),
        ("来週火曜にお願いします。".encode("shift_jis"), "来週火曜にお願いします。"),
        ("来週火曜にお願いします。".encode("utf-16"), "来週火曜にお願いします。"),
    ],
)
def test_a_file_that_is_no_mail_is_a_text_written_now(data: bytes, text: str) -> None:
    mail = parse_mail(mail_of_file(data, NOW))
    assert mail.text.strip() == text.strip()
    assert (mail.sent_at, mail.utc_offset) == (NOW, "+09:00")


def test_a_calendar_file_is_an_invitation() -> None:
    event = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Demo\r\nDTSTART:20260520T060000Z\r\nEND:VEVENT\r\n"
    data = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n" + event + b"END:VCALENDAR\r\n"
    (found,) = parse_mail(mail_of_file(data, NOW)).invitations
    assert found.summary == "Demo"


def test_an_empty_file_is_nothing() -> None:
    assert mail_of_file(b" \r\n", NOW) == b""


def test_bytes_of_any_kind_become_a_mail() -> None:
    for data in (bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n\0\0\0", b"\xff" * 1000, b"\0" * 9):
        assert parse_mail(mail_of_file(data, NOW)).sent_at == NOW
