"""Servers killed with -9 while people talk: what was answered is kept, what was not is answered when sent again, and
nothing happens twice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import delete, select, update

from crm_client.embedded.tables import crm_leads
from motenashi.conversation.tables import conversations, entries, late_answers
from motenashi.database import Database
from motenashi.jobs.leader import job_leases
from motenashi.storage.migrate import migrate
from motenashi.storage.open_database import open_database
from tests.salesiq_callbacks import CallbackServer
from tests.salesiq_simulator import Simulator, as_bytes, signature
from tests.walks.real_house import Server, server_config, write_flows
from tests.walks.slow_service import SLOW_FLOWS, SlowService

pytestmark = pytest.mark.chaos

KILLS, VISITORS = 20, 6
FLOWS = """
flow: storefront
title: {en: Front door, ja: 受付}
trigger: {channel: [website, salesiq]}
steps:
  menu:
    say: {en: "What now?", ja: ご用件は。}
    choices:
      - {label: {en: Save me, ja: 保存}, go: save}
      - {label: {en: Hello, ja: こんにちは}, go: hello}
  save:
    create_lead: {last_name: Nobody, company: None, email: $visitor.email}
  saved:
    say: {en: "Saved.", ja: 保存しました。}
    then: menu
  hello:
    say: {en: "Hello.", ja: こんにちは。}
    then: menu
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = open_database(request.getfixturevalue(f"{request.param}_url"))
    migrate(database)
    yield database
    database.engine.dispose()


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


class Visitor:
    """Sends one message after the other, each again and again until it is answered, as a patient platform does."""

    def __init__(self, server: Server, number: int) -> None:
        self._server = server
        self.conversation = f"visitor-{number}-{uuid.uuid4().hex[:8]}"
        self.answered: list[tuple[str, str, Any]] = []  # request id, words, the answer
        self.tries = 0

    def talk(self, stop: threading.Event) -> None:
        self._say("", stop)
        turn = 0
        while not stop.is_set():
            turn += 1
            self._say("Save me" if turn % 3 == 0 else "Hello", stop)

    def _say(self, text: str, stop: threading.Event) -> None:
        payload = self.payload(text, uuid.uuid4().hex)
        give_up = None
        while True:
            answer = self.post(payload)
            if answer is not None:
                self.answered.append((payload["request"]["id"], text, answer))
                return
            if stop.is_set():  # the last message, too, is sent until it is answered
                give_up = give_up or time.monotonic() + 30
                assert time.monotonic() < give_up, "the last message was never answered"
            time.sleep(0.02)

    def post(self, payload: dict[str, Any]) -> Any:
        """The answer; None when there was none, or only the wish to send it again."""
        self.tries += 1
        body = as_bytes(payload)
        headers = {"x-siqsignature": signature(body), "Content-Type": "application/json", "Connection": "close"}
        with suppress(requests.RequestException):
            url = f"{self._server.url}/channels/salesiq/storefront"
            answer = requests.post(url, data=body, headers=headers, timeout=20)
            if answer.status_code == 200 and "very busy" not in answer.text:
                return answer.json()
        return None

    def payload(self, text: str, request: str) -> dict[str, Any]:
        visitor = {"active_conversation_id": self.conversation, "email": f"{self.conversation}@example.com"}
        return {
            "handler": "message" if text else "trigger",
            "operation": "message",
            "request": {"id": request},
            "visitor": visitor,
            "message": {"type": "text", "text": text},
        }


def kill_now_and_then(server: Server, luck: random.Random) -> None:
    for number in range(KILLS):
        time.sleep(luck.uniform(0.1, 0.5))
        if number % 7 == 6:
            server.kill_master_and_workers()
            server.start()
            continue
        for worker in server.workers()[:1]:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def test_nothing_answered_is_lost_and_nothing_happens_twice(database: Database, tmp_path: Path) -> None:
    config = server_config(flows={"folder": str(write_flows(tmp_path / "flows", storefront=FLOWS))})
    stop = threading.Event()
    with Server(tmp_path / "server", config, url=url_of(database)) as server:
        visitors = [Visitor(server, number) for number in range(VISITORS)]
        with ThreadPoolExecutor(VISITORS) as pool:
            talks = [pool.submit(visitor.talk, stop) for visitor in visitors]
            try:
                kill_now_and_then(server, random.Random(20))
                server.wait_until_up()
            finally:
                stop.set()
            for talk in talks:
                talk.result()
        for visitor in visitors:
            assert_whole(database, visitor)
            request, text, answer = visitor.answered[-1]
            assert visitor.post(visitor.payload(text, request)) == answer  # and sent again, it is the same

    said = sum(len(visitor.answered) for visitor in visitors)
    assert sum(visitor.tries for visitor in visitors) > said  # somebody really was interrupted


def assert_whole(database: Database, visitor: Visitor) -> None:
    own = entries.c.conversation_id == f"salesiq:storefront:{visitor.conversation}"
    with database.read() as connection:
        rows = connection.execute(select(entries).where(own).order_by(entries.c.seq)).all()
        last_seq = connection.execute(
            select(conversations.c.last_seq).where(conversations.c.id == f"salesiq:storefront:{visitor.conversation}")
        ).scalar_one()
        leads = connection.execute(
            select(crm_leads.c.id).where(crm_leads.c.email == f"{visitor.conversation}@example.com")
        ).all()
    assert [row.seq for row in rows] == list(range(1, last_seq + 1))
    said = [(row.delivery_id.partition(":")[0], row.text) for row in rows if row.author == "visitor"]
    assert said == [(request, text) for request, text, _ in visitor.answered if text]
    assert len([row for row in rows if row.author == "bot"]) == len(visitor.answered)
    assert len(leads) == sum(text == "Save me" for _, text, _ in visitor.answered)


def test_an_answer_that_was_promised_comes_from_the_next_server(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server says "pending" and is killed; another one, started afterwards, brings the answer."""
    with SlowService() as slow, CallbackServer() as salesiq:
        folder = write_flows(tmp_path / "flows", storefront=SLOW_FLOWS.format(host=slow.host))
        callbacks = {"server": salesiq.url, "screen_name": salesiq.screen_name}
        config = server_config(
            flows={"folder": str(folder)},
            web_calls=slow.web_calls,
            channels={"salesiq": {"budget_seconds": 0.3, "callbacks": callbacks}},
        )
        with Server(tmp_path / "server", config, url=url_of(database), SALESIQ_ACCESS_TOKEN=salesiq.token) as server:
            chat = Simulator(server.url, callbacks=salesiq, timeout=60).visitor(email="late@example.com").open()
            chat.click("Look it up")
            assert chat.status == "pending"
            slow.wait_until_asked()

            server.kill_master_and_workers()
            time_passes(database)
            slow.go_on()
            server.start()

            chat.wait_for_callback(60)
            assert "It is found." in chat.texts

    with database.read() as connection:
        made = select(crm_leads.c.id).where(crm_leads.c.email == "late@example.com")
        assert len(connection.execute(made).all()) == 1


def time_passes(database: Database) -> None:
    """The dead server's lease and its time to answer are over."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with database.write() as connection:
        connection.execute(update(late_answers).values(next_try_at=past))
        connection.execute(delete(job_leases))
