"""The first fill: every module once, by bulk read where Zoho offers it, by pages where not.

Where a fill stands is in the table: the job, its page, the rows applied. After a kill the job goes on being waited for,
and the result of a finished one is read again, which changes nothing that is there. What changes in Zoho meanwhile is
found by the first poll: it asks from the moment at which the module's fill began.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, Final

from crm_client.errors import CrmBusy, CrmError, CrmRefused, CrmRejected, CrmUnreachable
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.api.shapes import BulkJob
from crm_client.zoho.mapping.field_map import MIRRORED, FieldMap
from crm_client.zoho.mirror.applying import CHUNK, Applied, Applying
from crm_client.zoho.mirror.incoming import fields_of
from crm_client.zoho.mirror.owners_and_stages import OwnersAndStages
from crm_client.zoho.mirror.sync_rows import SyncRow, SyncRows
from crm_client.zoho.mirror.what_rows_are_about import WhatRowsAreAbout

log = logging.getLogger(__name__)

ROWS_A_PAGE: Final = 200_000  # of one bulk job
PAGES: Final = "pages"  # stands where a job's id does, while a module is read by pages
NOT_IN_BULK: Final = ("notes",)
CLOCKS_DIFFER: Final = timedelta(minutes=5)
PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between two looks at a job
LONGEST_WAIT: Final = 3_600.0
TRIES_FOR_A_FILE: Final = 5
BUSY_PAUSE: Final = 20.0


@dataclass(frozen=True)
class Progress:
    """`expected`: 0 while nobody knows. `done`: rows of the module that are on disk."""

    module: str
    done: int
    expected: int
    finished: bool = False
    trouble: str = ""


@dataclass(frozen=True)
class Filled:
    """Records applied, and the modules that could not be filled with the trouble's name (they are tried next time)."""

    records: int
    failed: Mapping[str, str]


