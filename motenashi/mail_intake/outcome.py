"""What a mail's row keeps for the page /mail: whom it was linked to and why, and the short of its reading; as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_client.records import Deal
from motenashi.inbound_mail.mail_marks import Headline
from motenashi.inbound_mail.parsed_mail import ParsedMail
from motenashi.mail_intake.bilingual import Words
from motenashi.mail_intake.records import Told
from motenashi.mail_intake.sorting import Sorted
from motenashi.mail_intake.who import Found
from nlp.reading import Reading


def links_of(told: Told, sorted_as: Sorted, notes: Sequence[Words]) -> dict[str, Any]:
    """`linked`: the person and the deal; `others`: who and what it may be instead; each with kind, id, name, certainty
    and reasons (in each language). `treatment` and `why` say what kind of mail it was, `notes` what came of it."""
    who, link = told.who, told.link
    linked = [_person(who.found, who.certainty, who.reasons)] if who.found else []
    linked += [_deal(link.deal, link.certainty, link.reasons)] if link.deal else []
    others = [_person(one, 0.0, ()) for one in who.others]
    others += [_deal(deal, certainty, ()) for deal, certainty in link.others]
    return {
        "linked": linked,
        "others": others,
        "treatment": sorted_as.treatment.value,
        "why": sorted_as.why,
        "forwarded": told.letter.forwarded,
        "notes": [dict(words) for words in notes],
    }


def headline_of(mail: ParsedMail) -> Headline:
    """Sender and subject as they were meant; until now the row had what a quick look at the headers gave."""
    sender = mail.sender
    named = f"{sender.name} <{sender.address}>" if sender and sender.name else sender.address if sender else ""
    return Headline(named, mail.subject, mail.sent_at)


def summary_of(reading: Reading, sorted_as: Sorted) -> dict[str, Any]:
    """What one line of a list shows."""
    return {
        "language": reading.language,
        "labels": list(reading.labels),
        "tone": reading.sentiment.tone,
        "products": _ids(reading, "product"),
        "competitors": _ids(reading, "competitor"),
        "why": sorted_as.why,
    }


def _ids(reading: Reading, kind: str) -> list[str]:
    return list(dict.fromkeys(one.id for one in reading.mentions if one.kind == kind))


def _person(found: Found, certainty: float, reasons: Sequence[Words]) -> dict[str, Any]:
    kind = "contact" if found.contact else "lead"
    return _link(kind, found.record.id, found.name, certainty, reasons)


def _deal(deal: Deal, certainty: float, reasons: Sequence[Words]) -> dict[str, Any]:
    return _link("deal", deal.id, deal.name, certainty, reasons)


def _link(kind: str, record_id: str, name: str, certainty: float, reasons: Sequence[Words]) -> dict[str, Any]:
    words = [dict(reason) for reason in reasons]
    return {"kind": kind, "id": record_id, "name": name, "certainty": certainty, "reasons": words}
