"""The words of a history: one column a field, one row a record, names as codes.

A code is the row (or the place in `Names`) of what it names; NONE says that nobody knows. A moment is a whole number of
seconds since 1970 in UTC; NEVER says that it has not happened. Rows that can't be true are not in here: whoever
read them has counted them and said why (`left_out`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Moments = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ids = NDArray[np.object_]  # of str

NONE: Final = -1
NEVER: Final = int(np.iinfo(np.int64).min)

# Codes of what is the same everywhere.
KINDS: Final = ("call", "event", "task")
DIRECTIONS: Final = ("outbound", "inbound")  # of calls; mails: out is outbound, in is inbound
STATUSES: Final = ("open", "completed", "cancelled")
RESULTS: Final = ("answered", "no_answer", "missed", "attended", "no_show")
OUTCOMES: Final = ("open", "won", "lost")


@dataclass(frozen=True)
class Organisation:
    """`business_days`: 0 is Monday. `opens`, `closes`: minutes after midnight on the clock of `time_zone`.
    `as_of`: the moment the record ends; nothing later is known."""

    time_zone: str
    business_days: tuple[int, ...]
    opens: int
    closes: int
    as_of: int


@dataclass(frozen=True)
class Names:
    """What codes of one kind stand for, in the order of the codes."""

    stages: tuple[str, ...]
    stage_outcomes: tuple[str, ...]  # one of OUTCOMES for each stage, from its forecast type
    industries: tuple[str, ...]
    types: tuple[str, ...]
    lead_sources: tuple[str, ...]
    purposes: tuple[str, ...]  # what the subject tells stands in the column, too
    channels: tuple[str, ...]
    touchpoint_types: tuple[str, ...]
    time_zones: tuple[str, ...]
    lead_statuses: tuple[str, ...]


@dataclass(frozen=True)
class Users:
    ids: Ids
    time_zone: Codes


@dataclass(frozen=True)
class Accounts:
    ids: Ids
    industry: Codes


@dataclass(frozen=True)
class Contacts:
    ids: Ids
    account: Codes
    time_zone: Codes  # NONE: unknown, and never guessed here


@dataclass(frozen=True)
class Leads:
    ids: Ids
    industry: Codes
    time_zone: Codes
    lead_source: Codes
    status: Codes
    owner: Codes
    created_at: Moments
    converted_deal: Codes


@dataclass(frozen=True)
class Deals:
    ids: Ids
    account: Codes
    contact: Codes
    owner: Codes
    industry: Codes
    type: Codes
    lead_source: Codes
    stage: Codes  # the present one
    repeat: Flags
    amount: Numbers  # NaN: unknown
    created_at: Moments
    expected_close: Moments  # midnight UTC of the day
    closed_at: Moments  # NEVER: open


@dataclass(frozen=True)
class StageChanges:
    """Sorted by deal, then time. A deal's first row is its creation (`from_stage` NONE)."""

    deal: Codes
    from_stage: Codes
    to_stage: Codes
    at: Moments


@dataclass(frozen=True)
class Activities:
    """Sorted by time. `kind`, `direction`, `status`, `result` are codes of the constants above."""

    deal: Codes
    contact: Codes
    lead: Codes
    owner: Codes
    kind: Codes
    purpose: Codes
    direction: Codes
    status: Codes
    result: Codes
    at: Moments
    seconds: Codes  # how long it took; 0 when unknown


@dataclass(frozen=True)
class Emails:
    """Sorted by time sent. `direction` 0 is ours (out), 1 is theirs (in)."""

    deal: Codes
    contact: Codes
    lead: Codes
    owner: Codes
    direction: Codes
    purpose: Codes
    at: Moments
    opened_at: Moments
    opened_again_at: Moments
    clicked_at: Moments
    replied_at: Moments


@dataclass(frozen=True)
class Touchpoints:
    """Sorted by time. What is neither an activity nor an e-mail. `signal`: theirs; otherwise a follow-up of ours."""

    deal: Codes
    contact: Codes
    lead: Codes
    channel: Codes
    type: Codes
    signal: Flags
    at: Moments
    seconds: Codes
    pages: Codes


@dataclass(frozen=True)
class SalesHistory:
    """All of it, or the part that was asked for. `left_out`: why -> how many rows are not in here; `incomplete`: what
    is not known -> of how many rows that are. Both name `<table>.<reason>`; left_out_words.py says them in words."""

    organisation: Organisation
    names: Names
    users: Users
    accounts: Accounts
    contacts: Contacts
    leads: Leads
    deals: Deals
    stage_changes: StageChanges
    activities: Activities
    emails: Emails
    touchpoints: Touchpoints
    left_out: Mapping[str, int] = field(default_factory=dict)
    incomplete: Mapping[str, int] = field(default_factory=dict)
