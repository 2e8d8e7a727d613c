"""A mailbox is watched: every mail is stored once, and marked only then. Against a real IMAP server."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from motenashi.channels.email import imap_mailbox, imap_poller
from motenashi.channels.email.imap_mailbox import ImapMailbox
from motenashi.channels.email.imap_poller import MailboxPoller
from motenashi.channels.email.settings import MailboxSettings
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.mailbox_progress import MailboxProgress
from motenashi.inbound_mail.tables import metadata
from motenashi.jobs.leader import Leader
from motenashi.jobs.leader import metadata as leases
from tests.dovecot import PASSWORD, USER, Dovecot

if TYPE_CHECKING:
    from tests.channels.email.conftest import CuttingProxy

PATIENCE = 60.0
LARGEST = 100_000


def mail(number: int, text: str = "Could you show us the AeroBook?") -> bytes:
    return (
        f"From: Ann <ann@example.com>\r\nSubject: Mail {number}\r\nDate: Mon, 11 May 2026 10:00:00 +0900\r\n"
        f"Message-ID: <m{number}@example.com>\r\n\r\n{text}\r\n"
    ).encode()


def soon(what: Callable[[], object]) -> bool:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if what():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTENASHI_IMAP_PASSWORD", PASSWORD)
    monkeypatch.setattr(imap_poller, "SHORTEST_PAUSE", 0.02)
    monkeypatch.setattr(imap_poller, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(imap_poller, "ASK_FOR_LEASE", 0.05)
    monkeypatch.setattr(imap_mailbox, "LOOK_UP", 0.2)


@pytest.fixture
def mails(sqlite_database: Database) -> MailStore:
    metadata.create_all(sqlite_database.engine)
    leases.create_all(sqlite_database.engine)
    return MailStore(sqlite_database)


@pytest.fixture
def progress(mails: MailStore, sqlite_database: Database) -> MailboxProgress:
    return MailboxProgress(sqlite_database)


@pytest.fixture
def settings(server: Dovecot) -> MailboxSettings:
    return MailboxSettings("sales", "127.0.0.1", USER, port=server.port, tls="none", poll_seconds=0.2)


@contextmanager
def watching(settings: MailboxSettings, mails: MailStore, progress: MailboxProgress, **more: Any) -> Iterator[None]:
    stop = threading.Event()
    poller = MailboxPoller(settings, mails, progress, **{"largest_mail": LARGEST, **more})
    thread = threading.Thread(target=poller.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def stored(mails: MailStore) -> list[str]:
    return [each.subject for each in reversed(mails.newest(most=1000))]


@pytest.mark.parametrize("idle", [True, False], ids=["told by the server", "asking"])
def test_what_lies_there_and_what_comes_is_stored_and_then_seen(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress, idle: bool
) -> None:
    server.deliver(mail(1))
    told: list[int] = []

    with watching(replace(settings, idle=idle), mails, progress, arrived=told.append):
        assert soon(lambda: server.count("SEEN") == 1)
        server.deliver(mail(2))
        assert soon(lambda: server.count("SEEN") == 2)
        server.deliver_all([mail(3), mail(4)])
        assert soon(lambda: server.count("SEEN") == 4)

    assert stored(mails) == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
    assert told == [each.id for each in reversed(mails.newest())]
    [first, *_] = mails.newest()
    assert mails.raw(first.id) == mail(4)
    assert first.source == "imap:sales"
    assert progress.of("sales").state == "connected"


def test_new_mail_is_told_of_while_idle(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    """With a pause of an hour between looks, only IDLE can bring it."""
    with watching(replace(settings, poll_seconds=3600), mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        server.deliver(mail(1))
        assert soon(lambda: stored(mails) == ["Mail 1"])


def test_mail_that_comes_while_another_is_being_stored_is_noticed(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    """The server tells of it in its answer to something else, and never again."""
    more = iter([mail(2), mail(3)])

    def arrived(mail_id: int) -> None:
        if (raw := next(more, None)) is not None:
            server.deliver(raw)

    server.deliver(mail(1))
    with watching(replace(settings, poll_seconds=3600), mails, progress, arrived=arrived):
        assert soon(lambda: stored(mails) == ["Mail 1", "Mail 2", "Mail 3"])


def test_mail_that_is_told_of_in_the_packet_that_lets_us_wait_is_noticed(
    server: Dovecot, proxy: CuttingProxy, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    proxy.held_back = b"+ idling\r\n"
    with watching(replace(settings, poll_seconds=3600, port=proxy.port), mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        time.sleep(0.5)  # it waits to be let wait
        server.deliver(mail(1))
        assert soon(lambda: stored(mails) == ["Mail 1"])
        proxy.held_back = b""
        proxy.cut()


def test_idle_is_renewed(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap_mailbox, "RENEW_IDLE", 0.05)
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        time.sleep(1)  # a few renewals
        server.deliver(mail(1))
        assert soon(lambda: stored(mails) == ["Mail 1"])
    assert progress.of("sales").trouble == ""


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_protected_connection(tls_server: Dovecot, mails: MailStore, progress: MailboxProgress, tls: Any) -> None:
    port = tls_server.tls_port if tls == "tls" else tls_server.port
    settings = MailboxSettings("sales", "localhost", USER, port=port, tls=tls, poll_seconds=3600)
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        tls_server.deliver_all([mail(1), mail(2, "x" * 50_000)])
        assert soon(lambda: stored(mails) == ["Mail 1", "Mail 2"])
        time.sleep(1)
    assert progress.of("sales").state == "connected"


def test_a_certificate_for_somebody_else_is_refused_and_no_password_sent(
    tls_server: Dovecot, mails: MailStore, progress: MailboxProgress
) -> None:
    settings = MailboxSettings("sales", "127.0.0.1", USER, port=tls_server.tls_port)
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").state == "refused")
    assert "certificate of 127.0.0.1 is not good" in progress.of("sales").trouble
    assert "auth failed" not in tls_server.said()


def test_a_large_folder_is_looked_through_in_pieces(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imap_mailbox, "SEARCH_AT_ONCE", 3)
    server.deliver_all([mail(number) for number in range(10)])
    with watching(settings, mails, progress):
        assert soon(lambda: server.count("SEEN") == 10)
    assert stored(mails) == [f"Mail {number}" for number in range(10)]


def test_a_password_of_other_letters_is_only_wrong(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOTENASHI_IMAP_PASSWORD", "開けゴマ")
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").state == "refused")
    assert "refused the log-in" in progress.of("sales").trouble


@pytest.mark.parametrize("server", ["IMAP4rev1"], indirect=True)
def test_a_server_that_can_do_little_is_enough(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    """No IDLE, no MOVE, no UIDPLUS."""
    server.deliver(mail(1))
    with watching(replace(settings, move_to="Stored"), mails, progress):
        assert soon(lambda: server.count(folder="Stored") == 1)
        server.deliver(mail(2))
        assert soon(lambda: server.count(folder="Stored") == 2)
    assert server.count() == 0
    assert stored(mails) == ["Mail 1", "Mail 2"]


def test_stored_mail_can_be_moved(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver_all([mail(1), mail(2)])
    with watching(replace(settings, move_to="Stored"), mails, progress):
        assert soon(lambda: server.count(folder="Stored") == 2)
    assert server.count() == 0
    assert stored(mails) == ["Mail 1", "Mail 2"]


def test_mail_cannot_be_moved_to_where_it_lies(
    settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    with pytest.raises(ValueError, match="moved to the folder that it lies in"):
        MailboxPoller(replace(settings, move_to="INBOX"), mails, progress, largest_mail=LARGEST)


def test_three_hundred_waiting_mails_are_taken_in(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver_all([mail(number) for number in range(300)])
    with watching(settings, mails, progress):
        assert soon(lambda: server.count("SEEN") == 300)
    assert stored(mails) == [f"Mail {number}" for number in range(300)]


def test_mail_that_a_person_has_seen_before_us_is_not_missed(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver(mail(1), flags=r"(\Seen)")
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
    assert stored(mails) == [], "what was seen before we ever came is the archive's, see `first`"

    server.deliver(mail(2), flags=r"(\Seen)")
    with watching(settings, mails, progress):
        assert soon(lambda: stored(mails) == ["Mail 2"])


def test_all_that_lies_there_when_asked_for(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver(mail(1), flags=r"(\Seen)")
    with watching(replace(settings, first="all"), mails, progress):
        assert soon(lambda: stored(mails) == ["Mail 1"])


def test_a_mailbox_that_was_numbered_anew_gives_nothing_twice(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver(mail(1))
    with watching(settings, mails, progress):
        assert soon(lambda: server.count("SEEN") == 1 and progress.of("sales").last_uid == 1)
    before = progress.of("sales")

    with server.client() as client:  # a folder that is made anew has another UIDVALIDITY
        client.select("INBOX")
        kept = client.fetch("1", "(BODY.PEEK[])")[1][0][1]  # type: ignore[index]
        client.create("Other")
        client.append("Other", r"(\Seen)", None, mail(2))  # type: ignore[arg-type]
        client.append("Other", r"(\Seen)", None, kept)  # type: ignore[arg-type]
        client.append("Other", "", None, mail(3))  # type: ignore[arg-type]
    with watching(replace(settings, folder="Other"), mails, progress):
        assert soon(lambda: len(stored(mails)) == 3)

    after = progress.of("sales")
    assert after.uid_validity != before.uid_validity
    assert sorted(stored(mails)) == ["Mail 1", "Mail 2", "Mail 3"], "also what somebody saw in the meantime"


def test_a_mail_too_large_is_seen_by_people_and_left_where_it_is(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver_all([mail(1), mail(2, "A very long story. " * 10_000), mail(3)])
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").last_uid == 3)

    assert stored(mails) == ["Mail 1", "Mail 2", "Mail 3"]
    [aside] = mails.newest(state="set_aside")
    assert "too large to be taken in. It still lies in the mailbox" in aside.error
    assert aside.size > LARGEST
    assert server.count("UNSEEN") == 1


def test_a_wrong_password_is_told_once_and_not_hammered(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("MOTENASHI_IMAP_PASSWORD", "wrong-one")
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").state == "refused")
        time.sleep(1)

    state = progress.of("sales")
    assert "refused the log-in" in state.trouble and "MOTENASHI_IMAP_PASSWORD" in state.trouble
    assert "wrong-one" not in state.trouble + caplog.text
    assert caplog.text.count("refused the log-in") == 1
    assert server.said().count("auth failed") == 1


def test_a_missing_password_is_told_without_asking_the_server(
    settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    with watching(replace(settings, password_env="NOT_SET_AT_ALL"), mails, progress):
        assert soon(lambda: progress.of("sales").state == "refused")
    assert "set the environment variable NOT_SET_AT_ALL" in progress.of("sales").trouble


def test_a_missing_folder_is_told(settings: MailboxSettings, mails: MailStore, progress: MailboxProgress) -> None:
    with watching(replace(settings, folder="Nowhere"), mails, progress):
        assert soon(lambda: "the folder 'Nowhere' can't be opened" in progress.of("sales").trouble)


def test_a_server_that_comes_back_is_found_again(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        server.stop()
        assert soon(lambda: "ConnectionRefused" in progress.of("sales").trouble)
        time.sleep(0.5)  # many tries
        assert caplog.text.count("ConnectionRefused") == 1, "told once"
        server.start()
        server.deliver(mail(1))
        assert soon(lambda: stored(mails) == ["Mail 1"])
        assert soon(lambda: progress.of("sales").state == "connected")


def test_a_connection_cut_in_the_middle_of_a_mail_loses_nothing(
    server: Dovecot, proxy: CuttingProxy, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    server.deliver_all([mail(number, "Good day. " * 1000) for number in range(30)])
    proxy.cut_after = 100_000
    with watching(replace(settings, port=proxy.port), mails, progress):
        assert soon(lambda: proxy.cuts >= 2)
        proxy.cut_after = 0
        assert soon(lambda: server.count("SEEN") == 30)
    assert sorted(stored(mails)) == sorted(f"Mail {number}" for number in range(30))
    for each in mails.newest():
        assert mails.raw(each.id) == mail(int(each.subject.split()[1]), "Good day. " * 1000)


def test_a_connection_cut_while_idle_is_noticed(
    server: Dovecot, proxy: CuttingProxy, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    with watching(replace(settings, port=proxy.port), mails, progress):
        assert soon(lambda: progress.of("sales").looked_at)
        proxy.cut()
        server.deliver(mail(1))
        assert soon(lambda: stored(mails) == ["Mail 1"])


def test_one_mail_at_which_the_connection_always_ends_does_not_hold_up_the_others(
    server: Dovecot, proxy: CuttingProxy, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    small = [mail(number) for number in range(5)]
    server.deliver_all([*small[:3], mail(99, "x" * 90_000), *small[3:]])
    proxy.cut_after = 40_000
    with watching(replace(settings, port=proxy.port), mails, progress):
        assert soon(lambda: progress.of("sales").last_uid == 6)

    [aside] = mails.newest(state="set_aside")
    assert aside.subject == "Mail 99" and "did not hand this mail over" in aside.error
    assert mails.counts()["waiting"] == 5


def test_a_mail_that_a_server_leaves_out_of_its_answer_is_set_aside_for_people_to_see(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What some servers do with a mail that they can't read themselves: an answer that says OK, without it."""
    answer = ImapMailbox.bodies
    monkeypatch.setattr(
        ImapMailbox,
        "bodies",
        lambda mailbox, uids: {uid: body for uid, body in answer(mailbox, uids).items() if uid != 2},
    )
    server.deliver_all([mail(1), mail(2), mail(3)])

    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").last_uid == 3)

    [aside] = mails.newest(state="set_aside")
    assert aside.subject == "Mail 2" and "did not hand this mail over" in aside.error
    assert mails.counts()["waiting"] == 2
    assert server.count("SEEN") == 2


