"""Plugs in SalesIQ's format: every type of parameter in, flat outputs out, closed to whom it does not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask

from motenashi.channels.salesiq.plug_outputs import to_plug_outputs
from motenashi.channels.salesiq.plug_webhook import build_plug_webhook
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.conversation.assurance import NOBODY, Assurance
from motenashi.plug_contract import Plug, PlugFailed, PlugInputWrong, PlugRefused, plug
from tests.plain_inside import PlainInside
from tests.salesiq_simulator import Answered, Simulator, public_key_pem

SETTINGS = SalesIQSettings(public_keys=(public_key_pem(),), public_url="https://shop.example.com")
KEY = "key-for-tests"


@dataclass(frozen=True)
class Anything:
    text: str
    count: int = 0
    products: tuple[str, ...] = ()


def plug_giving(give: Callable[[dict[str, Any]], Any]) -> Plug:
    @plug(title="Look around")
    def look(*, email: str = "", count: int = 0, stay: dict[str, Any] | None = None, place: Any = None) -> Anything:
        given = {"email": email, "count": count, "stay": stay, "place": place}
        outputs: Anything = give(given)
        return outputs

    return look


def house(
    give: Callable[[dict[str, Any]], Any] = dict, settings: SalesIQSettings = SETTINGS
) -> tuple[Any, PlainInside]:
    inside = PlainInside(lambda message: None, plugs=(plug_giving(give),))  # type: ignore[arg-type,return-value]
    app = Flask(__name__)
    app.register_blueprint(build_plug_webhook(settings, inside.inside(), lambda key: key == KEY))
    return app.test_client(), inside


def call(session: Any, **options: Any) -> Any:
    client, _ = house(**options)
    answer = Simulator(client).send("/plugs/look", json.dumps({"session": session}).encode())
    assert answer.status == 200, answer.body
    return answer.json


def send(body: bytes, path: str = "/plugs/look", **options: Any) -> Answered:
    return Simulator(house()[0]).send(path, body, **options)


def test_saving_the_plug_in_salesiq_works() -> None:
    for method, body in (("POST", b""), ("POST", b"{}"), ("HEAD", b""), ("GET", b"")):
        assert send(body, sign=False, method=method).status == 200


def test_inputs_are_mapped_by_name_and_the_rest_is_left_out() -> None:
    client, inside = house()

    Simulator(client).plug("look", email="mina@example.org", count=5, unknown="x")

    assert inside.plug_calls[0].inputs == {"email": "mina@example.org", "count": 5}


@pytest.mark.parametrize(
    ("type", "value", "meta_value"),
    [
        ("string", "Hello", "Hello"),
        ("number", 29, "29"),
        ("date", "2026-12-31", "2026-12-31"),
        ("daterange", {"from": "2026-11-03", "to": "2026-11-05"}, {"from": "2026-11-03", "to": "2026-11-05"}),
        ("location", {"city": "Tokyo", "latitude": "35.6"}, {"latitude": "35.6", "longitude": "139.7"}),
        ("ip", "203.0.113.9", "203.0.113.9"),
        ("datetime", "2026-11-03T09:30:00+09:00", ""),
        ("", [1, 2], None),
    ],
)
def test_every_type_of_parameter_arrives_as_it_is(type: str, value: Any, meta_value: Any) -> None:
    given = call(
        {"place": {"value": value, "meta": {"type": type, "value": meta_value}}},
        give=lambda given: {"json": json.dumps(given["place"])},
    )

    assert json.loads(given["json"]) == value


@pytest.mark.parametrize("empty", [None, {}, {"value": None}, {"value": ""}, {"meta": {"type": "string"}}, ""])
def test_a_parameter_without_a_value_is_left_to_the_plug(empty: Any) -> None:
    assert call({"email": empty, "count": {"value": "７", "meta": {"type": "number"}}}) == {
        "email": "",
        "count": 7,
        "stay": "",
        "place": "",
    }


@pytest.mark.parametrize("wrapper", ["entity", "data", "request"])
def test_a_session_inside_a_wrapper_is_found(wrapper: str) -> None:
    body = json.dumps({wrapper: {"session": {"email": "a@b.c"}}}).encode()

    assert send(body).json["email"] == "a@b.c"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"no json", "body"),
        (b"[]", "body"),
        (b'{"a": 1}', "session"),
        (b'{"session": 5}', "session"),
        (b'{"session": {"count": {"value": "many", "meta": {"type": "number"}}}}', "session.count.value"),
        (b'{"session": {"stay": {"value": "May", "meta": {"type": "daterange"}}}}', "session.stay.value"),
        (b'{"session": {"email": {"value": [1], "meta": {"type": "string"}}}}', "session.email.value"),
    ],
)
def test_a_wrong_shape_is_told_by_field(body: bytes, field: str) -> None:
    answer = send(body)

    assert (answer.status, answer.json["error"]["field"]) == (400, field)


# Who may call


def test_a_wrong_signature_is_refused() -> None:
    answer = send(b'{"session": {}}', sign=False)

    assert (answer.status, answer.json) == (401, {"error": {"message": "unauthorized"}})


@pytest.mark.parametrize("headers", [{"Authorization": f"Bearer {KEY}"}, {"X-API-Key": KEY}])
def test_an_api_key_is_as_good_as_a_signature(headers: dict[str, str]) -> None:
    assert send(b'{"session": {}}', sign=False, headers=headers).status == 200


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer wrong"}, {"X-API-Key": "wrong"}])
@pytest.mark.parametrize("body", [b'{"session": {}}', b"{}"])
def test_a_wrong_api_key_is_refused(headers: dict[str, str], body: bytes) -> None:
    assert send(body, sign=False, headers=headers).status == 401


def test_nobody_learns_which_plugs_there_are_without_a_signature() -> None:
    assert send(b'{"session": {}}', "/plugs/other", sign=False).status == 401
    assert send(b'{"session": {}}', "/plugs/other").status == 404


def test_a_large_body_is_refused() -> None:
    assert send(b"x" * 300_000).status == 413


@pytest.mark.parametrize(("assurance", "level"), [("claimed", Assurance.CLAIMED), ("verified", Assurance.VERIFIED)])
def test_the_sessions_address_counts_for_what_the_operator_says(assurance: Any, level: Assurance) -> None:
    client, inside = house(settings=replace(SETTINGS, assurance=assurance))

    Simulator(client).plug("look", email="Mina@example.org")

    assert (inside.plug_calls[0].identity.level, inside.plug_calls[0].identity.email) == (level, "mina@example.org")


def test_an_unsigned_call_verifies_nobody() -> None:
    settings = replace(SETTINGS, public_keys=(), allow_unsigned=True, assurance="verified")
    client, inside = house(settings=settings)

    Simulator(client, sign=False).plug("look", email="mina@example.org")
    Simulator(client, sign=False).plug("look")

    assert inside.plug_calls[0].identity.level is Assurance.CLAIMED
    assert inside.plug_calls[1].identity == NOBODY


# What comes back


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (PlugRefused("look", "verify first"), {"refused": True, "reason": "verification_needed"}),
        (PlugFailed("look", "timeout", "too slow"), {"failed": True, "reason": "timeout"}),
        (PlugInputWrong("look", "count", "no number"), {"failed": True, "reason": "input_wrong", "field": "count"}),
    ],
)
def test_a_plug_that_can_not_answer_is_200_with_empty_outputs(trouble: Exception, told: dict[str, Any]) -> None:
    assert call({}, give=lambda given: trouble) == {"text": "", "count": "", "products": []} | told


def test_a_plug_that_breaks_shows_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    def broken(given: dict[str, Any]) -> Any:
        raise RuntimeError("secret of the house")

    assert call({}, give=broken)["failed"] is True
    assert "secret of the house" in caplog.text


def test_each_call_has_its_own_key_unless_the_caller_names_one() -> None:
    client, inside = house()
    for headers in ({}, {}, {"Idempotency-Key": "k-1"}):
        Simulator(client).send("/plugs/look", b'{"session": {}}', headers=headers)

    keys = [call.key for call in inside.plug_calls]
    assert len(set(keys)) == 3
    assert keys[2] == "k-1"


@pytest.mark.parametrize(
    ("output", "flat"),
    [
        ("text", {"x": "text"}),
        (3, {"x": 3}),
        (True, {"x": "true"}),
        (None, {"x": ""}),
        ({"from": "2026-01-01", "to": "2026-01-02"}, {"x": {"from": "2026-01-01", "to": "2026-01-02"}}),
        ({"latitude": "1", "longitude": "2"}, {"x": {"latitude": "1", "longitude": "2"}}),
        ({"name": "Mina", "age": 3}, {"x_name": "Mina", "x_age": 3}),
        (["Red", "Blue"], {"x": [{"text": "Red", "id": "Red"}, {"text": "Blue", "id": "Blue"}]}),
        ([{"id": "1", "name": "Hayate"}], {"x": [{"text": "Hayate", "id": "1"}]}),
        (
            [{"id": "1", "title": "Hayate", "url": "/p/1", "subtitle": "Light"}],
            {
                "x": [{"text": "Hayate", "id": "1"}],
                "x_links": [{"text": "Hayate", "url": "https://shop.example.com/p/1", "target": "_blank"}],
            },
        ),
        ([{"id": "1", "title": "A", "url": "javascript:x"}], {"x": [{"text": "A", "id": "1"}], "x_links": []}),
        ([], {"x": []}),
    ],
)
def test_outputs_are_flat_and_of_salesiqs_types(output: Any, flat: dict[str, Any]) -> None:
    def address(url: str) -> str:
        return f"https://shop.example.com{url}" if url.startswith("/") else ""

    assert to_plug_outputs({"x": output}, address) == flat
