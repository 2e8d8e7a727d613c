"""One process of the worker: the model in memory, mail being read, mailboxes being watched, the desk answering."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_client.errors import CrmError
from motenashi.advice_worker import Learner, Thinking
from motenashi.bulk_worker import Bulk
from motenashi.chat_notes import ChatNotes
from motenashi.house import House
from motenashi.insights.voice.chats import OnHeard
from motenashi.insights.voice.hear_old_mails import HearOldMails
from motenashi.insights.voice.old_mails import CrmMails
from motenashi.jobs.leader import Leader
from motenashi.mail_worker import pollers_of, run_worker
from motenashi.problems import Problem, ProblemsFound
from motenashi.reader_here import load_reader
from motenashi.reading_desk.catalogue import catalogue_of
from motenashi.reading_desk.server import hold_desk
from motenashi.reading_desk.wire import desk_key, socket_address
from motenashi.settings import Settings
from motenashi.touchpoint_intake.texts import Texts
from motenashi.voice_room import VoiceRoom, build_voice_room
from motenashi.voice_worker import Finding, Listening
from nlp.mentions import Catalogue

if TYPE_CHECKING:
    from motenashi.zoho_worker import Mirroring, Sending
    from nlp.pipeline import MailReader

log = logging.getLogger(__name__)

LOOK_AT_PRODUCTS_EVERY = 60.0  # seconds; a new product is recognised within a minute


def work_here(settings: Settings, build_house: Callable[..., House]) -> int:
    """Load the model, then work until told to stop; the exit code. ModelMissing, OSError."""
    reader = load_reader(settings, ())
    house = build_house(settings, reader)
    stop = threading.Event()
    _thread("products", lambda: _keep_products(house, reader, stop))
    address, key = socket_address(settings.data), desk_key(house.secret_key)
    _thread("reading desk", lambda: hold_desk(reader.read, address, key, stop))
    inbound = house.inbound
    try:
        pollers = pollers_of(
            settings.channels.email,
            house.database,
            inbound.mails,
            largest_mail=settings.inbound_mail.largest_mail,
            arrived=inbound.arrived,
        )
    except ValueError as error:
        raise ProblemsFound([Problem("config.yaml", 0, str(error))]) from error
    try:
        threads = (Thinking(house), Learner(house), *voice_threads(house), Bulk(house.insights.bulk.runner))
        return run_worker(inbound.tasks, [*pollers, *threads, *zoho_threads(house)])
    finally:
        stop.set()
        inbound.tasks.close()
        if house.zoho is not None:
            house.zoho.close()
        house.database.engine.dispose()


def zoho_threads(house: House) -> list[Sending | Mirroring]:
    """None unless Zoho is the CRM."""
    if house.zoho is None:
        return []
    from motenashi.zoho_room import MIRROR_LEASE, SENDING_LEASE
    from motenashi.zoho_worker import Mirroring, Sending

    return [
        Sending(house.zoho, Leader(house.database, SENDING_LEASE).leads),
        Mirroring(house.zoho, Leader(house.database, MIRROR_LEASE).leads),
    ]


def voice_threads(house: House) -> tuple[Listening, Finding]:
    """Texts of all channels are read with the house's own reader."""
    settings = house.settings
    room = build_voice_room(
        settings.voice,
        house.database,
        house.reader.read_chat,
        reading=settings.reading,
        products=house.crm.products,
        on_chat=notes_of_chats(house),
    )
    finding = Finding(room, Leader(house.database, "voice events").leads)
    return Listening(room, Texts(house.database).hand_on, old_mail_of(house, room)), finding


def notes_of_chats(house: House) -> OnHeard | None:
    """With Zoho for the CRM, what was said in a chat is read there, too."""
    if house.zoho is None or not house.settings.crm.zoho.sync.note_chats:
        return None
    return ChatNotes(house.crm, ZoneInfo(house.settings.turns.time_zone)).write


def old_mail_of(house: House, room: VoiceRoom) -> Callable[[datetime], int] | None:
    """What hears mails that only the CRM has; None when the settings want none heard."""
    if not house.settings.voice.hear_old_mail:
        return None
    leader = Leader(house.database, "old mail heard")
    hearing = HearOldMails(CrmMails(house.database), room.responses, house.reader.read, leader.leads)
    return hearing.hear_some


def _keep_products(house: House, reader: MailReader, stop: threading.Event) -> None:
    """The products of the CRM change while we run."""
    known: Catalogue | None = None
    while not stop.is_set():
        try:
            catalogue = catalogue_of(house.crm.products(), house.settings.reading)
            if catalogue != known:
                reader.use_catalogue(catalogue)
                known = catalogue
        except CrmError as error:
            log.warning("the products could not be looked up: %s", type(error).__name__)
        stop.wait(LOOK_AT_PRODUCTS_EVERY)


def _thread(name: str, run: Callable[[], object]) -> None:
    threading.Thread(target=run, name=name, daemon=True).start()