def test_a_mail_that_is_larger_than_its_server_says_is_set_aside(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImapMailbox, "sizes", lambda mailbox, uids: dict.fromkeys(uids, 100))
    server.deliver_all([mail(1), mail(2, "A very long story. " * 10_000), mail(3)])

    with watching(settings, mails, progress):
        assert soon(lambda: progress.of("sales").last_uid == 3)

    [aside] = mails.newest(state="set_aside")
    assert aside.subject == "Mail 2" and len(mails.raw(aside.id) or b"") < 1_000
    assert mails.counts()["waiting"] == 2


KILLED_AFTER_STORING = dedent("""
    import os, sys, threading
    from motenashi.channels.email.imap_poller import MailboxPoller
    from motenashi.channels.email.settings import MailboxSettings
    from motenashi.inbound_mail.mail_store import MailStore
    from motenashi.inbound_mail.mailbox_progress import MailboxProgress
    from motenashi.storage.open_database import open_database
    database = open_database(sys.argv[1])
    mailbox = MailboxSettings("sales", "127.0.0.1", sys.argv[3], port=int(sys.argv[2]), tls="none")
    poller = MailboxPoller(
        mailbox, MailStore(database), MailboxProgress(database), largest_mail=1_000_000,
        arrived=lambda mail_id: os.kill(os.getpid(), 9),
    )
    poller.run(threading.Event())
""")


