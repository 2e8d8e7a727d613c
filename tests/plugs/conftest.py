"""The shop that the plugs' tests ask: the embedded CRM with a few people, products and deals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_client.embedded import tables
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Contact, Deal, DealProduct, Lead, Product
from motenashi.conversation.assurance import NOBODY, Assurance, Identity
from motenashi.database import Database
from motenashi.plug_contract import PlugCall
from motenashi.plug_runner import PlugRunner
from motenashi.plug_runner.record_emails import record_emails
from plugs.all_plugs import ALL_PLUGS

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@dataclass
class Shop:
    crm: EmbeddedCrm
    runner: PlugRunner
    products: dict[str, Product] = field(default_factory=dict)

    def ask(self, plug: str, identity: Identity = NOBODY, language: str = "en", **inputs: Any) -> dict[str, Any]:
        """A plug's outputs, called as a flow calls it."""
        return dict(self.runner.run(PlugCall(plug, inputs, NOW, identity, language)).outputs)

    def product(self, code: str, price: int, **more: Any) -> Product:
        known = {"name_en": f"{code} (en)", "name_ja": f"{code}（日）", "category": "notebooks"}
        self.products[code] = self.crm.save_product(Product("", code, unit_price=price, **{**known, **more}))
        return self.products[code]

    def deal(self, contact: Contact, stage: str, at: datetime, **quantities: int) -> Deal:
        """A deal of that day; products by their code, with _ for -."""
        ids = {code: self.products[code.replace("_", "-")].id for code in quantities}
        lines = [DealProduct("", ids[code], quantity, 90_000) for code, quantity in quantities.items()]
        deal = Deal("", f"{stage} {at:%F}", "Qualification", contact_id=contact.id, created_at=at)
        stored = self.crm.save_deal(deal, lines, at=at)
        return self.crm.save_deal(_in_stage(stored, stage), at=at) if stage != "Qualification" else stored


def _in_stage(deal: Deal, stage: str) -> Deal:
    return Deal(**{**deal.__dict__, "stage": stage})


def verified(email: str) -> Identity:
    return Identity(Assurance.VERIFIED, email, "code")


def claimed(email: str) -> Identity:
    return Identity(Assurance.CLAIMED, email)


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:
    tables.metadata.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    runner = PlugRunner(ALL_PLUGS, crm=crm, emails_of=lambda record_id: record_emails(crm, record_id))
    shop = Shop(crm, runner)
    shop.product("NB-14", 128_000, image="/static/products/nb-14.svg", url="/products/nb-14")
    shop.product("MS-1", 3_980, category="accessories")
    shop.product("SV-2", 498_000, category="servers")
    yield shop
    runner.close()


@pytest.fixture
def haruka(shop: Shop) -> Contact:
    return shop.crm.save_contact(
        Contact(
            "", "森", "はるか", "haruka.mori@example.com", "hm@home.example", "03-1234-5678", time_zone="Asia/Tokyo"
        )
    )


@pytest.fixture
def tom(shop: Shop) -> Lead:
    return shop.crm.save_lead(Lead("", "Becker", "Becker AG", "Tom", "tom.becker@example.com", "+49 30 1234567"))


Ask = Callable[..., dict[str, Any]]
