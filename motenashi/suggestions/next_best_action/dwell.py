"""How long deals stay in a stage until they move on. Those that are still there, or were lost, count as "at least".

E. L. Kaplan and P. Meier, "Nonparametric Estimation from Incomplete Observations", JASA 1958.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motenashi.sales_history.history import NEVER, Codes, Flags, Numbers
from motenashi.suggestions.next_best_action.record import SalesRecord
from motenashi.suggestions.next_best_action.vocabulary import Translation, Vocabulary

QUARTILES = (0.25, 0.5, 0.75)
DAY = 86_400


@dataclass(frozen=True)
class Stays:
    """One row a stay of a deal in an open stage; learned codes. `ended`: it moved on; else we know no more."""

    stage: Codes
    type: Codes
    industry: Codes
    days: Numbers
    ended: Flags


def stays_of(record: SalesRecord, words: Translation, vocabulary: Vocabulary, *, as_of: int) -> Stays:
    path, deals = record.path, record.history.deals
    if not len(path.deal):
        nothing = np.zeros(0, dtype=np.int32)
        return Stays(nothing, nothing, nothing, np.zeros(0), np.zeros(0, dtype=bool))
    goes_on = np.append(path.deal[1:] == path.deal[:-1], False)
    closed = deals.closed_at[path.deal]
    end = np.where(closed == NEVER, as_of, np.minimum(closed, as_of))
    until = np.where(goes_on, np.append(path.at[1:], 0), end)
    stage = words.stage[path.to_stage]
    following = np.append(stage[1:], 0)
    kinds = np.array([*vocabulary.stage_outcomes, "lost"])
    moved = goes_on & (kinds[following] != "lost") & ((following > stage) | (kinds[following] == "won"))
    here = np.flatnonzero((kinds[stage] == "open") & (until >= path.at))
    deal = path.deal[here]
    days = (until[here] - path.at[here]) / DAY
    return Stays(stage[here], words.type[deals.type[deal]], words.industry[deals.industry[deal]], days, moved[here])


def usual_stays(stays: Stays, vocabulary: Vocabulary, *, at_least: int) -> Numbers:
    """Quartiles of the days in stage, shape (stages + 1, types + 1, industries + 1, 3). A segment in which fewer than
    `at_least` deals moved on has those of its stage and type, or else of its stage; NaN where nobody knows."""
    shape = (len(vocabulary.stages) + 1, len(vocabulary.types) + 1, len(vocabulary.industries) + 1)
    table = np.full((*shape, 3), np.nan)
    stage_type = stays.stage * shape[1] + stays.type
    segment = stage_type * shape[2] + stays.industry
    for code, quartiles in _each(stays.stage, stays, max(1, min(at_least, 5))):
        table[code] = quartiles
    for code, quartiles in _each(stage_type, stays, at_least):
        table[code // shape[1], code % shape[1]] = quartiles
    for code, quartiles in _each(segment, stays, at_least):
        stage, rest = divmod(code, shape[1] * shape[2])
        table[(stage, *divmod(rest, shape[2]))] = quartiles
    return table


def _each(segment: Codes, stays: Stays, at_least: int) -> list[tuple[int, Numbers]]:
    order = np.lexsort((~stays.ended, stays.days, segment))
    codes, starts = np.unique(segment[order], return_index=True)
    found = []
    for code, start, end in zip(codes, starts, [*starts[1:], len(order)], strict=False):
        rows = order[start:end]
        if stays.ended[rows].sum() >= at_least:
            quartiles = kaplan_meier(stays.days[rows], stays.ended[rows])
            if not np.isnan(quartiles).any():
                found.append((int(code), quartiles))
    return found


def kaplan_meier(days: Numbers, ended: Flags) -> Numbers:
    """The days after which a quarter, half and three quarters have moved on; NaN when so many never did.

    `days` sorted, at equal days those that ended first.
    """
    at_risk = np.arange(len(days), 0, -1)
    gone = 1.0 - np.cumprod(1.0 - ended / at_risk)
    place = [int(np.searchsorted(gone, share - 1e-9)) for share in QUARTILES]
    return np.array([days[p] if p < len(days) else np.nan for p in place])
