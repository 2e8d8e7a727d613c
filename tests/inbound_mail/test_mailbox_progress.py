"""How far a mailbox is read, and how it stands with it, is one row each that two processes may write."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from motenashi.database import Database
from motenashi.inbound_mail.mailbox_progress import MailboxProgress, MailboxState
from motenashi.inbound_mail.tables import metadata

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def progress(database: Database) -> MailboxProgress:
    metadata.create_all(database.engine)
    return MailboxProgress(database)


def test_an_unknown_mailbox_was_never_read(progress: MailboxProgress) -> None:
    assert progress.of("sales") == MailboxState("sales")
    assert progress.all() == []


def test_each_thing_told_leaves_the_others_alone(progress: MailboxProgress) -> None:
    progress.tell("sales", "connected", "", NOW)
    progress.reached("sales", uid_validity=4_294_967_295, last_uid=4_294_967_290, now=LATER)
    progress.looked("sales", LATER)
    progress.tell("営業", "refused", "the server refused\0 the log-in", LATER)

    assert progress.of("sales") == MailboxState("sales", 4_294_967_295, 4_294_967_290, "connected", "", NOW, LATER)
    assert progress.of("営業").trouble == "the server refused the log-in"
    assert [each.name for each in progress.all()] == ["sales", "営業"]


def test_of_many_who_write_first_at_once_nobody_fails(progress: MailboxProgress) -> None:
    together = threading.Barrier(6)

    def begin(number: int) -> None:
        together.wait()
        progress.reached("sales", 7, number, NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))

    assert [each.uid_validity for each in progress.all()] == [7]
