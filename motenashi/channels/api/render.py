"""Suggestions and best times as JSON. Moments in UTC, texts in every language that we have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from motenashi.channels.api.api_view import EmbedLink, PersonTimes, RecordAdvice
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes
from motenashi.suggestions.suggestion import Alternative, Draft, Effect, Reason, Suggestion, TimeWindow

Json = dict[str, Any]


def advice_json(advice: RecordAdvice) -> Json:
    return {
        "record": {"kind": advice.kind, "id": advice.record_id},
        "state": advice.state,
        "suggestions": [suggestion_json(one) for one in advice.suggestions],
        "learned_from": advice.learned_from,
        "learned_at": moment(advice.learned_at),
    }


def suggestion_json(one: Suggestion) -> Json:
    return {
        "id": one.id,
        "action": one.action,
        "purposes": list(one.purposes),
        "situation": one.situation,
        "urgency": one.urgency,
        "title": dict(one.title),
        "about": {
            "deal_id": one.about.deal_id,
            "contact_id": one.about.contact_id,
            "lead_id": one.about.lead_id,
            "owner_id": one.about.owner_id,
        },
        "windows": [_window(window) for window in one.windows],
        "respond_by": moment(one.respond_by),
        "reasons": [_reason(reason) for reason in one.reasons],
        "effect": _effect(one.effect),
        "alternatives": [_alternative(other) for other in one.alternatives],
        "draft": _draft(one.draft),
        "expected_gain": one.gain,
        "state": one.state,
        "snoozed_until": moment(one.snoozed_until),
        "created_at": moment(one.created_at),
    }


def times_json(times: PersonTimes) -> Json:
    own = times.override
    return {
        "person": {"kind": times.kind, "id": times.person_id, "time_zone": times.time_zone},
        "channels": {name: _times(known) for name, known in times.channels.items()},
        "override": {
            "weekdays": list(own.weekdays),
            "from_hour": own.from_hour,
            "to_hour": own.to_hour,
            "by": own.by,
            "at": moment(own.at),
        }
        if own
        else None,
        "reminder_at": moment(times.reminder_at),
    }


def acted_json(acted: Acted) -> Json:
    made = {"kind": acted.made, "id": acted.record_id} if acted.made else None
    return {"suggestion": suggestion_json(acted.suggestion) if acted.suggestion else None, "made": made}


def link_json(link: EmbedLink) -> Json:
    return {"url": link.url, "expires_at": moment(link.expires_at)}


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _window(window: TimeWindow) -> Json:
    return {
        "start": moment(window.start),
        "end": moment(window.end),
        "source": window.source,
        "certainty": window.certainty,
        "text": window.text,
        "off_hours": window.off_hours,
    }


def _reason(reason: Reason) -> Json:
    return {"text": dict(reason.text), "weight": reason.weight, "sentence": reason.sentence}


def _effect(effect: Effect | None) -> Json | None:
    if effect is None:
        return None
    return {
        "p": effect.p,
        "base": effect.base,
        "lift": effect.lift,
        "low": effect.low,
        "high": effect.high,
        "taken": effect.taken,
        "advanced": effect.advanced,
        "like": effect.like,
    }


def _alternative(other: Alternative) -> Json:
    return {
        "action": other.action,
        "purpose": other.purpose,
        "title": dict(other.title),
        "effect": _effect(other.effect),
    }


def _draft(draft: Draft | None) -> Json | None:
    if draft is None:
        return None
    return {
        "kind": draft.kind,
        "language": draft.language,
        "subject": draft.subject,
        "text": draft.text,
        "to": draft.to,
        "start": moment(draft.start),
        "end": moment(draft.end),
    }


def _times(known: BestTimes | None) -> Json | None:
    if known is None:
        return None
    return {
        "preference": known.preference,
        "slots": [
            {
                "weekday": slot.weekday,
                "hour": slot.hour,
                "stars": slot.stars,
                "p": slot.p,
                "low": slot.low,
                "high": slot.high,
            }
            for slot in known.slots
        ],
        "attempts": known.attempts,
        "answered": known.answered,
        "signals": [{"name": name, "count": count} for name, count in known.signals],
        "learned_at": moment(known.learned_at),
    }
