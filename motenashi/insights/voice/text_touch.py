"""What somebody said at a touchpoint, as it is handed to the voice of the customer: the words, by whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Speaker = Literal["customer", "us", "other"]


@dataclass(frozen=True)
class Segment:
    """A piece of a talk, in the order it was said."""

    speaker: Speaker
    text: str


@dataclass(frozen=True)
class TextTouch:
    """The words of one touchpoint. `key` is the touchpoint's own in the CRM: the same key again is the same words.

    Either `text` (one person's words: the customer's where `signal`, else ours) or `segments` (a talk), or only a
    `score` (0 to 10, of a survey that asks how likely a recommendation is). At least one of `contact_id` and `lead_id`
    is set. `at` is aware, in UTC; `language` is '' where nobody has said.
    """

    key: str
    at: datetime
    channel: str  # one of the thirteen channels of touchpoints
    type: str  # what it was within the channel: comment, post, transcript ...
    signal: bool = True  # True: theirs; False: ours
    contact_id: str = ""
    lead_id: str = ""
    deal_id: str = ""
    owner_id: str = ""
    title: str = ""
    text: str = ""
    segments: tuple[Segment, ...] = ()
    score: int | None = None
    language: str = ""
