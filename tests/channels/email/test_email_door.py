"""Mail posted to the door: signed or refused, stored before it is answered, whatever bytes it has."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from limits.storage import MemoryStorage
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from motenashi.channels.email.door import build_email_door
from motenashi.channels.email.settings import EmailSettings
from motenashi.channels.email.signature import SIGNATURE, sign
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.tables import metadata

SECRET = "one-secret-for-tests"
MAIL = b"From: ann@example.com\r\nMessage-ID: <m1@example.com>\r\n\r\nGood day.\r\n"
LARGEST = 100_000


@dataclass
class Door:
    """The door in an application of its own, and what it told."""

    database: Database
    settings: EmailSettings = field(default_factory=EmailSettings)
    production: bool = True
    arrived: Callable[[int], object] | None = None
    told: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        metadata.create_all(self.database.engine)
        self.mails = MailStore(self.database)
        self.app = Flask("door")
        self.app.register_blueprint(
            build_email_door(
                self.settings,
                self.mails,
                arrived=self.arrived or self.told.append,
                largest_mail=LARGEST,
                rate_storage=MemoryStorage(),
                production=self.production,
            )
        )

    def post(self, body: bytes = MAIL, secret: str = SECRET, **more: Any) -> TestResponse:
        return self.post_with(sign(body, secret, datetime.now(UTC)), body, **more)

    def post_with(self, signature: str | None, body: bytes = MAIL, **more: Any) -> TestResponse:
        # As a stream, since the client would put empty forms together by itself.
        sent = {"input_stream": BytesIO(body), "content_length": len(body), **more}
        headers = {} if signature is None else {SIGNATURE: signature}
        return self.app.test_client().post("/channels/email", headers=headers, **sent)


@pytest.fixture
def door(database: Database, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("MOTENASHI_MAIL_SECRET", SECRET)
    return Door(database)


@pytest.fixture
def simple_door(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("MOTENASHI_MAIL_SECRET", SECRET)
    return Door(sqlite_database)


def test_a_signed_mail_is_stored_told_and_answered(door: Door) -> None:
    answer = door.post()

    assert answer.status_code == 202
    assert answer.json == {"id": 1, "new": True}
    assert door.mails.raw(1) == MAIL
    mail = door.mails.mail(1)
    assert mail is not None and mail.source == "http"
    assert door.told == [1]


def test_the_same_mail_again_changes_nothing(door: Door) -> None:
    door.post()

    assert door.post(b"Received: by mx2\r\n" + MAIL).json == {"id": 1, "new": False}
    assert door.told == [1]
    assert sum(door.mails.counts().values()) == 1


@pytest.mark.parametrize("body", [b"", b"\0\xff", b"{}", b"a=1&b=2", "件名: 全角".encode("iso2022_jp")])
@pytest.mark.parametrize("kind", ["message/rfc822", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_any_bytes_of_any_stated_type_are_a_mail(simple_door: Door, body: bytes, kind: str) -> None:
    answer = simple_door.post(body, content_type=kind)

    assert answer.status_code == 202
    assert simple_door.mails.raw(answer.json["id"]) == body


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=some.binary(max_size=500))
def test_no_bytes_break_the_door(simple_door: Door, body: bytes) -> None:
    answer = simple_door.post(body)

    assert answer.status_code in (202, 429)


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(lambda now: None, id="none"),
        pytest.param(lambda now: "", id="empty"),
        pytest.param(lambda now: sign(MAIL, "another secret", now), id="of another secret"),
        pytest.param(lambda now: sign(MAIL + b" ", SECRET, now), id="of another body"),
        pytest.param(lambda now: sign(MAIL, SECRET, now - timedelta(minutes=6)), id="too old"),
        pytest.param(lambda now: sign(MAIL, SECRET, now + timedelta(minutes=6)), id="from the future"),
        pytest.param(lambda now: sign(MAIL, SECRET, now - timedelta(hours=1)).replace("t=", "x="), id="without time"),
        pytest.param(lambda now: f"t={int(now.timestamp())},v1=", id="without a signature"),
        pytest.param(lambda now: f"t={int(now.timestamp())},v1=あ", id="with other letters"),
        pytest.param(lambda now: f"t={int(now.timestamp())},v0={'0' * 64}", id="of another version"),
        pytest.param(lambda now: "t=1²,v1=00", id="with a strange digit"),
        pytest.param(lambda now: "t=now,v1=00", id="with words for a time"),
        pytest.param(lambda now: "t=" + "9" * 400 + ",v1=00", id="with an endless time"),
        pytest.param(lambda now: f"t={int(now.timestamp())}," + ",".join(["v1=00"] * 5000), id="endless"),
        pytest.param(
            lambda now: sign(MAIL, SECRET, now - timedelta(hours=1)).replace("t=", f"t={int(now.timestamp())},t="),
            id="with two times",
        ),
    ],
)
def test_what_is_not_signed_by_us_just_now_is_refused(
    simple_door: Door, signature: Callable[[datetime], str | None], caplog: pytest.LogCaptureFixture
) -> None:
    header = signature(datetime.now(UTC))
    answer = simple_door.post_with(header.encode().decode("latin-1") if header else header)

    assert answer.status_code == 401
    assert answer.json == {"error": {"message": "unauthorized"}}
    assert simple_door.mails.newest() == [] and simple_door.told == []
    assert "was refused" in caplog.text
    assert SECRET not in caplog.text


def test_a_signature_is_good_within_five_minutes_either_way(simple_door: Door) -> None:
    for seconds in (-290, 290):
        stamped = sign(MAIL, SECRET, datetime.now(UTC) + timedelta(seconds=seconds))
        assert simple_door.post_with(stamped).status_code == 202


def test_the_signature_is_what_the_page_says() -> None:
    now = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
    made = hmac.new(b"s", b"1778490000." + MAIL, hashlib.sha256).hexdigest()

    assert sign(MAIL, "s", now) == f"t=1778490000,v1={made}"


def test_an_old_and_a_new_secret_are_good_side_by_side(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLD", "old-secret")
    monkeypatch.setenv("NEW", "new-secret")
    door = Door(sqlite_database, EmailSettings(secret_envs=("NEW", "OLD", "NOT_SET")))

    assert [door.post(secret=secret).status_code for secret in ("old-secret", "new-secret", "")] == [202, 202, 401]

    both = sign(MAIL, "unknown", datetime.now(UTC)) + "," + sign(MAIL, "new-secret", datetime.now(UTC)).split(",")[1]
    assert door.post_with(both).status_code == 202


def test_production_without_a_secret_refuses_all_and_says_what_to_set(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MOTENASHI_MAIL_SECRET", raising=False)
    door = Door(sqlite_database)

    assert "set the environment variable MOTENASHI_MAIL_SECRET" in caplog.text
    assert door.post_with(None).status_code == 401
    assert door.post(secret="").status_code == 401


def test_development_without_a_secret_takes_unsigned_mail_loudly(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MOTENASHI_MAIL_SECRET", raising=False)
    door = Door(sqlite_database, production=False)

    assert "unsigned, since no secret is configured" in caplog.text
    assert door.post_with(None).status_code == 202
    assert door.post(secret="any").status_code == 401, "a signature that nobody can check is wrong"


def test_development_with_a_secret_takes_no_unsigned_mail(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MOTENASHI_MAIL_SECRET", SECRET)
    door = Door(sqlite_database, production=False)

    assert "unsigned" not in caplog.text
    assert door.post_with(None).status_code == 401


def test_a_mail_too_large_is_refused(simple_door: Door) -> None:
    assert simple_door.post(b"x" * LARGEST).status_code == 202
    answer = simple_door.post(b"x" * (LARGEST + 1))

    assert answer.status_code == 413
    assert str(LARGEST) in answer.json["error"]["message"]


class Unread:
    """A body that nobody may touch."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("it was read")

    readline = readinto = read


