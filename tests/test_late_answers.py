"""Answers that take too long: "pending" at once, the real one by callback, by whoever is still alive, once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from app import create_app
from crm_client.embedded.tables import crm_leads
from motenashi.channels.salesiq.callbacks import LateDeliveryFailed
from motenashi.conversation.answering import LateDelivery
from motenashi.conversation.message import Channel, Message, MessageKind
from motenashi.conversation.reply import Action
from motenashi.conversation.tables import late_answers
from motenashi.house import House
from motenashi.late_answers import MOST_ATTEMPTS, LateAnswers
from motenashi.storage.open_database import open_database
from tests.migrated import migrate
from tests.salesiq_callbacks import CallbackServer
from tests.salesiq_simulator import Chat, Simulator
from tests.walks.real_house import close, settings_for, write_flows
from tests.walks.slow_service import SLOW_FLOWS, SlowService


@pytest.fixture
def slow() -> Iterator[SlowService]:
    with SlowService() as service:
        yield service


@pytest.fixture
def salesiq_server() -> Iterator[CallbackServer]:
    with CallbackServer() as server:
        yield server


@pytest.fixture
def start(
    sqlite_url: str,
    tmp_path: Path,
    slow: SlowService,
    salesiq_server: CallbackServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Flask]]:
    """One more server process with SalesIQ's REST address at `salesiq_server`; without callbacks when told so."""
    monkeypatch.setenv("SALESIQ_ACCESS_TOKEN", salesiq_server.token)
    folder = write_flows(tmp_path / "flows", storefront=SLOW_FLOWS.format(host=slow.host))
    houses: list[House] = []

    def start(*, by_callback: bool = True, **turns: Any) -> Flask:
        settings = settings_for(
            sqlite_url, tmp_path, flows=folder, web_calls=slow.web_calls, salesiq={"budget_seconds": 0.15}, turns=turns
        )
        salesiq = settings.channels.salesiq
        name = salesiq_server.screen_name if by_callback else ""
        callbacks = dataclasses.replace(salesiq.callbacks, server=salesiq_server.url, screen_name=name)
        channels = dataclasses.replace(settings.channels, salesiq=dataclasses.replace(salesiq, callbacks=callbacks))
        app = create_app(dataclasses.replace(settings, channels=channels))
        houses.append(app.extensions["motenashi"])
        return app

    database = open_database(sqlite_url)
    migrate(database)
    database.engine.dispose()
    yield start
    for house in houses:
        close(house)


def house_of(app: Flask) -> House:
    house: House = app.extensions["motenashi"]
    return house


def asking(app: Flask, callbacks: CallbackServer | None = None) -> Chat:
    return Simulator(app.test_client(), callbacks=callbacks).visitor(email="nobody@example.com").open()


def waiting(house: House) -> list[Any]:
    with house.database.read() as connection:
        return list(connection.execute(select(late_answers)).all())


def leads(house: House) -> int:
    with house.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(crm_leads)).scalar_one())


