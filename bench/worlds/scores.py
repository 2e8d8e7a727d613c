"""How good suggestions are, asked of the truth.

Each score looks at open deals at `as_of`, and acts at ten o'clock of the next business day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.worlds.answers import Answers
from bench.worlds.clock import DAY, HOUR, BusinessClock
from bench.worlds.onwards import win_chances
from bench.worlds.play import Play
from bench.worlds.reps import Reps
from bench.worlds.world import World

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]

BINS: Final = 10
_QUIET: Final = ("quiet_precision", "quiet_recall")


@dataclass(frozen=True)
class Truths:
    """Of the open deals `rows`: rows x actions, the chance to advance, and to be won when the reps go on by themselves
    afterwards. `usual`: chance to advance after what their reps would do. `quiet`: truly too early for a contact."""

    rows: Codes
    advance: Numbers
    win: Numbers
    usual: Numbers
    quiet: NDArray[np.bool_]


def truths(world: World, *, wins: bool = True) -> Truths:
    play, rows = world.play, world.open_deals()
    at = next_morning(world, len(rows))
    advance = play.chances(rows, at)
    habits = Reps(play).chances(rows)
    return Truths(
        rows=rows,
        advance=advance,
        win=win_chances(play, rows, at, advance) if wins else advance,
        usual=(habits * advance).sum(axis=1),
        quiet=too_early(play, rows, world.as_of),
    )


def next_morning(world: World, count: int) -> Codes:
    clock = BusinessClock(world.kind)
    at = clock.on_business_day(np.array([world.as_of + HOUR]), np.zeros(1), np.zeros(1))
    return np.full(count, clock.midnight(at)[0] + 10 * HOUR)


def too_early(play: Play, rows: Codes, as_of: int) -> NDArray[np.bool_]:
    """Less time has passed since the last contact than is ideal in this stage for this type (never, where no gap is).

    (A suggester that waits for three quarters of the ideal gap is then about always right when it says "nothing to
    do", and finds about three quarters of the cases.)
    """
    if not play.truth.kind.gap:
        return np.zeros(len(rows), bool)
    ideal = play.truth.ideal[play.state.stage[rows], play.deals.type[rows]]
    return np.asarray(as_of - play.state.last_contact[rows] < ideal * DAY)


def score(world: World, answers: Answers, truth: Truths) -> dict[str, float]:
    """All scores of one suggester. NaN: it said nothing about that.

    `capture`: over the deals that are due, how far from a random action (0) to the best (1); a due deal without a
    suggestion counts as a random action. `win_capture`: the same for being won. `top3`: the best action is among the
    first three. `error`: mean distance in ten equal bins between stated p and truth; `spread`: mean distance of each.
    `quiet_precision`, `quiet_recall`: of "no action needed". `claims`: share of all stated intervals of a lift that
    exclude 1; `best_claims`: the same of the first action only; `covered`: share that holds the true lift.
    """
    due = ~truth.quiet
    quiet = quiet_scores(truth.quiet, answers) if world.kind.gap else dict.fromkeys(_QUIET, float("nan"))
    return {
        "deals": float(due.sum()),
        "capture": capture(truth.advance[due], answers.best[due]),
        "win_capture": capture(truth.win[due], answers.best[due]),
        "top3": top_three(truth.advance[due], answers.ranked[due]) if world.kind.effect_sd else float("nan"),
        **calibration(truth.advance, answers),
        **quiet,
        **claims(truth, answers),
    }


def capture(values: Numbers, chosen: Codes) -> float:
    if not len(values):
        return float("nan")
    random = values.mean(axis=1)
    got = np.where(chosen >= 0, values[np.arange(len(values)), chosen], random)
    possible = (values.max(axis=1) - random).sum()
    return float((got - random).sum() / possible) if possible > 1e-9 else float("nan")


def top_three(values: Numbers, ranked: Codes) -> float:
    return float((ranked[:, :3] == values.argmax(axis=1)[:, None]).any(axis=1).mean()) if len(values) else float("nan")


def calibration(values: Numbers, answers: Answers) -> dict[str, float]:
    rows = np.flatnonzero(answers.suggest & (answers.best >= 0))
    said = answers.p[rows, answers.best[rows]]
    rows, said = rows[~np.isnan(said)], said[~np.isnan(said)]
    if not len(rows):
        return {"error": float("nan"), "spread": float("nan")}
    true = values[rows, answers.best[rows]]
    order = np.argsort(said)
    bins = [part for part in np.array_split(order, min(BINS, len(order))) if len(part)]
    distances = [abs(said[part].mean() - true[part].mean()) * len(part) for part in bins]
    return {"error": float(sum(distances) / len(order)), "spread": float(np.abs(said - true).mean())}


def quiet_scores(quiet: NDArray[np.bool_], answers: Answers) -> dict[str, float]:
    said = ~answers.suggest
    right = float((said & quiet).sum())
    return {
        "quiet_precision": right / said.sum() if said.any() else float("nan"),
        "quiet_recall": right / quiet.sum() if quiet.any() else float("nan"),
    }


def claims(truth: Truths, answers: Answers) -> dict[str, float]:
    stated = ~np.isnan(answers.low)
    if not stated.any():
        return {"claims": float("nan"), "best_claims": float("nan"), "covered": float("nan")}
    lift = truth.advance / truth.usual[:, None]
    excludes = (answers.low > 1) | (answers.high < 1)
    first = np.flatnonzero(answers.best >= 0)
    return {
        "claims": float(excludes[stated].mean()),
        "best_claims": float(excludes[first, answers.best[first]].mean()),
        "covered": float(((answers.low <= lift) & (lift <= answers.high))[stated].mean()),
    }
