"""The door of Zoho's notifications: 200 and nothing said for what is trusted, 404 and nothing said for all else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from crm_client.errors import CrmUnreachable
from motenashi.channels.crm.settings import CrmDoorSettings
from motenashi.channels.crm.zoho_door import build_zoho_door

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ID = "4876876000000100001"


@dataclass
class Door:
    """What the channels would be told."""

    settings: CrmDoorSettings = field(default_factory=CrmDoorSettings)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    arrived: int = 0
    trouble: Exception | None = None

    def accept(self, *given: Any) -> bool:
        return self.take("push", *given)

    def accept_workflow(self, *given: Any) -> bool:
        return self.take("workflow", *given)

    def take(self, *given: Any) -> bool:
        if self.trouble is not None:
            raise self.trouble
        self.told.append(given)
        return bool(given[1] == "right" or given[2] == "key")

    def ring(self) -> None:
        self.arrived += 1

    def client(self) -> FlaskClient:
        app = Flask(__name__)
        door = build_zoho_door(
            self.accept,
            self.accept_workflow,
            rate_storage=MemoryStorage(),
            settings=self.settings,
            arrived=self.ring,
            clock=lambda: NOW,
        )
        app.register_blueprint(door)
        return app.test_client()


@pytest.fixture
def door() -> Iterator[Door]:
    yield Door()


def test_a_push_is_answered_with_nothing_and_the_worker_is_woken(door: Door) -> None:
    answer = door.client().post("/channels/crm/zoho/right", data=b'{"ids":[]}')

    assert (answer.status_code, answer.data, door.arrived) == (200, b"", 1)
    assert door.told == [("push", "right", b'{"ids":[]}', NOW)]


def test_who_is_not_trusted_gets_no_hint_why(door: Door) -> None:
    for path in ("/channels/crm/zoho/wrong", "/channels/crm/zoho/wrong/workflow"):
        answer = door.client().post(path, data=b"{}")
        assert (answer.status_code, answer.data) == (404, b"")
    assert door.arrived == 0


def test_a_call_that_is_too_large_is_not_read(door: Door) -> None:
    answer = door.client().post("/channels/crm/zoho/right", data=b"x" * (256 * 1024 + 1))

    assert (answer.status_code, door.told) == (413, [])


def test_too_many_calls_are_told_to_wait(door: Door) -> None:
    door.settings = CrmDoorSettings(calls_per_address="2/minute")
    client = door.client()
    statuses = [client.post("/channels/crm/zoho/right", data=b"{}").status_code for _ in range(3)]
    answer = client.post("/channels/crm/zoho/wrong", data=b"{}")

    assert statuses == [200, 200, 429]
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert len(door.told) == 2


def test_what_can_not_be_kept_is_no_success(door: Door) -> None:
    door.trouble = CrmUnreachable("keep push", "database is locked")

    answer = door.client().post("/channels/crm/zoho/right", data=b"{}")
    assert (answer.status_code, door.arrived) == (503, 0)


def test_a_worker_that_can_not_be_woken_is_no_failure_of_the_push(door: Door) -> None:
    def broken() -> None:
        raise RuntimeError

    door.ring = broken  # type: ignore[method-assign]
    assert door.client().post("/channels/crm/zoho/right", data=b"{}").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [{"data": {"module": "Leads", "id": ID, "email": "aoki@minami.example"}}, {"json": {"module": "Leads", "id": ID}}],
    ids=["form", "json"],
)
def test_a_workflow_may_send_a_form_or_json(door: Door, sent: dict[str, Any]) -> None:
    answer = door.client().post("/channels/crm/zoho/right/workflow", **sent)

    assert (answer.status_code, door.arrived) == (200, 1)
    assert door.told == [("workflow", "right", "", "Leads", ID, NOW)]


def test_a_workflow_may_send_its_key_in_a_header(door: Door) -> None:
    answer = door.client().post(
        "/channels/crm/zoho/x/workflow", data={"module": "Leads", "id": ID}, headers={"X-Hook-Key": "key"}
    )

    assert answer.status_code == 200
    assert door.told == [("workflow", "x", "key", "Leads", ID, NOW)]


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"module":{"id":1},"id":[1]}', b"[" * 100_000])
def test_what_names_no_record_is_told_as_none(door: Door, body: bytes) -> None:
    door.client().post("/channels/crm/zoho/right/workflow", data=body, content_type="application/json")

    assert door.told == [("workflow", "right", "", "", "", NOW)]
