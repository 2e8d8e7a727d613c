"""The event that a booking writes into the CRM: its subject and note in the visitor's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_client.records import Activity
from motenashi.booking.free_time import length
from motenashi.booking.settings import AppointmentType
from motenashi.clean_text import clean_text

LONGEST_NOTE = 2000  # characters


@dataclass(frozen=True)
class Guest:
    """Who comes, as far as the conversation knows; texts are '' when unknown."""

    name: str
    email: str
    contact_id: str
    lead_id: str
    note: str
    language: str


def appointment_event(kind: AppointmentType, start: datetime, guest: Guest, owner_id: str) -> Activity:
    """An open event, not saved yet. Texts are Japanese for `ja`, else English."""
    language = "ja" if guest.language.lower().startswith("ja") else "en"
    title = kind.title.get(language) or next(iter(kind.title.values()), "")
    who = _one_line(guest.name) or _one_line(guest.email)
    return Activity(
        id="",
        kind="event",
        subject=(f"{title}（{who}様）" if language == "ja" else f"{title}: {who}") if who else title,
        start_at=start,
        end_at=start + length(kind),
        contact_id=guest.contact_id,
        lead_id=guest.lead_id,
        owner_id=owner_id,
        purpose=kind.purpose,
        note=_note(guest, language),
    )


def _note(guest: Guest, language: str) -> str:
    labels = ("お名前", "メール", "ご用件") if language == "ja" else ("Name", "E-mail", "About")
    colon = "：" if language == "ja" else ": "
    values = (_one_line(guest.name), _one_line(guest.email), clean_text(guest.note).strip()[:LONGEST_NOTE])
    return "\n".join(f"{label}{colon}{value}" for label, value in zip(labels, values, strict=True) if value)


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())[:200]
