"""What kind of mail is it, and what may come of it? Machines' mail must not look like a customer's wish."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from motenashi.inbound_mail.automatic import is_ours
from motenashi.inbound_mail.parsed_mail import ParsedMail
from motenashi.mail_intake.letter import Letter
from nlp.reading import Reading


class Treatment(Enum):
    """Each holds less than the one before."""

    CUSTOMER = "customer"  # everything: person, deal, touchpoint, response, suggestions
    ABSENCE = "absence"  # the e-mail in the CRM and the note that they are away
    READING = "reading"  # read, shown on /mail, and nothing else


@dataclass(frozen=True)
class Sorted:
    treatment: Treatment
    why: str = ""  # one word of ours: bulk, spam, internal ...


_SURE = 0.5


def skipped_because(mail: ParsedMail, our_addresses: Collection[str]) -> str:
    """Why a mail needs no reading at all, in one word; "" when it does."""
    if mail.automatic in ("loop", "bounce", "receipt"):
        return mail.automatic
    return "loop" if is_ours(mail, our_addresses) else ""


def sorted_mail(mail: ParsedMail, letter: Letter, reading: Reading, *, is_known: bool) -> Sorted:
    """What may come of a mail that was read. Of somebody we know nothing is spam: the reader may err."""
    # The reader always says something; what it is not sure of must not send a customer's mail to the machines'.
    labels = {intent.label for intent in reading.intents if intent.score >= _SURE}
    if letter.from_us:
        return Sorted(Treatment.READING, "internal")
    if "out_of_office" in labels or (mail.automatic == "auto_reply" and not _is_program(mail)):
        return Sorted(Treatment.ABSENCE, "auto_reply")
    if mail.automatic == "auto_reply" and not speaks_for_a_person(mail):
        return Sorted(Treatment.READING, "automatic")
    if mail.automatic == "bulk":
        return Sorted(Treatment.READING, "bulk")
    if "spam" in labels and not is_known:
        return Sorted(Treatment.READING, "spam")
    return Sorted(Treatment.CUSTOMER)


def speaks_for_a_person(mail: ParsedMail) -> bool:
    """A web form's or calendar's mail: a program sent it, and somebody's words or dates are in it."""
    return _is_program(mail) and bool(mail.invitations or mail.reply_to)


def _is_program(mail: ParsedMail) -> bool:
    """Written by a program of its own accord, and not in answer to a mail of ours."""
    return any(word in mail.automatic_why for word in ("auto-generated", "X-Auto-Response-Suppress"))
