"""Any bytes are a mail: nothing raises, and all is bounded."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.hostile_mails import HOSTILE
from motenashi.inbound_mail.limits import LONGEST_HTML, LONGEST_TEXT, MOST_DEPTH, MOST_PARTS, MOST_PROBLEMS
from motenashi.inbound_mail.mime_reading import attachment_content, parse_mail
from motenashi.inbound_mail.parsed_mail import ParsedMail

PIECES = [
    b"From: Dana <dana@reyes.example>\r\n",
    b'To: a@b.example, "x, y" <c@d.example>;;\r\n',
    b"Subject: =?ISO-2022-JP?B?GyRCOCtAURsoQg==?= =?utf-8?q?=E3?=\r\n",
    b"Subject: \x1b$B8+\x1b(B \x8c\xa9\xff\r\n",
    b"Date: Tue, 24 Nov 2026 15:00:00 +0900\r\n",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: multipart/alternative; boundary=\"b\"; charset*0*=x''%\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: text/plain; charset=iso-2022-jp; format=flowed; delsp=yes\r\n",
    b"Content-Type: text/html; charset=unicode_escape\r\n",
    b"Content-Type: text/calendar; method=REQUEST\r\n",
    b"Content-Type: application/ms-tnef; name=winmail.dat\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%E8; filename*1=x\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"--b\r\n",
    b"--b--\r\n",
    b"BEGIN:VEVENT\r\nDTSTART;TZID=Asia/Tokyo:20261124T150000\r\nDURATION:PT1H\r\nRRULE:FREQ=X\r\nEND:VEVENT\r\n",
    b"BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+9999\r\nRRULE:FREQ=YEARLY;BYDAY=5SU;BYMONTH=2\r\nEND:STANDARD\r\n",
    b"\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00\x10\x00\x00\x00\xff\xff\xff\xff",
    b"R0lGODlh==QUJD\r\n",
    b"=E3=81=82=\r\n=ZZ\r\n",
    b">From x\r\n> quoted \r\n>> more \r\n-- \r\n",
    b"<html><style><!-- <b>\r\n",
    b"\xff\xfe\x00\x1b$B\x1b(I",
    b"\0",
]
raw_mails = st.lists(st.sampled_from(PIECES) | st.binary(max_size=20), max_size=40).map(b"".join)


def assert_sound(found: ParsedMail, depth: int = 0) -> None:
    """What every reader of a ParsedMail relies on."""
    assert depth <= MOST_DEPTH
    assert len(found.text) <= LONGEST_TEXT
    assert len(found.html) <= LONGEST_HTML
    assert len(found.problems) <= MOST_PROBLEMS
    assert len(found.attachments) <= MOST_PARTS * 2
    assert found.sent_at is None or found.sent_at.tzinfo is not None
    assert_writable(found)
    for inner in found.forwarded:
        assert_sound(inner, depth + 1)


def assert_writable(value: object) -> None:
    """No text with a NUL or half a surrogate pair, which databases refuse."""
    if isinstance(value, str):
        assert "\0" not in value
        value.encode()
    elif isinstance(value, tuple):
        for one in value:
            assert_writable(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            assert_writable(getattr(value, field.name))


def is_read(found: ParsedMail) -> bool:
    """Not rescued at the last moment from a mistake of ours."""
    return not any("could not be taken apart" in problem for problem in found.problems)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    found = parse_mail(raw)

    assert_sound(found)
    assert is_read(found)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=raw_mails)
def test_any_order_of_what_mails_are_made_of(raw: bytes) -> None:
    found = parse_mail(raw)

    assert_sound(found)
    assert is_read(found)
    for file in found.attachments:
        assert len(attachment_content(raw, file.place)) == file.size


@settings(max_examples=200, deadline=None)
@given(raw=raw_mails, place=st.integers(0, 2000), new=st.binary(max_size=4))
def test_a_mail_with_a_few_bytes_changed(raw: bytes, place: int, new: bytes) -> None:
    place = min(place, len(raw))

    found = parse_mail(raw[:place] + new + raw[place + len(new) :])

    assert_sound(found)
    assert is_read(found)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_it_is_read(name: str) -> None:
    """How its time grows is measured by `python -m bench.raw_mail`; here it would end in the suite's time limit."""
    assert is_read(parse_mail(HOSTILE[name](1_000_000)))
