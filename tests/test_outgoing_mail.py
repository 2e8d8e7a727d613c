"""Mail leaves once, survives what breaks on the way, and carries nothing that its writer did not mean."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from motenashi.database import Database
from motenashi.outgoing_mail.followed_mail import FollowedMail
from motenashi.outgoing_mail.mail import Mail, MailNotConfigured, MailRefused
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.outgoing_mail.outgoing_mail import Delivered, OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.outgoing_mail.tables import mail_outgoing, metadata

NOW = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
MAIL = Mail(to="ann@example.com", subject="Hello", text="Good day.\n", html="<p>Good day.</p>", key="m1")


class SmtpSession(socketserver.StreamRequestHandler):
    """A small mail server's side of one connection: enough of RFC 5321 for a client that delivers."""

    server: MailServer

    def handle(self) -> None:
        self.answer(self.server.greeting)
        while line := self.rfile.readline().decode("utf-8").strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self.answer("354 go on")
                self.take_data()
            elif word == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.server.said.append(line)
                self.answer(self.server.answers.get(word, "250 ok"))

    def take_data(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        answer = self.server.answers.get("DATA", "250 taken")
        if answer.startswith("250"):
            self.server.taken.append(b"".join(lines))
        self.answer(answer)

    def answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.greeting = "220 test"
        self.answers = {"EHLO": "250-test\r\n250 AUTH PLAIN"}
        self.said: list[str] = []
        self.taken: list[bytes] = []

    def message(self, number: int = -1) -> EmailMessage:
        message = email.message_from_bytes(self.taken[number], policy=default)
        assert isinstance(message, EmailMessage)
        return message


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(server: MailServer) -> OutgoingMailSettings:
    port: int = server.server_address[1]
    return OutgoingMailSettings(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", sender="星ITショップ <shop@example.com>", timeout=5
    )


Build = Callable[..., OutgoingMail]


@pytest.fixture
def build(database: Database, settings: OutgoingMailSettings) -> Build:
    metadata.create_all(database.engine)

    def make(**changes: Any) -> OutgoingMail:
        return OutgoingMail(replace(settings, **changes), database, clock=lambda: NOW)

    return make


def stored(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(mail_outgoing).order_by(mail_outgoing.c.id)))


def test_a_mail_is_stored_first_and_then_handed_to_the_mail_server(
    build: Build, server: MailServer, database: Database
) -> None:
    mail = build()
    mail.send(MAIL)
    assert [row.state for row in stored(database)] == ["waiting"]
    assert server.taken == []

    assert mail.deliver_waiting(NOW) == Delivered(sent=1)
    message = server.message()
    assert (message["From"], message["To"]) == ("星ITショップ <shop@example.com>", "ann@example.com")
    assert (message["Subject"], message["Auto-Submitted"]) == ("Hello", "auto-generated")
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Good day."
    assert [row.state for row in stored(database)] == ["sent"]


def test_what_was_sent_is_not_kept_in_the_table(build: Build, database: Database, server: MailServer) -> None:
    mail = build()
    mail.send(replace(MAIL, text="your code is 123456", html="<b>123456</b>"))
    mail.deliver_waiting(NOW)

    assert "123456" not in str(stored(database))


def test_the_same_key_again_is_the_same_mail(build: Build, server: MailServer) -> None:
    mail = build()
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: mail.send(MAIL), range(6)))
    mail.deliver_waiting(NOW)
    mail.send(MAIL)
    mail.deliver_waiting(NOW)

    assert len(server.taken) == 1


def test_two_processes_that_deliver_at_once_send_each_mail_once(build: Build, server: MailServer) -> None:
    mail = build()
    for number in range(12):
        mail.send(replace(MAIL, key=f"m{number}"))
    with ThreadPoolExecutor(4) as threads:
        rounds = list(threads.map(lambda _: build().deliver_waiting(NOW), range(4)))

    assert sum(done.sent for done in rounds) == 12
    assert len({message.split(b"Message-ID: ")[1].split(b"\r\n")[0] for message in server.taken}) == 12
    assert len(server.taken) == 12


