"""What changed and what is gone in Zoho since we last asked: the safety net under notifications."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from crm_client.errors import CrmError, CrmRefused, CrmRejected
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Page
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mirror.applying import Applying
from crm_client.zoho.mirror.incoming import fields_of
from crm_client.zoho.mirror.owners_and_stages import OwnersAndStages
from crm_client.zoho.mirror.sync_rows import SyncRow, SyncRows

log = logging.getLogger(__name__)

# Zoho's times are whole seconds, and what is written is not seen by lists in the very same moment.
OVERLAP: Final = timedelta(seconds=90)
# Our clock may be ahead of Zoho's by less than this.
CLOCKS_DIFFER: Final = timedelta(minutes=15)
DELETIONS_EVERY: Final = timedelta(minutes=10)
DELETIONS_AT_ONCE: Final = 500


class Polling:
    def __init__(
        self,
        calls: ZohoCalls,
        field_map: FieldMap,
        applying: Applying,
        sync: SyncRows,
        owners_and_stages: OwnersAndStages,
        *,
        clock: Callable[[], datetime],
        remove: Callable[[str, Sequence[str]], int],
    ) -> None:
        """`remove(module, zoho_ids)` removes what is here of these and says how many that were."""
        self._calls = calls
        self._map = field_map
        self._applying = applying
        self._sync = sync
        self._owners_and_stages = owners_and_stages
        self._clock = clock
        self._remove = remove

    def poll(self, *, deletions: bool = False) -> int:
        """How many records became different or are gone. Modules that were never filled are left out, one that Zoho
        refuses is noted and the others go on. CrmUnreachable, CrmBusy: nothing works now. Deletions are asked for
        every ten minutes, or when `deletions` says so."""
        if not self._calls.can_work():
            return 0
        changed = 0
        rows = self._sync.all()
        first = True
        for module in MIRRORED:
            row = rows.get(module)
            if row is None or row.filled_at is None:
                continue
            try:
                if first:
                    self._owners_and_stages.refresh_when_due()
                    first = False
                changed += self._poll(module, row, deletions)
            except CrmError as error:
                self._sync.failed(module, error, self._clock())
                if not isinstance(error, CrmRejected | CrmRefused):
                    raise
        return changed

    def _poll(self, module: str, row: SyncRow, deletions: bool) -> int:
        changed = self._changes(module, row)
        now = self._clock()
        if deletions or row.deleted_watermark is None or now - row.deleted_watermark >= DELETIONS_EVERY:
            changed += self._deletions(module, row, now)
        self._sync.went_well(module, self._clock())
        return changed

    def _changes(self, module: str, row: SyncRow) -> int:
        since = _since(row)
        fields = fields_of(self._map, module)
        changed = 0
        asked_at = self._clock()
        for before, page in self._timed(self._calls.pages(self._map.api_module(module), fields, since=since)):
            asked_at = before
            changed += self._applying.apply(module, page.records).changed
            latest = _latest(self._map, page)
            if latest is not None:
                self._sync.forward(module, latest)
        self._sync.set(module, asked_at=asked_at)
        return changed

    def _timed(self, pages: Iterator[Page]) -> Iterator[tuple[datetime, Page]]:
        """Each page with the moment before it was asked for: what changed later it may not tell."""
        before = self._clock()
        for page in pages:
            yield before, page
            before = self._clock()

    def _deletions(self, module: str, row: SyncRow, now: datetime) -> int:
        since = (row.deleted_watermark or row.filled_at or now) - OVERLAP
        gone: list[str] = []
        removed = 0
        for one in self._calls.deleted(self._map.api_module(module), since):
            gone.append(one.id)
            if len(gone) >= DELETIONS_AT_ONCE:
                removed += self._remove_if_gone(module, gone)
                gone = []
        removed += self._remove_if_gone(module, gone)
        self._sync.set(module, deleted_watermark=now)
        return removed

    def _remove_if_gone(self, module: str, zoho_ids: Sequence[str]) -> int:
        return self._remove(module, zoho_ids) if zoho_ids else 0


def _since(row: SyncRow) -> datetime | None:
    """From the last change seen; from when Zoho last told all, where that is later: what many records got in one go
    would be read again with every poll otherwise."""
    known = [
        moment - margin
        for moment, margin in ((row.watermark, OVERLAP), (row.asked_at, CLOCKS_DIFFER))
        if moment is not None
    ]
    return max(known, default=None)


def _latest(field_map: FieldMap, page: Page) -> datetime | None:
    moments = []
    for raw in page.records:
        try:
            moments.append(field_map.modified_at(raw))
        except CrmRejected:  # noted where it was applied
            continue
    return max(moments, default=None)
