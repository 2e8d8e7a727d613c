"""All kinds of record by name."""

from __future__ import annotations

from collections.abc import Mapping

from motenashi.filters.entities import people, sales, voice
from motenashi.filters.model import Entity

MODULES = ("leads", "contacts", "accounts", "deals")

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity
    for entity in (
        people.LEADS,
        people.CONTACTS,
        people.ACCOUNTS,
        sales.DEALS,
        people.OWNERS,
        sales.STAGES,
        sales.PRODUCTS,
        sales.LINES,
        sales.STAGE_CHANGES,
        sales.ACTIVITIES,
        sales.EMAILS,
        sales.TOUCHPOINTS,
        sales.SUGGESTIONS,
        voice.RESPONSES,
        voice.KEYWORDS,
        voice.SAID_PRODUCTS,
        voice.EVENTS,
        voice.EVENT_LINKS,
        voice.PLAIN_EVENTS,
    )
}
