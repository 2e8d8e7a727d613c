"""A raw mail of any bytes, taken apart: `parse_mail(raw)`.

Nothing raises, and everything is bounded (limits.py); what was broken or left out stands in `problems`.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterable
from datetime import tzinfo
from typing import TypeVar

from motenashi.clean_text import plain_line
from motenashi.inbound_mail.addresses import read_addresses
from motenashi.inbound_mail.automatic import OUR_ID, automatic_kind, list_id_of
from motenashi.inbound_mail.bodies import Block, Contents, read_contents, whole_text
from motenashi.inbound_mail.body_text import TOO_LONG
from motenashi.inbound_mail.charsets import decode
from motenashi.inbound_mail.encoded_words import first_charset
from motenashi.inbound_mail.files import attachment_content, attachments_of
from motenashi.inbound_mail.headers import Headers
from motenashi.inbound_mail.limits import (
    LONGEST_HTML,
    LONGEST_TEXT,
    MOST_BYTES,
    MOST_CALENDARS,
    MOST_EVENTS,
    MOST_PROBLEMS,
    MOST_REFERENCES,
    MOST_TNEF,
)
from motenashi.inbound_mail.mail_dates import SentAt, sent_at
from motenashi.inbound_mail.mime_tree import Part, read_tree
from motenashi.inbound_mail.parsed_mail import Address, Attachment, Invitation, ParsedMail
from motenashi.inbound_mail.tnef import Tnef, read_tnef

__all__ = ["attachment_content", "parse_mail"]

log = logging.getLogger(__name__)

_ID = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID = re.compile(r"[^<>\s,;]{1,500}@[^<>\s,;]{1,500}")
_LONGEST_SUBJECT = 2000
_Any = TypeVar("_Any")


def parse_mail(raw: bytes) -> ParsedMail:
    """Never raises. Of more than 25 MB the first 25 are read."""
    problems = []
    if len(raw) > MOST_BYTES:
        raw = raw[:MOST_BYTES]
        problems.append(f"The mail is larger than {MOST_BYTES // 2**20} MB; only its beginning was read.")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")  # an old Macintosh's line ends
    try:
        return _parsed(read_tree(raw), problems)
    except Exception as error:  # a mistake of ours must not lose a mail: a door, like those of the web
        # The places without the error's own words: they may be the mail's, and logs are not for those.
        way = "".join(traceback.format_tb(error.__traceback__))
        log.error("a mail of %d bytes could not be taken apart: %s\n%s", len(raw), type(error).__name__, way)
        return _unreadable(raw, [*problems, f"The mail could not be taken apart ({type(error).__name__})."])


def _parsed(root: Part, problems: Iterable[str] = ()) -> ParsedMail:
    headers = root.headers
    headers.charset_hint = hint = _charset_hint(root)
    contents = read_contents(root, hint)
    when = sent_at(headers)
    sender = _first(_addresses(headers, "from")) or _first(_addresses(headers, "sender"))
    subject = plain_line(headers.words("subject")[:_LONGEST_SUBJECT])
    found = [read_tnef(part.content()[0]) for part in contents.tnef[:MOST_TNEF]]
    contents.files += contents.tnef[MOST_TNEF:]
    text, html, cut = _texts(contents, found)
    invitations, more = _invitations(contents, found, when, hint)
    kind, why = automatic_kind(root, contents.reports, sender, subject)
    problems = [*problems, *_header_problems(headers, sender), when.problem, *contents.problems, *cut, *more]
    problems += [problem for tnef in found for problem in tnef.problems]
    return ParsedMail(
        message_id=_first(_ids(headers, "message-id")) or "",
        in_reply_to=_first(_ids(headers, "in-reply-to")) or "",
        references=tuple(_ids(headers, "references"))[-MOST_REFERENCES:],
        sender=sender,
        reply_to=_addresses(headers, "reply-to"),
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        subject=subject,
        sent_at=when.at,
        utc_offset=when.utc_offset,
        text=text,
        html=html,
        attachments=_files(contents, found),
        invitations=invitations,
        forwarded=tuple(_parsed(part.children[0]) for part in contents.mails),
        automatic=kind,
        automatic_why=why,
        list_id=list_id_of(headers),
        our_ids=tuple(dict.fromkeys(text for text in headers.all_texts(OUR_ID) if text)),
        problems=tuple(dict.fromkeys(problem for problem in problems if problem))[:MOST_PROBLEMS],
    )


def _charset_hint(root: Part) -> str:
    """What raw bytes without a label are likely in: the charset that the mail names anywhere else."""
    subject = root.headers.all_raw("subject")
    named = first_charset(subject[0].decode("ascii", "replace")) if subject else ""
    part: Part | None = root
    while part is not None and not named:
        named = part.parameters.get("charset", "")
        part = part.children[0] if part.children else None
    return named


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    """Of all headers of this name; each address once."""
    return tuple(dict.fromkeys(address for text in headers.all_texts(name) for address in read_addresses(text)))


def _ids(headers: Headers, name: str) -> list[str]:
    found: list[str] = []
    for text in headers.all_texts(name):
        found += _ID.findall(text) or _BARE_ID.findall(text)[:1] or (text.split()[:1] if name == "message-id" else [])
    return list(dict.fromkeys(identifier[:500].strip("<>") for identifier in found))


def _header_problems(headers: Headers, sender: Address | None) -> list[str]:
    problems = [] if sender else ["There is no sender's address that can be read."]
    ids = _ids(headers, "message-id")
    if not ids:
        problems.append("There is no Message-ID.")
    elif len(ids) > 1:
        problems.append("There is more than one Message-ID; the first was taken.")
    for name in ("from", "subject", "date"):
        if len(set(headers.all_raw(name))) > 1:
            problems.append(f"There is more than one {name.title()} header; the first was taken.")
    return problems


def _texts(contents: Contents, found: list[Tnef]) -> tuple[str, str, list[str]]:
    text, html = whole_text(contents.blocks)
    if not text.strip() and not html.strip():
        text, html = whole_text([Block(tnef.text, tnef.html) for tnef in found])
    cut = []
    if len(text) > LONGEST_TEXT or len(html) > LONGEST_HTML:
        cut.append(TOO_LONG)
    return text[:LONGEST_TEXT], html[:LONGEST_HTML], cut


def _files(contents: Contents, found: list[Tnef]) -> tuple[Attachment, ...]:
    return attachments_of(contents.files, [*zip(contents.tnef, found, strict=False)])


def _invitations(
    contents: Contents, found: list[Tnef], when: SentAt, hint: str
) -> tuple[tuple[Invitation, ...], list[str]]:
    zone: tzinfo | None = when.at.tzinfo if when.at is not None and when.utc_offset else None
    result = [tnef.invitation for tnef in found if tnef.invitation]
    problems: list[str] = []
    for part in contents.calendars[:MOST_CALENDARS]:
        data, problem = part.content()
        decoded = decode(data, part.parameters.get("charset", "") or "utf-8", hint)
        # Few mails carry one, and the calendar library takes three megabytes.
        from motenashi.inbound_mail.invitations import read_invitations

        events, more = read_invitations(
            decoded.text, part.parameters.get("method", ""), zone, MOST_EVENTS - len(result)
        )
        result += events
        problems += [problem, decoded.problem, *more]
    if len(contents.calendars) > MOST_CALENDARS:
        problems.append(f"There are more than {MOST_CALENDARS} calendar parts; the others were not read.")
    return tuple(dict.fromkeys(result)), [sentence for sentence in problems if sentence]


def _unreadable(raw: bytes, problems: list[str]) -> ParsedMail:
    text = decode(raw[:LONGEST_TEXT]).text
    return ParsedMail(
        message_id="", in_reply_to="", references=(), sender=None, reply_to=(), to=(), cc=(), subject="",
        sent_at=None, utc_offset="", text=text, html="", problems=tuple(problems),
    )  # fmt: skip


def _first(found: Iterable[_Any]) -> _Any | None:
    return next(iter(found), None)
