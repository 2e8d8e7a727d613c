"""What became of each row that was handed in, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from motenashi.touchpoint_intake.row import RowProblem

# stored: a touchpoint now. changed: an old one has a newer status. repeated: nothing new. waiting: nobody knows the
# person yet. refused: nothing was kept of it but the refusal.
Outcome = Literal["stored", "changed", "repeated", "waiting", "refused"]


@dataclass(frozen=True)
class RowResult:
    """`problems` of a refused row say why; `notes` of any other what was done about it, or left undone."""

    outcome: Outcome
    source: str = ""
    id: str = ""
    touchpoint_id: str = ""
    contact_id: str = ""
    lead_id: str = ""
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()