def test_while_the_server_is_away_mail_waits_and_the_pauses_grow(
    build: Build, server: MailServer, database: Database
) -> None:
    mail = build(first_wait=15.0)
    mail.send(MAIL)
    server.greeting = "421 closing"

    assert mail.deliver_waiting(NOW) == Delivered(waiting=1)
    assert mail.deliver_waiting(NOW + timedelta(seconds=14)) == Delivered()
    assert mail.deliver_waiting(NOW + timedelta(seconds=15)) == Delivered(waiting=1)
    assert stored(database)[0].due_at == NOW + timedelta(seconds=45)

    server.greeting = "220 back"
    assert mail.deliver_waiting(NOW + timedelta(seconds=45)) == Delivered(sent=1)
    assert len(server.taken) == 1


def test_a_server_that_cannot_be_reached_loses_nothing(build: Build, database: Database) -> None:
    mail = build(smtp_port=1)
    mail.send(MAIL)

    assert mail.deliver_waiting(NOW) == Delivered(waiting=1)
    assert "ConnectionRefused" in stored(database)[0].last_error


def test_while_the_server_is_away_one_mail_asks_for_all(build: Build, server: MailServer, database: Database) -> None:
    mail = build()
    for number in range(5):
        mail.send(replace(MAIL, key=f"m{number}"))
    server.greeting = "421 closing"

    assert mail.deliver_waiting(NOW) == Delivered(waiting=1)
    assert [row.attempts for row in stored(database)] == [1, 0, 0, 0, 0]
    server.greeting = "220 back"
    assert mail.deliver_waiting(NOW + timedelta(minutes=1)) == Delivered(sent=5)


def test_a_mail_is_tried_for_about_a_day(build: Build, database: Database) -> None:
    mail = build(smtp_port=1)
    mail.send(MAIL)
    now = NOW
    while mail.deliver_waiting(now) == Delivered(waiting=1):
        now = stored(database)[0].due_at

    assert timedelta(hours=20) < now - NOW < timedelta(hours=26)


def test_what_the_server_refuses_for_good_is_not_tried_again(
    build: Build, server: MailServer, database: Database
) -> None:
    server.answers["RCPT"] = "550 no such mailbox"
    mail = build()
    mail.send(MAIL)

    assert mail.deliver_waiting(NOW) == Delivered(failed=1)
    assert mail.deliver_waiting(NOW + timedelta(days=1)) == Delivered()
    assert "no such mailbox" in stored(database)[0].last_error


def test_one_refused_mail_does_not_stop_the_next(build: Build, server: MailServer) -> None:
    mail = build()
    mail.send(replace(MAIL, key="big", good_until=NOW - timedelta(seconds=1)))
    mail.send(replace(MAIL, key="fine"))

    assert mail.deliver_waiting(NOW) == Delivered(sent=1, failed=1)


def test_a_mail_that_no_header_can_hold_does_not_stop_the_next(
    build: Build, server: MailServer, database: Database
) -> None:
    mail = build()
    mail.send(replace(MAIL, key="broken"))
    mail.send(replace(MAIL, key="fine"))
    with database.write() as connection:
        connection.execute(mail_outgoing.update().where(mail_outgoing.c.key == "broken").values(to="a@x.com."))

    assert mail.deliver_waiting(NOW) == Delivered(sent=1, failed=1)


