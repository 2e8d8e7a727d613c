"""Plays our own chat box towards its door: opens, says, clicks, looks what is new."""

from __future__ import annotations

import uuid
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class WidgetChat:
    """One visitor's box. `texts` and `chips` are of the bot's last turn; `entries` is all that was said."""

    def __init__(self, client: FlaskClient, *, bot: str = "storefront", token: str = "", **visitor: Any) -> None:
        self._client = client
        self._visitor = visitor
        self.entries: list[dict[str, Any]] = []
        opening = {"bot": bot, "id": uuid.uuid4().hex, "visitor": visitor} | ({"token": token} if token else {})
        data = self.checked(client.post("/widget/conversations", json=opening))
        self.id, self.secret = data["conversation"], data["secret"]
        self._take(data)

    def say(self, text: str, *, message_id: str = "", **more: Any) -> WidgetChat:
        self._take(self.checked(self.send(text, message_id=message_id, **more)))
        return self

    def send(self, text: str, *, message_id: str = "", **more: Any) -> TestResponse:
        body = {"id": message_id or uuid.uuid4().hex, "text": text, "visitor": self._visitor, **more}
        return self._client.post(f"/widget/conversations/{self.id}/messages", json=body, headers=self._headers)

    def since(self, seq: int) -> Any:
        path = f"/widget/conversations/{self.id}/messages?after={seq}"
        return self.checked(self._client.get(path, headers=self._headers))

    def seen_by(self, client: FlaskClient) -> WidgetChat:
        """The same box after the server was restarted."""
        self._client = client
        return self

    @property
    def reply(self) -> dict[str, Any]:
        return next((entry["reply"] for entry in reversed(self.entries) if "reply" in entry), {})

    @property
    def texts(self) -> list[str]:
        return [text for card in self.reply.get("displays", ()) for text in _texts_in(card)]

    @property
    def chips(self) -> list[str]:
        return list(self.reply.get("chips", ()))

    @property
    def shown(self) -> str:
        return str(self.entries)

    @staticmethod
    def checked(answer: TestResponse) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def _take(self, data: dict[str, Any]) -> None:
        self.entries += data["entries"]


def _texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts_in(part)]
    return [text for part in value for text in _texts_in(part)] if isinstance(value, list) else []
