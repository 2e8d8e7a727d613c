"""Everything we ask of Zoho's API: the face that mirror, outbox, doctor and commands are written against.

Every trouble is one of `crm_client/errors.py` (with `trouble` set where an operator can mend it). An empty answer means
that Zoho answered and has nothing. `deadline` (seconds from now, None: as long as background work may take) bounds the
whole call with all its repetitions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from crm_client.zoho.api.shapes import (
    BulkJob,
    Channel,
    Credits,
    Deleted,
    Entry,
    FieldMeta,
    LayoutMeta,
    ModuleMeta,
    Page,
    Raw,
    RelatedListMeta,
)


class ZohoCalls(Protocol):
    # Reading records
    def page(
        self,
        module: str,
        fields: Sequence[str],
        *,
        since: datetime | None = None,
        token: str = "",
        per_page: int = 200,
    ) -> Page:
        """One page of what changed after `since` (all without), oldest change first (sort_by Modified_Time asc).
        Modified_Time and id always come; fields beyond the 50 of one call are read by id and merged. Converted leads
        come, too. Zoho's times are whole seconds and it leaves out the second of `since` itself: hand in a second
        less than the last time seen, or what changed in the same second later is missed."""

    def pages(self, module: str, fields: Sequence[str], *, since: datetime | None = None) -> Iterator[Page]:
        """All of them. An expired page token begins again from the last Modified_Time seen; the same token twice is
        an error. Modules that Zoho does not page past 2,000 or 100,000 go on the same way."""

    def records(self, module: str, ids: Collection[str], fields: Sequence[str]) -> Sequence[Raw]:
        """By id, 100 a call; ids that no record has are left out. For more than 50 fields: several calls, merged."""

    def deleted(self, module: str, since: datetime) -> Iterator[Deleted]: ...
    def people_with(
        self, module: str, fields: Sequence[str], *, email: str = "", phone: str = "", deadline: float | None = None
    ) -> Sequence[Raw]:
        """Contacts or Leads whose address (any e-mail field of `fields`) or number is this one: COQL first (fresh,
        exact), search with an exact re-check where COQL can't take the value. One call."""

    def query(
        self,
        module: str,
        fields: Sequence[str],
        where: Sequence[tuple[str, str, Any]],
        *,
        most: int = 200,
        deadline: float | None = None,
    ) -> Sequence[Raw]:
        """COQL from a whitelist: conditions (field, operator, value) joined by `and`; operators = != > >= < <= in
        'is null' 'is not null'. Values are quoted here; one that can't be quoted safely is CrmRejected."""

    def search(
        self,
        module: str,
        fields: Sequence[str],
        where: Sequence[tuple[str, str]],
        *,
        most: int = 200,
        deadline: float | None = None,
    ) -> Sequence[Raw]:
        """Where `query` can't take a value (a text with a quote, a backslash, a line break): fields that equal these
        texts, compared again here without regard to case; look-ups as `What_Id.id`. Zoho's search lags: a record
        written seconds ago may be missing, so `none` is no proof."""

    def related(self, module: str, record_id: str, related_list: str, fields: Sequence[str]) -> Iterator[Raw]: ...
    def related_of_many(
        self, module: str, record_ids: Sequence[str], related_list: str, fields: Sequence[str]
    ) -> Mapping[str, Sequence[Raw]]:
        """Composite, five a call, where Zoho offers it; every id has its list, empty for a record that is gone."""

    def count(self, module: str) -> int: ...
    def users(self) -> Sequence[Raw]: ...
    def organisation(self) -> Raw: ...

    # Writing records: at most 100 entries a call, answered in their order
    def insert(self, module: str, entries: Sequence[Raw]) -> Sequence[Entry]:
        """CrmOutcomeUnknown when it may have been done: look before you do it again."""

    def update(self, module: str, entries: Sequence[Raw]) -> Sequence[Entry]:
        """Each with its `id`."""

    def upsert(self, module: str, entries: Sequence[Raw], *, duplicate_check: Sequence[str]) -> Sequence[Entry]: ...
    def delete(self, module: str, ids: Sequence[str]) -> Sequence[Entry]: ...
    def link(self, module: str, record_id: str, related_list: str, entries: Sequence[Raw]) -> Sequence[Entry]: ...
    def unlink(self, module: str, record_id: str, related_list: str, ids: Sequence[str]) -> Sequence[Entry]: ...
    def emails(self, module: str, record_id: str) -> Iterator[Raw]:
        """A record's e-mails, the newest first, as Zoho lists them (without their texts); at most 500."""

    def associate_email(self, module: str, record_id: str, email: Raw) -> Entry:
        """POST …/actions/associate_email. Not repeatable."""

    # Bulk read
    def start_bulk_read(self, module: str, fields: Sequence[str], *, page: int = 1) -> BulkJob: ...
    def bulk_job(self, job_id: str) -> BulkJob: ...
    def bulk_rows(self, job_id: str) -> Iterator[Mapping[str, str]]:
        """Rows of the job's CSV, as texts, read while unpacking: memory does not grow with their number."""

    # Metadata
    def modules(self) -> Sequence[ModuleMeta]: ...
    def fields(self, module: str) -> Sequence[FieldMeta]: ...
    def layouts(self, module: str) -> Sequence[LayoutMeta]: ...
    def related_lists(self, module: str) -> Sequence[RelatedListMeta]: ...

    # Notification channels
    def watch(self, channel_id: str, events: Sequence[str], *, token: str, url: str, until: datetime) -> Channel:
        """Open, or replace when it is open. The answer says until when Zoho really keeps it."""

    def channels(self) -> Sequence[Channel]: ...
    def stop_watching(self, channel_ids: Sequence[str]) -> None: ...

    # How we stand with Zoho
    def credits(self) -> Credits: ...
    def can_work(self) -> bool:
        """False while the circuit breaker is open, the credits kept for visitors are reached, or consent is missing:
        background work then waits."""
