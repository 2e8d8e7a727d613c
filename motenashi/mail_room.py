"""The parts of inbound mail, put together once for the web processes and once for the worker, who read differently."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass

from crm_client.client import CrmClient
from motenashi.advice_desk.triggers import Triggers
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.database import Database
from motenashi.inbound_mail.corrections import Corrections
from motenashi.inbound_mail.mail_store import MailStore
from motenashi.inbound_mail.mailbox_progress import MailboxProgress, MailboxState
from motenashi.insights.voice.responses import Responses
from motenashi.mail_intake.intake import MailIntake
from motenashi.mail_views import MailViews
from motenashi.reader_here import ChatReader
from motenashi.reading_desk.client import ReaderAway
from motenashi.settings import Settings
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.store import SuggestionStore
from motenashi.task_queue import QueueAway, Task, TaskQueue

log = logging.getLogger(__name__)

READ_MAIL = "read mail"  # the task


@dataclass(frozen=True)
class MailRoom:
    mails: MailStore
    intake: MailIntake
    corrections: Corrections
    suggestions: SuggestionStore
    responses: Responses
    tasks: TaskQueue
    views: MailViews
    mailboxes: Callable[[], list[MailboxState]]

    def arrived(self, mail_id: int) -> None:
        """Have a worker read it soon. Without a queue the recurring job finds it."""
        put(self.tasks, mail_id)


def put(tasks: TaskQueue, mail_id: int) -> None:
    try:
        tasks.put(READ_MAIL, mail_id=mail_id)
    except QueueAway as error:
        log.warning("mail %d waits for the next look: the queue is away (%s)", mail_id, error)


def build_mail_room(
    settings: Settings,
    database: Database,
    crm: CrmClient,
    hours: BusinessHours,
    reader: ChatReader,
    our_addresses: Collection[str],
    triggers: Triggers,
) -> MailRoom:
    """`our_addresses`: those that our own mail is sent from. `triggers` are told what mail asks for."""
    mails = MailStore(database, settings.inbound_mail)
    suggestions = SuggestionStore(database, on_added=triggers.wished)
    responses, corrections = Responses(database), Corrections(database)
    tasks = TaskQueue(file=settings.data / "tasks.db", redis_url=os.environ.get("REDIS_URL", ""))
    intake = MailIntake(
        mails,
        reader,
        crm,
        hours,
        responses=responses,
        suggestions=suggestions,
        absences=Absences(database, on_added=triggers.away),
        settings=settings.mail_intake,
        our_addresses=our_addresses,
        reader_away=(ReaderAway,),
    )
    tasks.add(Task(READ_MAIL, intake.take_in))
    progress = MailboxProgress(database)

    def mailboxes() -> list[MailboxState]:
        return [progress.of(mailbox.name) for mailbox in settings.channels.email.mailboxes]

    views = MailViews(
        mails,
        intake,
        suggestions,
        corrections,
        responses,
        hint=lambda mail_id: put(tasks, mail_id),
        mailboxes=mailboxes,
        reader_answers=reader.answers,
    )
    return MailRoom(mails, intake, corrections, suggestions, responses, tasks, views, mailboxes)