@pytest.mark.parametrize(("signed", "length", "status"), [(True, 99_000_000, 413), (False, 1_000, 401)])
def test_what_is_refused_anyway_is_not_even_read(simple_door: Door, signed: bool, length: int, status: int) -> None:
    headers = {SIGNATURE: sign(b"", SECRET, datetime.now(UTC))} if signed else {}
    unread = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)}

    answer = simple_door.app.test_client().post("/channels/email", headers=headers, environ_overrides=unread)

    assert answer.status_code == status


def test_a_database_that_is_away_asks_to_try_again(simple_door: Door, caplog: pytest.LogCaptureFixture) -> None:
    metadata.drop_all(simple_door.database.engine)

    answer = simple_door.post()

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "was not stored" in caplog.text and "ann@example.com" not in caplog.text


def test_too_many_mails_are_asked_to_come_later(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTENASHI_MAIL_SECRET", SECRET)
    door = Door(sqlite_database, EmailSettings(mails_per_address="2/hour"))

    answers = [door.post() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_a_queue_that_is_away_loses_nothing(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(mail_id: int) -> None:
        raise OSError("no queue")

    monkeypatch.setenv("MOTENASHI_MAIL_SECRET", SECRET)
    door = Door(sqlite_database, arrived=away)

    assert door.post().status_code == 202
    assert door.mails.waiting(10, datetime.now(UTC)) == [1]


@pytest.fixture
def address(simple_door: Door) -> Iterator[str]:
    """The door on a port, for programs of others."""
    server = make_server("127.0.0.1", 0, simple_door.app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/channels/email"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_the_page_says_about_curl_works(simple_door: Door, address: str, tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs/mail-doors.md").read_text(encoding="utf-8")
    script = page.partition("```bash\n")[2].partition("```")[0]
    (tmp_path / "mail.eml").write_bytes(MAIL)
    script = script.replace("https://chat.example.com/channels/email", address)

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "MOTENASHI_MAIL_SECRET": SECRET, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr
    assert '"new":true' in ran.stdout
    assert simple_door.mails.raw(1) == MAIL
