"""winmail.dat, built byte for byte as [MS-OXTNEF] describes it; tnefparse reads the same files as a second opinion."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime

import pytest
from tnefparse import TNEF

from motenashi.inbound_mail.mime_reading import attachment_content, parse_mail
from motenashi.inbound_mail.rich_text import html_of_rich_text, rich_text_of, text_of_rich_text
from motenashi.inbound_mail.tnef import read_tnef

UNICODE, BINARY, STRING, TIME, INT = 0x1F, 0x102, 0x1E, 0x40, 3


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    found = struct.pack("<I", len(values))
    for kind, name, data in values:
        found += struct.pack("<HH", kind, name)
        if kind in (UNICODE, BINARY, STRING):
            found += struct.pack("<II", 1, len(data)) + data + b"\0" * (-len(data) % 4)
        else:
            found += data
    return found


def tnef(*attributes: bytes) -> bytes:
    version = attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    code_page = attribute(1, 0x9007, 6, struct.pack("<II", 932, 0))
    return struct.pack("<IH", 0x223E9F78, 1) + version + code_page + b"".join(attributes)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def packed(rich: bytes) -> bytes:
    """Outlook's compressed form, without using its references: eight literal bytes at a time."""
    body = b"".join(b"\0" + rich[place : place + 8] for place in range(0, len(rich), 8))
    return struct.pack("<III", len(body) + 12, len(rich), 0x75465A4C) + b"\0\0\0\0" + body


def file(name: str, data: bytes) -> bytes:
    return (
        attribute(2, 0x9002, 6, b"\x01\0" + b"\xff" * 12)
        + attribute(2, 0x8010, 1, b"OFFER~1.PDF\0")
        + attribute(2, 0x800F, 6, data)
        + attribute(2, 0x9005, 6, properties((UNICODE, 0x3707, wide(name)), (UNICODE, 0x370E, wide("application/pdf"))))
    )


JAPANESE_BODY = wide("お世話になっております。\r\nよろしく")
WHOLE = tnef(
    attribute(1, 0x9003, 6, properties((UNICODE, 0x1000, JAPANESE_BODY), (INT, 0x3FDE, b"\xe9\xfd\0\0"))),
    file("見積書.pdf", b"%PDF-1.4"),
    file("second.pdf", b"%PDF-1.5 more"),
)


def mail_with(data: bytes) -> bytes:
    return (
        b"From: dana@reyes.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
        b"--m\r\nContent-Type: text/plain\r\n\r\n\r\n"
        b"--m\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(data)
        + b"--m--\r\n"
    )


def test_text_and_files() -> None:
    found = read_tnef(WHOLE)

    assert found.text == "お世話になっております。\nよろしく"
    assert [(file.name, file.media_type, file.data) for file in found.files] == [
        ("見積書.pdf", "application/pdf", b"%PDF-1.4"),
        ("second.pdf", "application/pdf", b"%PDF-1.5 more"),
    ]
    assert found.problems == ()


def test_another_reader_finds_the_same_files() -> None:
    others = TNEF(WHOLE)

    assert [file.data for file in others.attachments] == [file.data for file in read_tnef(WHOLE).files]


def test_in_a_mail_its_text_is_the_mails_and_its_files_stand_instead_of_it() -> None:
    raw = mail_with(WHOLE)

    found = parse_mail(raw)

    assert found.text == "お世話になっております。\nよろしく"
    assert [file.name for file in found.attachments] == ["見積書.pdf", "second.pdf"]
    assert [attachment_content(raw, file.place) for file in found.attachments] == [b"%PDF-1.4", b"%PDF-1.5 more"]


def test_the_old_kind_of_body_in_its_code_page() -> None:
    assert read_tnef(tnef(attribute(1, 0x800C, 2, "見積".encode("cp932") + b"\0"))).text == "見積"


def test_html() -> None:
    page = "<p>デモ</p>".encode()
    data = tnef(attribute(1, 0x9003, 6, properties((BINARY, 0x1013, page), (INT, 0x3FDE, struct.pack("<I", 65001)))))

    assert read_tnef(data).html == "<p>デモ</p>"


