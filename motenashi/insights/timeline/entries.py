"""What happened, as lean as it takes to put it in order: thousands of these are read to show fifty.

An entry *counts* when it ends a silence: what the customer does by themselves, and when we reach out to them (a call,
a meeting, a mail to this one person), and a deal that comes to another stage. What goes to many (a campaign), what
only answers inside a ticket or chat, an automatic reply and a changed field are shown, but end no silence.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from crm_client.touch_channels import channel_of

Source = Literal["stage", "field", "activity", "email", "touchpoint"]

REACHING_OUT = ("email", "call", "meeting", "event")  # channels in which a follow-up of ours ends a silence
AUTOMATIC = "automatic"  # status of a mail that nobody wrote
CAMPAIGN = "campaign"  # purpose of a mail to many: shown in that channel, and no contact that ends a silence

_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_BEGIN_NAIVE = _BEGIN.replace(tzinfo=None)  # SQLite's moments are naive, in UTC
_MICROSECOND = timedelta(microseconds=1)


class Entry(NamedTuple):
    """`at` in microseconds since 1970, so that gaps are exact on every database. In time order when sorted: at the same
    moment milestones come first. `signal`: theirs (of milestones: False)."""

    at: int
    rank: int
    id: str  # within its source; of milestones a number with leading zeros, so that ids are in order
    source: Source
    signal: bool
    channel: str
    status: str
    user_id: str
    counts: bool

    @property
    def is_touch(self) -> bool:
        return self.rank > 1


RANKS: dict[Source, int] = {"stage": 0, "field": 1, "activity": 2, "email": 3, "touchpoint": 4}


def microseconds(moment: datetime) -> int:
    """Since 1970; a naive moment is in UTC."""
    return (moment - (_BEGIN if moment.tzinfo else _BEGIN_NAIVE)) // _MICROSECOND


def moment(at: int) -> datetime:
    return _BEGIN + timedelta(microseconds=at)


@lru_cache(maxsize=1_024)
def touchpoint_shown(stored_channel: str, signal: bool, status: str) -> tuple[str, bool]:
    """Its channel, which is one of the thirteen or, so that nothing is lost from sight, the unknown word itself; and
    whether it counts."""
    channel = channel_of(stored_channel) or stored_channel
    return channel, (signal or channel in REACHING_OUT) and status != AUTOMATIC
