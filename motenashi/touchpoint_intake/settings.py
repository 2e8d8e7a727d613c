"""config.yaml, section `touchpoints`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class TouchpointSettings:
    """What becomes of touchpoints that other tools tell of. Who may post them is said in `channels.touchpoints`."""

    clock_skew_seconds: Annotated[int, "How far ahead of our clock a touchpoint's time may lie."] = 300
    refused_kept_days: Annotated[int, "Days that a refused row is shown on the page /touchpoints."] = 30
    most_refused: Annotated[int, "At most this many refused rows are kept; the oldest go first."] = 10_000
