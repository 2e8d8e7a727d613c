"""The worker reads what waits, ends the mail in hand when told to stop, and is begun again when a mail kills it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from motenashi.channels.email.settings import EmailSettings, MailboxSettings
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.tables import metadata
from motenashi.jobs.leader import job_leases
from motenashi.jobs.leader import metadata as leases
from motenashi.mail_worker import HUNG, lease_name, pollers_of
from motenashi.task_queue import TaskQueue
from tests.conftest import missing
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot

PATIENCE = 60.0

# A worker whose "reading" does what the mail says: die, hang, wait, or just be read.
WORKER = dedent("""
    import os, re, sys, time
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from motenashi import mail_worker
    from motenashi.inbound_mail import mail_store
    from motenashi.inbound_mail.settings import InboundMailSettings
    from motenashi.storage.open_database import open_database
    from motenashi.task_queue import Task, TaskQueue

    folder = Path(sys.argv[1])
    mail_worker.LOOK_EVERY = 0.1
    mail_worker.LONGEST_TASK = 1.0
    mail_worker.SHORTEST_PAUSE = mail_worker.LONGEST_PAUSE = 0.05
    mail_store.CLAIM = timedelta(seconds=2)
    if len(sys.argv) == 2:
        sys.exit(mail_worker.keep_alive([sys.executable, *sys.orig_argv[1:], "--one"]))

    mails = mail_store.MailStore(open_database(f"sqlite:///{folder}/motenashi.db"), InboundMailSettings(most_tries=2))
    tasks = TaskQueue(file=folder / "tasks.db")

    def take_in(mail_id):
        if not mails.claim(mail_id, datetime.now(UTC)):
            return
        (folder / f"began-{mail_id}").touch()
        raw = mails.raw(mail_id)
        if b"die" in raw:
            os.kill(os.getpid(), 9)
        if b"freeze" in raw:
            re.match("(a+)+b", "a" * 100)
        if b"hang" in raw:
            time.sleep(999)
        if b"slow" in raw:
            time.sleep(0.8)
        mails.keep_reading(mail_id, {}, now=datetime.now(UTC))

    tasks.add(Task("take_in_mail", take_in))
    sys.exit(mail_worker.run_worker(tasks))
""")


@pytest.fixture
def mails(sqlite_database: Database) -> MailStore:
    metadata.create_all(sqlite_database.engine)
    return MailStore(sqlite_database)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[TaskQueue]:
    queue = TaskQueue(file=tmp_path / "tasks.db")
    yield queue
    queue.close()


class Started:
    """Processes of a test, none of which outlives it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: list[subprocess.Popen[bytes]] = []

    def worker(self, *switches: str) -> subprocess.Popen[bytes]:
        self._all.append(subprocess.Popen([sys.executable, "-c", WORKER, str(self._folder), *switches]))
        return self._all[-1]

    def end(self) -> None:
        for process in self._all:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    started = Started(tmp_path)
    yield started
    started.end()


def soon(what: Callable[[], object]) -> bool:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if what():
            return True
        time.sleep(0.05)
    return False


def keep(mails: MailStore, text: str) -> int:
    return mails.keep(text.encode(), source="http", received_at=datetime.now(UTC)).id


def state(mails: MailStore, mail_id: int) -> str:
    mail = mails.mail(mail_id)
    assert mail is not None
    return mail.state


def put_again(mails: MailStore, queue: TaskQueue) -> bool:
    """What the recurring job does, without its patience."""
    for mail_id in mails.waiting(50, datetime.now(UTC)):
        queue.put("take_in_mail", mail_id=mail_id)
    return True


def test_told_to_stop_it_ends_the_mail_in_hand(
    mails: MailStore, queue: TaskQueue, started: Started, tmp_path: Path
) -> None:
    slow, behind = keep(mails, "slow"), keep(mails, "behind it")
    for mail_id in (slow, behind):
        queue.put("take_in_mail", mail_id=mail_id)
    worker = started.worker("--one")
    assert soon((tmp_path / f"began-{slow}").exists)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE) == 0
    assert (state(mails, slow), state(mails, behind)) == ("read", "waiting")


