"""The operator's choices for the door that other tools post touchpoints to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class TouchpointDoorSettings:
    """config.yaml, section `channels.touchpoints`."""

    secret_envs: Annotated[
        tuple[str, ...],
        "Environment variables that hold secrets a POST may be signed with; several while one replaces the other.",
    ] = ("MOTENASHI_TOUCHPOINTS_SECRET",)
    clock_seconds: Annotated[int, "How far a signature's time may be away from ours."] = 300
    calls_per_address: Annotated[str, "How many calls may be made from one network address."] = "600/minute"
    largest_call: Annotated[int, "Bytes of the largest call."] = 10_000_000
    most_rows: Annotated[int, "How many touchpoints one call may bring."] = 1_000
