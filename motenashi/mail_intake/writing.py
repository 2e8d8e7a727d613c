"""What is written about a mail that was read: into the CRM first, then the response, the absence, the suggestions.

Each under the mail's key, so that writing again changes nothing. What the CRM kept under that key decides whom and
which deal the rest is about: a second try must not split one mail between two deals.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crm_client.client import CrmClient
from crm_client.records import Email
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.insights.voice.responses import Responses
from motenashi.mail_intake.absence_note import back_at, sentence_of
from motenashi.mail_intake.bilingual import Words, say
from motenashi.mail_intake.invitation_times import invitation_windows, is_called_off
from motenashi.mail_intake.records import Told, email_record, response_of, touchpoint_of
from motenashi.mail_intake.settings import MailIntakeSettings
from motenashi.mail_intake.sorting import Treatment
from motenashi.suggestions.absences import Absence, Absences
from motenashi.suggestions.day_words import day_in
from motenashi.suggestions.intent_actions import IntentActions, intent_actions
from motenashi.suggestions.plain_suggestion import Asked, plain_suggestions
from motenashi.suggestions.store import SuggestionStore
from motenashi.suggestions.suggestion import About, Reason


class Writing:
    def __init__(
        self,
        crm: CrmClient,
        hours: BusinessHours,
        responses: Responses,
        suggestions: SuggestionStore,
        absences: Absences,
        settings: MailIntakeSettings,
        table: IntentActions | None = None,
    ) -> None:
        self._crm = crm
        self._hours = hours
        self._responses = responses
        self._suggestions = suggestions
        self._absences = absences
        self._settings = settings
        self._table = table or intent_actions()

    def write(self, told: Told, treatment: Treatment, now: datetime) -> tuple[Words, ...]:
        """Notes for people about what came of it. CrmError and DBAPIError: nothing is lost, write again."""
        if treatment is Treatment.READING:
            return ()
        about = self._in_crm(told, treatment)
        if treatment is Treatment.ABSENCE:
            return self._absence(told, about, now)
        self._responses.add(response_of(told, about))
        self._suggest(told, about, now)
        return ()

    def _in_crm(self, told: Told, treatment: Treatment) -> About:
        """E-mail and touchpoint of somebody we know; whom and what they are about, as the CRM has it."""
        if told.who.found is None:
            return About(language=told.reading.language)
        status = "automatic" if treatment is Treatment.ABSENCE else "received"
        email = self._crm.save_email(email_record(told, purpose=self._purpose(told), status=status), key=told.key)
        if treatment is Treatment.CUSTOMER:
            self._crm.save_touchpoint(touchpoint_of(email), key=told.key)
            self._note_reply(told, email)
        certainty = told.link.certainty if told.link.deal and told.link.deal.id == email.deal_id else 0.0
        return About(
            contact_id=email.contact_id,
            lead_id=email.lead_id,
            deal_id=email.deal_id,
            deal_certainty=certainty,
            owner_id=email.owner_id,
            language=told.reading.language,
        )

    def _purpose(self, told: Told) -> str:
        """What the mail is about, in the words for purposes: that of its first wish."""
        labels = sorted(told.reading.labels, key=self._table.rank)
        rows = (self._table.intents.get(label) for label in labels)
        return next((row.purpose for row in rows if row is not None and not row.nothing), "")

    def _note_reply(self, told: Told, email: Email) -> None:
        """The mail of ours that this one answers was answered now."""
        if not email.in_reply_to:
            return
        person = (email.contact_id, email.lead_id)
        for ours in self._crm.emails_with([email.in_reply_to]):
            if ours.direction == "out" and ours.replied_at is None and (ours.contact_id, ours.lead_id) == person:
                self._crm.save_email(replace(ours, replied_at=email.sent_at))

    def _absence(self, told: Told, about: About, now: datetime) -> tuple[Words, ...]:
        until = back_at(told.reading, told.letter.sent_at)
        if until is None or not (about.contact_id or about.lead_id):
            return ()
        note = Absence(told.key, now, about.contact_id, about.lead_id, until, sentence_of(told.reading))
        self._absences.add(note)
        english, japanese = (day_in(until.date(), language) for language in ("en", "ja"))
        return (say(f"Away until {english}.", f"{japanese}までご不在です。"),)

    def _suggest(self, told: Told, about: About, now: datetime) -> None:
        away = self._absences.away_until(now, contact_id=about.contact_id, lead_id=about.lead_id)
        asked = Asked(
            key=told.key,
            about=about,
            source=told.key,
            invitations=invitation_windows(told.letter.invitations),
            cancelled=any(is_called_off(one) for one in told.letter.invitations),
            answered=any(one.method == "REPLY" for one in told.letter.invitations),
            # Who writes a proper mail is not away any more; a note that came in meanwhile would be newer than it.
            away_until=away if self._note_is_newer(told, about) else None,
            department=self._settings.department,
            more_reasons=tuple(Reason(words, 0.3) for words in told.link.reasons),
        )
        self._suggestions.add_all(plain_suggestions(told.reading, asked, self._table, self._hours, now=now))

    def _note_is_newer(self, told: Told, about: About) -> bool:
        note = self._absences.newest(contact_id=about.contact_id, lead_id=about.lead_id)
        return note is not None and note.noted_at > told.letter.sent_at
