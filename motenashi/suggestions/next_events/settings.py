"""What may be chosen about learning from an event log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class NextEventsSettings:
    """How much is looked at, and how much time it may take. The defaults suit logs of 1,000 to 1,000,000 events."""

    longest_context: Annotated[int, "The chain looks back at most this many events."] = 8
    held_out: Annotated[float, "Share of the log, its newest part, by which the methods are weighed."] = 0.2
    held_out_rows: Annotated[int, "At most this many moments of that part are looked at."] = 12_000
    boosted_rows: Annotated[int, "The trees learn from at most this many moments (a sample of all)."] = 60_000
    boosted_work: Annotated[int, "At most this many moments times activities times rounds for the trees."] = 60_000_000
    boosted_classes: Annotated[int, "The trees tell apart this many of the most frequent activities."] = 30
    fewest_rows: Annotated[int, "With fewer moments than this there are no trees and no weighing."] = 300
    ranked: Annotated[int, "At most this many activities in one answer."] = 10
    seed: Annotated[int, "The same seed and the same files give the same answers."] = 17
