"""The page /crm over its real views, with the tables of mirror and outbox filled by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select

from crm_client.embedded import tables as crm_tables
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Activity, Contact, Deal, Lead, Outcome, Owner, Stage
from crm_client.zoho import tables
from crm_client.zoho.api.token_endpoint import Client
from crm_client.zoho.api.tokens import row_name
from crm_client.zoho.mapping.examinations import Examinations
from crm_client.zoho.mapping.findings import Finding
from crm_client.zoho.settings import ZohoSettings, ZohoSync
from motenashi.crm_views import build_crm_views
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.pages.crm.crm_page import build_crm_page
from motenashi.settings import CrmSettings
from tests.pages.conftest import NOW, House, form_token

MODULES = ("accounts", "contacts", "leads", "products", "deals", "calls", "events", "tasks", "notes")
ZOHO = ZohoSettings(data_centre="jp", sync=ZohoSync(notify_url="https://chat.example.com/channels/crm/zoho"))


ENVIRONMENT = {"ZOHO_CLIENT_ID": "1000.ID", "ZOHO_CLIENT_SECRET": "hush", "ZOHO_REFRESH_TOKEN": "1000.ref"}


@dataclass
class Desk:
    """What stands in for worker and mirror: how often they were told, and whether Zoho is being asked already."""

    asking: bool = False
    woken: int = 0
    workflow_url: str = ""
    asked: int = 0

    def wake(self) -> None:
        self.woken += 1

    def ask_now(self) -> bool:
        self.asked += 1
        return not self.asking


class CrmPages:
    def __init__(self, house: House, database: Database, settings: CrmSettings | None = None) -> None:
        crm_tables.metadata.create_all(database.engine)
        tables.metadata.create_all(database.engine)
        self.house, self.database, self.desk, self.now = house, database, Desk(), NOW
        self.environment = dict(ENVIRONMENT)
        self.crm = EmbeddedCrm(database, EmbeddedCrmSettings())
        self.views = build_crm_views(
            settings or CrmSettings(backend="zoho", zoho=ZOHO),
            database,
            environment=self.environment,
            wake=self.desk.wake,
            ask_now=self.desk.ask_now,
            workflow_url=lambda: self.desk.workflow_url,
            clock=self.clock,
        )
        house.app.register_blueprint(build_crm_page(self.views, clock=self.clock))

    def clock(self) -> datetime:
        return self.now

    def put(self, table: Table, **values: Any) -> int:
        """A row of one of Zoho's tables; its number where it has one."""
        with self.database.write() as connection:
            key = connection.execute(insert(table).values(**values)).inserted_primary_key
        return int(key[0]) if key and isinstance(key[0], int) else 0

    def put_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        with self.database.write() as connection:
            connection.execute(insert(table), list(rows))

    def ago(self, **time: float) -> datetime:
        return self.now - timedelta(**time)

    def connected(self, **values: Any) -> None:
        """The token's row, as the API client keeps it."""
        name = row_name(ZOHO, Client("1000.ID", "hush"), "1000.ref")
        self.put(tables.zoho_tokens, name=name, **{"api_domain": "https://www.zohoapis.jp", **values})

    def found(self, *findings: Finding) -> None:
        Examinations(self.database).keep(findings, self.ago(days=1))

    def outbox(self) -> dict[int, str]:
        """Number -> state."""
        with self.database.read() as connection:
            rows = connection.execute(select(tables.zoho_outbox))
            return {row.number: row.state for row in rows}

    def waits(self, module: str, local_id: str, action: str = "update", **values: Any) -> int:
        given = {"state": "waiting", "at": self.ago(minutes=3), "by": "ann@example.com", **values}
        return self.put(tables.zoho_outbox, module=module, local_id=local_id, action=action, **given)

    def conflict(self, **values: Any) -> int:
        given = {
            "at": self.ago(hours=2),
            "module": "contacts",
            "local_id": "c1",
            "field": "phone",
            "base": "03-0000-0000",
            "ours": "03-1111-2222",
            "theirs": "03-3333-4444",
            "won": "zoho",
        }
        return self.put(tables.zoho_conflicts, **{**given, **values})

    def mirrored(self, **more: Any) -> None:
        """Everything filled, asked for 12 seconds ago."""
        same = {"asked_at": self.ago(seconds=12), "filled_at": self.ago(days=3), **more}
        rows = [
            {"module": module, "watermark": self.ago(minutes=5 + number), **same}
            for number, module in enumerate(MODULES)
        ]
        self.put_all(tables.zoho_sync, rows)

    def get(self, path: str = "", role: Role = Role.ADMINISTRATOR) -> str:
        return self.house.staff(role).get(f"/crm{path}").text

    def post(self, client: FlaskClient, path: str) -> str:
        token = form_token(client, "/crm")
        return client.post(f"/crm{path}", data={"csrf_token": token}, follow_redirects=True).text


