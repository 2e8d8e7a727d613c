"""A small company, its mail store and the second walk, on each kind of database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Account, Contact, Deal, DealProduct, Lead, Owner, Product
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.inbound_mail.mail_store import MailStore, StoredMail
from motenashi.inbound_mail.settings import InboundMailSettings
from motenashi.inbound_mail.tables import metadata as mail_tables
from motenashi.insights.voice.responses import Responses
from motenashi.insights.voice.tables import metadata as voice_tables
from motenashi.mail_intake.intake import MailIntake
from motenashi.mail_intake.settings import MailIntakeSettings
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.tables import metadata as suggestion_tables
from tests.mail_intake.plain_reader import PlainReader

# A Friday, 10:00 in Tokyo.
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = MailIntakeSettings(own_domains=("minamo.example.com",), lead_owner="aya@minamo.example.com")


@dataclass
class Walk:
    """Everything a mail touches on its way, with a clock that the test turns."""

    database: Database
    crm: EmbeddedCrm
    now: datetime = NOW
    settings: MailIntakeSettings = SETTINGS
    reader: Any = field(default_factory=PlainReader)

    def __post_init__(self) -> None:
        self.mails = MailStore(self.database, InboundMailSettings(most_tries=3, first_pause=30))
        self.responses = Responses(self.database)
        self.suggestions = SuggestionStore(self.database)
        self.absences = Absences(self.database)
        self.hours = BusinessHours(BusinessHoursSettings())

    def intake(self, **other: Any) -> MailIntake:
        parts: dict[str, Any] = {
            "mails": self.mails,
            "reader": self.reader,
            "crm": self.crm,
            "hours": self.hours,
            "responses": self.responses,
            "suggestions": self.suggestions,
            "absences": self.absences,
            "settings": self.settings,
            "our_addresses": ("sales@minamo.example.com",),
            "clock": lambda: self.now,
        }
        return MailIntake(**(parts | other))

    def keep(self, raw: bytes | str, source: str = "http") -> int:
        data = raw if isinstance(raw, bytes) else raw.replace("\n", "\r\n").encode()
        return self.mails.keep(data, source=source, received_at=self.now).id

    def take_in(self, raw: bytes | str, source: str = "http", **other: Any) -> StoredMail:
        """One mail, from its bytes to the end of the walk."""
        mail_id = self.keep(raw, source)
        self.intake(**other).take_in(mail_id)
        return self.mail(mail_id)

    def mail(self, mail_id: int) -> StoredMail:
        mail = self.mails.mail(mail_id)
        assert mail is not None
        return mail

    def suggested(self, mail: StoredMail) -> tuple[Suggestion, ...]:
        return self.suggestions.read_from(f"mail:{mail.id}")


def mail_text(
    body: str,
    *,
    sender: str = "森 遥 <haruka.mori@example.com>",
    subject: str = "",
    message_id: str = "1@example.com",
    date: str = "Fri, 20 Nov 2026 09:30:00 +0900",
    headers: str = "",
) -> str:
    """A raw mail, as text, with raw UTF-8 headers."""
    more = headers and headers.strip() + "\n"
    return (
        f"From: {sender}\nTo: sales@minamo.example.com\nSubject: {subject}\nDate: {date}\n"
        f"Message-ID: <{message_id}>\n{more}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{body}\n"
    )


@pytest.fixture
def walk(sqlite_database: Database) -> Walk:
    """For what has nothing to do with the kind of database."""
    return walk_in(sqlite_database)


@pytest.fixture
def each_walk(database: Database) -> Walk:
    """On each kind of database."""
    return walk_in(database)


def walk_in(database: Database) -> Walk:
    for metadata in (crm_tables, mail_tables, voice_tables, suggestion_tables):
        metadata.create_all(database.engine)
    crm = EmbeddedCrm(database, clock=lambda: NOW)
    make_company(crm)
    return Walk(database, crm)


def make_company(crm: EmbeddedCrm) -> None:
    """Haruka with one open deal, Ben with two, Nora with none; Tom is a lead; Aya and Ken are ours."""
    crm.save_owner(Owner("o-aya", "Aya Sato", "aya@minamo.example.com"))
    crm.save_owner(Owner("o-ken", "Ken Ito", "ken@elsewhere.example.net"))
    for product in (
        Product("nb-14", "nb-14", "AeroBook 14", "エアロブック14", "notebook", 148_000),
        Product("sv-t150", "sv-t150", "TowerServe T150", "タワーサーブT150", "server", 398_000),
    ):
        crm.save_product(product)
    crm.save_account(Account("a-kita", "Kita Foods", owner_id="o-aya"))
    people = (
        Contact("c-haruka", "森", "遥", "haruka.mori@example.com", language="ja", time_zone="Asia/Tokyo"),
        Contact("c-ben", "Lee", "Ben", "ben.lee@example.com", language="en", time_zone="Europe/London"),
        Contact("c-nora", "Winter", "Nora", "nora.winter@example.com", language="en"),
    )
    for person in people:
        crm.save_contact(replace(person, account_id="a-kita", owner_id="o-aya"))
    crm.save_lead(Lead("l-tom", "Becker", "Becker Logistik", "Tom", "tom.becker@example.com", owner_id="o-ken"))
    deals = (
        ("d-haruka", "c-haruka", "Needs Analysis", "nb-14", 30),
        ("d-ben-old", "c-ben", "Qualification", "sv-t150", 90),
        ("d-ben-new", "c-ben", "Needs Analysis", "nb-14", 10),
        ("d-haruka-won", "c-haruka", "Closed Won", "sv-t150", 300),
    )
    for deal_id, contact, stage, product_id, age in deals:
        deal = Deal(deal_id, f"Deal {deal_id}", stage, "a-kita", contact, "o-aya")
        crm.save_deal(deal, [DealProduct(deal_id, product_id)], at=NOW - age * DAY)
