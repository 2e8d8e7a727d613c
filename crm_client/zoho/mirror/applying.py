"""Records of Zoho into our tables, chunk by chunk, whatever single ones are like.

A chunk that the database refuses is halved until the record that is wrong stands alone; that one is noted, all others
are written. Listeners are told after the commit, each record once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from crm_client.embedded.changes import RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmBusy, CrmError, CrmRejected
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.chunk import Chunk, Written
from crm_client.zoho.mirror.incoming import Incoming, Unreadable, read
from crm_client.zoho.mirror.kinds import KINDS, one_at_a_time
from crm_client.zoho.mirror.sync_rows import SyncRows

log = logging.getLogger(__name__)

CHUNK = 1_000
TRIES = 4  # of a transaction that another one was in the way of
PAUSE_SECONDS = 0.1

OnChanges = Callable[[Sequence[RecordChange]], object]


@dataclass(frozen=True)
class Applied:
    """How many records became different, how many were known already (or are older, or deleted here), how many could
    not be taken over, and how many wait to be looked at again."""

    changed: int = 0
    skipped: int = 0
    bad: int = 0
    waiting: int = 0

    def __add__(self, other: Applied) -> Applied:
        return Applied(
            self.changed + other.changed,
            self.skipped + other.skipped,
            self.bad + other.bad,
            self.waiting + other.waiting,
        )


class Applying:
    def __init__(
        self,
        crm: EmbeddedCrm,
        field_map: FieldMap,
        sync: SyncRows,
        *,
        clock: Callable[[], datetime],
        on_changes: OnChanges,
        refresh_stages: Callable[[], object],
        look_again: Callable[[str, Sequence[str], datetime | None], object],
        deals_came: Callable[[Sequence[str]], object],
    ) -> None:
        """`crm` writes without a ledger. `refresh_stages` asks Zoho for them; `look_again(module, zoho_ids, since)`
        has records fetched once more that may be those of a create which went out then; `deals_came(zoho_ids)` has
        their products and stage history fetched."""
        self._crm = crm
        self._map = field_map
        self._sync = sync
        self._clock = clock
        self._on_changes = on_changes
        self._refresh_stages = refresh_stages
        self._look_again = look_again
        self._deals_came = deals_came

    def apply(self, module: str, raws: Iterable[Raw]) -> Applied:
        """`raws` as the API gives them, in any order. CrmUnreachable and CrmBusy when the database is away; then some
        chunks may be written, and the same records again do no harm."""
        if module not in KINDS:
            return Applied()
        total = Applied()
        rest = iter(raws)
        while chunk := list(islice(rest, CHUNK)):
            total += self._apply(module, chunk)
        return total

    def _apply(self, module: str, raws: Sequence[Raw]) -> Applied:
        incoming, bad = read(self._map, raws)
        parts: list[Written] = []
        try:
            parts.extend(self._written(module, incoming, open_unknown=False))
            postponed = {one.zoho_id: one for written in parts for one in written.postponed}
            if postponed:
                self._learn_stages()
                parts.extend(self._written(module, postponed, open_unknown=True))
        finally:  # what is on disk is told, whatever became of the rest
            self._tell(parts, module)
        for written in parts:
            bad.extend(written.bad)
        self._note(module, bad, sorted({name for written in parts for name in written.new_stages}))
        return Applied(
            sum(len(written.changes) for written in parts),
            sum(written.skipped for written in parts),
            len(bad),
            sum(len(written.may_be_ours) for written in parts),
        )

    def _tell(self, parts: Sequence[Written], module: str) -> None:
        for written in parts:
            if written.may_be_ours:
                self._look_again(module, written.may_be_ours, written.create_sent_at)
        newer = [zoho_id for written in parts for zoho_id in written.newer]
        if newer and module == "deals":
            self._deals_came(newer)
        changes = list(dict.fromkeys(change for written in parts for change in written.changes))
        if changes:
            self._on_changes(changes)

    def _note(self, module: str, bad: Sequence[Unreadable], new_stages: Sequence[str]) -> None:
        if bad:
            log.warning("%d records of %s could not be taken over", len(bad), module)
            self._sync.unreadable(module, bad, self._clock())
        if new_stages:
            self._sync.unknown_stages(new_stages, self._clock())

    def _learn_stages(self) -> None:
        try:
            self._refresh_stages()
        except CrmError as error:  # their deals are taken over all the same
            log.warning("the stages of deals could not be read: %s", error)

    def _written(self, module: str, incoming: Mapping[str, Incoming], *, open_unknown: bool) -> Iterable[Written]:
        if not incoming:
            return
        try:
            written = self._transaction(module, incoming, open_unknown)
        except CrmRejected as error:
            if len(incoming) == 1:
                # The database's own words may hold values, and this is shown to operators.
                yield Written(bad=[Unreadable(next(iter(incoming)), error.field, "the database does not take it")])
                return
            for half in _halves(incoming):
                yield from self._written(module, half, open_unknown=open_unknown)
            return
        yield written

    def _transaction(self, module: str, incoming: Mapping[str, Incoming], open_unknown: bool) -> Written:
        for attempt in range(TRIES):
            try:
                with self._crm.writing(f"apply {module}") as connection:
                    one_at_a_time(connection, module)
                    chunk = Chunk(connection, self._crm, self._map, module, unknown_stages_open=open_unknown)
                    return chunk.write(incoming)
            except CrmBusy:
                if attempt == TRIES - 1:
                    raise
                time.sleep(PAUSE_SECONDS * (attempt + 1))
        raise AssertionError("not reached")


def _halves(incoming: Mapping[str, Incoming]) -> list[dict[str, Incoming]]:
    items = list(incoming.items())
    middle = len(items) // 2
    return [dict(items[:middle]), dict(items[middle:])]
