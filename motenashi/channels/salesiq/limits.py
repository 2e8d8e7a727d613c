"""What each place that SalesIQ speaks in can show: one table, one row a channel.

Source: the numbers of Zoho SalesIQ's card pages. Where its pages disagree the smaller number stands here, since a
smaller list is shown everywhere. LINE's numbers are LINE's own limits for quick replies.
"""

from __future__ import annotations

from dataclasses import dataclass

# Cards of SalesIQ's own chat window.
SELECT_OPTIONS, SELECT_LENGTH = 20, 80
MULTIPLE_OPTIONS, MULTIPLE_LENGTH = 10, 30
DROP_DOWN_OPTIONS, DROP_DOWN_LENGTH = 200, 80
SLIDER_VALUES, SLIDER_LENGTH = 10, 10
FEWEST_STARS, MOST_STARS = 3, 10

MOST_REPLIES = 10


@dataclass(frozen=True)
class ChannelLimits:
    """`chips` buttons of `chip_length` characters; `cards`: shows input cards, carousels, files and links."""

    channel: str
    chips: int
    chip_length: int
    cards: bool = False
    pending: bool = True  # may an answer be announced now and delivered by callback?


WEB = ChannelLimits("salesiq", SELECT_OPTIONS, SELECT_LENGTH, cards=True)

_CHANNELS = {
    "facebook": ChannelLimits("facebook", 13, 20),
    "instagram": ChannelLimits("instagram", 13, 20, pending=False),
    "whatsapp": ChannelLimits("whatsapp", 10, 20),
    "telegram": ChannelLimits("telegram", 20, 40),
    "line": ChannelLimits("line", 13, 20),
}


def limits_of(channel: str) -> ChannelLimits:
    """By SalesIQ's word for the channel or by ours, in any case; anything unknown is taken for the web chat."""
    name = channel.strip().lower()
    return next((limits for word, limits in _CHANNELS.items() if name.startswith(word)), WEB)
