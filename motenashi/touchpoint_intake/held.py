"""A row as it stands in our table, and what a row that comes in again under its name may change: only the status, and
only by a newer one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from motenashi.touchpoint_intake.people import Person
from motenashi.touchpoint_intake.result import Outcome
from motenashi.touchpoint_intake.row import Row, RowProblem, Who, as_json, from_json
from motenashi.touchpoint_intake.tables import ASIDE, STORED, TAKEN, WAITING


@dataclass
class Held:
    """One row of `touchpoint_intake`. `version` 0: not stored yet; `changed` since it was read."""

    source: str
    id: str
    state: str
    hash: str
    version: int
    channel: str
    status: str
    changed_at: datetime
    sequence: int | None
    received_at: datetime
    contact_id: str = ""
    lead_id: str = ""
    touchpoint_id: str = ""
    payload: str | None = None
    number: int = 0
    changed: bool = False
    read: Row | None = None  # the payload, once it was read

    @classmethod
    def of(cls, row: Row, now: datetime) -> Held:
        """New, of somebody unknown."""
        since = row.changed_at or row.at
        return cls(
            row.source, row.id, WAITING, row.content_hash(), 0, row.channel, row.status, since, row.sequence, now
        ).with_row(row)

    def with_row(self, row: Row) -> Held:
        self.payload, self.read = as_json(row), row
        return self

    @property
    def name(self) -> tuple[str, str]:
        return self.source, self.id

    @property
    def key(self) -> str:
        return f"from:{self.source}:{self.id}"

    @property
    def row(self) -> Row | None:
        """None once it is stored: it is the CRM's then."""
        if self.read is None and self.payload:
            self.read = from_json(self.payload)
        return self.read

    def known_as(self, person: Person) -> None:
        """Its person is known: it is on its way into the CRM."""
        self.state, self.contact_id, self.lead_id, self.changed = TAKEN, person.contact_id, person.lead_id, True

    def keys(self) -> dict[str, Any]:
        """Look-up columns; all empty but while it waits."""
        who = self.row.who if self.state == WAITING and self.row else Who()
        return {
            "email_key": who.email or None,
            "phone_key": who.phone or None,
            "external_key": who.external_key or None,
            "wanted_contact_id": who.contact_id or None,
            "wanted_lead_id": who.lead_id or None,
        }


@dataclass(frozen=True)
class Decision:
    """`outcome` is "refused" when nobody can say which status is newer."""

    outcome: Outcome
    notes: tuple[RowProblem, ...] = ()


def again(held: Held, row: Row) -> Decision:
    """A row under the name of one that is there. Changes `held` where it may be changed."""
    notes: tuple[RowProblem, ...] = ()
    if held.hash != row.content_hash():
        notes += (RowProblem("", "other_content"),)
    if held.state == ASIDE:
        notes += (RowProblem("", "was_set_aside"),)
    waiting = held.state == WAITING
    if waiting and held.row and (more := held.row.who.joined(row.who)) != held.row.who:
        held.with_row(replace(held.row, who=more)).changed = True
    newer = is_newer(row, held)
    if row.status and row.status != held.status:
        if newer is None:
            return Decision("refused", (RowProblem("status", "which_is_newer", {"old": held.status}),))
        if not newer:
            note = RowProblem("status", "older_status", {"value": row.status, "old": held.status})
            return Decision("waiting" if waiting else "repeated", (*notes, note))
        held.status = row.status
        _stamp(held, row)
        if held.state == STORED:
            held.state = TAKEN  # until the CRM has the new status, too
        return Decision("waiting" if waiting else "changed", notes)
    if row.status and newer:
        _stamp(held, row)  # what is said between the two must not come back
    return Decision("waiting" if waiting else "repeated", notes)


def is_newer(row: Row, held: Held) -> bool | None:
    """By sequence where both have one, else by time. None: neither says."""
    if row.sequence is not None and held.sequence is not None:
        return None if row.sequence == held.sequence else row.sequence > held.sequence
    since = row.changed_at or row.at
    return None if since == held.changed_at else since > held.changed_at


def _stamp(held: Held, row: Row) -> None:
    held.changed_at = max(held.changed_at, row.changed_at or row.at)
    held.sequence = held.sequence if row.sequence is None else row.sequence
    held.changed = True
