"""Touchpoints posted to the door: signed or refused, stored before they are answered, each row with its result."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from limits.storage import MemoryStorage
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from crm_client.touch_channels import STATUSES
from motenashi.channels.signed_body import SIGNATURE, sign
from motenashi.channels.touchpoints.door import build_touchpoints_door
from motenashi.channels.touchpoints.settings import TouchpointDoorSettings
from motenashi.touchpoint_intake.row_problem_words import told
from motenashi.touchpoint_intake.row_schema import touchpoints_schema
from tests.touchpoint_intake.intake_room import Room, row

SECRET = "one-secret-for-tests"
DOCS = Path(__file__).parents[3] / "docs"


@dataclass
class Door:
    """The door in an application of its own, on a real intake."""

    room: Room
    settings: TouchpointDoorSettings = field(default_factory=TouchpointDoorSettings)
    production: bool = True

    def __post_init__(self) -> None:
        self.app = Flask("door")
        self.app.register_blueprint(
            build_touchpoints_door(
                self.settings,
                self.room.intake.intake,
                told,
                touchpoints_schema(),
                rate_storage=MemoryStorage(),
                production=self.production,
            )
        )

    def post(self, data: Any, *, headers: dict[str, str] | None = None) -> TestResponse:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        signed = {SIGNATURE: sign(body, SECRET, datetime.now(UTC))}
        return self.app.test_client().post("/touchpoints", data=body, headers=signed | (headers or {}))


@pytest.fixture
def door(room: Room, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("MOTENASHI_TOUCHPOINTS_SECRET", SECRET)
    return Door(room)


@pytest.fixture
def simple_door(simple_room: Room, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setenv("MOTENASHI_TOUCHPOINTS_SECRET", SECRET)
    return Door(simple_room)


def happened(number: int = 1, **more: Any) -> dict[str, Any]:
    return row(number, at="2026-01-15T17:00:00+09:00", **more)


def test_one_touchpoint_is_stored_and_answered(door: Door) -> None:
    answer = door.post(happened())

    (stored,) = door.room.touchpoints()
    assert answer.status_code == 200
    assert answer.json == {
        "counts": {"stored": 1},
        "results": [
            {"index": 0, "source": "Webinars", "id": "e1", "result": "stored", "touchpoint_id": stored.id},
        ],
    }


def test_each_row_has_its_result_and_the_source_may_be_told_once(door: Door) -> None:
    rows = [happened(1), happened(2), happened(3, chanel="x"), happened(4, who={"email": "new@example.com"}), 7]
    for one in rows[:2]:
        del one["source"]

    answer = door.post({"source": "Shows", "touchpoints": rows})

    assert answer.status_code == 207
    assert answer.json["counts"] == {"refused": 2, "stored": 2, "waiting": 1}
    results = answer.json["results"]
    assert [one["index"] for one in results] == [0, 1, 2, 3, 4]
    assert results[0]["source"] == "Shows"
    assert results[2]["problems"] == [
        {"field": "chanel", "code": "unknown_field", "message": "There is no such field. Did you mean “channel”?"}
    ]
    assert [note["code"] for note in results[3]["notes"]] == ["unknown_person"]
    assert {one.key for one in door.room.touchpoints()} == {"from:Shows:e1", "from:Shows:e2"}


def test_the_whole_call_again_changes_nothing(door: Door) -> None:
    call = {"touchpoints": [happened(number) for number in range(3)]}
    door.post(call)

    assert door.post(call).json["counts"] == {"repeated": 3}
    assert len(door.room.touchpoints()) == 3


def test_sentences_are_japanese_for_who_asks_so(simple_door: Door) -> None:
    answer = simple_door.post(happened(channel="webinr"), headers={"Accept-Language": "ja"})

    assert "「webinr」というチャネルはありません。" in answer.json["results"][0]["problems"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"\xff\xfe\x00", id="other bytes"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"x"', id="a text"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"id": NaN}', id="no number"),
        pytest.param(b'{"touchpoints": {}}', id="an object for a list"),
        pytest.param(b'{"touchpoints": [], "more": 1}', id="something beside"),
        pytest.param(json.dumps({"touchpoints": [{}] * 1001}).encode(), id="too many"),
        pytest.param(b'{"sequence": 1' + b"0" * 5000 + b"}", id="an endless number"),
    ],
)
def test_what_is_no_call_is_told_and_nothing_taken(simple_door: Door, body: bytes) -> None:
    answer = simple_door.post(body)

    assert answer.status_code == 400
    assert len(answer.json["error"]["message"]) > 10
    assert simple_door.room.count() == 0


def test_no_rows_are_fine(simple_door: Door) -> None:
    assert simple_door.post({"touchpoints": []}).json == {"counts": {}, "results": []}


def test_a_thousand_rows_in_one_call(door: Door) -> None:
    answer = door.post({"touchpoints": [happened(number) for number in range(1000)]})

    assert answer.json["counts"] == {"stored": 1000}
    assert len(door.room.touchpoints()) == 1000


def test_what_is_not_signed_is_refused(simple_door: Door, caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps(happened()).encode()
    old = sign(body, SECRET, datetime.now(UTC) - timedelta(minutes=6))
    for signature in ("", "t=1,v1=0", sign(body, "another", datetime.now(UTC)), old):
        answer = simple_door.post(body, headers={SIGNATURE: signature})
        assert answer.status_code == 401
        assert answer.json == {"error": {"message": "unauthorized"}}
    assert simple_door.room.count() == 0
    assert "were refused" in caplog.text and SECRET not in caplog.text


def test_development_without_a_secret_is_loud_and_production_refuses(
    simple_room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("MOTENASHI_TOUCHPOINTS_SECRET", raising=False)
    open_door = Door(simple_room, production=False)
    assert "/touchpoints takes calls unsigned" in caplog.text

    assert open_door.post(happened(), headers={SIGNATURE: ""}).status_code == 200
    assert Door(simple_room).post(happened(2), headers={SIGNATURE: ""}).status_code == 401
    assert "set the environment variable MOTENASHI_TOUCHPOINTS_SECRET" in caplog.text


def test_too_large_and_too_many_are_refused(simple_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTENASHI_TOUCHPOINTS_SECRET", SECRET)
    door = Door(simple_room, TouchpointDoorSettings(largest_call=1_000, calls_per_address="3/hour"))

    assert door.post(b" " * 1_001).status_code == 413
    assert [door.post(happened()).status_code for _ in range(3)] == [200, 200, 429]
    assert int(door.post(happened()).headers["Retry-After"]) > 0


def test_a_store_that_is_away_asks_to_send_again(simple_door: Door, caplog: pytest.LogCaptureFixture) -> None:
    with simple_door.room.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE crm_touchpoints")

    answer = simple_door.post(happened())

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "ann@example.com" not in caplog.text


def test_the_schema_is_published_and_in_the_docs(simple_door: Door) -> None:
    answer = simple_door.app.test_client().get("/touchpoints/schema.json")

    assert answer.mimetype == "application/schema+json"
    schema = json.loads(answer.data)
    Draft202012Validator.check_schema(schema)
    assert schema == json.loads((DOCS / "touchpoints.schema.json").read_text(encoding="utf-8")), (
        "write docs/touchpoints.schema.json anew from touchpoints_schema()"
    )


@pytest.fixture
def address(simple_door: Door) -> Iterator[str]:
    """The door on a port, for programs of others."""
    server = make_server("127.0.0.1", 0, simple_door.app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/touchpoints"
    server.shutdown()
    thread.join()
    server.server_close()


def example(language: str, address: str) -> str:
    page = (DOCS / "touchpoints.md").read_text(encoding="utf-8")
    return (
        page.partition(f"```{language}\n")[2]
        .partition("```")[0]
        .replace("https://chat.example.com/touchpoints", address)
    )


@pytest.mark.parametrize(
    ("language", "program", "call"),
    [
        ("bash", ["bash", "-euo", "pipefail", "-c"], ""),
        ("python", ["python3", "-c"], "\nimport sys\nprint(json.dumps(send([json.load(sys.stdin)], 'Webinars')))\n"),
        (
            "javascript",
            ["node", "--input-type=module", "-e"],
            "\nimport { readFileSync } from 'node:fs';\n"
            "console.log(JSON.stringify(await send([JSON.parse(readFileSync(0, 'utf8'))], 'Webinars')));\n",
        ),
    ],
)
def test_the_examples_of_the_page_work(
    simple_door: Door, address: str, tmp_path: Path, language: str, program: list[str], call: str
) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"no {program[0]} here")
    ran = subprocess.run(
        [*program, example(language, address).replace("2026-05-11", "2026-01-11") + call],
        cwd=tmp_path,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "MOTENASHI_TOUCHPOINTS_SECRET": SECRET, "no_proxy": "*"},
        input=json.dumps(happened()),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["counts"] == {"stored": 1}
    assert simple_door.room.count() == 1


def test_the_page_names_every_status() -> None:
    page = (DOCS / "touchpoints.md").read_text(encoding="utf-8")
    assert [word for words in STATUSES.values() for word in words if f"`{word}`" not in page] == []
