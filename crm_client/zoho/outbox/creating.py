"""Records that were made here come into being in Zoho: once, whatever happens on the way.

Before a creation goes out it is written down that it does (`sent_at`). Whoever finds such a row later, in whatever
process, first looks whether Zoho has the record. People with an e-mail address are looked for always: somebody else may
have entered them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_client.errors import CrmConflict, CrmRejected
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Entry, Raw
from crm_client.zoho.outbox import entries, links, records_here
from crm_client.zoho.outbox.desk import CallRefused, Desk
from crm_client.zoho.outbox.entries import UPDATE, Row
from crm_client.zoho.outbox.gone import Gone, may_name_what_is_gone, without
from crm_client.zoho.outbox.links import Link, Links
from crm_client.zoho.outbox.looking_back import LookingBack
from crm_client.zoho.outbox.references import without_strangers

BATCH = 10  # records for one credit


@dataclass(frozen=True)
class _Draft:
    """A record as it goes out, and what Zoho shall be sent."""

    row: Row
    record: Any
    raw: Raw


class Creating:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looking = LookingBack(desk)
        self._gone = Gone(desk)

    def send(self, module: str, rows: Sequence[Row]) -> int:
        """At most BATCH first rows of records, all creations in one module. How many got on."""
        drafts, settled = self._drafts(module, rows)
        new = []
        for draft in drafts:
            found = self._already_there(module, draft)
            if found is None:
                new.append(draft)
            elif found:
                settled += 1
        for part in self._parts(new):
            settled += self._insert(module, part)
        return settled

    def _parts(self, drafts: Sequence[_Draft]) -> list[Sequence[_Draft]]:
        return [drafts[start : start + BATCH] for start in range(0, len(drafts), BATCH)]

    def _drafts(self, module: str, rows: Sequence[Row]) -> tuple[list[_Draft], int]:
        """Taken and read in one transaction: whoever changes a record after it leaves a row of its own."""
        drafts: list[_Draft] = []
        settled = 0
        with self._desk.writing() as connection:
            known = Links(connection)
            for row in self._desk.claimed(connection, rows):
                record = records_here.read(connection, module, row.local_id)
                if known.of(module, row.local_id) is not None or (record is None and row.sent_at is None):
                    entries.done(connection, [row.number])  # linked by somebody, or deleted before anything went out
                    settled += 1
                elif record is None:
                    drafts.append(_Draft(row, None, {}))
                elif draft := self._draft(connection, module, row, record, known):
                    drafts.append(draft)
        return drafts, settled

    def _draft(self, connection: Connection, module: str, row: Row, record: Any, known: Links) -> _Draft | None:
        record = without_strangers(module, record, known)
        try:
            raw = dict(self._desk.map.new_raw(module, record, zoho=known.zoho_id))
        except CrmRejected as error:
            self._desk.refused(connection, row, error)
            return None
        if key := self._key_field(module):
            raw[key] = row.local_id
        return _Draft(row, record, raw)

    def _key_field(self, module: str) -> str:
        """Where the operator has a unique field for our key. Zoho's notes can have no fields of one's own."""
        key = self._desk.settings.key_field
        return key if key and module != "notes" and key in self._desk.map.fields_to_read(module) else ""

    # Is it there?

    def _already_there(self, module: str, draft: _Draft) -> bool | None:
        """None: it has to be made. True: nothing has. False: the look failed, and the row waits."""
        row = draft.row
        gone = draft.record is None
        person = module in ("contacts", "leads") and not gone and bool(draft.record.email)
        again = row.sent_at is not None and (gone or not self._key_field(module))
        if not person and not again:
            return None
        try:
            with self._desk.asking([row]):
                raw = self._looking.person(module, draft.record) if person else None
                ours = raw is None and again
                parent = draft.raw.get("Parent_Id") or {}
                raw = self._looking.made_by(module, row.fields, parent, row) if ours else raw
        except CallRefused:
            return False
        if raw is not None:
            return self._adopt(module, draft, raw, made_by_us=ours)
        if not gone:
            return None
        with self._desk.writing() as connection:  # deleted here, and Zoho never had it
            entries.done(connection, [row.number])
        return True

    def _adopt(self, module: str, draft: _Draft, raw: Raw, *, made_by_us: bool) -> bool:
        """Zoho has it: the creation becomes an update of what differs, and we take what only Zoho knows."""
        zoho_id = str(raw["id"])
        with self._desk.writing() as connection:
            known = Links(connection)
            theirs = self._desk.map.to_record(module, raw, draft.record, local=known.local_id)
            there = dict(self._desk.map.base_of(module, theirs))
            if made_by_us:  # what was changed here since then has rows of its own; they began with what was sent
                agreed = there | dict(draft.row.fields)
                self._link(connection, module, draft.row.local_id, zoho_id, agreed, None)
                entries.done(connection, [draft.row.number])
                return True
            here = self._desk.map.base_of(module, draft.record)
            told = [name for name, value in here.items() if value not in ("", None) and value != there.get(name)]
            # What both say differently was never agreed on (but for what we sent ourselves): a conflict like any other,
            # and on record. It may have been typed by somebody who only said that the address is theirs.
            sent = draft.row.fields
            agreed = {name: value for name, value in there.items() if name not in told or sent.get(name) == value}
            self._link(connection, module, draft.row.local_id, zoho_id, agreed, None)
            new = [name for name, value in here.items() if value in ("", None) and there.get(name) not in ("", None)]
            change = records_here.take_over(connection, self._desk.crm, module, draft.row.local_id, theirs, new)
            if change is not None:
                self._desk.told.append(change)
            self._become_update(connection, draft.row, {name: here[name] for name in told})
        return True

    def _become_update(self, connection: Connection, row: Row, fields: dict[str, Any]) -> None:
        if not fields:
            entries.done(connection, [row.number])
            return
        nothing = dict.fromkeys(fields, "")
        entries.give_back(
            connection, row.number, action=UPDATE, fields=fields, before=nothing, sent_at=None, trouble="", why=""
        )

    def _link(
        self,
        connection: Connection,
        module: str,
        local_id: str,
        zoho_id: str,
        base: dict[str, Any],
        modified_at: datetime | None,
    ) -> None:
        other = links.by_zoho_id(connection, module, zoho_id)
        if other is not None and other.local_id != local_id:
            # It came through the mirror while ours was on its way out: one of the two must be both.
            links.cut(connection, module, other.local_id)
            records_here.become_one(connection, module, stays=local_id, goes=other.local_id)
            entries.rename(connection, module, other.local_id, local_id)
        links.store(connection, module, Link(zoho_id, local_id, modified_at, base))

    # Make it

    def _insert(self, module: str, drafts: Sequence[_Draft], *, again: bool = False) -> int:
        key = self._key_field(module)
        with self._desk.writing() as connection:
            drafts = [draft for draft in drafts if self._goes_out(connection, module, draft)]
        if not drafts:
            return 0
        rows = [draft.row for draft in drafts]
        raws = [draft.raw for draft in drafts]
        try:
            with self._desk.asking(rows, goes_out=True):
                if key:
                    made = self._desk.calls.upsert(self._desk.api(module), raws, duplicate_check=[key])
                else:
                    made = self._desk.calls.insert(self._desk.api(module), raws)
        except CallRefused:
            return 0
        pairs = list(zip(drafts, made, strict=True))
        doubtful = [] if again else [pair for pair in pairs if may_name_what_is_gone(pair[0].raw, pair[1])]
        with self._desk.writing() as connection:
            settled = sum([self._made(connection, module, *pair) for pair in pairs if pair not in doubtful])
        return settled + sum(self._without_the_gone(module, *pair) for pair in doubtful)

    def _without_the_gone(self, module: str, draft: _Draft, entry: Entry) -> int:
        """A record that names one which was deleted in Zoho goes there without the name, and stands here without it."""
        row = draft.row
        try:
            with self._desk.asking([row]):
                fields = self._gone.named_by(module, draft.record)
        except CallRefused:
            return 0
        with self._desk.writing() as connection:
            if not fields:
                return self._made(connection, module, draft, entry)
            record = without(draft.record, fields)
            told = records_here.take_over(connection, self._desk.crm, module, row.local_id, record, fields)
            if told is not None:
                self._desk.told.append(told)
            lighter = self._draft(connection, module, row, record, Links(connection))
        return self._insert(module, [lighter], again=True) if lighter else 0

    def _goes_out(self, connection: Connection, module: str, draft: _Draft) -> bool:
        what = self._desk.map.base_of(module, draft.record)
        return entries.goes_out(connection, draft.row, self._desk.clock(), what)

    def _made(self, connection: Connection, module: str, draft: _Draft, entry: Entry) -> bool:
        row = draft.row
        error = error_of(entry, f"create {module}")
        if error is None:
            base = self._as_zoho_has_it(connection, module, draft, entry.id)
            self._link(connection, module, row.local_id, entry.id, base, entry.modified_at)
            entries.done(connection, [row.number])
            return True
        if entry.duplicate_of and isinstance(error, CrmConflict):
            return self._is_there_already(connection, module, draft, entry.duplicate_of, error)
        self._desk.refused(connection, row, error)
        return False

    def _as_zoho_has_it(self, connection: Connection, module: str, draft: _Draft, zoho_id: str) -> dict[str, Any]:
        """What was sent, read back: it may hold more than the record, such as a date that Zoho demands."""
        field_map = self._desk.map
        raw = {**dict.fromkeys(field_map.fields_to_read(module)), **draft.raw, "id": zoho_id}
        try:
            theirs = field_map.to_record(module, raw, draft.record, local=Links(connection).local_id)
        except CrmRejected:
            theirs = draft.record
        return dict(field_map.base_of(module, theirs))

    def _is_there_already(
        self, connection: Connection, module: str, draft: _Draft, zoho_id: str, error: CrmConflict
    ) -> bool:
        other = links.by_zoho_id(connection, module, zoho_id)
        if other is not None and not _came_from_zoho(other) and other.local_id != draft.row.local_id:
            why = "another of our records is this one in Zoho already"
            self._desk.refused(connection, draft.row, CrmConflict(f"create {module}", f"{why} ({error})"))
            return False
        if other is not None and module not in ("contacts", "leads"):
            why = "a record of Zoho's has this unique value already"
            self._desk.refused(connection, draft.row, CrmConflict(f"create {module}", f"{why} ({error})"))
            return False
        self._link(connection, module, draft.row.local_id, zoho_id, {}, None)
        here = self._desk.map.base_of(module, draft.record)
        self._become_update(connection, draft.row, {k: v for k, v in here.items() if v not in ("", None)})
        return True


def _came_from_zoho(link: Link) -> bool:
    return link.local_id == link.zoho_id
