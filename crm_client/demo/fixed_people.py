"""The people everybody may try things out with; they are the same in every demo company.

haruka.mori@example.com is a customer (森 遥, Japanese): two won deals and an open one. new.contact@example.com is a
contact without deals, tom.becker@example.com a lead. nobody@example.com is unknown for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from crm_client.demo.deal_story import DealPlan, DealStory
from crm_client.demo.lead_story import lead_history
from crm_client.demo.office_time import DAY
from crm_client.demo.people import Company
from crm_client.demo.sales_rules import OPEN_STAGES, WON
from crm_client.embedded.bulk import DealHistory, Record, WithHistory
from crm_client.records import Contact, Lead

MOST_TRIES = 2_000
TOMS_STATUS = "Contacted"


@dataclass(frozen=True)
class FixedDeal:
    """Product id -> how many. `stages` are those it may be in at the end."""

    age: timedelta
    stages: tuple[str, ...]
    products: Mapping[str, int]
    type: str = "Existing Business"
    repeat: bool = True


HARUKA = (
    FixedDeal(420 * DAY, (WON,), {"nb-14": 20, "ac-dock": 20, "sv-care": 1}, "New Business", repeat=False),
    FixedDeal(200 * DAY, (WON,), {"ac-mon27": 20, "ac-headset": 12}),
    FixedDeal(24 * DAY, OPEN_STAGES[2:4], {"sv-t150": 1, "st-nas8": 1, "pw-1500": 1}),
)

_CONTACTS: tuple[dict[str, Any], ...] = (
    {
        "last_name": "森",
        "first_name": "遥",
        "email": "haruka.mori@example.com",
        "phone": "03-0999-1234",
        "mobile": "090-0999-5678",
        "title": "情報システム部 課長",
        "language": "ja",
        "time_zone": "Asia/Tokyo",
    },
    {
        "last_name": "Winter",
        "first_name": "Nora",
        "email": "new.contact@example.com",
        "phone": "",
        "mobile": "",
        "title": "Office Manager",
        "language": "en",
        "time_zone": "Europe/London",
    },
)


def fixed_contacts() -> tuple[dict[str, Any], ...]:
    return _CONTACTS


def fixed_contact(made: Contact, fields: Mapping[str, Any], company: Company, now: datetime) -> Contact:
    """A made-up contact with the fixed person in their place."""
    born = (now - HARUKA[0].age - 20 * DAY) if fields is _CONTACTS[0] else now - 30 * DAY
    return replace(made, **fields, account_id=company.id, owner_id=company.owner_id, created_at=born)


def fixed_lead(made: Lead, company: Company, now: datetime) -> tuple[Lead, Company]:
    """Tom Becker of Becker Logistik, who asked a week ago."""
    tom = replace(
        made,
        last_name="Becker",
        first_name="Tom",
        company="Becker Logistik",
        email="tom.becker@example.com",
        phone="+49 30 23125 042",
        industry="Logistics",
        source="Chat",
        language="en",
        time_zone="Europe/Berlin",
        owner_id="owner-6",
        note="Asked in the chat about rugged notebooks for 30 drivers.",
        created_at=now - 8 * DAY,
        status=TOMS_STATUS,
    )
    at_home = replace(
        company,
        name="Becker Logistik",
        language="en",
        industry="logistics",
        zone="Europe/Berlin",
        owner_id="owner-6",
    )
    return tom, at_home


def wanted_lead_story(
    lead: Lead, company: Company, zone: str, random: Callable[[str], Random], now: datetime
) -> list[Record]:
    """The same for the lead: somebody has talked to Tom."""
    for attempt in range(MOST_TRIES):
        story = lead_history(random(f"{lead.id} {attempt}"), replace(lead, status="Not Contacted"), company, zone, now)
        if isinstance(story[0], WithHistory) and story[0].record == lead:
            return story
    raise RuntimeError(f"no story of {lead.id} ends in {lead.status}")


def wanted_story(plan: DealPlan, wanted: FixedDeal, random: Callable[[str], Random], now: datetime) -> DealHistory:
    """The first of the stories this deal could have had that ends where it should."""
    for attempt in range(MOST_TRIES):
        history = DealStory(plan, random(f"{plan.id} {attempt}"), now).play()
        if history.deal.stage in wanted.stages:
            return history
    raise RuntimeError(f"no story of {plan.id} ends in {', '.join(wanted.stages)}")
