"""The pages with advice over the real desk, CRM and store: the small company of the desk's own tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from motenashi.advice_answers import AdviceAnswers
from motenashi.advice_notices import DueReminders
from motenashi.advice_views import AdviceViews
from motenashi.channels.api.door import build_api
from motenashi.channels.api.settings import ApiSettings
from motenashi.database import Database
from motenashi.identity.embed_links import EmbedLinks
from motenashi.identity.roles import Role
from motenashi.pages.embed.embed_page import build_embed_page
from motenashi.pages.embed.settings import EmbedSettings
from motenashi.pages.guard import calling, require_api_key
from motenashi.suggestions.best_time.best_times import BestTimes, Slot
from motenashi.suggestions.best_time.store import BestTimesStore
from tests.advice_desk.desk_world import AYA, DAY, NOW, DeskWorld
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.conftest import PASSWORD, House, log_in

CRM_PAGE = "https://crm.example.com"
LASTS = timedelta(hours=2)


@dataclass
class RealDesk:
    house: House
    world: DeskWorld
    views: AdviceViews
    links: EmbedLinks

    def aya(self) -> FlaskClient:
        """A browser in which the owner of the deal d1 is logged in."""
        client = self.house.client()
        assert log_in(client, AYA).status_code == 302
        return client

    def key(self, *scopes: str) -> dict[str, str]:
        """The header of a tool with these scopes."""
        key = self.house.api_keys.create_api_key("crm", scopes, now=self.world.now)
        return {"Authorization": f"Bearer {key}"}

    def know_best_times(self, person_id: str = "c1", *, preference: bool = True) -> None:
        slots = tuple(
            Slot(day, hour, 0.5, 0.4, 0.6, max(0.0, 4.5 - abs(hour - 11) - day / 2) if preference else 0.0)
            for day in range(5)
            for hour in range(9, 18)
        )
        best_first = tuple(sorted(slots, key=lambda slot: -slot.stars))
        times = BestTimes(
            person_id, "call", best_first, preference, 14, 9, (("call_answered", 9),), "Europe/Berlin", NOW - DAY
        )
        BestTimesStore(self.world.database).save_many("contact", [times])


def build_real_desk(house: House, database: Database, *, settings: ApiSettings | None = None) -> RealDesk:
    world = DeskWorld(database)
    house.now = world.now

    def clock() -> datetime:
        return world.now

    views = AdviceViews(world.desk, world.crm, world.hours, database, clock=clock)
    links = EmbedLinks(["k" * 40], LASTS)
    answers = AdviceAnswers(world.desk, world.crm, views, links, address="https://motenashi.example.com", clock=clock)
    add_advice_pages(house, views)
    api = build_api(
        settings or ApiSettings(), answers, require_scope=require_api_key, caller=calling, rate_storage=MemoryStorage()
    )
    embed = build_embed_page(EmbedSettings((CRM_PAGE,)), views, links, clock=clock)
    for door in (api, embed):
        house.csrf.exempt(door)
        house.app.register_blueprint(door)
    house.bell = DueReminders(world.desk, world.crm, clock=clock)
    house.users.add_user(AYA, Role.REPRESENTATIVE, PASSWORD, name="Aya Endo", now=NOW - DAY)
    return RealDesk(house, world, views, links)