def test_killed_between_storing_and_marking_nothing_is_lost_or_doubled(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress, sqlite_url: str
) -> None:
    server.deliver_all([mail(1), mail(2)])
    command = [sys.executable, "-c", KILLED_AFTER_STORING, sqlite_url, str(server.port), USER]
    assert subprocess.run(command, timeout=PATIENCE, check=False, env=dict(os.environ)).returncode == -9

    assert stored(mails) == ["Mail 1", "Mail 2"], "stored"
    assert server.count("SEEN") == 0, "and not marked yet"

    told: list[int] = []
    with watching(settings, mails, progress, arrived=told.append):
        assert soon(lambda: server.count("SEEN") == 2)
    assert stored(mails) == ["Mail 1", "Mail 2"]
    assert told == [], "they wait in the store already"


def test_nothing_is_marked_when_it_could_not_be_stored(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress, sqlite_database: Database
) -> None:
    server.deliver(mail(1))
    with watching(settings, mails, progress):
        assert soon(lambda: server.count("SEEN") == 1)
        with sqlite_database.write() as connection:
            connection.exec_driver_sql("alter table inbound_mails rename to away")
        server.deliver(mail(2))
        time.sleep(1)
        assert server.count("SEEN") == 1
        with sqlite_database.write() as connection:
            connection.exec_driver_sql("alter table away rename to inbound_mails")
        assert soon(lambda: server.count("SEEN") == 2)
    assert stored(mails) == ["Mail 1", "Mail 2"]


