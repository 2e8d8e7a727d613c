"""Rows that are on disk here go into the CRM, and what they say to where the voice finds it.

Killed or failing anywhere, it is done again by whoever comes next: the CRM knows each touchpoint by its key. Somebody
may change a row's status meanwhile; so the row is looked at once more after the CRM has it, and told again if needed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from crm_client.client import CrmClient
from crm_client.embedded.changes import RecordChange
from crm_client.errors import CrmRejected
from crm_client.records import Touchpoint
from motenashi.database import Database
from motenashi.insights.voice.text_touch import TextTouch
from motenashi.touchpoint_intake.held import Held
from motenashi.touchpoint_intake.intake_rows import drop_held, finish_held, held_rows, note_refusals
from motenashi.touchpoint_intake.row import Row, RowProblem, RowWrong, to_plain
from motenashi.touchpoint_intake.tables import TAKEN
from motenashi.touchpoint_intake.texts import keep_texts

log = logging.getLogger(__name__)

MOST_LOOKS = 5

OnChanges = Callable[[Sequence[RecordChange]], object]


class Finishing:
    def __init__(self, database: Database, crm: CrmClient, owners: Mapping[str, str], on_changes: OnChanges) -> None:
        """`owners`: ids and mail addresses (lower case) of ours -> id. `on_changes` is told, in one call, of everybody
        who has new touchpoints."""
        self._database = database
        self._crm = crm
        self._owners = owners
        self._on_changes = on_changes
        self._changes: dict[RecordChange, None] = {}

    def finish(self, taken: Sequence[Held], now: datetime) -> dict[tuple[str, str], RowWrong]:
        """All that are TAKEN become STORED, with their touchpoint's id; those that the CRM refuses are gone and told.
        CrmError and DBAPIError: nothing is lost, do it again."""
        refused: dict[tuple[str, str], RowWrong] = {}
        left = list(taken)
        for _ in range(MOST_LOOKS):
            if not left:
                break
            left = self._look(left, refused, now)
        self._tell()
        if left:
            log.warning("%d touchpoints are being changed again and again; they are finished later", len(left))
        return refused

    def _tell(self) -> None:
        changes, self._changes = list(self._changes), {}
        try:
            if changes:
                self._on_changes(changes)
        except Exception:  # somebody else's code, and the touchpoints are stored
            log.exception("%d changes of touchpoints could not be passed on", len(changes))

    def _look(self, entries: Sequence[Held], refused: dict[tuple[str, str], RowWrong], now: datetime) -> list[Held]:
        """Those that somebody has changed in between, as they are now."""
        rows = {one.name: one.row for one in entries}
        new = [(one, row) for one in entries if (row := rows[one.name])]
        wrong = self._save(new)
        statuses = {one.key: one.status for one in entries if rows[one.name] is None and one.name not in wrong}
        if statuses:
            self._crm.set_touchpoint_statuses(statuses)
        done = [one for one in entries if one.name not in wrong]
        with self._database.write() as connection:
            now_there = held_rows(connection, [one.name for one in entries], to_change=True)
            ours = [one for one in done if one.name in now_there and now_there[one.name].version == one.version]
            finish_held(connection, ours)
            keep_texts(
                connection,
                [self._text(one, row) for one in ours if (row := rows[one.name]) and row.says_something],
                now,
            )
            for name, problem in wrong.items():
                refused[name] = problem
                if name in now_there:
                    drop_held(connection, now_there[name])
            raw = [(_raw(rows[name]), problem) for name, problem in wrong.items()]
            note_refusals(connection, raw, now)
        same = {one.name for one in ours}
        self._changes |= dict.fromkeys(_change(one, rows[one.name]) for one in ours)
        return [now_there[one.name] for one in done if one.name in now_there and one.name not in same]

    def _save(self, new: Sequence[tuple[Held, Row]]) -> dict[tuple[str, str], RowWrong]:
        """Those that the CRM refuses, by name."""
        touchpoints = [self._touchpoint(one, row) for one, row in new]
        try:
            self._take(new, self._crm.save_touchpoints(touchpoints))
        except CrmRejected:
            return self._save_one_by_one(new, touchpoints)
        return {}

    def _save_one_by_one(
        self, new: Sequence[tuple[Held, Row]], touchpoints: Sequence[Touchpoint]
    ) -> dict[tuple[str, str], RowWrong]:
        wrong: dict[tuple[str, str], RowWrong] = {}
        for pair, touchpoint in zip(new, touchpoints, strict=True):
            try:
                self._take([pair], self._crm.save_touchpoints([touchpoint]))
            except CrmRejected as error:
                problem = RowProblem(error.field, "crm_refuses", {"value": str(error)})
                wrong[pair[0].name] = RowWrong((problem,), *pair[0].name)
        return wrong

    def _take(self, new: Sequence[tuple[Held, Row]], saved: Sequence[Touchpoint]) -> None:
        """The ids the CRM gave. A touchpoint that was there before may have an older status."""
        for (one, _row), touchpoint in zip(new, saved, strict=True):
            one.touchpoint_id = touchpoint.id
        old = {
            touchpoint.key: one.status
            for (one, _row), touchpoint in zip(new, saved, strict=True)
            if touchpoint.status != one.status
        }
        if old:
            self._crm.set_touchpoint_statuses(old)

    def _touchpoint(self, one: Held, row: Row) -> Touchpoint:
        return Touchpoint(
            id="",
            channel=row.channel,
            type=row.type,
            at=row.at,
            signal=row.signal,
            contact_id=one.contact_id,
            lead_id=one.lead_id,
            deal_id=row.deal_id,
            owner_id=self._owner(row),
            status=one.status,
            duration_s=row.duration_s,
            pages=row.pages,
            count=row.count,
            key=one.key,
            title=row.title,
        )

    def _text(self, one: Held, row: Row) -> TextTouch:
        return TextTouch(
            key=one.key,
            at=row.at,
            channel=row.channel,
            type=row.type,
            signal=row.signal,
            contact_id=one.contact_id,
            lead_id=one.lead_id,
            deal_id=row.deal_id,
            owner_id=self._owner(row),
            title=row.title,
            text=row.text,
            segments=row.segments,
            score=row.score,
            language=row.language,
        )

    def _owner(self, row: Row) -> str:
        return self._owners.get(row.owner, "") or self._owners.get(row.owner.lower(), "")


def _change(one: Held, row: Row | None) -> RecordChange:
    return RecordChange("touchpoints", row.deal_id if row else "", one.contact_id, one.lead_id)


def _raw(row: Row | None) -> object:
    return to_plain(row) if row else None


def taken_of(entries: Sequence[Held]) -> list[Held]:
    return [one for one in entries if one.state == TAKEN]


def owners_of(crm: CrmClient) -> dict[str, str]:
    """Ids, and mail addresses in lower case, of our people -> id."""
    owners = crm.owners()
    return {one.email.lower(): one.id for one in owners if one.email} | {one.id: one.id for one in owners}
