"""Whole mails, byte for byte, one situation each."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone

import pytest

from motenashi.inbound_mail import mime_reading
from motenashi.inbound_mail.body_text import html_source, plain_text
from motenashi.inbound_mail.mime_reading import attachment_content, parse_mail
from motenashi.inbound_mail.mime_tree import read_tree
from motenashi.inbound_mail.parsed_mail import Address

TOKYO = timezone(timedelta(hours=9))
HEAD = (
    b"Return-Path: <dana@reyes.example>\r\n"
    b"Received: from mx by us; Tue, 24 Nov 2026 06:00:05 +0000\r\n"
    b"Message-ID: <m-1@reyes.example>\r\n"
    b"In-Reply-To: <ours-9@us.example>\r\n"
    b"References: <ours-1@us.example>\r\n\t<ours-9@us.example>\r\n"
    b"Date: Tue, 24 Nov 2026 15:00:00 +0900\r\n"
    b"From: Dana Reyes <dana@reyes.example>\r\n"
    b"To: sales@us.example\r\n"
    b"Subject: Demo\r\n"
    b"MIME-Version: 1.0\r\n"
)


def mail(kind: str, body: bytes, *more: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in more)
    return HEAD + f"Content-Type: {kind}\r\n{lines}\r\n".encode() + body


def multipart(kind: str, *parts: bytes, boundary: str = "b1") -> bytes:
    """A part (with its headers) of parts."""
    mark = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def part(kind: str, body: bytes, *more: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in more)
    return f"Content-Type: {kind}\r\n{lines}\r\n".encode() + body


PLAIN = part("text/plain; charset=utf-8", b"Could you show us the AeroBook?")
HTML = part("text/html; charset=utf-8", b"<p>Could you show us the <b>AeroBook</b>?</p>")
PDF = part(
    "application/pdf", base64.b64encode(b"%PDF-1.4 offer"), "Content-Transfer-Encoding: base64",
    "Content-Disposition: attachment; filename*=UTF-8''%E8%A6%8B%E7%A9%8D.pdf",
)  # fmt: skip


def test_a_plain_mail() -> None:
    found = parse_mail(mail("text/plain; charset=utf-8", b"Hello Sam,\r\nplease call.\r\n"))

    assert found.sender == Address("Dana Reyes", "dana@reyes.example")
    assert found.to == (Address("", "sales@us.example"),)
    assert found.message_id == "m-1@reyes.example"
    assert found.in_reply_to == "ours-9@us.example"
    assert found.references == ("ours-1@us.example", "ours-9@us.example")
    assert (found.sent_at, found.utc_offset) == (datetime(2026, 11, 24, 15, tzinfo=TOKYO), "+09:00")
    assert (found.subject, found.text, found.html) == ("Demo", "Hello Sam,\nplease call.", "")
    assert (found.automatic, found.problems) == ("", ())


def test_a_japanese_mail_as_outlook_sends_it() -> None:
    body = "株式会社ほし\r\n佐藤様\r\n\r\n①の件、来週火曜の15時以降でお願いできますか。\r\n"
    jis = b"".join(b"\x1b$B-!\x1b(B" if sign == "①" else sign.encode("iso2022_jp") for sign in body)

    found = parse_mail(mail('text/plain;\r\n\tcharset="iso-2022-jp"', jis, "Content-Transfer-Encoding: 7bit"))

    assert found.text == "株式会社ほし\n佐藤様\n\n①の件、来週火曜の15時以降でお願いできますか。"


def test_plain_and_html_say_the_same_once() -> None:
    found = parse_mail(HEAD + multipart("alternative", PLAIN, HTML))

    assert found.text == "Could you show us the AeroBook?"
    assert "<b>AeroBook</b>" in found.html


def test_html_alone_is_html() -> None:
    found = parse_mail(mail("text/html; charset=utf-8", "<p>デモをお願いします</p>".encode()))

    assert (found.text, found.html) == ("", "<p>デモをお願いします</p>")


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "  \r\n ",
        "Your mail program does not support HTML.",
        "This message is in HTML. Your client cannot display HTML messages.",
        "このメールはHTML形式で送信されています。",
        "View this email in your browser",
        "Ihr Programm kann HTML nicht anzeigen.".replace("HTML nicht", "dieses HTML nicht"),
    ],
)
def test_a_stub_beside_the_html_is_not_the_mail(stub: str) -> None:
    page = b"<p>" + b"Here is what the mail really says, at length. " * 10 + b"</p>"
    plain = part("text/plain; charset=utf-8", stub.encode())

    found = parse_mail(HEAD + multipart("alternative", plain, part("text/html", page)))

    assert found.text == ""
    assert "really says" in found.html


def test_a_mail_about_html_is_no_stub() -> None:
    words = b"Our newsletter tool does not support HTML tables. Could yours do that? " * 3
    page = b"<p>" + words + b"</p>"

    found = parse_mail(HEAD + multipart("alternative", part("text/plain", words), part("text/html", page)))

    assert found.text.strip() == words.decode().strip()


def test_pictures_of_the_page_are_files_and_not_text() -> None:
    picture = part("image/png", base64.b64encode(b"PNG"), "Content-Transfer-Encoding: base64", "Content-ID: <logo>")
    page = multipart("related", HTML, picture, boundary="b2")

    found = parse_mail(HEAD + multipart("alternative", PLAIN, page))

    assert found.text == "Could you show us the AeroBook?"
    assert [(file.media_type, file.size, file.place) for file in found.attachments] == [("image/png", 3, "2.2")]


def test_files_are_kept_aside_and_fetched_by_their_place() -> None:
    raw = HEAD + multipart("mixed", multipart("alternative", PLAIN, HTML, boundary="b2"), PDF)

    found = parse_mail(raw)

    assert found.text == "Could you show us the AeroBook?"
    [file] = found.attachments
    assert (file.name, file.media_type, file.size) == ("見積.pdf", "application/pdf", 14)
    assert attachment_content(raw, file.place) == b"%PDF-1.4 offer"


@pytest.mark.parametrize("place", ["", "1", "3", "0", "-1", "2.1", "x", "2.tnef.1", "1.tnef", "99999999999999"])
def test_a_place_where_no_file_is(place: str) -> None:
    raw = HEAD + multipart("mixed", multipart("alternative", PLAIN, HTML, boundary="b2"), PDF)

    with pytest.raises(KeyError):
        attachment_content(raw, place)


def test_text_around_a_file_is_one_text() -> None:
    first, last = part("text/plain", b"Here is the offer:"), part("text/plain", b"Regards, Dana")

    assert parse_mail(HEAD + multipart("mixed", first, PDF, last)).text == "Here is the offer:\nRegards, Dana"


def test_html_with_a_plain_footer_loses_neither() -> None:
    footer = part("text/plain", b"-- \r\nSent through a list & more")

    found = parse_mail(HEAD + multipart("mixed", HTML, footer))

    assert found.text == ""
    assert "AeroBook" in found.html
    assert "Sent through a list &amp; more" in found.html


def test_a_text_file_is_a_file() -> None:
    notes = part("text/plain; name=notes.txt", b"not what she says", "Content-Disposition: inline; filename=notes.txt")

    found = parse_mail(HEAD + multipart("mixed", PLAIN, notes))

    assert found.text == "Could you show us the AeroBook?"
    assert [file.name for file in found.attachments] == ["notes.txt"]


def test_flowed_text_keeps_its_quote_marks() -> None:
    body = b"A long line that \r\ngoes on.\r\n>> quoted \r\n>> too\r\n> once\r\n space-stuffed\r\n-- \r\nDana\r\n"

    found = parse_mail(mail("text/plain; charset=utf-8; format=flowed", body))

    assert found.text == "A long line that goes on.\n>> quoted too\n> once\nspace-stuffed\n-- \nDana"


def test_a_signature_ends_a_flowed_paragraph_that_never_ended() -> None:
    found = parse_mail(mail("text/plain; format=flowed", b"Please call me \r\n-- \r\nDana\r\n"))

    assert found.text == "Please call me\n-- \nDana"


def test_flowed_japanese_has_no_spaces_put_in() -> None:
    body = "来週の火曜日に \r\nお願いします。\r\n".encode()

    found = parse_mail(mail("text/plain; charset=utf-8; format=flowed; delsp=yes", body))

    assert found.text == "来週の火曜日にお願いします。"


def test_a_forwarded_mail_is_a_mail_of_its_own() -> None:
    inner = (
        b"From: Yuki <yuki@hoshi.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0900\r\nSubject: Order\r\n"
        + multipart("mixed", part("text/plain", b"We would like ten."), PDF, boundary="inner")
    )
    raw = HEAD + multipart("mixed", part("text/plain", b"See below."), part("message/rfc822", inner))

    found = parse_mail(raw)

    assert found.text == "See below."
    assert found.attachments == ()
    [forwarded] = found.forwarded
    assert (forwarded.sender, forwarded.subject) == (Address("Yuki", "yuki@hoshi.example"), "Order")
    assert forwarded.text == "We would like ten."
    assert attachment_content(raw, forwarded.attachments[0].place) == b"%PDF-1.4 offer"


@pytest.mark.parametrize("kind", ["message/rfc822", "application/octet-stream; name=fwd.EML"])
def test_a_forwarded_mail_in_base64(kind: str) -> None:
    inner = b"From: yuki@hoshi.example\r\nSubject: Order\r\n\r\nTen, please."
    wrapped = part(kind, base64.encodebytes(inner), "Content-Transfer-Encoding: base64")

    found = parse_mail(HEAD + multipart("mixed", PLAIN, wrapped))

    assert [(mail.subject, mail.text) for mail in found.forwarded] == [("Order", "Ten, please.")]


def test_mails_within_mails_end_somewhere() -> None:
    raw = HEAD + b"Content-Type: text/plain\r\n\r\ninnermost"
    for _ in range(200):
        raw = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" + raw

    found = parse_mail(raw)

    depth = 0
    while found.forwarded:
        found, depth = found.forwarded[0], depth + 1
    assert 5 < depth <= 20
    assert any("nested" in problem for problem in found.problems)


def test_parts_are_counted() -> None:
    found = parse_mail(HEAD + multipart("mixed", *[part("text/plain", b"x")] * 3000))

    assert found.text.count("x") == 999
    assert any("more than 1000 parts" in problem for problem in found.problems)


def test_a_boundary_that_is_missing_is_found_in_the_text() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + multipart("mixed", PLAIN, PDF).partition(b"\r\n\r\n")[2]

    found = parse_mail(raw)

    assert found.text == "Could you show us the AeroBook?"
    assert len(found.attachments) == 1
    assert any("boundary" in problem for problem in found.problems)


def test_a_multipart_without_any_part_is_text() -> None:
    found = parse_mail(mail("multipart/mixed; boundary=nowhere", b"Just words.\r\n"))

    assert found.text == "Just words."
    assert any("boundary" in problem for problem in found.problems)


def test_a_mail_that_was_cut_off() -> None:
    raw = HEAD + multipart("mixed", PLAIN, PDF)

    found = parse_mail(raw[: raw.index(b"JVBER") + 8])

    assert found.text == "Could you show us the AeroBook?"
    assert any("cut off" in problem for problem in found.problems)


def test_one_boundary_may_begin_like_another() -> None:
    inner = multipart("alternative", PLAIN, HTML, boundary="b1-inner")

    found = parse_mail(HEAD + multipart("mixed", inner, PDF, boundary="b1"))

    assert found.text == "Could you show us the AeroBook?"
    assert len(found.attachments) == 1


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\r\n"])
def test_any_line_ends(ending: bytes) -> None:
    raw = (HEAD + multipart("mixed", part("text/plain", b"one\r\ntwo"), PDF)).replace(b"\r\n", ending)

    found = parse_mail(raw)

    assert (found.subject, found.text) == ("Demo", "one\ntwo")
    assert attachment_content(raw, found.attachments[0].place) == b"%PDF-1.4 offer"


def test_from_lines_that_a_mail_store_quoted() -> None:
    body = b"We left.\r\n\r\n>From there we went on.\r\n\r\n> She said:\r\n>From here\r\n"

    assert parse_mail(mail("text/plain", body)).text == "We left.\n\nFrom there we went on.\n\n> She said:\n>From here"


def test_html_that_is_labelled_as_plain_text() -> None:
    found = parse_mail(mail("text/plain", b"<!DOCTYPE html><html><body>Hello</body></html>"))

    assert (found.text, found.html[:9]) == ("", "<!DOCTYPE")


def test_the_charset_that_only_the_page_names() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"></head>見積</html>'

    assert "見積" in parse_mail(mail("text/html", page.encode("cp932"))).html


def test_what_the_mail_names_elsewhere_helps_where_nothing_is_named() -> None:
    # "Привет" alone could be of several charsets; the subject says which
    raw = HEAD.replace(b"Subject: Demo", b"Subject: =?koi8-r?B?8NLJ18XU?=") + b"\r\n" + "Да".encode("koi8_r")

    assert parse_mail(raw).text == "Да"


def test_a_missing_and_a_doubled_message_id() -> None:
    without = parse_mail(HEAD.replace(b"Message-ID: <m-1@reyes.example>\r\n", b"") + b"\r\nx")
    doubled = parse_mail(b"Message-ID: <m-2@reyes.example>\r\n" + HEAD + b"\r\nx")

    assert (without.message_id, doubled.message_id) == ("", "m-2@reyes.example")
    assert "There is no Message-ID." in without.problems
    assert any("more than one Message-ID" in problem for problem in doubled.problems)


def test_names_of_files_are_no_paths() -> None:
    names = {
        "../../etc/passwd": "passwd",
        r"C:\\Users\\ann\\offer.pdf": "offer.pdf",
        "..": "",
        "invoice\u202efdp.exe": "invoicefdp.exe",
        "a" * 500 + ".pdf": "a" * 188 + ".pdf",
    }
    for written, safe in names.items():
        file = part("application/octet-stream", b"x", f'Content-Disposition: attachment; filename="{written}"')

        assert [found.name for found in parse_mail(HEAD + multipart("mixed", PLAIN, file)).attachments] == [safe]


def test_an_encrypted_mail_says_so() -> None:
    found = parse_mail(HEAD + multipart("encrypted", part("application/pgp-encrypted", b"Version: 1"), PDF))

    assert any("encrypted" in problem for problem in found.problems)


def test_a_mail_in_outlooks_opaque_form_says_so() -> None:
    found = parse_mail(mail("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", b"AAAA"))

    assert any("hides its text" in problem for problem in found.problems)
    assert [file.name for file in found.attachments] == ["smime.p7m"]


def test_a_signed_mail_is_read() -> None:
    signature = part("application/pkcs7-signature; name=smime.p7s", b"AAAA", "Content-Transfer-Encoding: base64")

    assert parse_mail(HEAD + multipart("signed", PLAIN, signature)).text == "Could you show us the AeroBook?"


@pytest.mark.parametrize(
    "raw", [b"", b"\0", b"\n", b"\r", b"\xff" * 100, b"Content-Type: multipart/mixed; boundary=\n\n--\n--"]
)
def test_hardly_anything_is_a_mail_too(raw: bytes) -> None:
    found = parse_mail(raw)

    assert found.sender is None
    assert found.problems


def test_more_than_25_mb_is_read_up_to_there() -> None:
    found = parse_mail(HEAD + b"Content-Type: application/zip\r\n\r\n" + b"a" * (26 * 1024 * 1024))

    assert found.subject == "Demo"
    assert found.attachments[0].size < 25 * 1024 * 1024
    assert any("larger than 25 MB" in problem for problem in found.problems)


@pytest.mark.parametrize("kind", ["plain; charset=utf-8", "plain; charset=utf-8; format=flowed; delsp=yes", "html"])
def test_of_a_text_longer_than_anybody_reads_no_more_is_decoded(kind: str) -> None:
    """Decoding takes many times a text's size, and 25 MB of it would take the whole machine's memory."""
    line = "来週の火曜\n" if "plain" in kind else "<br>\n"
    body = (line * (12_000_000 // len(line.encode()))).encode()
    raw = f"Content-Type: text/{kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\nFirst line.\n".encode() + body

    found = parse_mail(raw)

    assert (found.text or found.html).startswith("First line.")
    assert "�" not in found.text
    assert "The text is very long; only its beginning was read." in found.problems
    whole = read_tree(raw)
    assert len(plain_text(whole, "")[0].encode()) <= 4_000_000
    assert len(html_source(whole, "")[0].encode()) <= 10_000_000


def test_lines_that_only_look_like_a_boundary_are_not_gone_through_for_ever() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--xy\n" * 150_000 + b"--x\n\nHidden\n--x--\n"

    found = parse_mail(raw)

    assert found.text.startswith("--xy")  # read as text, and nothing is lost
    assert "The boundary between the parts is missing or wrong." in found.problems


def test_a_mistake_of_ours_is_logged_without_the_mails_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: object) -> None:
        raise ValueError("My phone is 03-1234-5678")

    monkeypatch.setattr(mime_reading, "read_contents", fail)

    found = parse_mail(mail("text/plain", b"My phone is 03-1234-5678"))

    assert "My phone" in found.text and "could not be taken apart (ValueError)" in found.problems[0]
    assert "ValueError" in caplog.text and "test_parse_mail" in caplog.text
    assert "My phone is 03-1234-5678" not in caplog.text.replace('raise ValueError("My phone', "")
