"""One product or competitor named in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["product", "competitor"]
How = Literal["exact", "typo", "ellipsis"]


@dataclass(frozen=True)
class Mention:
    """`text` is what stands from `start` to `end` (characters of the text that was searched). `score` is 0 to 1.

    `how`: exact (a name or alias, whatever its case, width, spaces and script), typo (a slip of the keyboard),
    ellipsis ("the AeroBook 14 or the 16": the second half of a name whose first half stands nearby).
    """

    kind: Kind
    id: str
    start: int
    end: int
    text: str
    score: float
    how: How
