"""A suggestion as its row in the database and back: JSON for what has parts, text that every database takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row

from motenashi.clean_text import clean_text
from motenashi.suggestions.suggestion import About, Alternative, Draft, Effect, Reason, Suggestion, TimeWindow, Words
from motenashi.suggestions.tables import LONGEST_NAME

RecordKind = Literal["deal", "contact", "lead"]

SOONEST_REVIEW = timedelta(minutes=15)
ADVICE = "advice"  # made_by of what is composed for a record; what a mail wishes is "plain"

_ABOUT = tuple(field.name for field in fields(About))
_PLAIN = (
    *("id", "key", "action", "urgency", "created_at", "respond_by", "not_before", "made_by", "source", "state"),
    *("closed_at", "closed_by", "closed_why", "situation", "gain", "probability", "snoozed_until"),
)


def current_of(about: About) -> str:
    """The record that a suggestion is the advice of: its deal, else its lead, else its contact."""
    kind, record_id = record_of(about)
    return f"{kind}:{record_id}"


def record_of(about: About) -> tuple[RecordKind, str]:
    if about.deal_id:
        return "deal", about.deal_id
    return ("lead", about.lead_id) if about.lead_id else ("contact", about.contact_id)


def review_at(one: Suggestion, now: datetime) -> datetime | None:
    """When its record has to be thought about again if nothing happens before: its first window or the time to answer
    has passed, the snooze is over, or nothing had to be done until then. Never at once, whatever its times say."""
    if one.made_by != ADVICE:
        return None
    if one.snoozed_until is not None and one.snoozed_until > now:
        return one.snoozed_until
    moments = [one.respond_by] if one.action == "none" else [one.windows[0].end, one.respond_by]
    return min((moment for moment in moments if moment > now), default=now + SOONEST_REVIEW)


def row_of(one: Suggestion) -> dict[str, Any]:
    """All columns but the id."""
    plain = {name: getattr(one, name) for name in _PLAIN if name not in ("id", "key")}
    advice = one.made_by == ADVICE
    return {
        **plain,
        **asdict(one.about),
        **changing_columns(one),
        "key": one.key[:LONGEST_NAME],
        "purposes": list(one.purposes),
        "purpose": (one.purposes[0] if one.purposes else "")[:LONGEST_NAME],
        "promised": one.effect.p if one.effect else None,
        "title": _words(one.title),
        "windows": [asdict(window) | _moments(window) for window in one.windows],
        "product_ids": list(one.product_ids),
        "effect": asdict(one.effect) if one.effect else None,
        "current_of": current_of(one.about) if advice and one.state == "open" else None,
        "review_at": review_at(one, one.created_at),
    }


def changing_columns(one: Suggestion) -> dict[str, Any]:
    """What may be told better while a suggestion stays the same in substance."""
    return {
        "gain": one.gain,
        "reasons": [_reason(reason) for reason in one.reasons],
        "alternatives": [_alternative(other) for other in one.alternatives] or None,
        "draft": _draft(one.draft) if one.draft else None,
        "answers": list(one.answers) or None,
    }


def suggestion_of(row: Row[Any]) -> Suggestion:
    columns = row._mapping
    return Suggestion(
        **{name: columns[name] for name in _PLAIN},
        about=About(**{name: columns[name] for name in _ABOUT}),
        purposes=tuple(row.purposes),
        title=row.title,
        windows=tuple(_window(window) for window in row.windows),
        reasons=tuple(Reason(**reason) for reason in row.reasons),
        product_ids=tuple(row.product_ids),
        effect=Effect(**row.effect) if row.effect else None,
        alternatives=tuple(_alternative_from(other) for other in row.alternatives or ()),
        draft=_draft_from(row.draft) if row.draft else None,
        answers=tuple(row.answers or ()),
    )


def _words(words: Words) -> dict[str, str]:
    return {language: clean_text(text) for language, text in words.items()}


def _moments(window: TimeWindow) -> dict[str, str]:
    return {"start": window.start.isoformat(), "end": window.end.isoformat(), "text": clean_text(window.text)}


def _window(stored: Mapping[str, Any]) -> TimeWindow:
    moments = {name: datetime.fromisoformat(stored[name]) for name in ("start", "end")}
    return TimeWindow(**{**stored, **moments})


def _reason(reason: Reason) -> dict[str, Any]:
    return {"text": _words(reason.text), "weight": reason.weight, "sentence": clean_text(reason.sentence)}


def _alternative(one: Alternative) -> dict[str, Any]:
    return asdict(one) | {"title": _words(one.title)}


def _alternative_from(stored: Mapping[str, Any]) -> Alternative:
    effect = Effect(**stored["effect"]) if stored["effect"] else None
    return Alternative(**{**stored, "effect": effect})


def _draft(one: Draft) -> dict[str, Any]:
    texts = {name: clean_text(getattr(one, name)) for name in ("subject", "text", "to")}
    moments = {
        name: moment.isoformat() if moment else None for name, moment in (("start", one.start), ("end", one.end))
    }
    return {"kind": one.kind, "language": one.language, **texts, **moments}


def _draft_from(stored: Mapping[str, Any]) -> Draft:
    moments = {name: datetime.fromisoformat(stored[name]) if stored.get(name) else None for name in ("start", "end")}
    return Draft(**{**stored, **moments})
