"""The words of a mail that was taken apart: what stood in it, and what was wrong with it.

Everything is text that every database can take. Nothing here is fetched, rendered or trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Automatic = Literal["", "auto_reply", "bounce", "bulk", "loop", "receipt"]


@dataclass(frozen=True)
class Address:
    """`name` may be empty; `address` is `local@domain`, the domain in small letters."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    """A file that came with the mail. Its bytes stay in the raw mail: `attachment_content(raw, place)`.

    `place` is a path through the parts, counted from 1: "2.1"; "2.tnef.1" is the first file in a winmail.dat.
    """

    name: str
    media_type: str
    size: int
    place: str


@dataclass(frozen=True)
class Invitation:
    """One event of a calendar part. Its dates are certain.

    `start` and `end` are aware moments, or plain dates for an event of whole days (`end` excluded, as in RFC 5545). A
    time without a zone is taken to be in the sender's own; where that is not known `start` is None. `end` is None where
    none was said. `recurrence` is the RRULE as it stood there ("FREQ=WEEKLY;COUNT=4"), `recurrence_dates` what RDATE
    added, and `changes` names the one occurrence that this event moves (RECURRENCE-ID).
    """

    method: str  # REQUEST, CANCEL, REPLY, COUNTER, PUBLISH ...; "" when not said
    uid: str
    sequence: int
    summary: str
    description: str
    location: str
    organizer: Address | None
    attendees: tuple[Attendee, ...]
    start: datetime | date | None
    end: datetime | date | None
    time_zone: str  # IANA name or "+09:00"; "" for whole days or when not known
    recurrence: str
    recurrence_dates: tuple[datetime | date, ...]
    changes: datetime | date | None
    status: str  # CONFIRMED, TENTATIVE, CANCELLED; "" when not said


@dataclass(frozen=True)
class Attendee:
    """`answer` is the PARTSTAT: ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION ...; "" when not said."""

    name: str
    address: str
    answer: str


@dataclass(frozen=True)
class ParsedMail:
    """A mail (or one forwarded in it) as its sender meant it.

    Ids are without angle brackets. `text` is the plain text, "" when there is none; then `html` is what there is (when
    both are there they say the same). `sent_at` is aware; None when neither Date nor Received tells it. `utc_offset` is
    the sender's own ("+09:00"); "" when not known. `forwarded` holds mails that are parts of this one (message/rfc822);
    forwards inside the text are left to who reads the text. `automatic` says what kind of machine wrote it, "" for a
    person; `automatic_why` is the header or part that tells. `problems` are sentences for an operator: what was broken,
    and what was done about it.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    utc_offset: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    forwarded: tuple[ParsedMail, ...] = ()
    automatic: Automatic = ""
    automatic_why: str = ""
    list_id: str = ""
    our_ids: tuple[str, ...] = ()  # X-Motenashi-Id: a mail of ours that came back
    problems: tuple[str, ...] = ()