def test_who_is_not_in_charge_keeps_away(
    server: Dovecot, settings: MailboxSettings, mails: MailStore, progress: MailboxProgress
) -> None:
    in_charge = [True]
    with watching(settings, mails, progress, leads=lambda now: in_charge[0]):
        assert soon(lambda: progress.of("sales").looked_at)
        in_charge[0] = False
        assert soon(lambda: "Disconnected" in server.said().splitlines()[-1])
        server.deliver(mail(1))
        time.sleep(1)
        assert stored(mails) == []
        assert server.said().count("Login: ") == 3, "the one that started it, ours, and the delivery's"
        in_charge[0] = True
        assert soon(lambda: stored(mails) == ["Mail 1"])


def test_of_two_machines_one_watches_until_it_is_gone(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    sqlite_database: Database,
) -> None:
    first, second = Leader(sqlite_database, "imap:sales"), Leader(sqlite_database, "imap:sales")
    by_first: list[int] = []
    by_second: list[int] = []
    with watching(settings, mails, progress, leads=second.leads, arrived=by_second.append):
        assert soon(lambda: progress.of("sales").looked_at)
        with watching(settings, mails, progress, leads=first.leads, arrived=by_first.append):
            server.deliver(mail(1))
            assert soon(lambda: by_second)
            time.sleep(0.5)
            assert by_first == []
            second.step_down(datetime.now(UTC))
            # Whoever asks first has it now; what counts is that one of them does and that nothing comes twice.
            server.deliver(mail(2))
            assert soon(lambda: server.count("SEEN") == 2)
    assert len(by_first) + len(by_second) == 2
    assert stored(mails) == ["Mail 1", "Mail 2"]


def test_a_hint_that_fails_stops_nothing(
    server: Dovecot,
    settings: MailboxSettings,
    mails: MailStore,
    progress: MailboxProgress,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(mail_id: int) -> None:
        raise OSError("the queue is away")

    server.deliver(mail(1))
    with watching(settings, mails, progress, arrived=away), caplog.at_level(logging.WARNING):
        assert soon(lambda: server.count("SEEN") == 1)
    assert "waits for the next look" in caplog.text
