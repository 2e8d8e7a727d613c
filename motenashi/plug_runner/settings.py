"""What an operator may choose about calling plugs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True)
class PlugSettings:
    """config.yaml, section `plugs`."""

    timeouts: Annotated[
        Mapping[str, float], "Seconds that a plug may take, by plug name, in place of what the plug itself states."
    ] = field(default_factory=dict)
    threads_per_plug: Annotated[
        int, "So many calls of one plug run at the same time; when all of them hang, more are refused at once."
    ] = 8
    cached_results: Annotated[int, "So many results are kept for reuse in each process. 0 keeps none."] = 1000
