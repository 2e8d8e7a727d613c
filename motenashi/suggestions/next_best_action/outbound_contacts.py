"""Our contacts with customers, calls, events and mails in one row of columns, each with its action."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import (
    DIRECTIONS,
    KINDS,
    NEVER,
    NONE,
    RESULTS,
    STATUSES,
    Codes,
    Moments,
    SalesHistory,
)

CONTACT_KINDS = ("call", "event", "email")  # what an action's kind may be; a task is no contact


@dataclass(frozen=True)
class OutboundContacts:
    """Completed outbound calls, events and mails out, of deals that are known.

    `action`: kind * (purposes + 1) + purpose + 1, so that "purpose unknown" has its own. `answered_at`: when
    the customer spoke to us, came, replied or clicked; NEVER if they did not.
    """

    deal: Codes
    at: Moments
    action: Codes
    answered_at: Moments

    def take(self, rows: NDArray[np.int64]) -> OutboundContacts:
        return OutboundContacts(self.deal[rows], self.at[rows], self.action[rows], self.answered_at[rows])


def outbound_contacts(history: SalesHistory, *, as_of: int) -> OutboundContacts:
    """In no order; those up to `as_of` (seconds UTC)."""
    parts = (_from_activities(history, as_of), _from_emails(history, as_of))
    return OutboundContacts(
        np.concatenate([part.deal for part in parts]),
        np.concatenate([part.at for part in parts]),
        np.concatenate([part.action for part in parts]),
        np.concatenate([part.answered_at for part in parts]),
    )


def action_names(purposes: tuple[str, ...]) -> tuple[str, ...]:
    """'kind:purpose' for every action code; a bare kind where the purpose is unknown."""
    return tuple(f"{kind}:{purpose}" if purpose else kind for kind in CONTACT_KINDS for purpose in ("", *purposes))


def _from_activities(history: SalesHistory, as_of: int) -> OutboundContacts:
    rows, width = history.activities, len(history.names.purposes) + 1
    call = (rows.kind == KINDS.index("call")) & (rows.direction == DIRECTIONS.index("outbound"))
    call &= rows.status == STATUSES.index("completed")
    event = (rows.kind == KINDS.index("event")) & (rows.status != STATUSES.index("cancelled"))
    here = np.flatnonzero((call | event) & (rows.deal != NONE) & (rows.at <= as_of))
    kind = np.where(call[here], CONTACT_KINDS.index("call"), CONTACT_KINDS.index("event"))
    answered = np.isin(rows.result[here], (RESULTS.index("answered"), RESULTS.index("attended")))
    action = (kind * width + rows.purpose[here] + 1).astype(np.int32)
    at = rows.at[here]
    return OutboundContacts(rows.deal[here], at, action, np.where(answered, at, NEVER))


def _from_emails(history: SalesHistory, as_of: int) -> OutboundContacts:
    rows, width = history.emails, len(history.names.purposes) + 1
    here = np.flatnonzero((rows.direction == 0) & (rows.deal != NONE) & (rows.at <= as_of))
    answered_at = _first_of(rows.replied_at[here], rows.clicked_at[here])
    action = (CONTACT_KINDS.index("email") * width + rows.purpose[here] + 1).astype(np.int32)
    return OutboundContacts(rows.deal[here], rows.at[here], action, answered_at)


def _first_of(one: Moments, other: Moments) -> Moments:
    return np.where((other == NEVER) | ((one != NEVER) & (one < other)), one, other)
