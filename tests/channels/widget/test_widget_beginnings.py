"""Which conversations a browser may begin: those that flows begin by themselves, and no part of one."""

from __future__ import annotations

from flask import Flask
from limits.storage import MemoryStorage

from motenashi.channels.widget.door import build_widget
from motenashi.channels.widget.settings import WidgetSettings
from motenashi.conversation.reply import Reply
from tests.plain_inside import PlainInside


def test_a_flow_that_only_others_call_can_not_be_opened_from_outside() -> None:
    app, plain = Flask("test"), PlainInside(lambda message: Reply())
    app.register_blueprint(
        build_widget(WidgetSettings(), plain.inside(), signing_keys=["k" * 32], rate_storage=MemoryStorage())
    )
    client = app.test_client()

    inner = client.post("/widget/conversations", json={"bot": "appointment"})
    front = client.post("/widget/conversations", json={"bot": "storefront"})

    assert (inner.status_code, inner.get_json()["error"]["field"], front.status_code) == (404, "bot", 200)
    assert [message.bot for message in plain.messages] == ["storefront"]
