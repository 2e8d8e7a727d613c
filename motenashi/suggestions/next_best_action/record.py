"""A history put in order for questions like "what had this deal seen at that moment": contacts, signals, stages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motenashi.sales_history.history import NEVER, NONE, Codes, Flags, Moments, SalesHistory
from motenashi.suggestions.next_best_action.customer_signals import CustomerSignals, customer_signals, signal_names
from motenashi.suggestions.next_best_action.outbound_contacts import OutboundContacts, action_names, outbound_contacts

Keys = NDArray[np.int64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Clock:
    """Turns (place, moment) into one number that sorts by place, then moment. A place is a deal, or a deal and
    something more. Moments before `start` or after its end count as these."""

    start: int
    span: int

    def key(self, place: NDArray[np.int64] | Codes, at: Moments) -> Keys:
        since = np.clip(at, self.start, self.start + self.span - 2) - self.start
        return np.asarray(place.astype(np.int64) * self.span + since, dtype=np.int64)


@dataclass(frozen=True)
class StagePath:
    """Stage changes of deals, sorted by `key`; a deal closed without a change that says so has one made for it."""

    deal: Codes
    to_stage: Codes
    at: Moments
    key: Keys


@dataclass(frozen=True)
class SalesRecord:
    history: SalesHistory
    clock: Clock
    contacts: OutboundContacts
    contact_key: Keys
    answer_key: Keys  # of the answers to contacts, by when they came
    signals: CustomerSignals
    signal_key: Keys
    kind_key: Keys  # of signals, by deal and kind
    action_key: Keys  # of contacts, by deal and action
    actions: int  # codes of actions there are
    path: StagePath


def sales_record(history: SalesHistory, *, as_of: int) -> SalesRecord:
    """Everything up to `as_of` (seconds UTC); what is later is not looked at."""
    contacts, signals = outbound_contacts(history, as_of=as_of), customer_signals(history, as_of=as_of)
    moments = (contacts.at, signals.at, history.stage_changes.at, history.deals.created_at)
    start = min((int(column.min()) for column in moments if len(column)), default=as_of)
    clock = Clock(start, max(as_of - start, 0) + 3)
    path = _stage_path(history, clock, as_of)
    contact_key, signal_key = clock.key(contacts.deal, contacts.at), clock.key(signals.deal, signals.at)
    contact_order, signal_order = _order(contact_key), _order(signal_key)
    return SalesRecord(
        history,
        clock,
        contacts.take(contact_order),
        contact_key[contact_order],
        _answers(clock, contacts, as_of),
        signals.take(signal_order),
        signal_key[signal_order],
        _sorted_key(clock, signals.deal, signals.kind, len(signal_names(history.names.touchpoint_types)), signals.at),
        _sorted_key(clock, contacts.deal, contacts.action, len(action_names(history.names.purposes)), contacts.at),
        len(action_names(history.names.purposes)),
        path,
    )


def first_key(clock: Clock, deal: Codes) -> Keys:
    """Smaller than any key of something that happened to the deal after the record's very first second."""
    return np.asarray(deal.astype(np.int64) * clock.span, dtype=np.int64)


def before(keys: Keys, wanted: Keys) -> Rows:
    """How many of the sorted `keys` are smaller than each wanted one."""
    return np.asarray(np.searchsorted(keys, wanted, "left"), dtype=np.int64)


def open_deals(history: SalesHistory) -> Codes:
    """Rows of the deals whose present stage is neither won nor lost, and which nobody closed."""
    is_open = np.array([outcome == "open" for outcome in history.names.stage_outcomes] + [False])
    stage = np.where(history.deals.stage == NONE, len(is_open) - 1, history.deals.stage)
    return np.flatnonzero(is_open[stage] & (history.deals.closed_at == NEVER)).astype(np.int32)


def _answers(clock: Clock, contacts: OutboundContacts, as_of: int) -> Keys:
    came = np.flatnonzero((contacts.answered_at != NEVER) & (contacts.answered_at <= as_of))
    return np.sort(clock.key(contacts.deal[came], contacts.answered_at[came]))


def _sorted_key(clock: Clock, deal: Codes, inner: Codes, inner_size: int, at: Moments) -> Keys:
    return np.sort(clock.key(deal.astype(np.int64) * inner_size + inner, at))


def _order(key: Keys) -> Rows:
    sorted_already = bool(np.all(key[1:] >= key[:-1]))
    return np.arange(len(key)) if sorted_already else np.argsort(key, kind="stable")


def _stage_path(history: SalesHistory, clock: Clock, as_of: int) -> StagePath:
    changes, deals = history.stage_changes, history.deals
    known = np.flatnonzero((changes.deal != NONE) & (changes.to_stage != NONE) & (changes.at <= as_of))
    deal, stage, at = changes.deal[known], changes.to_stage[known], changes.at[known]
    silent = _closed_silently(history, deal, stage)
    deal = np.concatenate([deal, silent])
    stage = np.concatenate([stage, deals.stage[silent]])
    at = np.concatenate([at, deals.closed_at[silent]])
    key = clock.key(deal, at)
    order = _order(key)
    return StagePath(deal[order], stage[order], at[order], key[order])


def _closed_silently(history: SalesHistory, deal: Codes, stage: Codes) -> Codes:
    """Deals that are closed, without a stage change that says so."""
    closing = _is_closed(history, stage)
    told = np.zeros(len(history.deals.ids), dtype=bool)
    told[deal[closing]] = True
    closed = _is_closed(history, history.deals.stage) & (history.deals.closed_at != NEVER)
    return np.flatnonzero(closed & ~told).astype(np.int32)


def _is_closed(history: SalesHistory, stage: Codes) -> Flags:
    closed = np.array([outcome != "open" for outcome in history.names.stage_outcomes] + [False])
    return np.asarray(closed[stage], dtype=np.bool_)  # NONE is -1: the last one
