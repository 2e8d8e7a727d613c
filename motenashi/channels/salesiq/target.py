"""Where a reply is going to be shown: the channel's limits, the visitor's language, and how our links look outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from motenashi.channels.salesiq.calm_words import calm
from motenashi.channels.salesiq.limits import WEB, ChannelLimits, limits_of
from motenashi.channels.salesiq.settings import SalesIQSettings

_OPENABLE = re.compile(r"^(https?://[^\s/]|mailto:|tel:)", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """`base_url` is our own address from outside, without a slash at its end; '' when nobody knows it."""

    limits: ChannelLimits = WEB
    language: str = "en"
    base_url: str = ""
    departments: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = "UTC"
    cautious: bool = False
    longest_text: int = 5000

    def says(self, name: str, **values: str) -> str:
        return calm(name, self.language, **values)

    def address(self, url: str) -> str:
        """A URL that opens from anywhere; '' for one that can't be (no base, or a scheme such as javascript:)."""
        url = "".join(url.split())
        if _OPENABLE.match(url):
            return url
        if url.startswith("//"):
            return f"https:{url}"
        if not url or _SCHEME.match(url) or not self.base_url:
            return ""
        return f"{self.base_url}/{url.lstrip('/')}"

    def picture(self, url: str) -> str:
        """As `address`, for what a page loads by itself: http and https only."""
        address = self.address(url)
        return address if address.lower().startswith("http") else ""


def target_of(settings: SalesIQSettings, channel: str, language: str, base_url: str = "") -> Target:
    """`base_url` serves when the settings name no public address: the address that the request came to."""
    return Target(
        limits=limits_of(channel),
        language=language,
        base_url=(settings.public_url or base_url).rstrip("/"),
        departments=settings.departments,
        time_zone=settings.time_zone or "UTC",
        cautious=settings.cautious_cards,
        longest_text=max(50, settings.longest_reply_text),
    )
