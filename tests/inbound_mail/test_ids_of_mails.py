"""A mail's number names it for ever, in every store: that of a forgotten one is never given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from tests.migrated import migrate

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_in_a_migrated_database_no_number_is_given_twice(database: Database) -> None:
    migrate(database)
    mails = MailStore(database)
    first = mails.keep(b"Subject: one\n\nx", source="http", received_at=NOW).id
    mails.skip(first, "bounce")
    assert mails.forget(NOW + timedelta(days=1)) == 1
    assert mails.keep(b"Subject: two\n\nx", source="http", received_at=NOW).id > first
