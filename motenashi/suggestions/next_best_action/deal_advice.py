"""The words of what was learned for one deal: ranked actions with their evidence, and when the next contact is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RankedAction:
    """One way to act now. `kind`: call, event or email; `purpose` '' when only the kind is known.

    `p`: probability that the deal reaches its next stage before the contact after this one, if this is done now.
    `base`: the same for what is usually done in such a place. `lift` = p / base with its 95 % interval
    (`low`, `high`): lift 1 is no effect. `taken`, `advanced`: of deals like this one, how often it was done here, and
    how often the deal moved on after it; plain counts, unadjusted. `like` names what "like this one" means: the
    finest level with enough deals ("industry", "type", "stage", "all").
    """

    kind: str
    purpose: str
    p: float
    base: float
    lift: float
    low: float
    high: float
    taken: int
    advanced: int
    like: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.purpose}" if self.purpose else self.kind


@dataclass(frozen=True)
class DealAdvice:
    """What history says about one open deal at one moment. All times aware, in UTC.

    `suggest` False: contact is frequent enough, nothing need be done before `due_at`. `ranked` comes best first and
    is filled in either case. `evidence`: closed decisions in this stage that it rests on; 0 means prior knowledge only.
    `usual_gap_days`: the gap between contacts that goes best here; None when nobody knows. `usual_days_in_stage`:
    quartiles of the time that such deals stay in this stage before they move on; open ones count (Kaplan-Meier).
    `slow`: longer in the stage than three quarters of them. `win_chance`: of the deal as it stands, 0 to 1.
    `repeated`: what was done over and over in this stage already, as (action name, times).
    """

    deal_id: str
    as_of: datetime
    stage: str
    suggest: bool
    due_at: datetime
    ranked: tuple[RankedAction, ...]
    evidence: int
    last_contact_at: datetime | None = None
    last_signal_at: datetime | None = None
    last_signal: str = ""  # call_in, email_in, reply, click, open, or a touchpoint's type
    usual_gap_days: float | None = None
    days_in_stage: float = 0.0
    usual_days_in_stage: tuple[float, float, float] | None = None
    slow: bool = False
    smooth: bool = False  # runs faster than the median, and the customer answers
    win_chance: float | None = None
    repeated: tuple[tuple[str, int], ...] = ()