class Filling:
    def __init__(
        self,
        calls: ZohoCalls,
        field_map: FieldMap,
        applying: Applying,
        sync: SyncRows,
        people_and_stages: OwnersAndStages,
        about: WhatRowsAreAbout,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._map = field_map
        self._applying = applying
        self._sync = sync
        self._owners_and_stages = people_and_stages
        self._about = about
        self._clock = clock
        self._pause = pause

    def fill(self, progress: Callable[[Progress], None]) -> Filled:
        """All modules that were never filled, or whose fill was broken off. CrmUnreachable and CrmBusy stop it where it
        stands; a module that Zoho refuses is noted, and the others go on."""
        self._owners_and_stages.refresh_when_due()
        records, failed = 0, {}
        for module in MIRRORED:
            if self._sync.of(module).filled_at is not None:
                continue
            try:
                records += self._fill(module, progress)
            except CrmError as error:
                self._sync.failed(module, error, self._clock())
                if not isinstance(error, CrmRejected | CrmRefused):
                    raise
                failed[module] = error.trouble or "outage"
                progress(Progress(module, 0, 0, trouble=failed[module]))
        return Filled(records, failed)

    def _fill(self, module: str, progress: Callable[[Progress], None]) -> int:
        row = self._begun(module)
        if row.job != PAGES and module not in NOT_IN_BULK:
            try:
                done = self._by_bulk(module, row, progress)
                return self._finished(module, done, progress)
            except _NoBulk as refused:
                log.info("%s is filled by pages: %s", module, refused)
        return self._finished(module, self._by_pages(module, progress), progress)

    def _begun(self, module: str) -> SyncRow:
        row = self._sync.of(module)
        if row.watermark is None and not row.job:
            now = self._clock() - CLOCKS_DIFFER
            # A fill brings what is there; what went since we last asked for deletions only their list tells.
            deleted = row.deleted_watermark or now
            self._sync.set(module, watermark=now, deleted_watermark=deleted, rows_expected=self._expected(module))
            row = self._sync.of(module)
        return row

    def _expected(self, module: str) -> int:
        try:
            return self._calls.count(self._map.api_module(module))
        except (CrmRejected, CrmRefused):  # it needs a scope that nothing else needs
            return 0

    def _finished(self, module: str, done: int, progress: Callable[[Progress], None]) -> int:
        now = self._clock()
        self._sync.set(module, filled_at=now, job="", job_page=0, rows_done=done, rows_expected=done)
        self._sync.went_well(module, now)
        progress(Progress(module, done, done, finished=True))
        return done

    # By bulk read

    def _by_bulk(self, module: str, row: SyncRow, progress: Callable[[Progress], None]) -> int:
        page, job_id = max(row.job_page, 1), row.job
        while True:
            job = self._completed(self._asked(module, page, job_id))
            expected = max(row.rows_expected, (page - 1) * ROWS_A_PAGE + job.count)
            self._sync.set(module, rows_expected=expected)
            done = self._apply_rows(module, job, (page - 1) * ROWS_A_PAGE, expected, progress)
            if not job.more:
                return done
            page, job_id = page + 1, ""

    def _asked(self, module: str, page: int, job_id: str) -> BulkJob:
        """The job that is under way, or a new one when there is none, or Zoho has forgotten it."""
        if job_id:
            try:
                return self._calls.bulk_job(job_id)
            except CrmRejected as error:
                log.info("the bulk job of %s is begun again: %s", module, error)
        try:
            job = self._calls.start_bulk_read(self._map.api_module(module), self._map.fields_to_read(module), page=page)
        except (CrmRejected, CrmRefused) as error:
            if error.trouble in ("module_missing", "no_permission"):
                raise
            raise _NoBulk(str(error)) from error
        self._sync.set(module, job=job.id, job_page=page)
        return job

    def _completed(self, job: BulkJob) -> BulkJob:
        waited = 0.0
        for seconds in _pauses():
            if job.state == "COMPLETED":
                return job
            if job.state == "FAILURE":
                raise _NoBulk("the bulk job failed")
            if waited >= LONGEST_WAIT:
                raise CrmUnreachable("bulk read", "the job does not come to an end", trouble="outage")
            self._pause(seconds)
            waited += seconds
            job = self._calls.bulk_job(job.id)
        raise AssertionError("not reached")

    def _apply_rows(
        self, module: str, job: BulkJob, before: int, expected: int, progress: Callable[[Progress], None]
    ) -> int:
        done = before
        for raws in _chunks(self._map.from_csv(module, row) for row in self._rows(job)):
            self._applying.apply(module, self._about.told(module, raws))
            done += len(raws)
            self._sync.set(module, rows_done=done)
            progress(Progress(module, done, max(expected, done)))
        return done

    def _rows(self, job: BulkJob) -> Iterator[Mapping[str, str]]:
        """Zoho gives out only some files a minute."""
        for _ in range(TRIES_FOR_A_FILE):
            rows = self._calls.bulk_rows(job.id)
            try:
                first = next(rows, None)
            except CrmBusy as error:
                self._pause(max(error.retry_after, BUSY_PAUSE))
                continue
            return iter(()) if first is None else chain((first,), rows)
        return self._calls.bulk_rows(job.id)

    # By pages

    def _by_pages(self, module: str, progress: Callable[[Progress], None]) -> int:
        """Oldest change first, so the last one seen is where to go on."""
        row = self._sync.of(module)
        if row.job != PAGES:
            self._sync.set(module, job=PAGES, watermark=None, rows_done=0)
            row = self._sync.of(module)
        done = row.rows_done
        since = row.watermark - timedelta(seconds=1) if row.watermark else None
        fields = fields_of(self._map, module)
        for page in self._calls.pages(self._map.api_module(module), fields, since=since):
            result: Applied = self._applying.apply(module, page.records)
            done += len(page.records) - result.skipped
            if page.records:
                self._sync.set(module, watermark=self._map.modified_at(page.records[-1]), rows_done=done)
            progress(Progress(module, done, max(row.rows_expected, done)))
        if self._sync.of(module).watermark is None:  # nothing is there yet
            self._sync.set(module, watermark=row.deleted_watermark)
        return done


class _NoBulk(Exception):
    """This module can't be read in bulk."""


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _pauses() -> Iterator[float]:
    yield from PAUSES
    while True:
        yield PAUSES[-1]
