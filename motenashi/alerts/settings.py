"""What an operator may choose about alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class AlertSettings:
    """config.yaml, section `alerts`."""

    folder: Annotated[str, "Where the rules lie, as *.yaml."] = "alerts"
    newest_hours: Annotated[
        int, "What was said longer ago than this raises no alert, so that reading old mail anew wakes nobody."
    ] = 48
    most_tries: Annotated[
        int, "How often an action is tried (a service that does not answer) before it is given up."
    ] = 8
    kept_days: Annotated[int, "How long it is kept which alert was raised."] = 180
