"""Suggestions and best times, measured on worlds whose truth is known."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from bench.quality.tables import table
from bench.worlds import measures
from bench.worlds.measures import Told, Wanted
from bench.worlds.tables import mean

HEAD = """# How good the advice is

Made by `make quality`; change the learning, not this page.

Advice can't be judged by the record it was learned from: nobody knows what would have happened otherwise. So it is
measured on simulated companies (`bench/worlds/`), whose truth is known to those who score and to nobody else. Motenashi
sees their records only, as everybody else in these tables does. Figures for a real company will differ, and can only
come from its own results page.

* **like**: a trading company in Tokyo. A hidden promise of each deal drives its signals, what reps do with it, and its
  luck; what an action does depends on the stage, and a little on industry, type and repeat business; doing the same
  again helps less; there is an ideal gap between contacts
* **form**: other in form. Five stages; what helps depends on what the customer did last, and changes over two years;
  months and weekdays matter; the link is no logit; reps sense what no record shows; summer time, unknown time zones
* **chased**: as `like`, but reps chase hot deals far more and effects are smaller: plain rates mislead
* **null**: no action, gap or hour makes any difference; reps chase hot deals all the same
"""

ACTIONS_SAY = """
## Suggestions

* *capture*: how far from a random action (0) to the best one (1), over deals that are due; *to win*: the same when
  judged by the chance to be won
* *first three*: the truly best action is among the first three
* *points*: difference in win rate, in percentage points, between {fresh} new deals in which the suggester was followed
  every day and the same deals left to their reps (standard error of one world: about 40 points divided by the root of
  their number)
* *error of p*: mean distance between stated and true chance to advance, in ten bins; *no action*: precision and recall
  of "no action needed" (true: less than the ideal gap has passed)
* *claims*: share of the stated intervals of a lift that exclude "no effect"
* Each world has {held_out} more deals of its last months that nobody learned from; the open ones of these are asked
  about. Means over the worlds.
"""

HOURS_SAY = """
## Best time

*share*: the true answer chance of the three hours named first, divided by that of the person's three best; *error of
p* as above; *preference*: share of people who are said to prefer some hours (in the null world nobody does).
"""

_ADVICE = {
    "capture": "capture",
    "win_capture": "to win",
    "top3": "first three",
    "points": "points",
    "error": "error of p",
    "quiet_precision": "no action: precision",
    "quiet_recall": "recall",
    "claims": "claims",
    "best_claims": "of the first action",
}
_HOURS = {"share": "share", "error": "error of p", "preference": "preference"}


def page(*, small: int = 2000, large: int = 20_000, worlds: int = 3, fresh: int = measures.FRESH) -> str:
    """`worlds`: of each kind and the small size; of the large size one. `large` 0: none. What was measured is shown
    on the way, since all of it takes a quarter of an hour."""
    wanted = Wanted(fresh=fresh)
    runs = _runs(small, large, range(1, worlds + 1))
    parts = [HEAD, ACTIONS_SAY.format(fresh=wanted.fresh, held_out=wanted.held_out)]
    for kind, deals, seeds in runs:
        parts.append(_section(kind, deals, seeds, measures.advice(kind, deals, seeds, wanted, _say), _ADVICE))
        _say(parts[-1])
    parts.append(HOURS_SAY)
    for kind, deals, seeds in runs:
        if kind != "chased":  # its hours are those of `like`
            parts.append(_section(kind, deals, seeds, measures.hours(kind, deals, seeds, wanted, _say), _HOURS))
            _say(parts[-1])
    return "\n".join(parts)


def _runs(small: int, large: int, seeds: Sequence[int]) -> list[tuple[str, int, Sequence[int]]]:
    return [
        *((kind, small, seeds) for kind in ("like", "form", "chased", "null")),
        *((kind, large, seeds[:1]) for kind in ("like", "form") if large),
    ]


def _section(kind: str, deals: int, seeds: Sequence[int], told: Told, columns: Mapping[str, str]) -> str:
    rows = [
        [f"**{name}**" if name == "Motenashi" else name, *(_cell(mean(scores, column), column) for column in columns)]
        for name, scores in told.items()
    ]
    return f"### {kind}, {deals:,} deals, {_worlds(len(seeds))}\n\n{table(['', *columns.values()], rows)}\n"


def _worlds(count: int) -> str:
    return "one world" if count == 1 else f"{count} worlds"


def _cell(value: float, column: str) -> str:
    if value != value:
        return ""
    return f"{value:+.1f}" if column == "points" else f"{value:.3f}"


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
