"""The second walk: a stored mail goes in; reading, e-mail, touchpoint, response and suggestions come out.

Everything is written under the mail's own key, the mail's state last. So a mail taken in twice, or again after a crash
between two steps, ends as one taken in once; and what the first try wrote into the CRM decides for the tries after it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.client import CrmClient
from crm_client.errors import CrmBusy, CrmRefused, CrmUnreachable
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.inbound_mail.mail_store import TRIED_OUT, MailStore, StoredMail
from motenashi.inbound_mail.mime_reading import parse_mail
from motenashi.inbound_mail.parsed_mail import ParsedMail
from motenashi.insights.voice.responses import Responses
from motenashi.mail_intake import calm_words
from motenashi.mail_intake.cause import cause_of, way_of
from motenashi.mail_intake.deal_link import link_deal
from motenashi.mail_intake.invitation_times import invitation_dates
from motenashi.mail_intake.letter import Letter, letter_of
from motenashi.mail_intake.our_people import OurPeople
from motenashi.mail_intake.outcome import headline_of, links_of, summary_of
from motenashi.mail_intake.reader import Reader
from motenashi.mail_intake.records import Told, thread_of
from motenashi.mail_intake.settings import MailIntakeSettings
from motenashi.mail_intake.sorting import Sorted, Treatment, skipped_because, sorted_mail
from motenashi.mail_intake.stranger import lead_key, lead_of
from motenashi.mail_intake.who import Found, Who, find_who, stranger
from motenashi.mail_intake.writing import Writing
from motenashi.suggestions.absences import Absences
from motenashi.suggestions.intent_actions import IntentActions
from motenashi.suggestions.store import SuggestionStore
from nlp.dates.time_zones import zone_named
from nlp.reading import Reading, TextToRead
from nlp.reading_json import as_json

__all__ = ["TRIED_OUT", "MailIntake"]

log = logging.getLogger(__name__)

# The database is locked, full, away or has no connection left: whatever was to be written, it is not the mail's fault.
_DATABASE_AWAY = (OperationalError, InterfaceError, NoConnectionFree)
_NOT_STORED = (DBAPIError, NoConnectionFree)


def utc_now() -> datetime:
    return datetime.now(UTC)


class MailIntake:
    """Safe to use from several threads and processes: whoever claims a mail has it alone."""

    def __init__(
        self,
        mails: MailStore,
        reader: Reader,
        crm: CrmClient,
        hours: BusinessHours,
        *,
        responses: Responses,
        suggestions: SuggestionStore,
        absences: Absences,
        settings: MailIntakeSettings | None = None,
        our_addresses: Collection[str] = (),
        reader_away: tuple[type[Exception], ...] = (),
        table: IntentActions | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`our_addresses`: those from which mail leaves our own house. `reader_away`: what `reader` raises when it is
        away and not the mail's fault. `table`: what to do about each intent; without one that of the program."""
        self._mails = mails
        self._reader = reader
        self._crm = crm
        self._settings = settings or MailIntakeSettings()
        self._our_addresses = our_addresses
        self._away: tuple[type[Exception], ...] = (
            CrmUnreachable,
            CrmBusy,
            CrmRefused,
            *_DATABASE_AWAY,
            *reader_away,
        )
        self._clock = clock
        self._writing = Writing(crm, hours, responses, suggestions, absences, self._settings, table)

    def take_in(self, mail_id: int) -> str:
        """Take a waiting mail in; its state afterwards, "" when it does not wait, is not due or is another's.

        Never raises for the mail's sake, nor when the CRM or the database is away: then it waits and is tried again.
        """
        now = self._clock()
        try:
            mail = self._mails.mail(mail_id) if self._mails.claim(mail_id, now) else None
            if mail is None:
                return ""
        except _NOT_STORED as error:
            log.warning("mail %s could not be claimed: %s", mail_id, cause_of(error))
            return ""
        try:
            return self._take_in(mail, now)
        except self._away as error:
            return self._later(mail_id, now, error)
        except Exception as error:  # somebody else's words and other people's code: nothing may stop the mails behind
            return self._failed(mail_id, now, error)

    def take_in_waiting(self, most: int = 50) -> int:
        """Take in what is due, oldest first; how many came to an end (read, skipped or set aside)."""
        states = [self.take_in(mail_id) for mail_id in self._mails.waiting(most, self._clock())]
        return sum(state not in ("", "waiting") for state in states)

    def _take_in(self, stored: StoredMail, now: datetime) -> str:
        raw = self._mails.raw(stored.id)
        if raw is None:
            self._mails.set_aside(stored.id, calm_words.NOT_READ["en"], "its bytes are gone")
            return "set_aside"
        mail = parse_mail(raw)
        if why := skipped_because(mail, self._our_addresses):
            self._mails.skip(stored.id, why)
            return "skipped"
        letter = letter_of(mail, self._our_people(), received_at=stored.received_at)
        who = find_who(letter, self._crm)
        reading = self._read(letter, who)
        sorted_as = sorted_mail(mail, letter, reading, is_known=who.found is not None)
        for_real = stored.source != TRIED_OUT
        if for_real and sorted_as.treatment is Treatment.CUSTOMER:
            who = self._with_stranger(who, letter, reading)
        told = self._linked(stored.id, mail, letter, reading, who, sorted_as)
        notes = self._writing.write(told, sorted_as.treatment, now) if for_real else ()
        kept = self._mails.keep_reading(
            stored.id,
            as_json(reading),
            now=self._clock(),
            headline=headline_of(mail),
            links=links_of(told, sorted_as, notes),
            summary=summary_of(reading, sorted_as),
            source=stored.source,
        )
        return "read" if kept else "waiting"

    def _our_people(self) -> OurPeople:
        return OurPeople(self._crm.owners(), self._settings.own_domains)

    def _read(self, letter: Letter, who: Who) -> Reading:
        text = TextToRead(
            body=letter.body,
            subject=letter.subject,
            sent_at=letter.sent_at,
            time_zone=_zone_of(letter, who),
            sender_name=letter.sender_name,
        )
        reading = self._reader.read(text)
        return replace(reading, dates=(*reading.dates, *invitation_dates(letter.invitations)))

    def _with_stranger(self, who: Who, letter: Letter, reading: Reading) -> Who:
        """Somebody who is not in the CRM becomes a lead, where that is wanted."""
        if who.found is not None or not letter.candidates or not self._settings.lead_for_strangers:
            return who
        if set(reading.labels) == {"unsubscribe"}:
            return who
        candidate = letter.candidates[-1] if letter.candidates[-1].via == "from" else letter.candidates[0]
        lead = lead_of(
            candidate,
            letter,
            reading,
            source=self._settings.lead_source,
            owner_id=self._owner(self._settings.lead_owner),
        )
        saved = self._crm.save_lead(lead, key=lead_key(candidate.address))
        return stranger(Found(candidate, lead=saved))

    def _owner(self, address: str) -> str:
        if not address:
            return ""
        wanted = address.strip().lower()
        return next((owner.id for owner in self._crm.owners() if owner.email.lower() == wanted), "")

    def _linked(
        self, mail_id: int, mail: ParsedMail, letter: Letter, reading: Reading, who: Who, sorted_as: Sorted
    ) -> Told:
        contact = who.contact if sorted_as.treatment is not Treatment.READING else None
        products = {one.id for one in reading.mentions if one.kind == "product"}
        thread = thread_of(letter.mail, mail)
        link = link_deal(contact, self._crm, thread=thread, product_ids=products, at=letter.sent_at)
        return Told(mail_id, letter, reading, who, link)

    def _later(self, mail_id: int, now: datetime, error: Exception) -> str:
        """The CRM or the reader is away: not the mail's fault, so no try is used up."""
        pause = max(error.retry_after, 1.0) if isinstance(error, CrmBusy) else self._settings.pause_without_crm
        words = calm_words.away(error)
        cause = cause_of(error)
        log.warning("mail %s waits: %s", mail_id, cause)
        try:
            self._mails.give_back(mail_id, now + timedelta(seconds=pause), words["en"], cause)
        except _NOT_STORED as trouble:  # the claim ends by itself, and somebody tries again
            log.warning("mail %s could not be put off: %s", mail_id, cause_of(trouble))
        return "waiting"

    def _failed(self, mail_id: int, now: datetime, error: Exception) -> str:
        words = calm_words.failed(error)
        cause = cause_of(error)
        log.warning("mail %s could not be taken in: %s", mail_id, cause)
        log.debug("mail %s came this way:\n%s", mail_id, way_of(error))
        try:
            return self._mails.failed(mail_id, now=now, error=words["en"], cause=cause)
        except _NOT_STORED as trouble:
            log.warning("mail %s could not be put off: %s", mail_id, cause_of(trouble))
            return "waiting"


def _zone_of(letter: Letter, who: Who) -> str:
    """The writer's zone: the CRM's name for it when it agrees with the mail's offset (it knows summer time), else the
    mail's offset."""
    person = who.contact or who.lead
    zone = person.time_zone if person else ""
    if not zone or not letter.utc_offset:
        return letter.utc_offset or zone
    return zone if _offset_in(zone, letter.sent_at) == letter.utc_offset else letter.utc_offset


def _offset_in(zone: str, moment: datetime) -> str:
    """The offset of a zone at a moment, like "+09:00"; "" for a zone nobody knows."""
    known = zone_named(zone)
    if known is None:
        return ""
    offset = moment.astimezone(known).strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"
