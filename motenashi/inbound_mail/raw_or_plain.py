"""What somebody hands us to read: the source of a mail, only its text, or a calendar file. All become a mail."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTPUTF8

from motenashi.inbound_mail.charsets import decode

PASTED = "X-Motenashi-Pasted"  # a header of ours: that the others are missing is not somebody's fault

_HEADER = re.compile(r"[!-9;-~]{1,70}:(?:[ \t].*)?")
_TELLS = ("from:", "received:", "message-id:", "mime-version:", "return-path:", "delivered-to:", "content-type:")
_KNOWN = (*_TELLS, "to:", "subject:", "date:", "sender:", "reply-to:", "x-mozilla-status:", "dkim-signature:")
_POSTMARK = "From "
_CALENDAR = b"begin:vcalendar"
_LONGEST_HEAD = 100_000  # characters in which a file's kind shows


def is_raw_mail(text: str) -> bool:
    """True when the text begins with a block of header lines, of which at least two are typical of a mail's source.

    A text that begins with "From: … / To: …", as mail programs copy it, has no Message-ID or MIME-Version and no
    second such header: it is read as text, so that nothing of it is lost.
    """
    return len(_told(text, _TELLS)) >= 2


def mail_of_file(data: bytes, now: datetime) -> bytes:
    """A file as a mail: one that is a mail as it is, a calendar file (.ics) as an invitation, any other as text.

    A file is more likely to be a mail than what is pasted: a first header that mails have is enough.
    """
    head = data[:_LONGEST_HEAD].decode("latin-1").lstrip("ï»¿\r\n")
    if head.startswith(_POSTMARK) or _begins_like_a_mail(head):
        return data
    if head[: len(_CALENDAR)].lower().encode("latin-1") == _CALENDAR:
        return _calendar_as_mail(data, now)
    return mail_of_text(decode(data).text, "", now) if data.strip() else b""


def mail_of_text(text: str, subject: str, now: datetime) -> bytes:
    """A text as a mail that was written `now`."""
    written = _new(subject, now, "text")
    written.set_content(text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8"))
    return written.as_bytes()


def _told(text: str, names: tuple[str, ...]) -> list[str]:
    """Which of these headers the text begins with, in order; none when it does not begin with a block of headers."""
    told: list[str] = []
    for line in text[:_LONGEST_HEAD].lstrip("\ufeff\r\n").splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        if not _HEADER.fullmatch(line):
            return []
        told += [name for name in names if line.lower().startswith(name) and name not in told]
    return told


def _begins_like_a_mail(head: str) -> bool:
    told = _told(head, _KNOWN)
    return len(told) >= 2 or bool(told and head.lower().startswith(told[0]))


def _calendar_as_mail(data: bytes, now: datetime) -> bytes:
    written = _new("", now, "calendar")
    written.set_content(data, maintype="text", subtype="calendar", cte="base64")
    return written.as_bytes()


def _new(subject: str, now: datetime, kind: str) -> EmailMessage:
    written = EmailMessage(policy=SMTPUTF8)
    written[PASTED] = kind
    written["Subject"] = " ".join(subject.split())
    written["Date"] = now
    return written
