"""The list of background jobs, as the house fills it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import app
from motenashi.jobs.schedule import Job
from motenashi.outgoing_mail.mail import Mail
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.tables import mail_outgoing
from motenashi.storage.open_database import open_database
from tests.migrated import migrate
from tests.walks.real_house import settings_for


@pytest.fixture
def jobs(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[Job]:
    """The jobs of a real house, without a clock to run them."""
    taken: list[Job] = []

    def take(found: Sequence[Job], leader: object) -> Callable[[], None]:
        taken.extend(found)
        return lambda: None

    monkeypatch.setattr(app, "start_clock", take)
    migrate(open_database(sqlite_url))
    app.start_jobs(app.create_app(settings_for(sqlite_url, tmp_path)))
    return taken


def test_who_got_a_mail_is_forgotten_a_month_later(jobs: Sequence[Job], sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    for key, days in (("old", 31), ("new", 29)):
        OutgoingMail(OutgoingMailSettings(smtp_host="mail.example"), database).send(
            Mail("a@x.com", "Hi", "Hi", key=key)
        )
        finished = {"state": "sent", "finished_at": datetime.now(UTC) - timedelta(days=days)}
        with database.write() as connection:
            connection.execute(mail_outgoing.update().where(mail_outgoing.c.key == key).values(finished))

    for job in jobs:
        job.run()

    with database.read() as connection:
        assert connection.execute(select(mail_outgoing.c.key)).scalars().all() == ["new"]
