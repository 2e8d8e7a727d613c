"""What silence is usual: for the module's people on average, or for this person alone.

A person's own rhythm is the median of their gaps, and how far gaps lie from it (median absolute deviation, scaled by
1.4826 so that it equals the standard deviation of a normal distribution: Rousseeuw and Croux, "Alternatives to the
median absolute deviation", 1993). Both bear up to half of the gaps being odd, as one long holiday is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Final

from motenashi.insights.timeline.timeline import Rhythm, RhythmKind

NEEDS: Final = 5  # gaps; of fewer, nobody's rhythm can be told
SPREADS: Final = 3
AT_LEAST_TIMES: Final = 2  # of the median: who writes every Monday, at the same hour, may once be a day late
AT_LEAST_S: Final = 86_400.0  # an hour's silence is none, however busy the week was
_TO_SIGMA: Final = 1.4826


def rhythm_of(
    gaps_s: Sequence[float], kind: RhythmKind, *, mean_s: float | None = None, computed_at: datetime | None = None
) -> Rhythm:
    """`gaps_s` of this person in seconds; `mean_s` of the module, as it was at `computed_at`."""
    middle = spread = None
    limit = mean_s
    if len(gaps_s) >= NEEDS:
        in_order = sorted(gaps_s)
        middle = median(in_order)
        # Distances of sorted gaps fall, then rise; sorting those again costs hardly anything.
        spread = _TO_SIGMA * median([abs(gap - middle) for gap in in_order])
        if kind == "own":
            limit = max(middle + SPREADS * spread, AT_LEAST_TIMES * middle, AT_LEAST_S)
    return Rhythm(kind, limit, mean_s, computed_at, middle, spread, len(gaps_s), NEEDS)