def test_whose_mail_was_not_taken_stands_in_no_log(
    build: Build, server: MailServer, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["RCPT"] = "550 <ann@example.com> no such mailbox"
    mail = build()
    mail.send(MAIL)
    mail.deliver_waiting(NOW)

    assert "550" in caplog.text
    assert "ann@example.com" not in caplog.text + stored(database)[0].last_error


def test_a_mail_is_given_up_after_the_last_attempt(build: Build, server: MailServer, database: Database) -> None:
    server.answers["DATA"] = "451 try later"
    mail = build(most_attempts=3)
    mail.send(MAIL)
    rounds = [mail.deliver_waiting(NOW + timedelta(hours=hour)) for hour in range(4)]

    assert rounds == [Delivered(waiting=1), Delivered(waiting=1), Delivered(failed=1), Delivered()]
    assert stored(database)[0].text == ""


def test_a_mail_whose_process_died_in_the_hand_over_is_sent_again_under_the_same_id(
    build: Build, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    mail = build()
    mail.send(MAIL)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(mail, "_finish", die)
        mail.deliver_waiting(NOW)

    assert mail.deliver_waiting(NOW + timedelta(seconds=10)) == Delivered()
    assert mail.deliver_waiting(NOW + timedelta(minutes=6)) == Delivered(sent=1)
    assert server.message(0)["Message-ID"] == server.message(1)["Message-ID"]


def test_a_password_never_stands_in_the_error(
    build: Build, server: MailServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTENASHI_SMTP_PASSWORD", "open-sesame")
    server.answers["AUTH"] = "535 open-sesame is wrong for shop"
    mail = build(smtp_user="shop")
    mail.send(MAIL)

    assert mail.deliver_waiting(NOW) == Delivered(waiting=1)
    assert "535" in stored(database)[0].last_error
    assert "open-sesame" not in stored(database)[0].last_error


def test_a_server_without_starttls_gets_neither_mail_nor_password(
    build: Build, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTENASHI_SMTP_PASSWORD", "open-sesame")
    mail = build(smtp_security="starttls", smtp_user="shop")
    mail.send(MAIL)

    assert mail.deliver_waiting(NOW) == Delivered(waiting=1)
    assert not [line for line in server.said if line.startswith(("AUTH", "MAIL"))]


def test_line_breaks_in_a_subject_become_spaces_and_no_header(build: Build, server: MailServer) -> None:
    mail = build()
    mail.send(replace(MAIL, subject="Hello\r\nBcc: eve@example.com\n\n<script>"))
    mail.deliver_waiting(NOW)

    assert server.message()["Subject"] == "Hello Bcc: eve@example.com <script>"
    assert server.message()["Bcc"] is None


@pytest.mark.parametrize(
    "to",
    [
        *("", "ann", "a@x.com\nBcc: b@x.com", "a@x.com,b@x.com", "Ann <a@x.com>", "a@x\udcff.com", "a@@x.com"),
        *("a@x.com.", "a@.x.com", ".a@x.com", "a.@x.com"),
    ],
)
def test_what_is_no_single_address_is_refused(build: Build, to: str) -> None:
    with pytest.raises(MailRefused):
        build().send(replace(MAIL, to=to))


def test_letters_that_no_database_takes_do_not_stop_a_mail(build: Build, server: MailServer) -> None:
    mail = build()
    mail.send(replace(MAIL, subject="a\x00b\udcffc", text="half \ud83d and NUL \x00"))

    assert mail.deliver_waiting(NOW) == Delivered(sent=1)
    body = server.message().get_body(("plain",))
    assert body is not None
    assert body.get_content().rstrip() == "half \ufffd and NUL"


def test_finished_mail_is_forgotten_after_a_while_and_waiting_mail_is_not(
    build: Build, server: MailServer, database: Database
) -> None:
    mail = build()
    mail.send(MAIL)
    mail.deliver_waiting(NOW)
    mail.send(replace(MAIL, key="m2"))

    assert mail.forget_finished(NOW) == 0
    assert mail.forget_finished(NOW + timedelta(days=30)) == 1
    assert [row.key for row in stored(database)] == ["m2"]


def test_without_a_server_mail_stays_in_the_development_outbox(build: Build, database: Database) -> None:
    mail = build(smtp_host="")
    mail.send(MAIL)
    mail.send(MAIL)
    mail.send(replace(MAIL, key="m2", subject="Second"))
    outbox = Outbox(database)

    assert [shown.subject for shown in outbox.newest()] == ["Second", "Hello"]
    found = outbox.find(outbox.newest()[1].id)
    assert found is not None
    assert (found.to, found.text, found.at) == ("ann@example.com", "Good day.\n", NOW)
    assert outbox.find(99) is None


def test_production_without_a_server_refuses_mail_instead_of_hiding_it(build: Build, database: Database) -> None:
    build()
    with pytest.raises(MailNotConfigured, match="smtp_host"):
        OutgoingMail(OutgoingMailSettings(), database, production=True).send(MAIL)
    assert Outbox(database).newest() == []


def test_whoever_waits_for_mail_is_woken_when_some_is_stored(
    settings: OutgoingMailSettings, database: Database
) -> None:
    metadata.create_all(database.engine)
    woken: list[bool] = []
    OutgoingMail(settings, database, wake=lambda: woken.append(True)).send(MAIL)

    assert woken == [True]


LONG_LINK = "<https://motenashi.example.com/unsubscribe/" + "Ab-_" * 70 + ">"
LIST_HEADERS = {"List-Unsubscribe": LONG_LINK, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def test_headers_of_its_own_go_out_as_they_are_however_long(build: Build, server: MailServer) -> None:
    mail = build()
    mail.send(replace(MAIL, headers=LIST_HEADERS))
    mail.deliver_waiting(NOW)

    assert f"List-Unsubscribe: {LONG_LINK}\r\n".encode() in server.taken[0]
    assert server.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "headers",
    [
        {"Bcc": "eve@example.com"},
        {"List-Unsubscribe": "<https://a.example>\r\nBcc: eve@example.com"},
        {"List-Unsubscribe": "<https://例え.example>"},
        {"List-Unsubscribe": "x" * 901},
    ],
)
def test_a_header_that_nobody_may_set_is_refused(build: Build, database: Database, headers: dict[str, str]) -> None:
    with pytest.raises(MailRefused):
        build().send(replace(MAIL, headers=headers))
    assert stored(database) == []


def test_what_became_of_mails_is_known_by_their_keys(
    build: Build, settings: OutgoingMailSettings, server: MailServer, database: Database
) -> None:
    mail, followed = build(), FollowedMail(database, settings)
    mail.send(replace(MAIL, key="sent"))
    mail.deliver_waiting(NOW)
    server.answers["RCPT"] = "550 no such mailbox"
    mail.send(replace(MAIL, key="refused"))
    mail.deliver_waiting(NOW)
    mail.send(replace(MAIL, key="waits"))

    states = followed.states(["sent", "refused", "waits", "unknown"])

    assert {key: one.state for key, one in states.items()} == {"sent": "sent", "refused": "failed", "waits": "waiting"}
    assert "no such mailbox" in states["refused"].error
    assert server.message()["Message-ID"] == f"<{followed.message_id('sent')}>"


def test_a_mail_that_waits_can_be_taken_back_and_one_that_is_under_way_can_not(
    build: Build, settings: OutgoingMailSettings, server: MailServer, database: Database
) -> None:
    mail, followed = build(), FollowedMail(database, settings)
    for key in ("waits", "leaving"):
        mail.send(replace(MAIL, key=key))
    with database.write() as connection:
        connection.execute(mail_outgoing.update().where(mail_outgoing.c.key == "leaving").values(state="sending"))

    assert followed.withdraw(["waits", "leaving", "unknown"], NOW) == ("waits",)
    assert followed.states(["waits"])["waits"].state == "withdrawn"
    assert mail.deliver_waiting(NOW) == Delivered(sent=1)
    assert "Good day" not in str(stored(database))


def test_mail_of_the_outbox_counts_as_sent(build: Build, settings: OutgoingMailSettings, database: Database) -> None:
    build(smtp_host="").send(MAIL)

    assert FollowedMail(database, settings).states(["m1"])["m1"].state == "sent"
