"""A mail that we sent and that comes back to us is known for our own, whoever it seems to come from."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.mail_intake.sorting import skipped_because
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.smtp import to_message


def test_what_we_sent_is_skipped_when_it_comes_back() -> None:
    row: Any = SimpleNamespace(
        to="anna@example.com",
        subject="Your code",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        key="code-1",
        language="en",
        text="123456",
        html="",
        headers=None,
    )
    message = to_message(row, OutgoingMailSettings(sender="Minamo <no-reply@minamo.example>"))
    message.replace_header("From", "forwarder@example.net")
    assert skipped_because(parse_mail(message.as_bytes()), our_addresses=()) == "loop"
    del message["X-Motenashi-Id"]
    del message["Auto-Submitted"]
    assert skipped_because(parse_mail(message.as_bytes()), our_addresses=()) == ""
