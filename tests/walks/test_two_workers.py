"""The house behind gunicorn with two workers, as in production: raw HTTP from many sides at once."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from crm_client.embedded.tables import crm_leads
from motenashi.conversation.tables import entries
from motenashi.database import Database
from motenashi.storage.open_database import open_database
from tests.salesiq_simulator import Simulator, as_bytes, signature
from tests.walks.real_house import Server, filled, server_config, write_flows

LOOK = 1.5  # seconds; longer than a process takes to look at the flows
FLOWS = """
flow: storefront
title: {en: Front door, ja: 受付}
trigger: {channel: [website, salesiq]}
on_change: finish
steps:
  menu:
    say: {en: "What now?", ja: ご用件は。}
    choices:
      - {label: {en: Save me, ja: 保存}, go: save}
      - {label: {en: Call me, ja: 電話}, go: person}
      - {label: {en: Hello, ja: こんにちは}, go: hello}
  save:
    create_lead: {last_name: Nobody, company: None, email: $visitor.email}
  saved:
    say: {en: "Saved.", ja: 保存しました。}
    then: menu
  hello:
    say: {en: "FIRST hello.", ja: こんにちは。}
    then: menu
  person:
    forward_to_operator: {department: sales}
    say: {en: "A colleague joins in.", ja: 担当者におつなぎします。}
    when_unavailable: menu
"""


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_flows(tmp_path_factory.mktemp("flows") / "flows", storefront=FLOWS)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, company_template: Path) -> Path:
    file = tmp_path_factory.mktemp("database") / "motenashi.db"
    filled(f"sqlite:///{file}", company_template)
    return file


@pytest.fixture(scope="module")
def server(file: Path, flows: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = server_config(flows={"folder": str(flows)})
    with Server(tmp_path_factory.mktemp("server"), config, url=f"sqlite:///{file}") as server:
        assert len(server.workers()) == 2
        yield server


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}")
    yield database
    database.engine.dispose()


def post(server: Server, payload: dict[str, Any]) -> Any:
    """On a connection of its own, so that either worker may get it."""
    body = as_bytes(payload)
    headers = {"x-siqsignature": signature(body), "Content-Type": "application/json", "Connection": "close"}
    answer = requests.post(f"{server.url}/channels/salesiq/storefront", data=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def message(conversation: str, text: str, request: str = "") -> dict[str, Any]:
    return {
        "handler": "message" if text else "trigger",
        "operation": "message",
        "request": {"id": request or uuid.uuid4().hex},
        "visitor": {"active_conversation_id": conversation, "email": f"{conversation}@example.com", "language": "en"},
        "message": {"type": "text", "text": text},
    }


def opened(server: Server) -> str:
    conversation = f"c{uuid.uuid4().hex}"
    post(server, message(conversation, ""))
    return conversation


def count_of_leads(database: Database, conversation: str) -> int:
    of_them = crm_leads.c.email == f"{conversation}@example.com"
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(crm_leads).where(of_them)).scalar_one())


def transcript(database: Database, conversation: str) -> list[tuple[int, str, str]]:
    columns = (entries.c.seq, entries.c.author, entries.c.text)
    query = select(*columns).where(entries.c.conversation_id == f"salesiq:storefront:{conversation}")
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(entries.c.seq))]


def test_the_same_delivery_at_the_same_moment_happens_once(server: Server, database: Database) -> None:
    conversation = opened(server)
    payload = message(conversation, "Save me", "one-request")

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: post(server, payload), range(16)))

    assert len({json.dumps(answer) for answer in answers}) == 1 and "Saved." in answers[0]["replies"]
    assert count_of_leads(database, conversation) == 1
    assert [seq for seq, _, _ in transcript(database, conversation)] == [1, 2, 3]


def test_retries_with_new_ids_at_the_same_moment_change_things_once(server: Server, database: Database) -> None:
    """As after a time-out: the same words come to the other worker while the first one is still at it."""
    conversation = opened(server)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: post(server, message(conversation, "Save me")), range(2)))

    said = [text for _, author, text in transcript(database, conversation) if author == "visitor"]
    assert count_of_leads(database, conversation) == len(said)  # a turn that stands in no transcript changed nothing


def test_different_messages_at_the_same_moment_are_all_answered(server: Server, database: Database) -> None:
    conversation = opened(server)
    words = ["Save me", "Hello", *(f"word {number}" for number in range(6))]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: post(server, message(conversation, text)), words))

    assert "Saved." in answers[0]["replies"] and "FIRST hello." in answers[1]["replies"]
    kept = transcript(database, conversation)
    assert [seq for seq, _, _ in kept] == list(range(1, 2 * len(words) + 2))
    assert sorted(text for _, author, text in kept if author == "visitor") == sorted(words)
    assert [author for _, author, _ in kept[1:]] == ["visitor", "bot"] * len(words)
    assert count_of_leads(database, conversation) == 1


def test_many_conversations_at_once_do_not_meet(server: Server, database: Database) -> None:
    def talk(number: int) -> bool:
        chat = Simulator(server.url, timeout=60).visitor(email=f"many-{number}@example.com").open()
        return "Saved." in chat.click("Save me").texts and "FIRST hello." in chat.click("Hello").texts

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(talk, range(24)))
    with database.read() as connection:
        made = connection.execute(select(crm_leads.c.email).where(crm_leads.c.email.like("many-%"))).scalars().all()
    assert sorted(made) == sorted(f"many-{number}@example.com" for number in range(24))


def test_an_edit_reaches_both_workers_and_a_broken_one_neither(server: Server, flows: Path) -> None:
    under_way = opened(server)
    try:
        write_flows(flows, storefront=FLOWS.replace("FIRST", "SECOND"))
        assert everybody_says(server, "SECOND hello.")
        assert "FIRST hello." in post(server, message(under_way, "Hello"))["replies"]  # on_change: finish

        write_flows(flows, storefront=FLOWS.replace("FIRST", "THIRD").replace("go: hello}", "go: helo}"))
        time.sleep(LOOK)
        assert {hello(server) for _ in range(8)} == {"SECOND hello."}
        assert "storefront.yaml:12" in server.log and "helo" in server.log
    finally:
        write_flows(flows, storefront=FLOWS)
        assert everybody_says(server, "FIRST hello.")


def hello(server: Server) -> str:
    return str(post(server, message(opened(server), "Hello"))["replies"][0])


def everybody_says(server: Server, wanted: str) -> bool:
    """Whether new conversations are answered so, twelve times in a row and for longer than it takes every process to
    look: one of them alone may happen to answer twelve. It may take a moment."""
    in_a_row, since, give_up = 0, time.monotonic(), time.monotonic() + 30
    while (in_a_row < 12 or time.monotonic() < since + LOOK) and time.monotonic() < give_up:
        in_a_row = in_a_row + 1 if hello(server) == wanted else 0
        since = since if in_a_row else time.monotonic()
    return in_a_row >= 12
