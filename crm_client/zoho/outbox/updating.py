"""Changed fields go to Zoho, after a look at what Zoho has now: where somebody changed the same field there, the
operator's rule says who wins, and it is written down.

Several waiting updates of one record go out as one, up to ten records in a call.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_client.errors import CrmError, CrmRejected, CrmUnreachable
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Entry, Raw
from crm_client.zoho.mirror import hints
from crm_client.zoho.outbox import conflicts, entries, links, records_here
from crm_client.zoho.outbox.conflicts import Verdict
from crm_client.zoho.outbox.desk import ALONE, CallRefused, Desk
from crm_client.zoho.outbox.entries import CREATE, Row
from crm_client.zoho.outbox.links import Links
from crm_client.zoho.outbox.references import is_stranger, without_strangers

LOOKS = 3  # a record that is not there is looked for so often before we believe that it was deleted
_MISSING = "Zoho does not have the record; perhaps somebody deleted it there"


@dataclass
class _Change:
    """What shall become different of one record, from one row or several that follow each other."""

    rows: list[Row]
    zoho_id: str
    record: Any
    fields: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)  # field -> when it was written here
    theirs_at: datetime | None = None  # the version that Zoho had when we looked

    def add(self, row: Row) -> None:
        for name, value in row.fields.items():
            self.before.setdefault(name, row.before.get(name))
            self.fields[name] = value
            self.at[name] = row.at

    @property
    def numbers(self) -> list[int]:
        return [row.number for row in self.rows]


class Updating:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(self, module: str, rows: Sequence[Row]) -> int:
        """First rows of at most ten records of one module. How many records got on."""
        changes, settled = self._changes(module, rows)
        if not changes:
            return settled
        heads = [change.rows[0] for change in changes]
        try:
            with self._desk.asking(heads):
                found = self._as_they_are(module, changes)
        except CallRefused:
            self._release(changes)
            return settled
        to_send: list[tuple[_Change, Raw]] = []
        with self._desk.writing() as connection:
            for change in changes:
                raw = found.get(change.zoho_id)
                if raw is None:
                    settled += self._missing(connection, module, change)
                elif (body := self._what_to_send(connection, module, change, raw)) is not None:
                    to_send.append((change, body))
                else:
                    settled += 1
        return settled + (self._update(module, to_send) if to_send else 0)

    def _changes(self, module: str, rows: Sequence[Row]) -> tuple[list[_Change], int]:
        changes: list[_Change] = []
        settled = 0
        with self._desk.writing() as connection:
            known = Links(connection)
            for row in self._desk.claimed(connection, rows):
                record = records_here.read(connection, module, row.local_id)
                zoho_id = known.zoho_id(module, row.local_id)
                if record is None:  # deleted meanwhile; a row of its own says so
                    entries.done(connection, [row.number])
                    settled += 1
                elif not zoho_id:
                    entries.give_back(connection, row.number, action=CREATE, fields=None, before=None)
                    settled += 1
                else:
                    changes.append(self._change(connection, row, zoho_id, without_strangers(module, record, known)))
        return changes, settled

    def _change(self, connection: Connection, head: Row, zoho_id: str, record: Any) -> _Change:
        change = _Change([head], zoho_id, record)
        if head.trouble != ALONE:
            followers = [row for row in entries.followers(connection, head) if row.trouble != ALONE]
            change.rows += self._desk.claimed(connection, followers)
        for row in change.rows:
            change.add(row)
        return change

    def _as_they_are(self, module: str, changes: Sequence[_Change]) -> dict[str, Raw]:
        fields = self._desk.map.fields_to_read(module)
        raws = self._desk.calls.records(self._desk.api(module), [change.zoho_id for change in changes], fields)
        return {str(raw["id"]): raw for raw in raws}

    def _release(self, changes: Sequence[_Change]) -> None:
        """The heads have been seen to; what was taken along waits as before."""
        with self._desk.writing() as connection:
            for row in (row for change in changes for row in change.rows[1:]):
                entries.give_back(connection, row.number)

    def _missing(self, connection: Connection, module: str, change: _Change) -> bool:
        head = change.rows[0]
        for row in change.rows[1:]:
            entries.give_back(connection, row.number)
        missing = CrmUnreachable(f"update {module}", _MISSING)
        looked = head.attempts if head.why == str(missing) else 0  # what failed for other reasons was no look
        if looked + 1 < LOOKS:
            self._desk.later(connection, dataclasses.replace(head, attempts=looked), missing)
            return False
        for name in head.fields:
            values = {"base": head.before.get(name), "ours": head.fields[name], "theirs": None}
            self._note(connection, module, head.local_id, name, values, head.at, None, conflicts.ZOHO)
        entries.done(connection, [head.number])
        return True

    # What is left to send

    def _what_to_send(self, connection: Connection, module: str, change: _Change, raw: Raw) -> Raw | None:
        """None when nothing is, or it can't be sent; then the rows have been seen to."""
        known = Links(connection)
        try:
            theirs = self._desk.map.to_record(module, raw, change.record, local=known.local_id)
            change.theirs_at = self._desk.map.modified_at(raw)
            wanted = self._compare(connection, module, change, theirs, change.theirs_at)
            wanted = {name: value for name, value in wanted.items() if not is_stranger(module, name, value, known)}
            body = self._desk.raw(module, wanted, change.record, known) if wanted else {}
        except CrmRejected as error:
            self._rejected(connection, change, error)
            return None
        if not body:
            entries.done(connection, change.numbers)
            return None
        return {**body, "id": change.zoho_id}

    def _compare(
        self, connection: Connection, module: str, change: _Change, theirs: Any, theirs_at: datetime
    ) -> dict[str, Any]:
        """The fields that Zoho shall be told."""
        there = self._desk.map.base_of(module, theirs)
        link = links.by_local_id(connection, module, change.rows[0].local_id)
        agreed = link.base if link else {}
        wanted: dict[str, Any] = {}
        lost: list[str] = []
        for name, value in change.fields.items():
            if name not in there:  # not writable any more
                continue
            verdict = conflicts.judge(change.before[name], agreed.get(name, change.before[name]), value, there[name])
            if verdict is Verdict.CONFLICT:
                won = conflicts.winner(self._desk.settings.sync.conflicts, change.at[name], theirs_at)
                values = {"base": change.before[name], "ours": value, "theirs": there[name]}
                local_id = change.rows[0].local_id
                self._note(connection, module, local_id, name, values, change.at[name], theirs_at, won)
                if won == conflicts.ZOHO:
                    lost.append(name)
                    continue
            if verdict is not Verdict.DONE:
                wanted[name] = value
        if lost:
            self._give_in(connection, module, change.rows[0].local_id, theirs, lost)
        done = {name: there[name] for name in change.fields if name in there and name not in wanted}
        links.agree(connection, module, change.rows[0].local_id, done, None)
        return wanted

    def _give_in(self, connection: Connection, module: str, local_id: str, theirs: Any, lost: Sequence[str]) -> None:
        told = records_here.take_over(connection, self._desk.crm, module, local_id, theirs, lost)
        if told is not None:
            self._desk.told.append(told)

    def _note(
        self,
        connection: Connection,
        module: str,
        local_id: str,
        name: str,
        values: Mapping[str, Any],
        ours_at: datetime,
        theirs_at: datetime | None,
        won: str,
    ) -> None:
        now = self._desk.clock()
        conflicts.note(
            connection, module, local_id, name, values, at=now, ours_at=ours_at, theirs_at=theirs_at, won=won
        )

    # Send it

    def _update(self, module: str, changes: Sequence[tuple[_Change, Raw]]) -> int:
        try:
            with self._desk.asking([change.rows[0] for change, _ in changes]):
                answers = self._desk.calls.update(self._desk.api(module), [body for _, body in changes])
        except CallRefused:
            self._release([change for change, _ in changes])
            return 0
        with self._desk.writing() as connection:
            pairs = zip(changes, answers, strict=True)
            return sum([self._answered(connection, module, change, entry) for (change, _), entry in pairs])

    def _answered(self, connection: Connection, module: str, change: _Change, entry: Entry) -> bool:
        error = error_of(entry, f"update {module}")
        if error is None:
            self._note_news(connection, module, change)
            links.agree(connection, module, change.rows[0].local_id, change.fields, entry.modified_at)
            entries.done(connection, change.numbers)
            return True
        return self._not_done(connection, change, error)

    def _note_news(self, connection: Connection, module: str, change: _Change) -> None:
        """Somebody changed the deal there, perhaps its products, and the mirror has not fetched that yet. It would
        take the version that we have just made for one that it knows."""
        link = links.by_local_id(connection, module, change.rows[0].local_id)
        known = link.modified_at if link else None
        if module == "deals" and change.theirs_at is not None and (known is None or known < change.theirs_at):
            hints.add(connection, hints.DETAILS, [change.zoho_id], self._desk.clock())

    def _not_done(self, connection: Connection, change: _Change, error: CrmError) -> bool:
        if isinstance(error, CrmRejected):
            self._rejected(connection, change, error)
        else:
            for row in change.rows[1:]:
                entries.give_back(connection, row.number)
            self._desk.refused(connection, change.rows[0], error)
        return False

    def _rejected(self, connection: Connection, change: _Change, error: CrmRejected) -> None:
        if len(change.rows) == 1:
            self._desk.refused(connection, change.rows[0], error)
            return
        for row in change.rows:
            self._desk.alone(connection, row, error)
