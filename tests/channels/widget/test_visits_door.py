"""The door that is told of looked-at pages: after a yes, from welcome sites, and of nobody who asks not to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from motenashi.channels.widget.settings import WidgetSettings
from motenashi.channels.widget.visits_door import build_visits
from motenashi.database import Database
from motenashi.visits.visits import Visit, Visits
from tests.migrated import migrate

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
FRIEND = "https://shop.example.com"
GOOD = {
    "browser": "a" * 32,
    "view": "b" * 32,
    "page": "/servers?email=aki@example.com#top",
    "title": "Servers",
    "seconds": 12,
    "agreed": True,
    "conversation": "talk-1",
    "secret": "right",
}


@pytest.fixture
def visits(sqlite_database: Database) -> Visits:
    migrate(sqlite_database)
    return Visits(sqlite_database, b"k" * 32)


@pytest.fixture
def client(visits: Visits) -> FlaskClient:
    app = Flask(__name__)
    settings = WidgetSettings(origins=(FRIEND,), visits=True, visit_calls="20/minute")

    def holds(conversation_id: str, secret: str) -> bool:
        return (conversation_id, secret) == ("talk-1", "right")

    door = build_visits(settings, visits, holds=holds, rate_storage=MemoryStorage(), now=lambda: NOW)
    app.register_blueprint(door)
    return app.test_client()


def kept(visits: Visits) -> list[Visit]:
    return list(visits.to_note(NOW + timedelta(hours=1)))


def test_a_view_is_kept_without_what_stands_behind_the_path(client: FlaskClient, visits: Visits) -> None:
    assert client.post("/widget/visits", json=GOOD | {"title": ""}).status_code == 204

    (visit,) = kept(visits)
    assert (visit.title, visit.seconds, visit.conversation_id) == ("/servers", 12, "talk-1")


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_who_asks_not_to_be_tracked_is_not(client: FlaskClient, visits: Visits, header: str) -> None:
    assert client.post("/widget/visits", json=GOOD, headers={header: "1"}).status_code == 204
    assert kept(visits) == []


@pytest.mark.parametrize(
    "change",
    [
        {"agreed": False},
        {"agreed": "yes"},
        {"browser": "short"},
        {"browser": 7},
        {"view": ""},
        {"page": "https://elsewhere.example/"},
        {"page": ""},
        {"seconds": -1},
        {"seconds": "5"},
        {"seconds": True},
        {"seconds": 10**9},
    ],
)
def test_what_is_no_view_after_a_yes_is_refused(client: FlaskClient, visits: Visits, change: dict[str, Any]) -> None:
    assert client.post("/widget/visits", json=GOOD | change).status_code == 400
    assert kept(visits) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{" * 3000])
def test_what_is_no_object_is_refused(client: FlaskClient, body: bytes) -> None:
    assert client.post("/widget/visits", data=body).status_code == 400


def test_nobody_ties_visits_to_somebody_elses_conversation(client: FlaskClient, visits: Visits) -> None:
    client.post("/widget/visits", json=GOOD | {"secret": "guessed"})

    assert kept(visits) == []


def test_a_no_forgets(client: FlaskClient, visits: Visits) -> None:
    client.post("/widget/visits", json=GOOD)

    assert client.delete("/widget/visits", json={"browser": "a" * 32}).status_code == 204
    assert kept(visits) == []
    assert client.delete("/widget/visits", json={"browser": "x"}).status_code == 400


def test_only_welcome_sites_may_tell(client: FlaskClient, visits: Visits) -> None:
    assert client.post("/widget/visits", json=GOOD, headers={"Origin": "https://evil.example"}).status_code == 403
    assert kept(visits) == []
    answer = client.options("/widget/visits", headers={"Origin": FRIEND})
    assert answer.status_code == 204
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    assert client.post("/widget/visits", json=GOOD, headers={"Origin": FRIEND}).status_code == 204


def test_too_many_are_told_to_wait_and_too_large_is_refused(client: FlaskClient) -> None:
    assert client.post("/widget/visits", json=GOOD | {"title": "x" * 9000}).status_code in (400, 413)
    statuses = [client.post("/widget/visits", json=GOOD).status_code for _ in range(25)]

    assert statuses[-1] == 429


def test_the_script_is_there(client: FlaskClient) -> None:
    answer = client.get("/widget/visits.0123.js")

    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"


def test_a_no_is_heard_after_many_views_and_not_without_end(client: FlaskClient, visits: Visits) -> None:
    for _ in range(30):
        client.post("/widget/visits", json=GOOD)

    assert client.delete("/widget/visits", json={"browser": GOOD["browser"]}).status_code == 204
    assert kept(visits) == []
    answers = [client.delete("/widget/visits", json={"browser": f"{number:032x}"}) for number in range(20)]
    assert answers[-1].status_code == 429 and answers[-1].headers["Retry-After"]