HTML_IN_RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fmodern\fcharset128 MS Gothic;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \f0 Hello \'93Sam\'94\htmlrtf }\htmlrtf0 "
    rb"{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 {\f1 \'8c\'a9\'90\'cf}\htmlrtf }\htmlrtf0 {\*\htmltag92 </b>}"
    rb"{\*\htmltag72 </p>}}"
)
PLAIN_RTF = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\pard Hello\par\tab\u26085?\u26412? \{x\}{\*\unknown hidden}\par}"


def test_html_that_was_wrapped_into_rich_text() -> None:
    data = tnef(attribute(1, 0x9003, 6, properties((BINARY, 0x1009, packed(HTML_IN_RTF)))))

    assert read_tnef(data).html == "<p>Hello “Sam”<b>見積</b></p>"


def test_rich_text_alone() -> None:
    data = tnef(attribute(1, 0x9003, 6, properties((BINARY, 0x1009, packed(PLAIN_RTF)))))

    assert (read_tnef(data).html, read_tnef(data).text) == ("", "Hello\n\t日本 {x}\n")


def test_what_stands_in_for_a_character_is_left_out_wherever_it_stands() -> None:
    assert text_of_rich_text(b"{\\rtf1\\uc2 \\u26085?{}? x}") == "日 x"


def test_references_into_what_was_unpacked_before() -> None:
    # The example of [MS-OXRTFCP], 4.1.1: its compressed bytes and what they unpack to.
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )

    assert rich_text_of(example) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_meeting_without_a_calendar_part() -> None:
    def moment(at: datetime) -> bytes:
        return struct.pack("<Q", int((at - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000)

    start, end = datetime(2026, 11, 24, 6, tzinfo=UTC), datetime(2026, 11, 24, 7, tzinfo=UTC)
    data = tnef(
        attribute(1, 0x9003, 6, properties(
            (UNICODE, 0x001A, wide("IPM.Schedule.Meeting.Request")), (UNICODE, 0x0037, wide("デモ")),
            (TIME, 0x0060, moment(start)), (TIME, 0x0061, moment(end)),
        ))
    )  # fmt: skip

    [invitation] = parse_mail(mail_with(data)).invitations

    assert (invitation.method, invitation.summary) == ("REQUEST", "デモ")
    assert (invitation.start, invitation.end) == (start, end)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no winmail",
        WHOLE[:50],
        WHOLE[:-30],
        struct.pack("<IH", 0x223E9F78, 1),
        tnef(attribute(1, 0x9003, 6, b"\xff" * 40)),
        tnef(attribute(1, 0x9003, 6, struct.pack("<IHHI", 1, 0x1002, 0x1000, 0xFFFFFFFF))),
        tnef(attribute(1, 0x9003, 6, struct.pack("<IHHII", 2**31, UNICODE, 0x1000, 2**31, 4) + b"abcd")),
        tnef(attribute(2, 0x800F, 6, b"data without a file")),
    ],
)
def test_broken_files_are_read_as_far_as_they_go(data: bytes) -> None:
    found = read_tnef(data)

    assert found.is_readable or found.problems


def test_a_file_that_breaks_off_says_so() -> None:
    found = read_tnef(WHOLE[:-30])

    assert [file.data for file in found.files] == [b"%PDF-1.4", b"%PDF-1.5 more"]
    assert any("breaks off" in problem for problem in found.problems)


def test_a_file_that_is_no_winmail_stays_a_file() -> None:
    found = parse_mail(mail_with(b"something else"))

    assert [file.name for file in found.attachments] == ["winmail.dat"]
    assert any("winmail.dat" in problem for problem in found.problems)


@pytest.mark.parametrize(
    "rich", [b"", b"{\\rtf1 {{{{", b"{\\rtf1 \\u99999999999 \\'zz \\uc-5\\u-1?}", b"{\\rtf1" + b"{" * 5000]
)
def test_broken_rich_text(rich: bytes) -> None:
    assert isinstance(text_of_rich_text(rich), str)
    assert isinstance(html_of_rich_text(rich), str)
    assert rich_text_of(rich) == b""
