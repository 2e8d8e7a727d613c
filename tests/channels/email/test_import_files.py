"""Archives are taken in once, however often an import is begun, and a broken part stops nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from motenashi.channels.email.import_files import BATCH_MAILS, Imported, import_files
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.tables import metadata

LARGEST = 50_000


def mail(number: int, text: str = "Good day.") -> bytes:
    head = f"From: ann@example.com\nSubject: Mail {number}\nMessage-ID: <m{number}@example.com>\n"
    return f"{head}Date: Mon, 11 May 2026 10:00:00 +0900\n\n{text}\n".encode()


def mbox(*mails: bytes) -> bytes:
    return b"\n".join(b"From ann@example.com Mon May 11 10:00:00 2026\n" + mail for mail in mails)


@pytest.fixture
def mails(database: Database) -> MailStore:
    metadata.create_all(database.engine)
    return MailStore(database)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with an mbox file, two single mails and a Maildir."""
    (tmp_path / "old/2019/cur").mkdir(parents=True)
    (tmp_path / "old/archive.mbox").write_bytes(mbox(*(mail(number) for number in range(5))))
    (tmp_path / "old/one.eml").write_bytes(mail(10))
    (tmp_path / "old/two.eml").write_bytes(mail(11).replace(b"\n", b"\r\n"))
    (tmp_path / "old/2019/cur/1557565200.M1.host:2,S").write_bytes(mail(12))
    return tmp_path / "old"


def test_a_folder_is_taken_in_whole_and_its_progress_told(mails: MailStore, archive: Path) -> None:
    told: list[tuple[int, int]] = []
    arrived: list[int] = []

    done = import_files(
        [archive],
        mails,
        largest_mail=LARGEST,
        progress=lambda done, total: told.append((done, total)),
        arrived=arrived.append,
    )

    assert done == Imported(found=8, new=8)
    assert sorted(each.subject for each in mails.newest()) == sorted(f"Mail {n}" for n in (*range(5), 10, 11, 12))
    assert {each.source for each in mails.newest()} == {"import"}
    assert sorted(arrived) == sorted(mails.waiting(100, datetime.now(UTC)))
    assert told == sorted(told) and told[-1][0] == told[-1][1] > 0


def test_begun_again_it_changes_nothing(mails: MailStore, archive: Path) -> None:
    import_files([archive], mails, largest_mail=LARGEST)

    assert import_files([archive, archive / "one.eml"], mails, largest_mail=LARGEST) == Imported(found=9, new=0)
    assert mails.counts()["skipped"] == 0


def test_what_came_by_mail_already_is_not_taken_in_again(mails: MailStore, archive: Path) -> None:
    mails.keep(
        b"Received: by mx\r\n" + mail(3).replace(b"\n", b"\r\n"), source="imap:sales", received_at=datetime.now(UTC)
    )

    assert import_files([archive], mails, largest_mail=LARGEST).new == 7
    assert mails.counts()["skipped"] == 0


def test_a_path_that_cannot_be_read_is_told_and_the_others_go_on(mails: MailStore, archive: Path) -> None:
    (archive.parent / "empty").mkdir()

    done = import_files([archive.parent / "empty", archive.parent / "gone.mbox", archive], mails, largest_mail=LARGEST)

    assert done.new == 8
    assert len(done.unread) == 2
    assert "holds no mails" in done.unread[0] and "gone.mbox" in done.unread[1]


def test_a_mail_too_large_is_seen_by_people(mails: MailStore, tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_bytes(mbox(mail(1), mail(2, "long " * 20_000), mail(3)))

    assert import_files([tmp_path / "a.mbox"], mails, largest_mail=LARGEST) == Imported(found=3, new=2, too_large=1)
    [aside] = mails.newest(state="set_aside")
    assert aside.subject == "Mail 2" and "still lies in the imported file" in aside.error


KILLED_HALF_WAY = dedent("""
    import os, sys
    from pathlib import Path
    from motenashi.channels.email.import_files import import_files
    from motenashi.inbound_mail.mail_store import MailStore
    from motenashi.storage.open_database import open_database
    told = []
    def arrived(mail_id):
        told.append(mail_id)
        if len(told) == 150:
            os.kill(os.getpid(), 9)
    import_files([Path(sys.argv[2])], MailStore(open_database(sys.argv[1])), largest_mail=50_000, arrived=arrived)
""")


def test_killed_half_way_it_is_begun_again_without_loss_or_doubles(
    database_url: str, mails: MailStore, tmp_path: Path
) -> None:
    (tmp_path / "a.mbox").write_bytes(mbox(*(mail(number) for number in range(350))))
    command = [sys.executable, "-c", KILLED_HALF_WAY, database_url, str(tmp_path / "a.mbox")]
    assert subprocess.run(command, timeout=60, check=False, env=dict(os.environ)).returncode == -9
    assert mails.counts()["waiting"] == 2 * BATCH_MAILS

    assert import_files([tmp_path / "a.mbox"], mails, largest_mail=LARGEST).new == 350 - 2 * BATCH_MAILS
    assert mails.counts() == {"waiting": 350, "read": 0, "set_aside": 0, "skipped": 0}