def make_due(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(update(late_answers).values(next_try_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_a_slow_answer_is_announced_and_comes_by_callback(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer
) -> None:
    app = start()
    chat = asking(app, salesiq_server).click("Look it up")
    assert chat.status == "pending" and chat.texts

    slow.go_on()
    chat.wait_for_callback()

    assert "It is found." in chat.texts and chat.chips and chat.status == "bot"
    assert leads(house_of(app)) == 1


def test_a_quick_answer_is_not_announced(start: Callable[..., Flask], salesiq_server: CallbackServer) -> None:
    app = start()

    chat = asking(app, salesiq_server).click("Hello")

    assert chat.status == "bot" and not waiting(house_of(app)) and salesiq_server.calls == 0


def test_what_is_delivered_is_struck_off_the_list(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer
) -> None:
    app = start()
    chat = asking(app, salesiq_server).click("Look it up")
    (noted,) = waiting(house_of(app))
    assert json.loads(noted.data)["request_id"] == chat.requests[-1]["request"]["id"]

    slow.go_on()
    chat.wait_for_callback()
    house_of(app).late.close(wait=True)

    assert waiting(house_of(app)) == []


def test_without_callbacks_the_visitor_asks_for_it(start: Callable[..., Flask], slow: SlowService) -> None:
    app = start(by_callback=False)
    chat = asking(app).click("Look it up")
    (button,) = chat.chips
    assert chat.click(button).chips == [button]  # not there yet

    slow.go_on()
    house_of(app).late.close(wait=True)
    chat.click(button)

    assert "It is found." in chat.texts and leads(house_of(app)) == 1


def test_a_retry_after_a_late_answer_gets_that_answer(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer
) -> None:
    app = start(late_after=0.1)
    house = house_of(app)
    chat = asking(app, salesiq_server).click("Look it up")
    slow.go_on()
    chat.wait_for_callback()

    again = chat.retry()

    assert "It is found." in again["replies"] and slow.asked == 1 and leads(house) == 1


def test_a_process_that_died_is_followed_by_another(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying, living = start(), start()
    chat = asking(dying, salesiq_server)

    def killed(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(house_of(dying).store, "commit", killed)
        patch.setattr(house_of(dying).late, "_finished", lambda *_: None)
        chat.click("Look it up")
        slow.go_on()
        house_of(dying).late.close(wait=True)
    assert chat.status == "pending" and len(waiting(house_of(living))) == 1

    assert house_of(living).late.look() == 0  # its process may still be at it
    make_due(house_of(living))
    assert house_of(living).late.look() == 1

    chat.wait_for_callback()
    assert "It is found." in chat.texts
    assert waiting(house_of(living)) == [] and leads(house_of(living)) == 1


def test_a_callback_that_fails_is_tried_again(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer, caplog: pytest.LogCaptureFixture
) -> None:
    app = start()
    salesiq_server.fail_next(1009)  # SalesIQ has a bad moment
    chat = asking(app, salesiq_server).click("Look it up")
    slow.go_on()
    house_of(app).late.close(wait=True)
    assert not salesiq_server.responses and "1009" in caplog.text

    make_due(house_of(app))
    assert house_of(app).late.look() == 1

    assert "It is found." in chat.wait_for_callback().texts and slow.asked == 1


def test_a_callback_that_can_never_succeed_is_given_up(
    start: Callable[..., Flask], slow: SlowService, salesiq_server: CallbackServer
) -> None:
    app = start()
    salesiq_server.fail_next(1006)
    asking(app, salesiq_server).click("Look it up")
    slow.go_on()
    house_of(app).late.close(wait=True)

    make_due(house_of(app))

    assert house_of(app).late.look() == 0 and salesiq_server.calls == 1
    (kept,) = waiting(house_of(app))
    assert "1006" in kept.last_error  # for the operator


# By itself: the list, with a delivery of the test


NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)


@pytest.fixture
def house(start: Callable[..., Flask], slow: SlowService) -> House:
    slow.go_on()
    return house_of(start())


def noted(house: House) -> None:
    """One message stands on the list, that some process left behind a while ago."""
    message = Message("c1", "d1", Channel("salesiq"), "storefront", MessageKind.OPEN, NOW)
    LateAnswers(house.database, house.chat.answer, clock=lambda: NOW)._note(
        message, LateDelivery("test", {"to": "visitor"})
    )


def test_two_processes_that_look_at_the_same_moment_deliver_once(house: House) -> None:
    noted(house)
    delivered: list[Any] = []
    both = [LateAnswers(house.database, house.chat.answer, clock=lambda: NOW + timedelta(minutes=1)) for _ in range(2)]
    for one in both:
        one.deliver_by("test", lambda data, reply: delivered.append((dict(data), reply)))

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda one: one.look(), both))

    assert sorted(counts) == [0, 1] and [data for data, _ in delivered] == [{"to": "visitor"}]
    assert waiting(house) == []


def test_tries_become_rarer_and_end(house: House) -> None:
    now = [NOW + timedelta(minutes=1)]
    tries: list[datetime] = []

    def fail(data: Any, reply: Any) -> None:
        tries.append(now[0])
        raise LateDeliveryFailed("not now", try_again=True)

    noted(house)
    late = LateAnswers(house.database, house.chat.answer, clock=lambda: now[0])
    late.deliver_by("test", fail)
    for _ in range(3000):
        late.look()
        now[0] += timedelta(seconds=1)

    assert len(tries) == MOST_ATTEMPTS
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses) and pauses[0] >= 5


def test_when_not_even_the_note_can_be_written_the_answer_is_waited_for(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(text("ALTER TABLE late_answers RENAME TO gone"))
    message = Message("c1", "d1", Channel("salesiq"), "storefront", MessageKind.OPEN, NOW)

    answer = house.late.answer_in_time(message, 0.0, LateDelivery("test", {}))

    assert answer.reply.action is Action.REPLY and answer.reply.chips


def test_a_turn_that_raises_raises_here_too(house: House) -> None:
    def broken(message: Message) -> Any:
        raise TimeoutError("the turn's own")

    late = LateAnswers(house.database, broken)
    message = Message("c1", "d1", Channel("salesiq"), "storefront", MessageKind.OPEN, NOW)

    with pytest.raises(TimeoutError, match="the turn's own"):
        late.answer_in_time(message, 5, LateDelivery("test", {}))
    late.close()
