"""Hints worked off: the records are fetched by id and applied; those that are gone are removed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.errors import CrmError, CrmRefused, CrmRejected
from crm_client.zoho.api.calls import ZohoCalls
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.applying import Applying, OnChanges
from crm_client.zoho.mirror.applying_details import apply_details
from crm_client.zoho.mirror.deal_details import AT_ONCE, DealDetails
from crm_client.zoho.mirror.hints import Hint, Hints
from crm_client.zoho.mirror.incoming import fields_of
from crm_client.zoho.mirror.kinds import one_at_a_time
from crm_client.zoho.mirror.links_in_bulk import links_with
from crm_client.zoho.mirror.sync_rows import SyncRows
from crm_client.zoho.mirror.waiting_writes import pending_lines

log = logging.getLogger(__name__)

BATCH: Final = 100  # ids of one call
LOOK_BACK: Final = timedelta(hours=1)  # a deletion may have happened before its hint
TRIES_BEFORE_GONE: Final = 3


class Hinted:
    def __init__(
        self,
        crm: EmbeddedCrm,
        calls: ZohoCalls,
        field_map: FieldMap,
        applying: Applying,
        sync: SyncRows,
        hints: Hints,
        *,
        clock: Callable[[], datetime],
        on_changes: OnChanges,
        remove: Callable[[str, Sequence[str]], int],
    ) -> None:
        self._crm = crm
        self._calls = calls
        self._map = field_map
        self._applying = applying
        self._sync = sync
        self._hints = hints
        self._clock = clock
        self._on_changes = on_changes
        self._remove = remove
        self._details = DealDetails(calls, field_map, clock=clock)

    def take_hints(self) -> int:
        """Everything that is due now; how many records were looked at. CrmError when Zoho or the database is away: the
        hints wait."""
        return self._take_all(details=False, batch=BATCH, work=self._fetch)

    def take_details(self, most: int) -> int:
        """Products and stage histories of up to `most` deals."""
        done = 0
        while done < most:
            taken = self._take_one(details=True, batch=min(AT_ONCE, most - done), work=self._fetch_details)
            if not taken:
                break
            done += taken
        return done

    def _take_all(self, *, details: bool, batch: int, work: Callable[[list[Hint]], None]) -> int:
        done = 0
        while taken := self._take_one(details=details, batch=batch, work=work):
            done += taken
        return done

    def _take_one(self, *, details: bool, batch: int, work: Callable[[list[Hint]], None]) -> int:
        if not self._calls.can_work():
            return 0
        hints = self._hints.take(self._clock(), batch, details=details)
        if not hints:
            return 0
        module = "deals" if details else hints[0].module
        try:
            work(hints)
        except CrmError as error:
            self._hints.later(hints, self._clock())
            log.warning("%d hints of %s wait: %s", len(hints), hints[0].module, error)
            self._sync.failed(module, error, self._clock())  # the next poll, which would tell it, may be far away
            if not isinstance(error, CrmRejected | CrmRefused):
                raise
        else:
            self._sync.went_well(module, self._clock())
        return len(hints)

    def _fetch(self, hints: list[Hint]) -> None:
        module = hints[0].module
        api_module = self._map.api_module(module)
        raws = self._calls.records(api_module, [hint.zoho_id for hint in hints], fields_of(self._map, module))
        self._applying.apply(module, raws)
        there = {str(raw["id"]) for raw in raws}
        missing = [hint for hint in hints if hint.zoho_id not in there]
        self._hints.done(hint for hint in hints if hint.zoho_id in there)
        if missing:
            self._settle_missing(module, api_module, missing)

    def _settle_missing(self, module: str, api_module: str, missing: list[Hint]) -> None:
        """Not found by id is not enough to remove a record: Zoho has answered expired tokens as if nothing were
        there. The push said so, too, or the list of deletions does, or it is not found again and again."""
        since = min(hint.at for hint in missing) - LOOK_BACK
        listed = {one.id for one in self._calls.deleted(api_module, since)}
        gone = [
            hint for hint in missing if hint.deleted or hint.zoho_id in listed or hint.attempts + 1 >= TRIES_BEFORE_GONE
        ]
        if gone and not self._calls.organisation():
            gone = []
        self._remove(module, [hint.zoho_id for hint in gone])
        self._hints.done(gone)
        self._hints.later([hint for hint in missing if hint not in gone], self._clock())

    def _without_held(self, hints: list[Hint]) -> list[Hint]:
        """Products that were changed here and are not there yet must be sent first; then Zoho is asked what it has."""
        with self._crm.reading("deals whose products wait") as connection:
            links = links_with(connection, "deals", [hint.zoho_id for hint in hints])
            local = {hint: links[hint.zoho_id].local_id for hint in hints if hint.zoho_id in links}
            held = pending_lines(connection, list(local.values()))
        waiting = [hint for hint in hints if local.get(hint) in held]
        self._hints.later(waiting, self._clock())
        return [hint for hint in hints if hint not in waiting]

    def _fetch_details(self, hints: list[Hint]) -> None:
        hints = self._without_held(hints)
        if not hints:
            return
        zoho_ids = [hint.zoho_id for hint in hints]
        lines = self._details.lines(zoho_ids)
        histories = self._details.histories(zoho_ids)
        with self._crm.writing("apply details of deals") as connection:
            one_at_a_time(connection, "deals")
            changes = apply_details(connection, lines, histories)
        self._hints.done(hints)
        if changes:
            self._on_changes(changes)
