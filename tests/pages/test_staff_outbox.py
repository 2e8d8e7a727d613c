"""The development outbox: what it shows, and that a mail in it can do nothing to its reader."""

from __future__ import annotations

from typing import Any

import pytest

from motenashi.database import Database
from motenashi.outgoing_mail.mail import Mail
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings


@pytest.fixture
def mail(sqlite_database: Database, house: Any) -> OutgoingMail:
    return OutgoingMail(OutgoingMailSettings(), sqlite_database, clock=lambda: house.now)


def test_an_empty_outbox_says_what_will_come(house: Any) -> None:
    assert "No mail yet" in house.staff().get("/dev/outbox").text


def test_a_mail_is_listed_and_shown_as_text_and_as_page(house: Any, mail: OutgoingMail) -> None:
    mail.send(Mail("ann@example.com", "Your code", "It is 123456.", "<p>It is <b>123456</b>.</p>", "en", "k1"))
    client = house.staff()

    listed = client.get("/dev/outbox").text
    assert "ann@example.com" in listed
    assert "/dev/outbox/1" in listed
    shown = client.get("/dev/outbox/1").text
    assert "It is 123456." in shown
    assert "May 11, 2026" in shown
    assert 'sandbox title="Your code"' in shown


def test_a_mails_page_can_neither_run_nor_send_anything(house: Any, mail: OutgoingMail) -> None:
    mail.send(Mail("a@example.com", "x", "x", "<script>alert(1)</script>", "en", "k1"))
    policy = house.staff().get("/dev/outbox/1/html").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "sandbox;" in policy
    assert "script-src" not in policy


def test_text_in_a_mail_is_text_on_the_page(house: Any, mail: OutgoingMail) -> None:
    mail.send(Mail("a@example.com", "<img src=x>", "<script>alert(1)</script>", "", "en", "k1"))
    client = house.staff()

    assert "<img src=x>" not in client.get("/dev/outbox").text
    assert "<script>alert(1)" not in client.get("/dev/outbox/1").text


@pytest.mark.parametrize("number", ["7", "99999999999999999999", "x"])
def test_a_mail_that_is_not_there_is_a_404(house: Any, number: str) -> None:
    assert house.staff().get(f"/dev/outbox/{number}").status_code == 404
    assert house.staff().get(f"/dev/outbox/{number}/html").status_code == 404