@pytest.mark.parametrize("deed", ["die", "hang", "freeze"])
def test_a_mail_that_ends_its_reader_is_set_aside_and_the_others_are_read(
    mails: MailStore, queue: TaskQueue, started: Started, deed: str
) -> None:
    evil, good = keep(mails, deed), keep(mails, "Good day.")
    for mail_id in (evil, good):
        queue.put("take_in_mail", mail_id=mail_id)

    started.worker()

    assert soon(lambda: state(mails, good) == "read")
    assert soon(lambda: put_again(mails, queue) and time.sleep(0.3) is None and state(mails, evil) == "set_aside")
    mail = mails.mail(evil)
    assert mail is not None and mail.tries == 2


def test_one_that_hangs_gives_itself_up(mails: MailStore, queue: TaskQueue, started: Started) -> None:
    queue.put("take_in_mail", mail_id=keep(mails, "hang"))

    assert started.worker("--one").wait(PATIENCE) == HUNG


def test_nobody_is_left_when_whoever_started_them_is_killed(
    mails: MailStore, queue: TaskQueue, started: Started, tmp_path: Path
) -> None:
    keeper = started.worker()
    queue.put("take_in_mail", mail_id=keep(mails, "Good day."))
    assert soon(lambda: mails.counts()["read"] == 1)
    children = children_of(keeper.pid)
    assert children

    keeper.kill()
    keeper.wait(PATIENCE)

    assert soon(lambda: not any(alive(child) for child in children))


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in found]


def alive(process: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


WATCHING_WORKER = dedent("""
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from motenashi import mail_worker
    from motenashi.channels.email.settings import EmailSettings, MailboxSettings
    from motenashi.inbound_mail.mail_store import MailStore
    from motenashi.storage.open_database import open_database
    from motenashi.task_queue import Task, TaskQueue

    folder, port, user = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    database = open_database(f"sqlite:///{folder}/motenashi.db")
    mails = MailStore(database)
    tasks = TaskQueue(file=folder / "tasks.db")
    tasks.add(Task("take_in_mail", lambda mail_id: mails.keep_reading(mail_id, {}, now=datetime.now(UTC))))
    settings = EmailSettings(mailboxes=(MailboxSettings("sales", "127.0.0.1", user, port=port, tls="none"),))
    pollers = mail_worker.pollers_of(
        settings, database, mails, largest_mail=1_000_000,
        arrived=lambda mail_id: tasks.put("take_in_mail", mail_id=mail_id),
    )
    sys.exit(mail_worker.run_worker(tasks, pollers))
""")


def test_from_the_mailbox_to_the_reading_and_to_the_end(
    mails: MailStore, tmp_path: Path, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not dovecot():
        missing("no IMAP server: install the Debian package dovecot-imapd")
    leases.create_all(sqlite_database.engine)
    monkeypatch.setenv("MOTENASHI_IMAP_PASSWORD", PASSWORD)
    with TemporaryDirectory(prefix="motenashi-imap-") as folder:
        server = Dovecot(Path(folder))
        server.start()
        server.deliver(b"From: ann@example.com\r\n\r\nGood day.\r\n")
        worker = subprocess.Popen([sys.executable, "-c", WATCHING_WORKER, tmp_path, str(server.port), USER])
        try:
            assert soon(lambda: mails.counts()["read"] == 1)
            server.deliver(b"From: bob@example.com\r\n\r\nGood evening.\r\n")
            assert soon(lambda: mails.counts()["read"] == 2)
        finally:
            worker.terminate()
            code = worker.wait(PATIENCE)
            server.stop()
    assert code == 0


def test_two_mailboxes_of_one_name_are_refused(sqlite_database: Database, mails: MailStore) -> None:
    settings = EmailSettings(mailboxes=(MailboxSettings("a", "h1", "u"), MailboxSettings("a", "h2", "u")))

    with pytest.raises(ValueError, match="two are called 'a'"):
        pollers_of(settings, sqlite_database, mails, largest_mail=1, arrived=print)


def test_a_lease_has_room_for_any_name() -> None:
    names = ["sales", "x" * 300, "営業"]

    assert len({lease_name(name) for name in names}) == 3
    assert all(len(lease_name(name)) <= job_leases.c.name.type.length for name in names)
