"""The twelve signals after which a best time is shown, and what each kind of touchpoint says about a person's day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TWELVE: Final = (
    "call_answered",  # they answered our call and spoke for over a minute
    "their_call_missed",
    "their_call_answered",
    "mail_opened",  # by a person, not by a scanner
    "mail_clicked",
    "their_mail",
    "ticket",
    "ticket_reply",  # our comment on their ticket, or answer to it
    "form",
    "wall_post",
    "comment",
    "like_or_message",
)

# Kinds of sighting: what somebody did of their own accord, what is only a trace of them, and what answers us.
OWN_ACT, TRACE, REACTION = range(3)
SIGHTINGS: Final = 3

# What a sighting of a kind says is learned: each profile has a density of its own for each kind (a kind that tells
# nothing has the same in all), and how much answers follow sightings at all is learned, too (`follows` of the answers).

# Type of a touchpoint -> which of the twelve it is.
SIGNAL_OF_TYPE: Final[Mapping[str, str]] = {
    "ticket": "ticket",
    "ticket_reply_by_rep": "ticket_reply",
    "ticket_reply": "ticket_reply",
    "ticket_comment": "ticket_reply",
    "form": "form",
    "web_form": "form",
    "wall_post": "wall_post",
    "post": "wall_post",
    "comment": "comment",
    "like_or_dm": "like_or_message",
    "like": "like_or_message",
    "dm": "like_or_message",
    "direct_message": "like_or_message",
    "campaign_open": "mail_opened",
    "campaign_click": "mail_clicked",
}

# A reply to a ticket is ours and no sighting of the customer.
_OWN_ACTS = frozenset({"ticket", "form", "wall_post", "comment", "like_or_message"})
_REACTIONS = frozenset({"mail_opened", "mail_clicked"})


def sighting_of_type(touchpoint_type: str) -> int:
    """The kind of sighting that a touchpoint of theirs is; visits, chats, surveys and the like are traces."""
    signal = SIGNAL_OF_TYPE.get(touchpoint_type, "")
    if signal in _OWN_ACTS:
        return OWN_ACT
    return REACTION if signal in _REACTIONS else TRACE
