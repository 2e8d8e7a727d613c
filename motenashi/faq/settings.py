"""What an operator may choose about answering frequent questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class FaqSettings:
    """config.yaml, section `faq`."""

    folder: Annotated[str, "Where the YAML files with questions and answers lie."] = "flows/faq"
    sure_from: Annotated[float, "Give the answer without asking back from this score on, 0 to 1."] = 0.44
    ahead_by: Annotated[float, "...when it also leads the next entry by this much."] = 0.04
    near_from: Annotated[float, "Questions from this score on are offered when asking back."] = 0.2
    most_others: Annotated[int, "At most this many near questions are offered."] = 3
