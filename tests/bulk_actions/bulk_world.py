"""A small company to act on in bulk: real CRM, real outgoing mail and a real mail server; a filter made by hand."""

from __future__ import annotations

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any, cast
from zoneinfo import ZoneInfo

from crm_client.embedded import tables as crm_tables
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.records import Account, Contact, Deal, Lead, Outcome, Owner, Stage
from motenashi.bulk_actions import tables as bulk_tables
from motenashi.bulk_actions.build import BulkRoom, build_bulk_actions
from motenashi.bulk_actions.content import Content, MailContent
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.words import Actor, Job, Module
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.filters.filter import Filter, FilterProblem, FilterWrong
from motenashi.outgoing_mail import tables as mail_tables
from motenashi.outgoing_mail.followed_mail import FollowedMail
from motenashi.outgoing_mail.outgoing_mail import OutgoingMail
from motenashi.outgoing_mail.settings import OutgoingMailSettings
from motenashi.suggestions.best_time import tables as best_time_tables
from tests.test_outgoing_mail import MailServer

NOW = datetime(2026, 5, 11, 1, 0, tzinfo=UTC)  # Monday, 10:00 in Tokyo
TOKYO = ZoneInfo("Asia/Tokyo")
KEY = "k" * 40
ADDRESS = "https://motenashi.example.com"
BOSS = Actor("supervisor@example.com")
HELLO = MailContent(
    {"en": "News for {{ contact.first_name }}", "ja": "{{ contact.last_name }}様へのご案内"},
    {"en": "Dear {{ contact.first_name }},\n\nspring is here.", "ja": "{{ contact.last_name }}様\n\n春のご案内です。"},
    "en",
)
CUSTOM = ("contacts.Loyalty_Level",)


class PlainFilters:
    """Finds whom the test says."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.problems: list[FilterProblem] = []

    def read(self, module: str, raw: Any) -> Filter:
        if self.problems:
            raise FilterWrong(self.problems)
        written = json.loads(raw) if isinstance(raw, str) and raw else (raw or {})
        nothing = cast(Any, None)
        return Filter(module, nothing, nothing, written)

    def count(self, chosen: Filter) -> int:
        return len(self.found)

    def ids(self, chosen: Filter, most: int) -> tuple[str, ...]:
        return tuple(sorted(self.found)[:most])

    def explain(self, chosen: Filter, language: str) -> str:
        return {"en": "Contacts in Retail", "ja": "業種が小売の連絡先"}[language]


class PickyMailServer(MailServer):
    """Refuses the addresses that it is told to, and takes all others."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self.answers = _Answers(self, self.answers)

    @property
    def reached(self) -> list[str]:
        return sorted(str(self.message(number)["To"]) for number in range(len(self.taken)))


class _Answers(dict[str, str]):
    def __init__(self, server: PickyMailServer, answers: dict[str, str]) -> None:
        super().__init__(answers)
        self._server = server

    def get(self, word: str, default: str = "") -> str:  # type: ignore[override]
        if word == "RCPT" and any(address in self._server.said[-1] for address in self._server.refused):
            return "550 no such mailbox"
        return super().get(word, default)


@contextmanager
def mail_server() -> Iterator[PickyMailServer]:
    with PickyMailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass
class BulkWorld:
    database: Database
    server: socketserver.BaseServer | None = None
    settings: BulkSettings = field(default_factory=lambda: BulkSettings(mails_per_minute=6_000))
    production: bool = False
    now: datetime = NOW
    filters: PlainFilters = field(default_factory=PlainFilters)

    def __post_init__(self) -> None:
        for tables in (crm_tables, bulk_tables, mail_tables, best_time_tables):
            tables.metadata.create_all(self.database.engine)
        port = int(self.server.server_address[1]) if self.server else 0  # type: ignore[index]
        self.mail_settings = OutgoingMailSettings(
            smtp_host="127.0.0.1" if self.server else "",
            smtp_port=port,
            smtp_security="none",
            sender="Shop <shop@example.com>",
        )
        custom = EmbeddedCrmSettings(custom_fields=CUSTOM)
        self.crm = EmbeddedCrm(self.database, custom, clock=lambda: self.now)
        self.crm.set_stages([Stage("Qualification", Outcome.OPEN, 1), Stage("Proposal", Outcome.OPEN, 2)])
        self.crm.save_owner(Owner("o1", "Aya Endo", "aya@example.com"))
        self.crm.save_owner(Owner("o2", "Ken Mori", "ken@example.com"))
        self.mail = OutgoingMail(self.mail_settings, self.database, production=self.production, clock=lambda: self.now)
        self.hours = BusinessHours(BusinessHoursSettings())
        self.room = self.build()

    def build(self, send: Any = None) -> BulkRoom:
        return build_bulk_actions(
            self.settings,
            self.database,
            self.crm,
            self.filters,
            self.hours,
            send or self.mail.send,
            FollowedMail(self.database, self.mail_settings),
            signing_keys=[KEY],
            address=ADDRESS,
            zone=TOKYO,
            custom_fields=CUSTOM,
            clock=lambda: self.now,
        )

    # Who is there

    def contact(self, number: int, **changes: Any) -> Contact:
        plain = Contact(
            id=f"c{number:05}",
            last_name=f"Mori{number}",
            first_name=f"Ann{number}",
            email=f"ann{number}@example.com",
            language="en",
            owner_id="o1",
            title="Buyer",
        )
        saved = self.crm.save_contact(replace(plain, **changes))
        self.filters.found.append(saved.id)
        return saved

    def lead(self, number: int, **changes: Any) -> Lead:
        plain = Lead(f"l{number}", f"Abe{number}", "Abe KK", "Ko", f"ko{number}@example.com", owner_id="o1")
        saved = self.crm.save_lead(replace(plain, **changes))
        self.filters.found.append(saved.id)
        return saved

    def account(self, number: int, **changes: Any) -> Account:
        saved = self.crm.save_account(replace(Account(f"a{number}", f"Account {number}", owner_id="o1"), **changes))
        self.filters.found.append(saved.id)
        return saved

    def deal(self, number: int, **changes: Any) -> Deal:
        plain = Deal(f"d{number}", f"Deal {number}", "Qualification", owner_id="o1", amount=1_000_000)
        saved = self.crm.save_deal(replace(plain, **changes), at=self.now)
        self.filters.found.append(saved.id)
        return saved

    # What is done

    def plan(self, content: Content = HELLO, module: Module = "contacts", by: Actor = BOSS) -> Job:
        job_id = self.room.desk.plan(by, module, "{}", content, self.now)
        while self.job(job_id).state == "planning":
            self.room.runner.step(self.now)
        return self.job(job_id)

    def job(self, job_id: int) -> Job:
        found = self.room.desk.find(job_id, BOSS)
        assert found is not None
        return found

    def confirm(self, job: Job, typed: str = "") -> Job:
        ready = sum(count.rows for count in self.room.desk.counts(job) if count.state == "ready")
        self.room.desk.confirm(job, version=job.version, said=ready, typed=typed, by=BOSS.email, now=self.now)
        return self.job(job.id)

    def run(self, job: Job, *, for_most: timedelta = timedelta(hours=2)) -> Job:
        """Until it is over, with the mail server listening; the clock goes on by a second a round."""
        end = self.now + for_most
        while self.now < end and self.job(job.id).state in ("planning", "running"):
            self.round()
        return self.job(job.id)

    def round(self) -> None:
        self.room.runner.step(self.now)
        self.mail.deliver_waiting(self.now)
        self.now += timedelta(seconds=1)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def outcome(self, job: Job) -> dict[str, str]:
        """What became of each record: 'done', 'skipped duplicate' ..."""
        rows = self.room.desk.rows(job, most=100_000)
        return {row.record_id: f"{row.state} {row.why}".strip() for row in rows}