def people(pages: CrmPages) -> None:
    """Somebody to whom things happen."""
    crm = pages.crm
    crm.save_owner(Owner("o1", "Aki Sato", "aki@example.com"))
    crm.save_owner(Owner("o2", "Ben Ito", "ben@example.com"))
    crm.set_stages([Stage("Qualification", Outcome.OPEN, 1), Stage("Closed Won", Outcome.WON, 2)])
    crm.save_contact(Contact("c1", "森", "遥", email="haruka@example.com", language="ja"))
    crm.save_lead(Lead("l1", "Becker", "Becker & Söhne", "Tom", email="tom@example.com"))
    crm.save_deal(Deal("d1", "Ovens for Kita", "Qualification", currency="USD", amount=540_000), at=NOW)
    crm.save_activity(Activity("a1", "call", "Follow-up call", NOW, contact_id="c1"))


def fill_everything(pages: CrmPages) -> None:
    """A page with something everywhere, as an operator may meet it on a bad day."""
    people(pages)
    pages.connected()
    pages.mirrored()
    counts = zip(MODULES, (120, 400, 31, 26, 48, 9, 4, 12, 3), strict=True)
    pages.put_all(
        tables.zoho_links,
        [
            {"module": module, "local_id": f"{module}{number}", "zoho_id": f"61{number:08}"}
            for module, count in counts
            for number in range(count)
        ],
    )
    change: dict[str, Any] = {
        "fields": {"phone": "03-1111-2222", "title": ""},
        "before": {"phone": "03-0000-0000", "title": "Buyer"},
    }
    stuck: dict[str, Any] = {
        "state": "stuck",
        "attempts": 1,
        "trouble": "mandatory_missing",
        "why": "Leads: Lead_Source is required",
    }
    pages.waits("leads", "l1", "create", at=pages.ago(hours=5), **stuck)
    pages.waits("leads", "l1", fields={"status": "Contacted"}, before={"status": "Not Contacted"})
    pages.waits("contacts", "c1", attempts=2, next_at=pages.now + timedelta(seconds=40), **change)
    amount: dict[str, Any] = {
        "fields": {"amount": 600_000, "owner_id": "o2"},
        "before": {"amount": 540_000, "owner_id": "o1"},
    }
    pages.waits("deals", "d1", state="sending", sent_at=pages.ago(seconds=1), **amount)
    pages.waits("calls", "a1", "create", sent_at=pages.ago(minutes=1), trouble="outage", attempts=1)
    pages.waits("notes", "gone", "delete")
    pages.conflict()
    pages.conflict(module="deals", local_id="d1", field="amount", base="540000", ours="600000", theirs="", won="ours")
    last = pages.now.replace(minute=0)
    pages.put_all(
        tables.zoho_credits,
        [{"hour": last - timedelta(hours=hour), "used": (hour * 7919) % 2400} for hour in range(2, 30)],
    )
    told = {"told_left": 21_000, "told_at": pages.ago(minutes=40)}
    pages.put(tables.zoho_credits, hour=last - timedelta(hours=1), used=719, **told)
    events = dict.fromkeys(("Contacts.all", "Leads.all", "Deals.all", "Calls.all", "Meetings.all"), True)
    pages.put(
        tables.zoho_channels,
        id="20261122001",
        path="x",
        token="y",
        events=events,
        expires_at=pages.now + timedelta(hours=20),
        checked_at=pages.ago(minutes=20),
        last_push_at=pages.ago(seconds=50),
    )


def settings(**sync: Any) -> CrmSettings:
    return CrmSettings(backend="zoho", zoho=replace(ZOHO, sync=replace(ZOHO.sync, **sync)))
