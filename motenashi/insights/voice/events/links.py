"""Which responses an event happened in, or came after.

* during a talk (chat, call): the event lies between its beginning and its end, with the same person, company or deal.
* during anything else: it is of the same deal and came within `during_hours` after it.
* after: it came later, within `window_days`, with the same person, company or deal. Who fell silent had said nothing
  for long when that was clear: there the window counts from the beginning of the silence.
* The outcome of a call lies in that call alone, and comes after all that was said before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, insert, literal, or_, select, union

from motenashi.insights.voice.events.found import found_links
from motenashi.insights.voice.events.moments import seconds_from, shifted
from motenashi.insights.voice.events.silence import SILENT
from motenashi.insights.voice.settings import VoiceSettings
from motenashi.insights.voice.tables import voice_events, voice_responses

_SAME = ("contact_id", "lead_id", "account_id", "deal_id")


def fill_links(connection: Connection, settings: VoiceSettings) -> None:
    """All links of all stored events."""
    dialect = connection.dialect.name
    pairs = union(*(_pairs(name, settings, dialect) for name in _SAME)).subquery()
    told = _told(pairs, timedelta(hours=settings.during_hours), dialect)
    connection.execute(insert(found_links).from_select(["event_id", "response_id", "relation", "seconds"], told))


def _pairs(same: str, settings: VoiceSettings, dialect: str) -> Select[Any]:
    """Events and responses that share that id, the response not later than the event and within the window."""
    event, response = voice_events.c, voice_responses.c
    window, silence = timedelta(days=settings.window_days), timedelta(days=settings.silent_days)
    fell_silent = and_(event.kind == "churn", event.detail == SILENT)
    early = case(
        (fell_silent, shifted(event.at, -window - silence, dialect)), else_=shifted(event.at, -window, dialect)
    )
    return select(event.id.label("event_id"), response.id.label("response_id")).where(
        event[same] != "", response[same] == event[same], response.at >= early, response.at <= event.at
    )


def _told(pairs: Any, during: timedelta, dialect: str) -> Select[Any]:
    event, response = voice_events.c, voice_responses.c
    of_talk = response.ended_at.is_not(None)
    in_talk = and_(of_talk, event.at <= response.ended_at)
    soon = event.at <= shifted(response.at, during, dialect)
    with_deal = and_(~of_talk, event.deal_id != "", event.deal_id == response.deal_id, soon)
    own = event.key == "call_outcome:" + func.substr(response.key, 1, 240)
    within = case((event.kind == "call_outcome", own), else_=or_(in_talk, with_deal))
    relation = case((within, literal("during")), else_=literal("after"))
    return (
        select(pairs.c.event_id, pairs.c.response_id, relation, seconds_from(response.at, event.at, dialect))
        .join(voice_events, event.id == pairs.c.event_id)
        .join(voice_responses, response.id == pairs.c.response_id)
    )
