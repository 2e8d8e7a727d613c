"""What customers did of their own accord: calls in, mails, replies, clicks, true opens, visits, forms, chats."""

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
    Codes,
    Emails,
    Flags,
    Moments,
    SalesHistory,
)

MAIL_AND_CALL_SIGNALS = ("call_in", "email_in", "reply", "click", "open")

# A mail scanner opens a mail as soon as it comes in; a person's opens come later, or again.
MACHINE_OPENS_WITHIN = 3 * 60


@dataclass(frozen=True)
class CustomerSignals:
    """`kind`: place in `signal_names`. `asks`: waits for an answer of ours (a mail, a call that nobody took)."""

    deal: Codes
    at: Moments
    kind: Codes
    asks: Flags

    def take(self, rows: NDArray[np.int64]) -> CustomerSignals:
        return CustomerSignals(self.deal[rows], self.at[rows], self.kind[rows], self.asks[rows])


def signal_names(touchpoint_types: tuple[str, ...]) -> tuple[str, ...]:
    return (*MAIL_AND_CALL_SIGNALS, *touchpoint_types)


def customer_signals(history: SalesHistory, *, as_of: int) -> CustomerSignals:
    """In no order; those up to `as_of` (seconds UTC). A touchpoint without a deal is of its contact's only deal."""
    parts = [_calls_in(history), *_from_emails(history.emails), _from_touchpoints(history)]
    joined = CustomerSignals(
        np.concatenate([part.deal for part in parts]),
        np.concatenate([part.at for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.asks for part in parts]),
    )
    return joined.take(np.flatnonzero((joined.deal != NONE) & (joined.at != NEVER) & (joined.at <= as_of)))


def human_opens(emails: Emails) -> Moments:
    """When each mail was first opened by a person, as far as could be told at that moment; NEVER otherwise. After a
    machine's open that is when it is opened again; a click and a reply speak for themselves."""
    quick = emails.opened_at - emails.at < MACHINE_OPENS_WITHIN
    return np.where(emails.opened_at == NEVER, NEVER, np.where(quick, emails.opened_again_at, emails.opened_at))


def _calls_in(history: SalesHistory) -> CustomerSignals:
    rows = history.activities
    inbound = (rows.kind == KINDS.index("call")) & (rows.direction == DIRECTIONS.index("inbound"))
    here = np.flatnonzero(inbound)
    missed = rows.result[here] == RESULTS.index("missed")
    return CustomerSignals(rows.deal[here], rows.at[here], _kind("call_in", len(here)), missed)


def _from_emails(rows: Emails) -> list[CustomerSignals]:
    inbound, ours = np.flatnonzero(rows.direction == 1), np.flatnonzero(rows.direction == 0)
    nothing_asked = np.zeros(len(ours), dtype=bool)
    moments = {"reply": rows.replied_at, "click": rows.clicked_at, "open": human_opens(rows)}
    reactions = [
        CustomerSignals(rows.deal[ours], at[ours], _kind(name, len(ours)), nothing_asked)
        for name, at in moments.items()
    ]
    mails = CustomerSignals(
        rows.deal[inbound], rows.at[inbound], _kind("email_in", len(inbound)), np.ones(len(inbound), dtype=bool)
    )
    return [mails, *reactions]


def _from_touchpoints(history: SalesHistory) -> CustomerSignals:
    rows = history.touchpoints
    here = np.flatnonzero(rows.signal & (rows.type != NONE))
    only = _only_deal(history)
    contact = rows.contact[here]
    deal = np.where(rows.deal[here] != NONE, rows.deal[here], only[contact])
    kind = rows.type[here] + np.int32(len(MAIL_AND_CALL_SIGNALS))
    return CustomerSignals(deal.astype(np.int32), rows.at[here], kind, np.zeros(len(here), dtype=bool))


def _only_deal(history: SalesHistory) -> Codes:
    """By contact: the one deal it has, NONE if there are none or several. One more at the end, for contact NONE."""
    contact = history.deals.contact
    known = np.flatnonzero(contact != NONE)
    count = np.bincount(contact[known], minlength=len(history.contacts.ids))
    deal = np.full(len(history.contacts.ids) + 1, NONE, dtype=np.int32)
    deal[contact[known]] = known
    deal[:-1][count[: len(deal) - 1] != 1] = NONE
    return deal


def _kind(name: str, length: int) -> Codes:
    return np.full(length, MAIL_AND_CALL_SIGNALS.index(name), dtype=np.int32)
