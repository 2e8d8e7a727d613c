"""SalesIQ's `visitor` object in our words: who, where, and through which of its channels.

Source: Zoho SalesIQ's documentation of the visitor object. Nothing in it is verified; see `payloads.py` for what an
operator may decide to trust. A name such as 'Visitor 51234' is SalesIQ's placeholder and no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from motenashi.channels.salesiq.clean_json import object_of, text_of, whole_number
from motenashi.channels.salesiq.limits import limits_of
from motenashi.conversation.message import Channel
from motenashi.conversation.visitor import Visitor

_PLACEHOLDER = re.compile(r"^(visitor|guest)\b", re.IGNORECASE)
_LONGEST = 500  # characters of one profile field; profiles are kept with the session
_LONGEST_URL = 2000
_LONGEST_CUSTOM = 40  # values a page may attach

# Where one of our fields may be found, first hit wins. The later names are seen in practice, not documented.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "email_id"),
    "phone": ("phone",),
    "language": ("language",),
    "time_zone": ("time_zone",),
    "visitor_id": ("visitor_id", "uuid", "visitid", "unique_id", "id"),
    "country": ("country",),
    "state": ("state",),
    "city": ("city",),
    "ip": ("ip",),
    "browser": ("browser",),
    "os": ("os",),
    "question": ("question",),
    "department": ("department", "department_id"),
    "campaign_name": ("campaign_name",),
    "campaign_content": ("campaign_content",),
    "campaign_medium": ("campaign_medium",),
    "campaign_source": ("campaign_source",),
    "current_page_title": ("current_page_title",),
    "landing_page_title": ("landing_page_title",),
    "previous_page_title": ("previous_page_title",),
    "search_engine": ("search_engine",),
}
_URLS: Mapping[str, tuple[str, ...]] = {
    "current_page_url": ("current_page_url",),
    "landing_page_url": ("landing_page_url",),
    "previous_page_url": ("previous_page_url",),
    "referrer": ("referer", "referrer"),
}
_NUMBERS = ("number_of_past_visits", "number_of_past_chats", "lead_score")


def to_visitor(data: Mapping[str, Any]) -> Visitor:
    """A cleaned `visitor` object -> Visitor; unknown keys are ignored."""
    texts = {field: _first(data, names, _LONGEST) for field, names in _FIELDS.items()}
    urls = {field: _first(data, names, _LONGEST_URL) for field, names in _URLS.items()}
    numbers = {field: whole_number(data.get(field)) for field in _NUMBERS}
    return Visitor(name=_name(data), custom_info=_custom_info(data), **texts, **urls, **numbers)  # type: ignore[arg-type]


def to_channel(data: Mapping[str, Any]) -> Channel:
    """SalesIQ's own web chat and its mobile kits are `salesiq`; the messengers behind it go by their own names."""
    limits = limits_of(text_of(data.get("channel"), 40))
    return Channel(
        name=limits.channel,
        collects_forms=limits.cards,
        shows_cards=limits.cards,
        hands_over=True,
    )


def _first(data: Mapping[str, Any], names: tuple[str, ...], longest: int) -> str:
    return next((text for name in names if (text := text_of(data.get(name), longest))), "")


def _name(data: Mapping[str, Any]) -> str:
    name = text_of(data.get("name"), _LONGEST)
    return "" if _PLACEHOLDER.match(name) else name


def _custom_info(data: Mapping[str, Any]) -> dict[str, str]:
    """Values the page pushed for this visitor, as text; the key's spelling is undocumented, so both are read."""
    info = object_of(data.get("custom_info")) or object_of(data.get("custominfo"))
    kept = {key[:100]: text_of(value, _LONGEST) for key, value in list(info.items())[:_LONGEST_CUSTOM]}
    return {key: value for key, value in kept.items() if value}
