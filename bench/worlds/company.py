"""Who is who in a world: reps, accounts, contacts and deals with what nobody sees of them (promise, profile)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bench.worlds.clock import DAY
from bench.worlds.truth import PROFILES, Truth
from bench.worlds.words import ACTIONS, LEAD_SOURCES, SOURCE_PROMISE, SOURCE_SHARES, TYPES

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """`level`: how readily a contact answers. `habits`: rep x stage x action; `pace`: the rep's usual gap in days."""

    habits: Numbers
    pace: Numbers
    account_industry: Codes
    scanner: NDArray[np.bool_]  # of an account: a machine opens its mail
    contact_account: Codes
    contact_zone: Codes
    profile: Codes
    level: Numbers
    japanese: NDArray[np.bool_]


@dataclass(frozen=True)
class Deals:
    """`key`: what the luck of a deal hangs on. `promise` is hidden; everything else stands in the record."""

    key: Codes
    contact: Codes
    owner: Codes
    industry: Codes
    type: Codes
    repeat: NDArray[np.bool_]
    source: Codes
    amount: Numbers
    created: Codes
    promise: Numbers


def draw_people(truth: Truth, deals: int) -> People:
    rng = np.random.default_rng([truth.seed, 12])
    kind = truth.kind
    reps, accounts, contacts = max(3, round(deals**0.5 / 3.4)), max(8, deals // 2), max(12, deals * 4 // 5)
    account_industry = rng.integers(0, len(kind.industries), accounts)
    account = rng.integers(0, accounts, contacts)
    # Which profile is likely depends a little on the industry, and each account leans to one of its own.
    leaning = rng.dirichlet(np.full(PROFILES, 4.0), len(kind.industries))
    leaning[:, -1] *= 0.5
    sums = np.cumsum(leaning / leaning.sum(axis=1, keepdims=True), axis=1)
    own = (rng.random(contacts)[:, None] > sums[account_industry[account]]).sum(axis=1).clip(0, PROFILES - 1)
    zones = np.array([share for _, share in kind.zones])
    return People(
        habits=truth.popular
        + rng.normal(0, kind.habit, (reps, 1, len(ACTIONS)))
        + rng.normal(0, kind.habit / 2, (reps, len(kind.stages), len(ACTIONS))),
        pace=np.exp(rng.normal(np.log(5.6), 0.25, reps)),
        account_industry=account_industry,
        scanner=rng.random(accounts) < 0.22,
        contact_account=account,
        contact_zone=rng.choice(len(zones), contacts, p=zones / zones.sum()),
        profile=own,
        level=expit(rng.normal(-0.3, 0.9, contacts)),
        japanese=rng.random(contacts) < 0.5,
    )


def draw_deals(
    truth: Truth, people: People, count: int, created: Codes, stream: int, *, part: int = 0, first: int = 0
) -> Deals:
    """`stream` tells apart the deals of the record, the held-out ones and the fresh ones. A world drawn in parts counts
    on from `first`."""
    rng = np.random.default_rng([truth.seed, 13, stream, *([part] if part else [])])
    contact = rng.integers(0, len(people.contact_account), count)
    type_ = rng.choice(len(TYPES), count, p=[0.6, 0.25, 0.15])
    repeat = rng.random(count) < np.array([0.05, 0.7, 0.88])[type_]
    source = rng.choice(len(LEAD_SOURCES), count, p=SOURCE_SHARES)
    promise = rng.normal(0, 1, count) + np.array(SOURCE_PROMISE)[source] + np.array([0.0, 0.2, 0.4])[type_]
    return Deals(
        key=np.arange(count) + first + stream * 100_000_000,
        contact=contact,
        owner=rng.integers(0, len(people.pace), count),
        industry=people.account_industry[people.contact_account[contact]],
        type=type_,
        repeat=repeat,
        source=source,
        amount=np.round(np.exp(rng.normal(9.3, 0.93, count)), -1),
        created=created,
        promise=promise,
    )


def spread(truth: Truth, count: int, first: int, last: int, stream: int) -> Codes:
    """Moments of creation between two days before `as_of` (negative: after it)."""
    rng = np.random.default_rng([truth.seed, 14, stream])
    return np.asarray(truth.as_of - rng.uniform(last * DAY, first * DAY, count), np.int64)
