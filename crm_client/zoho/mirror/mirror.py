"""The mirror as a whole: what the worker, the commands and the door of notifications are handed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from crm_client.embedded.changes import OnChange, RecordChange
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.store import utc_now
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.applying import Applied, Applying, OnChanges
from crm_client.zoho.mirror.filling import Filled, Filling, Progress
from crm_client.zoho.mirror.freshness import Freshness, freshness
from crm_client.zoho.mirror.hinted import Hinted
from crm_client.zoho.mirror.hints import DETAILS, Hints
from crm_client.zoho.mirror.kinds import KINDS, one_at_a_time
from crm_client.zoho.mirror.owners_and_stages import OwnersAndStages
from crm_client.zoho.mirror.polling import Polling
from crm_client.zoho.mirror.removing import remove
from crm_client.zoho.mirror.sync_rows import SyncRows
from crm_client.zoho.mirror.what_rows_are_about import WhatRowsAreAbout
from crm_client.zoho.settings import ZohoSync
from motenashi.database import Database

log = logging.getLogger(__name__)

LOOK_AGAIN_AFTER = timedelta(seconds=5)
SELDOM = timedelta(minutes=5)
TOLD_ONE_BY_ONE = 20  # more changes of one write than these are told in one go, if somebody listens to that
DETAILS_AT_ONCE = 500


class Mirror:
    """Every method is safe to run twice, and in several processes at once. Errors: crm_client/errors.py."""

    def __init__(
        self,
        database: Database,
        calls: ZohoCalls,
        field_map: FieldMap,
        embedded_settings: EmbeddedCrmSettings,
        sync: ZohoSync,
        *,
        clock: Callable[[], datetime] = utc_now,
        on_change: OnChange | None = None,
        on_changes: OnChanges | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`on_change` is told of each record that is on disk; `on_changes`, where it is given, of many at once, which a
        first fill needs. `pause` waits for bulk jobs."""
        self.settings = sync
        self._crm = EmbeddedCrm(database, embedded_settings, clock=clock, on_change=on_change)  # without a ledger
        self._clock = clock
        self._on_changes = on_changes
        self._hints = Hints(database)
        self._sync = SyncRows(database)
        self._owners_and_stages = OwnersAndStages(self._crm, calls, field_map, self._sync, clock=clock)
        self._applying = Applying(
            self._crm,
            field_map,
            self._sync,
            clock=clock,
            on_changes=self._tell,
            refresh_stages=self._owners_and_stages.refresh_stages,
            look_again=self._look_again,
            deals_came=self._deals_came,
        )
        about = WhatRowsAreAbout(self._crm, field_map, self.hint)
        self._filling = Filling(
            calls, field_map, self._applying, self._sync, self._owners_and_stages, about, clock=clock, pause=pause
        )
        self._polling = Polling(
            calls, field_map, self._applying, self._sync, self._owners_and_stages, clock=clock, remove=self.remove
        )
        self._hinted = Hinted(
            self._crm,
            calls,
            field_map,
            self._applying,
            self._sync,
            self._hints,
            clock=clock,
            on_changes=self._tell,
            remove=self.remove,
        )

    def apply(self, module: str, raws: Iterable[Raw]) -> Applied:
        """Records as the API gives them, of one of our modules, in any order and any version."""
        return self._applying.apply(module, raws)

    def remove(self, module: str, zoho_ids: Collection[str]) -> int:
        """Records that are gone in Zoho, with what is nothing without them. How many were here."""
        if not zoho_ids or module not in KINDS:
            return 0
        with self._crm.writing(f"remove {module}") as connection:
            one_at_a_time(connection, module)
            changes = remove(connection, module, zoho_ids, self._clock())
        if changes:
            self._tell(list(dict.fromkeys(changes)))
        return len(changes)

    def fill(self, progress: Callable[[Progress], None] = lambda progress: None) -> Filled:
        """What was never read yet, resumed where it was broken off; nothing when all is filled."""
        return self._filling.fill(progress)

    def fill_again(self) -> None:
        """Forget that modules were filled: the next `fill` reads everything, and mends what differs."""
        for module in KINDS:
            self._sync.set(module, filled_at=None, watermark=None, job="", job_page=0, rows_done=0, rows_expected=0)

    def poll(self, *, deletions: bool = False) -> int:
        """Ask for all that changed; how many records became different. Only modules that were filled."""
        return self._polling.poll(deletions=deletions)

    def hint(self, module: str, zoho_ids: Collection[str], deleted: bool = False) -> None:
        """These may have changed, or be gone: they are fetched by `take_hints`."""
        if module in KINDS and zoho_ids:
            self._hints.add(module, zoho_ids, self._clock(), deleted=deleted)

    def take_hints(self) -> int:
        """Fetch and apply what was hinted at; how many records."""
        return self._hinted.take_hints()

    def take_details(self, most: int = DETAILS_AT_ONCE) -> int:
        """Products and stage histories of deals that came in; how many deals. Background work that may wait."""
        return self._hinted.take_details(most)

    def freshness(self) -> Freshness:
        return freshness(self._sync, self._hints)

    def _look_again(self, module: str, zoho_ids: Sequence[str], since: datetime | None) -> None:
        """Soon, when the answer has just gone missing; seldom, when it has been missing for long."""
        now = self._clock()
        waited = (now - since) / 4 if since else LOOK_AGAIN_AFTER
        pause = min(max(waited, LOOK_AGAIN_AFTER), SELDOM)
        self._hints.add(module, zoho_ids, now, not_before=now + pause)

    def _deals_came(self, zoho_ids: Sequence[str]) -> None:
        self._hints.add(DETAILS, zoho_ids, self._clock())

    def _tell(self, changes: Sequence[RecordChange]) -> None:
        if self._on_changes is None or len(changes) <= TOLD_ONE_BY_ONE:
            for change in changes:
                self._crm.tell(change)
            return
        try:
            self._on_changes(changes)
        except Exception:  # somebody else's code, and the records are saved
            log.exception("%d changes could not be passed on", len(changes))
