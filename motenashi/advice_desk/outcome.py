"""What came of one suggestion, from what our people did and how the deal went on. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motenashi.advice_desk.settings import DeskSettings
from motenashi.suggestions.settling import Unsettled
from motenashi.suggestions.suggestion import Suggestion, What
from motenashi.suggestions.suggestion_events import SuggestionEvent


@dataclass(frozen=True)
class OurContact:
    """One contact of ours: `kind` is call, event or e-mail; `purpose` '' when nobody knows."""

    kind: str
    purpose: str
    at: datetime
    record_id: str = ""


@dataclass(frozen=True)
class Move:
    """The deal went to another stage. `what`: advanced, advanced and won, or lost."""

    what: tuple[What, ...]
    at: datetime
    to_stage: str = ""


@dataclass(frozen=True)
class Story:
    """Of one record: our contacts and its moves, in time order."""

    contacts: Sequence[OurContact] = ()
    moves: Sequence[Move] = ()


@dataclass(frozen=True)
class Found:
    """What is known now; `settled`: nothing more is awaited."""

    events: tuple[SuggestionEvent, ...]
    settled: bool


def outcome_of(one: Unsettled, story: Story, settings: DeskSettings, *, now: datetime) -> Found:
    """The first contact of ours from the suggestion until its end decides whether it was followed; what the deal did
    until the contact after it is what came of it."""
    suggestion, end = one.suggestion, _end(one, settings)
    began = suggestion.created_at
    contacts = [contact for contact in story.contacts if contact.at >= began]
    first = contacts[0] if contacts and contacts[0].at <= end else None
    if first is None:
        return _nobody_acted(one, story, began, end, now)
    after = contacts[1].at if len(contacts) > 1 else None
    events = [_done(suggestion, first)] if follows(suggestion, first) else []
    move = _first_move(story, first.at, after)
    if move is not None:
        return Found((*events, *_moved(suggestion, move)), settled=True)
    given_up = first.at + settings.settle_after
    return Found(tuple(events), settled=after is not None or now >= given_up)


def follows(one: Suggestion, contact: OurContact) -> bool:
    """The suggested kind of contact, and the suggested purpose where both are known."""
    same_purpose = not contact.purpose or not one.purposes or contact.purpose in one.purposes
    return contact.kind == one.action and same_purpose


def _end(unsettled: Unsettled, settings: DeskSettings) -> datetime:
    """Until when acting counts: what was turned down, or replaced before its time, ends then; everything else some time
    after its last window, or after the time that accepting put into the calendar."""
    one = unsettled.suggestion
    if one.closed_at is not None and (one.state == "dismissed" or (one.state == "replaced" and not _ran_out(one))):
        return one.closed_at
    last = max(window.end for window in one.windows)
    planned = unsettled.planned_at or last
    snoozed = one.snoozed_until or last
    return max(last, one.respond_by, planned, snoozed) + settings.grace


def _ran_out(one: Suggestion) -> bool:
    """Was it made anew only since its hour had passed? Whoever acts a little later still follows it."""
    return one.closed_at is not None and one.closed_at >= min(one.windows[0].end, one.respond_by)


def _nobody_acted(one: Unsettled, story: Story, began: datetime, end: datetime, now: datetime) -> Found:
    move = _first_move(story, began, end)
    if move is not None:
        return Found(tuple(_moved(one.suggestion, move)), settled=True)
    if now < end + timedelta(minutes=1):
        return Found((), settled=False)
    if one.suggestion.state in ("replaced", "dismissed"):
        return Found((), settled=True)
    return Found((SuggestionEvent(one.suggestion.id, "expired", end),), settled=True)


def _first_move(story: Story, since: datetime, until: datetime | None) -> Move | None:
    return next((move for move in story.moves if move.at >= since and (until is None or move.at <= until)), None)


def _done(one: Suggestion, contact: OurContact) -> SuggestionEvent:
    told: Mapping[str, Any] = {"kind": contact.kind, "purpose": contact.purpose, "record_id": contact.record_id}
    return SuggestionEvent(one.id, "done", contact.at, data=told)


def _moved(one: Suggestion, move: Move) -> list[SuggestionEvent]:
    return [SuggestionEvent(one.id, what, move.at, data={"to_stage": move.to_stage}) for what in move.what]
