"""Leads, contacts, accounts, deals and what customers said, behind the real desk for filters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Account, Contact, Deal, Lead, Owner, Touchpoint
from motenashi.database import Database
from motenashi.filters.desk import FilterDesk
from motenashi.filters.tables import metadata as filter_tables
from motenashi.insights.voice.response import Response, SaidKeyword
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import metadata as voice_tables
from motenashi.pages.lists.lists_page import build_lists_page
from tests.pages.advice.advice_pages import add_advice_pages
from tests.pages.advice.plain_desk import PlainDesk
from tests.pages.conftest import NOW, House

DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Tokyo")
UNHAPPY: dict[str, Any] = {"responses": {"some": [{"tone": "negative"}, {"keyword": "price"}]}}


@dataclass
class ListWorld:
    house: House
    database: Database
    crm: EmbeddedCrm
    desk: FilterDesk

    def said(self, number: int, contact_id: str, tone: Any, keyword: str, days_ago: int = 3) -> None:
        Responses(self.database).add(
            Response(
                0,
                f"mail:{number}",
                NOW - days_ago * DAY,
                "email",
                "mail",
                contact_id=contact_id,
                account_id="a1",
                text=f"About the {keyword}.",
                tone=tone,
                keywords=(SaidKeyword(keyword, keyword, tone=tone),),
            )
        )


def build_list_world(house: House, database: Database, *, more_contacts: int = 0) -> ListWorld:
    for tables in (crm_tables, voice_tables, filter_tables):
        tables.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    desk = FilterDesk(database, zone=ZONE, clock=lambda: NOW)
    add_advice_pages(house, PlainDesk())  # the names of records lead there
    house.app.register_blueprint(build_lists_page(desk, clock=lambda: house.now.astimezone(ZONE)))
    world = ListWorld(house, database, crm, desk)
    _fill(world)
    for number in range(more_contacts):
        crm.save_contact(Contact(f"m{number:03}", f"Person {number:03}", created_at=NOW - (10 + number) * DAY))
    return world


def _fill(world: ListWorld) -> None:
    crm = world.crm
    crm.save_owner(Owner("o-aya", "Aya Endo", "aya@example.com"))
    crm.save_account(Account("a1", "Mori Foods", "Food", employees=40, owner_id="o-aya", created_at=NOW - 90 * DAY))
    crm.save_account(Account("a2", "Lane Retail", "Retail", owner_id="o-aya", created_at=NOW - 80 * DAY))
    for contact in (
        Contact("c1", "森", "遥", "haruka@mori.example", account_id="a1", title="部長", language="ja"),
        Contact("c2", "Ford", "Jane", "jane@lane.example", account_id="a2", title="Buyer", language="en"),
        Contact("c3", "Lane", "Tom", account_id="a2", title="=HYPERLINK(1)", language="en"),
    ):
        crm.save_contact(contact)
    crm.save_lead(Lead("l1", "Berg", "Berg GmbH", "Ida", "ida@berg.example", status="Contacted", created_at=NOW - DAY))
    for number, stage in ((1, "Negotiation/Review"), (2, "Closed Won")):
        deal = Deal(f"d{number}", f"Notebooks {number}", stage, "a1", "c1", amount=1_000_000, created_at=NOW - 9 * DAY)
        crm.save_deal(deal, at=NOW - 9 * DAY)
    crm.save_touchpoint(Touchpoint("", "email", "mail", NOW - 2 * DAY, True, contact_id="c1"))
    world.said(1, "c1", "negative", "price")
    world.said(2, "c1", "positive", "delivery")
    world.said(3, "c2", "negative", "support", days_ago=40)


def path_of(module: str, *conditions: Any, pattern: str = "", **more: Any) -> str:
    """The address of a list with a filter."""
    written: dict[str, Any] = {"if": list(conditions)} | ({"pattern": pattern} if pattern else {})
    rest = "".join(f"&{name}={quote(str(value))}" for name, value in more.items())
    return f"/lists/{module}?filter={quote(json.dumps(written, ensure_ascii=False))}{rest}"
