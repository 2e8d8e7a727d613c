"""What a channel tells us about the visitor, in our words. Nothing here is verified; Identity says what is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Visitor:
    """All texts are '' and all numbers None when unknown. Flows read these fields as `$visitor.<field>`."""

    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""  # as the browser says it: ja, en-GB
    time_zone: str = ""  # IANA name
    visitor_id: str = ""
    country: str = ""
    state: str = ""
    city: str = ""
    ip: str = ""
    browser: str = ""
    os: str = ""
    question: str = ""
    department: str = ""
    campaign_name: str = ""
    campaign_content: str = ""
    campaign_medium: str = ""
    campaign_source: str = ""
    current_page_url: str = ""
    current_page_title: str = ""
    landing_page_url: str = ""
    landing_page_title: str = ""
    previous_page_url: str = ""
    previous_page_title: str = ""
    referrer: str = ""
    search_engine: str = ""
    number_of_past_visits: int | None = None
    number_of_past_chats: int | None = None
    lead_score: int | None = None
    custom_info: Mapping[str, Any] = field(default_factory=dict)
