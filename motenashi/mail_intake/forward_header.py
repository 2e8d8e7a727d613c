"""Who wrote a mail that was forwarded within the text: the lines From, Date, Subject above it, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import nlp.dates
from motenashi.inbound_mail.parsed_mail import Address
from nlp.email_parts.header_blocks import concept_of
from nlp.email_parts.part import PartKind
from nlp.email_text import read_email_text

_MARKS = re.compile(r"^[ \t]*(?:[>＞|][ \t]?)+", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:＜＞]{1,64}@[^\s<>()\[\]\"',;:＜＞@]{1,250}")
_AROUND_A_NAME = " \t\"'<>()[]＜＞:：*"
_FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|vs|転送|轉寄|转发)\s*[:：\]]", re.IGNORECASE)
_HEADERS = (PartKind.FORWARD_HEADER, PartKind.QUOTE_HEADER)
_LONGEST_LINE = 1_000
_NOON = timedelta(hours=12)


@dataclass(frozen=True)
class ForwardedText:
    """A mail within a mail's text, as far as its header tells; `body` is its text, marks of quoting off."""

    sender: Address | None
    subject: str
    sent_at: datetime | None
    body: str


def is_forward_subject(subject: str) -> bool:
    return bool(_FORWARD_SUBJECT.match(subject))


def forwarded_text(text: str, *, subject: str = "", reference: datetime, language: str = "en") -> ForwardedText | None:
    """The first mail forwarded within `text`; None when nothing was.

    "Original message" stands above quotes and forwards alike; it is a forward when the subject says so, or when nothing
    was written above it. `reference` is when the outer mail was written: its clock is taken where none is named.
    """
    told = read_email_text(text)
    place = next((number for number, part in enumerate(told.parts) if part.kind in _HEADERS), None)
    if place is None:
        return None
    header = told.parts[place]
    if header.kind is PartKind.QUOTE_HEADER and not is_forward_subject(subject) and text[: header.start].strip():
        return None
    fields = _fields(told.text_of(header))
    if not fields:
        return None
    return ForwardedText(
        sender=_sender(fields.get("from", "")),
        subject=fields.get("subject", ""),
        sent_at=_moment(fields.get("date", "") or fields.get("sent", ""), reference, language),
        body=_unmarked(text[header.end :]),
    )


def _fields(header: str) -> dict[str, str]:
    """Concept -> value, wrapped lines joined."""
    fields: dict[str, str] = {}
    last = ""
    for line in _MARKS.sub("", header).splitlines():
        concept = concept_of(line)
        if concept:
            last = concept
            fields.setdefault(concept, re.split("[:：]", line, maxsplit=1)[1].strip(" *\t\u3000")[:_LONGEST_LINE])
        elif last and line.strip():
            fields[last] = f"{fields[last]} {line.strip()}"[:_LONGEST_LINE]
    return fields


def _sender(value: str) -> Address | None:
    found = _ADDRESS.search(value)
    if found is None:
        return None
    local, _, domain = found[0].rstrip(".").rpartition("@")
    name = value[: found.start()].replace("mailto:", "").strip(_AROUND_A_NAME)
    return Address(name, f"{local}@{domain.lower()}")


def _moment(value: str, reference: datetime, language: str) -> datetime | None:
    mentions = nlp.dates.find_dates(value, language, reference=reference) if value else ()
    instants = [one for one in mentions if one.value.kind == "instant" and one.begins is not None]
    found = instants[0].begins if len(instants) == 1 else None
    if found is None or found > reference:  # a forward is younger than what it forwards
        return None
    # A day without a clock is taken at noon: then it is that day nearly everywhere.
    return min(found + _NOON, reference) if instants[0].grain == "day" else found


def _unmarked(text: str) -> str:
    """Without the marks of quoting, where all of it is marked."""
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and sum(bool(_MARKS.match(line)) for line in lines) * 10 >= len(lines) * 8:
        text = re.sub(r"^[ \t]*[>＞][ \t]?", "", text, flags=re.MULTILINE)
    return text.strip("\r\n")
