"""What goes before a loss: what customers who were lost had said and lived through before, beside those who were kept.

Two kinds of loss. A deal: customers whose deal was lost in the period, against customers whose deal was won; the moment
is that of its end, and of several deals of somebody the last one counts. Churn: customers who left in the period,
against customers who bought before and have not left; those have no moment of their own, and each is given that of one
of the lost (in turn, so that both sides are looked at over the same time).

What is looked at lies in the `window` days before the moment, without the last `margin` days: what is said on the day
itself is the loss, not what went before it. Nothing after the moment is read. Only customers who said anything in these
days are compared, and only with their like: the same type of deal, the same industry, and about as many responses (who
talks more says more of everything). A factor is asked about when at least `fewest` customers had it; which those are
does not depend on how it ended. Of all factors asked about (told as `tested`), those are told of which at most `share`
is expected to be chance.

This is what goes along with a loss. It is not proof of why: nobody was made to say anything by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from motenashi.voice_reports.cause_factors import FactorName, exposures
from motenashi.voice_reports.cause_people import compared
from motenashi.voice_reports.false_discoveries import adjusted
from motenashi.voice_reports.intervals import Interval
from motenashi.voice_reports.matched_risk import Stratum, p_value, risk_ratio
from motenashi.voice_reports.question import Question

Loss = Literal["deal", "churn"]


@dataclass(frozen=True)
class Looked:
    """`window` and `margin` in days; `fewest` customers; `share` of false discoveries that is accepted."""

    window: int = 90
    margin: int = 1
    fewest: int = 10
    share: float = 0.05


@dataclass(frozen=True)
class Cause:
    """A factor. `lost` of `lost_all` customers who were lost had it, `kept` of `kept_all` who were not. `ratio`: how
    many times as often it ended in a loss with it as without, among customers alike; None where that can't be told.
    `p` of the test, `q` the same with all that were tested in mind."""

    kind: str
    name: str
    lost: int
    lost_all: int
    kept: int
    kept_all: int
    ratio: Interval | None
    p: float
    q: float
    more: bool = True  # a loss follows more often, not less


@dataclass(frozen=True)
class CauseReport:
    """`before_loss` and `before_keeping`: factors that survived, strongest first. `others`: the nearest of the rest, to
    be seen as what they are: not more than chance."""

    loss: Loss
    looked: Looked
    lost: int = 0
    kept: int = 0
    tested: int = 0
    before_loss: tuple[Cause, ...] = ()
    before_keeping: tuple[Cause, ...] = ()
    others: tuple[Cause, ...] = ()


def cause_report(
    connection: Connection, question: Question, loss: Loss = "deal", looked: Looked | None = None, others: int = 5
) -> CauseReport:
    looked = looked or Looked()
    people = compared(question, loss, looked.window, looked.margin)
    totals, found = exposures(connection, question, people, looked.fewest)
    lost = sum(lost for _, lost in totals.values())
    kept = sum(everyone for everyone, _ in totals.values()) - lost
    if not lost or not kept:
        return CauseReport(loss, looked, lost, kept)
    strata = {factor: _strata(totals, of_each) for factor, of_each in found.items()}
    p_values = {factor: p_value(of_each) for factor, of_each in strata.items()}
    q_values = dict(zip(p_values, adjusted(list(p_values.values())), strict=True))
    causes = [
        _cause(factor, of_each, (lost, kept), p_values[factor], q_values[factor]) for factor, of_each in strata.items()
    ]
    causes.sort(key=lambda one: (one.q, one.p, one.kind, one.name))
    told = [one for one in causes if one.q <= looked.share]
    rest = [one for one in causes if one.q > looked.share][:others]
    return CauseReport(
        loss,
        looked,
        lost,
        kept,
        tested=len(causes),
        before_loss=tuple(one for one in told if one.more),
        before_keeping=tuple(one for one in told if not one.more),
        others=tuple(rest),
    )


def _strata(totals: Mapping[str, tuple[int, int]], exposed: Mapping[str, tuple[int, int]]) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(*exposed.get(name, (0, 0)), everyone, lost) for name, (everyone, lost) in sorted(totals.items())
    )


def _cause(factor: FactorName, strata: tuple[Stratum, ...], both: tuple[int, int], p: float, q: float) -> Cause:
    kind, name = factor
    exposed, lost = sum(one.exposed for one in strata), sum(one.exposed_lost for one in strata)
    expected = sum(one.exposed * one.all_lost / one.all for one in strata)
    return Cause(kind, name, lost, both[0], exposed - lost, both[1], risk_ratio(strata), p, q, lost > expected)
