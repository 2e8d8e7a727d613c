"""The thirteen channels in which something happens between a person and us, and what may be said of it there.

Older records name some channels in words of their own; `channel_of` tells which of the thirteen is meant.
"""

from __future__ import annotations

from collections.abc import Mapping

CHANNELS: tuple[str, ...] = (
    "email",
    "call",
    "meeting",  # online
    "survey",
    "ticket",
    "facebook",
    "x",
    "event",  # in person: an appointment, a trade fair
    "webinar",
    "campaign",  # by e-mail, to many
    "visit",  # of the website
    "portal",
    "chat",
)

# What may stand in `status`. '' is always allowed: not known. Channels that are not named here have no status.
STATUSES: Mapping[str, tuple[str, ...]] = {
    "email": ("sent", "delivered", "bounced", "opened", "received", "automatic"),
    "call": ("answered", "no_answer", "missed"),
    "meeting": ("attended", "no_show", "cancelled"),
    "event": ("attended", "no_show", "cancelled"),
    "webinar": ("registered", "attended", "no_show"),
    "ticket": ("open", "closed", "on_hold", "escalated"),
    "campaign": ("sent", "delivered", "bounced", "opened", "clicked"),
    "survey": ("sent", "answered", "not_answered"),
    "facebook": ("answered", "not_answered"),
    "x": ("answered", "not_answered"),
    # Where a person was asked for, whether one came; else how sure it is who it was.
    "chat": ("answered", "missed", "claimed", "verified"),
    "visit": ("claimed", "verified"),  # how sure it is who visited
}

_OLDER: Mapping[str, str] = {
    "e-mail": "email",
    "mail": "email",
    "web": "visit",
    "website": "visit",
    "website_visit": "visit",
    "web_form": "visit",
    "social": "facebook",
    "support": "ticket",
    "support_ticket": "ticket",
    "twitter": "x",
    "online_meeting": "meeting",
    "email_campaign": "campaign",
}


def channel_of(stored: str) -> str:
    """One of `CHANNELS`, or '' for a word that names none."""
    word = stored.strip().lower().replace(" ", "_")
    word = _OLDER.get(word, word)
    return word if word in CHANNELS else ""


def stored_words(*channels: str) -> tuple[str, ...]:
    """Every word that `channel_of` reads as one of these channels, as `channel_of` compares it: small letters,
    underscores for spaces."""
    return tuple(channels) + tuple(word for word, channel in _OLDER.items() if channel in channels)
