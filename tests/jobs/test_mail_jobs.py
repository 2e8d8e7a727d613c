"""What waits is found again whatever was lost, and what is old is forgotten when the operator says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motenashi.database import Database
from motenashi.inbound_mail.mail_store import CLAIM, MailStore, MailToKeep
from motenashi.inbound_mail.tables import metadata
from motenashi.jobs.forget_inbound_mail import forget_inbound_mail
from motenashi.jobs.waiting_mail import MOST, PATIENCE, SHORT, waiting_mail
from motenashi.task_queue import TaskQueue

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def mails(database: Database) -> MailStore:
    metadata.create_all(database.engine)
    return MailStore(database)


def keep(mails: MailStore, number: int, at: datetime = NOW) -> int:
    return mails.keep(b"Message-ID: <%d@example.com>\n\nGood day.\n" % number, source="http", received_at=at).id


def looked(mails: MailStore, now: datetime, queued: int = 0) -> list[int]:
    put: list[int] = []
    assert waiting_mail(mails.waiting, put.append, lambda: queued, clock=lambda: now) == len(put)
    return put


def test_a_mail_that_waits_gets_a_task_after_a_little_patience(mails: MailStore) -> None:
    mail_id = keep(mails, 1)

    assert looked(mails, NOW) == []
    assert looked(mails, NOW + PATIENCE) == [mail_id]


def test_a_mail_that_is_being_read_or_put_off_gets_none(mails: MailStore) -> None:
    claimed, later, read, free = (keep(mails, number) for number in range(4))
    mails.claim(claimed, NOW)
    mails.try_later(later, NOW + timedelta(hours=1), "the CRM is away")
    mails.keep_reading(read, {}, now=NOW)

    assert looked(mails, NOW + PATIENCE) == [free]
    assert looked(mails, NOW + CLAIM + PATIENCE) == [free, claimed], "its reader is dead"
    assert looked(mails, NOW + timedelta(hours=2)) == [free, claimed, later]


def test_a_long_queue_is_not_made_longer(mails: MailStore) -> None:
    ids = [keep(mails, number) for number in range(5)]

    assert looked(mails, NOW + PATIENCE, queued=SHORT + 1) == []
    assert looked(mails, NOW + PATIENCE, queued=SHORT) == ids


def test_a_backlog_comes_in_portions(mails: MailStore) -> None:
    ids = [mail.id for mail in mails.keep_many([MailToKeep(b"%d" % n, "import", NOW) for n in range(MOST + 1)])]

    assert looked(mails, NOW + PATIENCE) == ids[:MOST]


def test_a_lost_queue_loses_no_mail(mails: MailStore, tmp_path: Path) -> None:
    file = tmp_path / "tasks.db"
    queue = TaskQueue(file=file)
    mail_id = keep(mails, 1)
    queue.put("take_in_mail", mail_id=mail_id)
    queue.close()
    for lost in tmp_path.glob("tasks.db*"):
        lost.unlink()

    assert queue.waiting() == 0
    waiting_mail(
        mails.waiting, lambda mail: queue.put("take_in_mail", mail_id=mail), queue.waiting, clock=lambda: NOW + PATIENCE
    )
    assert queue.waiting() == 1
    queue.close()


def test_old_mail_is_forgotten_after_the_days_that_were_asked_for(mails: MailStore) -> None:
    old, young = keep(mails, 1, NOW - timedelta(days=31)), keep(mails, 2, NOW - timedelta(days=29))
    for mail_id in (old, young):
        mails.keep_reading(mail_id, {}, now=NOW)

    assert forget_inbound_mail(mails.forget, 0, clock=lambda: NOW) == 0
    assert forget_inbound_mail(mails.forget, 30, clock=lambda: NOW) == 1
    assert mails.mail(old) is None and mails.mail(young) is not None
