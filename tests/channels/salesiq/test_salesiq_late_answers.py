"""Answers that take longer than their budget: announced and called back, or waiting for a button."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from motenashi.channels.salesiq.access_token import AccessTokens, NoAccessToken, callbacks_configured
from motenashi.channels.salesiq.callbacks import LateDeliveryFailed, deliver_late, keep_alive
from motenashi.channels.salesiq.settings import CallbackSettings
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Action, Reply
from tests.plain_inside import PlainInside, says
from tests.salesiq_callbacks import CallbackServer
from tests.salesiq_door import SETTINGS, simulator


class Accounts:
    """A stand-in for Zoho's accounts server: a real HTTP server that gives token-1, token-2, …"""

    def __init__(self) -> None:
        self.forms: list[dict[str, list[str]]] = []
        self.refuse = False
        accounts = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                accounts.forms.append(parse_qs(body))
                token = {"access_token": f"token-{len(accounts.forms)}", "expires_in": 3600}
                answer = json.dumps({"error": "invalid_code"} if accounts.refuse else token).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    monkeypatch.setenv("SALESIQ_CLIENT_ID", "id")
    monkeypatch.setenv("SALESIQ_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SALESIQ_REFRESH_TOKEN", "refresh")
    accounts = Accounts()
    thread = threading.Thread(target=accounts.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield accounts
    accounts.server.shutdown()
    accounts.server.server_close()
    thread.join()


@pytest.fixture
def callbacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[CallbackServer]:
    with CallbackServer() as server:
        monkeypatch.setenv("SALESIQ_ACCESS_TOKEN", server.token)
        yield server


def settings_for(server: CallbackServer) -> Any:
    return replace(SETTINGS, callbacks=CallbackSettings(server=server.url, screen_name=server.screen_name))


def bot(message: Message) -> Reply:
    return says("Your order is on its way", chips=("Thanks",))


def test_a_slow_answer_is_announced_and_called_back(callbacks: CallbackServer) -> None:
    inside = PlainInside(bot, slow={"Where is it?"})
    settings = settings_for(callbacks)
    chat = simulator(inside, settings, callbacks=callbacks).visitor(language="ja").say("Where is it?")

    assert (chat.status, chat.texts) == ("pending", ["お調べしております。少々お待ちください。"])
    deliver_late(settings, inside.late[-1].data, inside.finish(), AccessTokens(settings.callbacks))
    chat.wait_for_callback()

    assert (chat.status, chat.texts, chat.chips) == ("bot", ["Your order is on its way"], ["Thanks"])
    assert chat.last["replies"] == [{"text": "Your order is on its way"}]


def test_what_is_stored_for_the_callback_holds_no_secret(callbacks: CallbackServer) -> None:
    inside = PlainInside(bot, slow={"Hello"})

    chat = simulator(inside, settings_for(callbacks)).visitor().say("Hello")

    data = inside.late[-1].data
    assert data["request_id"] == chat.requests[-1]["request"]["id"]
    assert callbacks.token not in str(data)


def test_the_visitor_can_be_kept_waiting_with_a_word(callbacks: CallbackServer) -> None:
    settings = settings_for(callbacks)

    keep_alive(settings, {"request_id": "r-1"}, "Still at it", AccessTokens(settings.callbacks))

    assert callbacks.progress == {"r-1": ["Still at it"]}


@pytest.mark.parametrize(("code", "again"), [(1001, True), (1008, True), (1023, True), (1005, False), (1016, False)])
def test_an_error_with_status_200_is_noticed(callbacks: CallbackServer, code: int, again: bool) -> None:
    settings = settings_for(callbacks)
    callbacks.fail_next(code)

    with pytest.raises(LateDeliveryFailed) as error:
        deliver_late(settings, {"request_id": "r-1"}, says("Hi"), AccessTokens(settings.callbacks))

    assert error.value.try_again is again
    deliver_late(settings, {"request_id": "r-1"}, says("Hi"), AccessTokens(settings.callbacks))
    assert callbacks.responses["r-1"]["replies"] == [{"text": "Hi"}]


def test_a_platform_that_is_away_is_tried_again(callbacks: CallbackServer) -> None:
    settings = replace(SETTINGS, callbacks=CallbackSettings(server="http://127.0.0.1:1", screen_name="x", seconds=2))

    with pytest.raises(LateDeliveryFailed) as error:
        deliver_late(settings, {"request_id": "r-1"}, says("Hi"), lambda: "token")

    assert error.value.try_again


def test_a_hand_over_is_called_back_with_plain_texts(callbacks: CallbackServer) -> None:
    settings = settings_for(callbacks)

    deliver_late(settings, {"request_id": "r-1"}, says("Hi", action=Action.FORWARD), lambda: callbacks.token)

    assert callbacks.responses["r-1"] == {"action": "forward", "replies": ["Hi"]}


def test_instagram_has_no_pending(callbacks: CallbackServer) -> None:
    inside = PlainInside(bot, slow={"Hello"})

    chat = simulator(inside, settings_for(callbacks)).visitor(channel="Instagram").say("Hello")

    assert (chat.status, chat.chips) == ("bot", ["Show answer (0)"])


# Without a callback


@pytest.mark.parametrize(("language", "button"), [("en", "Show answer (2)"), ("ja", "回答を表示（2）")])
def test_without_a_callback_a_button_shows_the_answer(language: str, button: str) -> None:
    inside = PlainInside(lambda message: says(f"On {message.text}", language=language), slow={"Where?"})
    chat = simulator(inside).visitor(language=language).say("Hello").say("Where?")

    assert (chat.status, chat.chips) == ("bot", [button])
    chat.click(button)
    assert chat.chips == [button]  # not ready yet, and the answer to Hello is not taken for it
    inside.finish()
    chat.click(button)
    assert chat.texts == ["On Where?"]
    assert len(inside.messages) == 2  # pressing the button runs no turn


def test_an_answer_that_came_in_the_last_moment_is_shown_at_once() -> None:
    inside = PlainInside(lambda message: says("Here it is"), slow={"Where?"})
    inside.finishes_at_once = True

    assert simulator(inside).visitor().say("Where?").texts == ["Here it is"]


def test_without_a_callback_the_late_answer_needs_no_delivery() -> None:
    inside = PlainInside(bot, slow={"Where?"})
    simulator(inside).visitor().say("Where?")

    deliver_late(SETTINGS, inside.late[-1].data, inside.finish(), lambda: pytest.fail("no token is needed"))


# Tokens


def test_callbacks_need_a_portal_and_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = CallbackSettings(screen_name="x")
    assert not callbacks_configured(settings)

    for name in ("SALESIQ_CLIENT_ID", "SALESIQ_CLIENT_SECRET", "SALESIQ_REFRESH_TOKEN"):
        monkeypatch.setenv(name, "x")

    assert callbacks_configured(settings)
    assert not callbacks_configured(replace(settings, screen_name=""))


def test_a_token_is_refreshed_before_it_ends(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    tokens = AccessTokens(CallbackSettings(accounts_server=accounts.url), clock=lambda: now[0])

    first = [tokens(), tokens()]
    now[0] = 3541.0
    later = tokens()

    assert (first, later) == (["token-1", "token-1"], "token-2")
    assert accounts.forms[0]["grant_type"] == ["refresh_token"]
    assert accounts.forms[0]["refresh_token"] == ["refresh"]


def test_a_token_that_salesiq_refuses_is_not_used_again(accounts: Accounts, callbacks: CallbackServer) -> None:
    callbacks.token = "token-2"
    where = CallbackSettings(callbacks.url, callbacks.screen_name, accounts.url)
    settings = replace(SETTINGS, callbacks=where)
    tokens = AccessTokens(where)

    with pytest.raises(LateDeliveryFailed, match="1008"):
        deliver_late(settings, {"request_id": "r-1"}, says("Hi"), tokens)
    deliver_late(settings, {"request_id": "r-1"}, says("Hi"), tokens)

    assert "r-1" in callbacks.responses


def test_a_refused_refresh_is_told_without_the_secret(accounts: Accounts) -> None:
    accounts.refuse = True

    with pytest.raises(NoAccessToken) as error:
        AccessTokens(CallbackSettings(accounts_server=accounts.url))()

    assert "invalid_code" in str(error.value)
    assert "secret" not in str(error.value)


def test_without_any_token_the_delivery_waits() -> None:
    with pytest.raises(LateDeliveryFailed, match="SALESIQ_ACCESS_TOKEN") as error:
        deliver_late(SETTINGS, {"request_id": "r-1"}, says("Hi"), AccessTokens(CallbackSettings()))

    assert error.value.try_again
