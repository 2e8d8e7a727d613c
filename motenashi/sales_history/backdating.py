"""A history as it stood at an earlier moment: deals closed later are open again, in the stage they were in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motenashi.sales_history.history import NEVER, NONE, Codes, SalesHistory


def as_it_stood(history: SalesHistory, *, all_deals: bool) -> SalesHistory:
    """`history` holds nothing later than its `as_of` but the deals' present stage and close.

    Deals closed later become open; with `all_deals` every deal that was open then gets the stage it had then. One
    without a stage change before that moment has the stage NONE and is counted in `incomplete`.
    """
    deals, as_of = history.deals, history.organisation.as_of
    closed_later = deals.closed_at > as_of  # NEVER is earlier than everything
    back = deals.closed_at == NEVER if all_deals else np.zeros(len(deals.ids), dtype=np.bool_)
    back |= closed_later
    if not back.any():
        return history
    stage = np.where(back, _stage_then(history), deals.stage).astype(np.int32)
    then = replace(deals, stage=stage, closed_at=np.where(closed_later, NEVER, deals.closed_at))
    facts = {"deals.stage_then_unknown": stage == NONE, "deals.closed_after_the_end": closed_later}
    counts = {reason: int(np.count_nonzero(where)) for reason, where in facts.items() if where.any()}
    return replace(history, deals=then, incomplete={**history.incomplete, **counts})


def _stage_then(history: SalesHistory) -> Codes:
    """The last stage each deal came to; NONE for a deal without stage changes."""
    changes = history.stage_changes
    stage = np.full(len(history.deals.ids), NONE, dtype=np.int32)
    stage[changes.deal] = changes.to_stage  # sorted by time within a deal: the last one stays
    return stage
