"""The pages of bulk actions over the real desk, in the house of the pages' tests."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_views import BulkViews
from motenashi.database import Database
from motenashi.pages.bulk.bulk_page import build_bulk_page
from motenashi.pages.bulk.unsubscribe_page import build_unsubscribe_page
from motenashi.pages.page_language import page_language
from tests.bulk_actions.bulk_world import BulkWorld
from tests.pages.conftest import House

MAIL = {
    "module": "contacts",
    "filter": "{}",
    "action": "mail",
    "subject_en": "News for {{ contact.first_name }}",
    "body_en": "Dear {{ contact.first_name }},\n\nspring is here.",
    "subject_ja": "{{ contact.last_name }}様へのご案内",
    "body_ja": "{{ contact.last_name }}様\n\n春のご案内です。",
    "fallback": "en",
    "when": "now",
}


@dataclass
class BulkPages:
    house: House
    world: BulkWorld

    def post(self, client: FlaskClient, path: str, **form: str) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/flows").text)
        assert token
        return client.post(path, data={"csrf_token": token[1], **form})

    def planned(self, client: FlaskClient, **form: str) -> str:
        """The path of a plan that was made by the form."""
        answer = self.post(client, "/bulk/new", **{**MAIL, **form})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def work(self, rounds: int = 10) -> None:
        for _ in range(rounds):
            self.world.round()
        self.house.now = self.world.now


def add_bulk_pages(house: House, database: Database, settings: BulkSettings | None = None) -> BulkPages:
    world = BulkWorld(database, settings=settings or BulkSettings(mails_per_minute=6_000), now=house.now)
    views = BulkViews(world.room.desk, language=page_language, clock=lambda: world.now)
    house.app.register_blueprint(build_bulk_page(views, clock=lambda: world.now))
    door = build_unsubscribe_page(world.room.stopping)
    house.csrf.exempt(door)
    house.app.register_blueprint(door)
    return BulkPages(house, world)
