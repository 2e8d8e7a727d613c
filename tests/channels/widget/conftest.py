"""The chat box's door with the card gallery behind it, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from motenashi.channels.widget.settings import WidgetSettings
from tests.channels.widget.card_gallery import Gallery, build_gallery_app

FRIEND = "https://shop.example.com"


@dataclass
class Door:
    """A client of one gallery server, with the calls of the box as methods."""

    app: Flask
    client: FlaskClient
    gallery: Gallery

    def open(self, headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        return self.client.post("/widget/conversations", json={"bot": "gallery", **body}, headers=headers)

    def say(self, held: dict[str, Any], headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        path = f"/widget/conversations/{held['conversation']}/messages"
        return self.client.post(path, json=body, headers={**bearer(held), **(headers or {})})

    def since(self, held: dict[str, Any], after: object = 0) -> TestResponse:
        path = f"/widget/conversations/{held['conversation']}/messages?after={after}"
        return self.client.get(path, headers=bearer(held))

    def opened(self, **body: Any) -> dict[str, Any]:
        content: dict[str, Any] = self.open(**body).get_json()
        return content


def bearer(held: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {held['secret']}"}


MakeDoor = Callable[..., Door]


@pytest.fixture
def make_door(tmp_path: Path) -> MakeDoor:
    """A door with settings of one's own."""

    def make(**settings: Any) -> Door:
        app, gallery = build_gallery_app(tmp_path / "gallery.db", WidgetSettings(**{"origins": (FRIEND,), **settings}))
        return Door(app, app.test_client(), gallery)

    return make


@pytest.fixture
def door(make_door: MakeDoor) -> Door:
    return make_door()
