"""What the CRM and the voice of the customer keep of a mail: an e-mail, a touchpoint, a response."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from crm_client.records import Deal, Email, Touchpoint
from motenashi.clean_text import clean_text, plain_line
from motenashi.inbound_mail.parsed_mail import ParsedMail
from motenashi.insights.voice.from_reading import with_reading
from motenashi.insights.voice.response import Response
from motenashi.mail_intake.deal_link import DealLink
from motenashi.mail_intake.letter import Letter
from motenashi.mail_intake.who import Who
from motenashi.suggestions.suggestion import About
from nlp.reading import Reading

LONGEST_EXCERPT = 2_000
_LONGEST_SUBJECT = 1_000
_LONGEST_ID = 255


@dataclass(frozen=True)
class Told:
    """Everything known about one mail once it was read."""

    mail_id: int
    letter: Letter
    reading: Reading
    who: Who
    link: DealLink

    @property
    def key(self) -> str:
        """Names this mail for ever, in every store."""
        return f"mail:{self.mail_id}"

    @property
    def owner_id(self) -> str:
        deal: Deal | None = self.link.deal
        person = self.who.contact or self.who.lead
        return (deal.owner_id if deal else "") or (person.owner_id if person else "")


def kept_id(message_id: str) -> str:
    """A Message-ID as the CRM keeps it; of one that is too long, a digest."""
    if len(message_id) <= _LONGEST_ID:
        return clean_text(message_id)
    return f"sha256:{hashlib.sha256(message_id.encode('utf-8', 'replace')).hexdigest()}"


def thread_of(*mails: ParsedMail) -> tuple[str, ...]:
    """What mails answer to, the nearest first."""
    ids: Iterable[str] = (one for mail in mails for one in (mail.in_reply_to, *reversed(mail.references)))
    return tuple(dict.fromkeys(kept_id(one) for one in ids if one))


def email_record(told: Told, *, purpose: str, status: str) -> Email:
    text = told.reading.text[told.reading.body_start :].strip()
    return Email(
        id="",
        direction="in",
        subject=plain_line(told.letter.subject)[:_LONGEST_SUBJECT],
        sent_at=told.letter.sent_at,
        deal_id=told.link.deal.id if told.link.deal else "",
        contact_id=told.who.contact.id if told.who.contact else "",
        lead_id=told.who.lead.id if told.who.lead else "",
        owner_id=told.owner_id,
        purpose=purpose,
        status=status,
        message_id=kept_id(told.letter.mail.message_id),
        in_reply_to=kept_id(told.letter.mail.in_reply_to),
        text=clean_text(text)[:LONGEST_EXCERPT],
    )


def touchpoint_of(email: Email) -> Touchpoint:
    """The same moment on the timeline: a signal of the customer's."""
    return Touchpoint(
        id="",
        channel="e-mail",
        type="mail",
        at=email.sent_at,
        signal=True,
        contact_id=email.contact_id,
        lead_id=email.lead_id,
        deal_id=email.deal_id,
        owner_id=email.owner_id,
    )


def response_of(told: Told, about: About) -> Response:
    contact = told.who.contact
    response = Response(
        id=0,
        key=told.key,
        at=told.letter.sent_at,
        channel="email",
        type="forwarded mail" if told.letter.forwarded else "mail",
        source=told.key,
        contact_id=about.contact_id,
        lead_id=about.lead_id,
        account_id=contact.account_id if contact else "",
        deal_id=about.deal_id,
        deal_certainty=about.deal_certainty,
        owner_id=about.owner_id,
    )
    return with_reading(response, told.reading)
