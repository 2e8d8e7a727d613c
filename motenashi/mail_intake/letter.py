"""What is to be read of a mail, and who may have written it: the mail itself, or what one of ours forwarded in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from motenashi.inbound_mail.parsed_mail import Invitation, ParsedMail
from motenashi.mail_intake.forward_header import ForwardedText, forwarded_text
from motenashi.mail_intake.our_people import OurPeople, is_list, is_machine
from nlp.email_parts.html_text import html_to_text

Via = Literal["from", "reply_to", "forward", "forward_header"]

MOST_CANDIDATES = 4  # look-ups in the CRM stay few, whatever a mail names
_WRONG_CLOCK = timedelta(days=1)
_JAPANESE = ("\u3040", "\u30ff"), ("\u3400", "\u9fff")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may have written it, and where that stands."""

    name: str
    address: str
    via: Via


@dataclass(frozen=True)
class Letter:
    """One person's words to us. `mail` is the mail they stand in: what came in, or the one attached to it. `sent_at` is
    aware; `utc_offset` is theirs, "" when not known.

    `from_us`: one of our own people wrote it, and it forwards nobody's mail. `forwarded`: one of ours passed it on.
    `candidates` come most likely first; our own people, machines and lists are not among them.
    """

    mail: ParsedMail
    subject: str
    body: str
    sent_at: datetime
    utc_offset: str
    candidates: tuple[Candidate, ...]
    invitations: tuple[Invitation, ...] = ()
    forwarded: bool = False
    from_us: bool = False

    @property
    def sender_name(self) -> str:
        return self.candidates[0].name if self.candidates else ""


def letter_of(mail: ParsedMail, ours: OurPeople, *, received_at: datetime) -> Letter:
    """The letter in a mail. `received_at` stands in where the mail has no date or one from the future.

    From an address of ours with somebody else's in Reply-To, it comes from our web form or mailing list and is theirs.
    """
    sent_at = _plausible(mail.sent_at, received_at)
    speaks_for = [one for one in mail.reply_to if not ours.holds(one.address) and not is_machine(one.address)]
    if mail.sender is not None and ours.holds(mail.sender.address) and not speaks_for:
        return _passed_on(mail, ours, sent_at) or _internal(mail, sent_at)
    candidates = [
        *(Candidate(one.name, one.address, "reply_to") for one in mail.reply_to),
        *([Candidate(mail.sender.name, mail.sender.address, "from")] if mail.sender else []),
    ]
    known = tuple(one for one in candidates if _is_somebody(one, mail, ours))
    return Letter(mail, mail.subject, text_of(mail), sent_at, mail.utc_offset, _once(known), mail.invitations)


def text_of(mail: ParsedMail) -> str:
    return mail.text if mail.text.strip() else html_to_text(mail.html)


def _passed_on(mail: ParsedMail, ours: OurPeople, sent_at: datetime) -> Letter | None:
    """The customer's mail that one of ours forwarded, as an attachment or within the text."""
    for inner in mail.forwarded:
        if inner.sender is None or ours.holds(inner.sender.address) or is_machine(inner.sender.address):
            continue
        at = _plausible(inner.sent_at, sent_at)
        who = (Candidate(inner.sender.name, inner.sender.address, "forward"),)
        return Letter(
            inner, inner.subject, text_of(inner), at, inner.utc_offset, who, inner.invitations, forwarded=True
        )
    body = text_of(mail)
    found = forwarded_text(body, subject=mail.subject, reference=sent_at, language=_language(body))
    return _from_header(mail, found, ours, sent_at) if found else None


def _from_header(mail: ParsedMail, found: ForwardedText, ours: OurPeople, sent_at: datetime) -> Letter | None:
    if found.sender is None or ours.holds(found.sender.address) or is_machine(found.sender.address):
        return None
    who = (Candidate(found.sender.name, found.sender.address, "forward_header"),)
    return Letter(mail, found.subject, found.body, found.sent_at or sent_at, "", who, forwarded=True)


def _internal(mail: ParsedMail, sent_at: datetime) -> Letter:
    return Letter(mail, mail.subject, text_of(mail), sent_at, mail.utc_offset, (), mail.invitations, from_us=True)


def _is_somebody(one: Candidate, mail: ParsedMail, ours: OurPeople) -> bool:
    return not (ours.holds(one.address) or is_machine(one.address) or is_list(one.address, mail))


def _once(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Each address once; From goes before Reply-To when they agree, since it names the person."""
    named = {one.address.lower(): one for one in sorted(candidates, key=lambda one: one.via == "from")}
    kept = {one.address.lower(): named[one.address.lower()] for one in candidates}
    return tuple(kept.values())[:MOST_CANDIDATES]


def _plausible(sent_at: datetime | None, received_at: datetime) -> datetime:
    if sent_at is None or sent_at.tzinfo is None or sent_at > received_at + _WRONG_CLOCK:
        return received_at
    return sent_at


def _language(text: str) -> str:
    sample = text[:2_000]
    return "ja" if any(first <= letter <= last for letter in sample for first, last in _JAPANESE) else "en"
