"""Our SalesIQ door with a plain inside and its schemas, the simulator before it, and any JSON to throw at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import motenashi.channels.salesiq
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.webhook import build_salesiq
from motenashi.conversation.message import Message
from motenashi.conversation.reply import Reply
from tests.plain_inside import PlainInside, says
from tests.salesiq_simulator import Simulator, public_key_pem

SETTINGS = SalesIQSettings(public_keys=(public_key_pem(),), public_url="https://shop.example.com")
SCHEMAS = Path(motenashi.channels.salesiq.__file__).parent / "schema"
RESPONSES = Draft202012Validator(json.loads((SCHEMAS / "response.json").read_text()))
REQUESTS = Draft202012Validator(json.loads((SCHEMAS / "request.json").read_text()))


def echo(message: Message) -> Reply:
    return says(f"You said {message.text}", chips=("Yes", "No"))


def door(inside: PlainInside, settings: SalesIQSettings = SETTINGS) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(build_salesiq(settings, inside.inside()))
    return app.test_client()


def simulator(bot: Any = echo, settings: SalesIQSettings = SETTINGS, **options: Any) -> Simulator:
    inside = bot if isinstance(bot, PlainInside) else PlainInside(bot)
    return Simulator(door(inside, settings), **options)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SHAPES = st.fixed_dictionaries(
    {"handler": st.sampled_from(["trigger", "message", "context", "failure"])},
    optional={
        name: st.one_of(JSON, st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
        for name, KEYS in {
            "visitor": ["active_conversation_id", "id", "name", "email", "channel", "custom_info", "lead_score"],
            "request": ["id", "chat_id"],
            "message": ["text", "type", "meta"],
            "answers": ["a", "name"],
            "cause": ["code", "desc"],
            "failed_response": ["action"],
            "entity": ["id", "visitor", "message", "request"],
            "attachments": ["name", "url", "size"],
            "operation": ["chat"],
        }.items()
    },
)
