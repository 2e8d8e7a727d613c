"""Machines that write mails, and people who do."""

from __future__ import annotations

import pytest

from motenashi.inbound_mail.automatic import is_ours
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.parsed_mail import ParsedMail


def parsed(
    *headers: str, sender: str = "Dana <dana@reyes.example>", subject: str = "Demo", body: str = "Hello"
) -> ParsedMail:
    lines = [f"From: {sender}", f"Subject: {subject}", "Date: Tue, 24 Nov 2026 15:00:00 +0900", *headers]
    return parse_mail(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Auto-Submitted: no"],
        ["Return-Path: <dana@reyes.example>"],
        ["Precedence: normal"],
        ["X-Autoreply: no"],
        ["X-Auto-Response-Suppress: DR, RN"],
        ["List-Id: Sales <sales.us.example>", "List-Post: <mailto:sales@us.example>", "Precedence: list"],
        ["Received: a"] * 20,
        ["Delivered-To: a@us.example", "Delivered-To: b@us.example"],
    ],
)
def test_a_persons_mail(headers: list[str]) -> None:
    assert parsed(*headers).automatic == ""


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["Auto-Submitted: auto-replied"], "auto_reply"),
        (["Auto-Submitted: auto-generated (vacation)"], "auto_reply"),
        (["X-Autoreply: yes"], "auto_reply"),
        (["X-Autorespond: Demo"], "auto_reply"),
        (["Precedence: auto_reply"], "auto_reply"),
        (["X-Auto-Response-Suppress: All"], "auto_reply"),
        (["Return-Path: <>"], "auto_reply"),
        (["Precedence: bulk"], "bulk"),
        (["Precedence: junk"], "bulk"),
        (["List-Unsubscribe: <https://news.example/u>"], "bulk"),
        (["List-Id: <news.example>"], "bulk"),
        (["List-Id: <news.example>", "List-Post: NO"], "bulk"),
        (["X-Failed-Recipients: dana@reyes.example"], "bounce"),
        (["Received: a"] * 51, "loop"),
        (["X-Motenashi-Id: 42"], "loop"),
        (["Delivered-To: a@us.example"] * 3, "loop"),
        (["Auto-Submitted: auto-replied", "X-Motenashi-Id: 42"], "loop"),
    ],
)
def test_a_machines_mail(headers: list[str], kind: str) -> None:
    found = parsed(*headers)

    assert found.automatic == kind
    assert found.automatic_why


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Automatic reply: Demo", "auto_reply"),
        ("Out of Office: Demo", "auto_reply"),
        ("自動返信: デモの件", "auto_reply"),
        ("【自動返信】お問い合わせありがとうございます", "auto_reply"),
        ("Abwesenheitsnotiz: Demo", "auto_reply"),
        ("Réponse automatique : Demo", "auto_reply"),
        ("Re: Automatic reply: Demo", ""),
        ("Automatically generated offers, a question", ""),
        ("不在時のご連絡先について", ""),
        ("Out of stock?", ""),
    ],
)
def test_subjects(subject: str, kind: str) -> None:
    assert parsed(subject=subject).automatic == kind


@pytest.mark.parametrize(
    ("sender", "subject", "headers", "kind"),
    [
        ("MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender", [], "bounce"),
        ("Mail Delivery Subsystem <mailer-daemon@mx.example>", "anything", [], "bounce"),
        ("MAILER-DAEMON (Mail System)", "anything", [], "bounce"),
        ("postmaster@mx.example", "Undeliverable: Demo", [], "bounce"),
        ("postmaster@mx.example", "配信不能: デモ", [], "bounce"),
        ("postmaster@reyes.example", "Question about your product", [], ""),
        ("postmaster@reyes.example", "Notice", ["Return-Path: <>"], "bounce"),
        ("Dana <dana@reyes.example>", "Undeliverable promises", [], ""),
    ],
)
def test_mail_servers(sender: str, subject: str, headers: list[str], kind: str) -> None:
    assert parsed(*headers, sender=sender, subject=subject).automatic == kind


def report(kind: str, status: str, returned: bytes) -> bytes:
    return (
        b"From: mx@mx.example\r\nTo: sales@us.example\r\nSubject: Report\r\n"
        + f'Content-Type: multipart/report; report-type={kind}; boundary="r"\r\n\r\n'.encode()
        + b"--r\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
        + f"--r\r\nContent-Type: message/{status}\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n".encode()
        + b"--r\r\n" + returned + b"\r\n--r--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "status", "automatic"),
    [
        ("delivery-status", "delivery-status", "bounce"),
        ("disposition-notification", "disposition-notification", "receipt"),
    ],
)
def test_reports(kind: str, status: str, automatic: str) -> None:
    ours = (
        b"Content-Type: text/rfc822-headers\r\n\r\nFrom: sales@us.example\r\nSubject: Offer\r\nX-Motenashi-Id: 42\r\n"
    )

    found = parse_mail(report(kind, status, ours))

    assert (found.automatic, found.text) == (automatic, "It did not work.")
    assert [(mail.subject, mail.our_ids) for mail in found.forwarded] == [("Offer", ("42",))]  # which of ours it was
    assert found.attachments == ()


def test_our_own_mail_is_known_by_its_header_or_its_sender() -> None:
    ours = {"Sales@us.example"}

    assert is_ours(parsed("X-Motenashi-Id: 42"), ours)
    assert is_ours(parsed(sender="Us <sales@US.example>"), ours)
    assert not is_ours(parsed(), ours)
    assert parsed("X-Motenashi-Id: 42").our_ids == ("42",)


def test_the_name_of_a_list() -> None:
    assert parsed('List-Id: "Our sales" <Sales.us.example>').list_id == "sales.us.example"
    assert parsed("List-Id: sales.us.example").list_id == "sales.us.example"
    assert parsed().list_id == ""
