"""The page /mail over the real store and the real second walk; texts are read by the walk's small reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from flask.testing import FlaskClient

from crm_client.embedded.embedded_crm import EmbeddedCrm
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.identity.roles import Role
from motenashi.inbound_mail.corrections import Corrections
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.mailbox_progress import MailboxState
from motenashi.insights.voice.responses import Responses
from motenashi.mail_intake.intake import MailIntake
from motenashi.mail_views import MailViews
from motenashi.pages.mail.mail_page import build_mail_page
from motenashi.storage.all_tables import ALL_TABLES
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.store import SuggestionStore
from tests.mail_intake.plain_reader import PlainReader
from tests.pages.conftest import House

NOW = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
TEXT = "Hello,\n\nwe would like a demo of the AeroBook on Thursday.\n\n--\nAnna <b>Weber</b>\n"


@dataclass
class MailPage:
    house: House
    mails: MailStore
    intake: MailIntake
    corrections: Corrections
    responses: Responses
    boxes: list[MailboxState]
    hints: list[int]
    reader_answers: bool = True

    def staff(self, role: Role = Role.REPRESENTATIVE) -> FlaskClient:
        return self.house.staff(role)

    def came_in(self, text: str = TEXT, subject: str = "A demo", **headers: str) -> int:
        mail = EmailMessage()
        mail["From"], mail["Subject"], mail["Date"] = "Anna <anna@fabrikam.example>", subject, NOW
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        kept = self.mails.keep(mail.as_bytes(), source="http", received_at=NOW)
        self.intake.take_in(kept.id)
        return kept.id


def build_mail_room(house: House, database: Database) -> MailPage:
    for tables in ALL_TABLES:
        tables.create_all(database.engine)
    mails, corrections = MailStore(database), Corrections(database)
    suggestions, responses = SuggestionStore(database), Responses(database)
    intake = MailIntake(
        mails,
        PlainReader(),
        EmbeddedCrm(database),
        BusinessHours(BusinessHoursSettings()),
        responses=responses,
        suggestions=suggestions,
        absences=Absences(database),
        clock=lambda: NOW,
    )
    page = MailPage(house, mails, intake, corrections, responses, [], [])
    views = MailViews(
        mails,
        intake,
        suggestions,
        corrections,
        responses,
        hint=page.hints.append,
        mailboxes=lambda: page.boxes,
        reader_answers=lambda: page.reader_answers,
        clock=lambda: NOW,
    )
    house.app.register_blueprint(build_mail_page(views, clock=lambda: NOW))
    return page
