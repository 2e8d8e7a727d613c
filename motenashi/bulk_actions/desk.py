"""Everything that may be asked of bulk actions: make a plan, look at it, let it begin, watch it, stop it, undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motenashi.bulk_actions.best_hours import BestHours
from motenashi.bulk_actions.content import Content, MailContent, UpdateContent, from_json
from motenashi.bulk_actions.deciding import Deciding, Decision
from motenashi.bulk_actions.deeds import Deeds
from motenashi.bulk_actions.gather import Gather
from motenashi.bulk_actions.planning import Planning
from motenashi.bulk_actions.plans import Plans
from motenashi.bulk_actions.selection import Filters, read_filter, too_slow
from motenashi.bulk_actions.settable import Settable, read_values
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.sorting import Sorting
from motenashi.bulk_actions.templates import Known
from motenashi.bulk_actions.words import Actor, AuditEntry, BulkWrong, Count, Job, Module, Row
from motenashi.filters.filter import Filter, FilterTooSlow

# So many are sorted while somebody waits for the page; the worker sorts the rest.
SORTED_AT_ONCE = 500


@dataclass(frozen=True)
class Selected:
    """Whom a filter finds now: how many, in words, and the filter's JSON as it is kept in addresses."""

    filter: Filter
    records: int
    words: str


@dataclass(frozen=True)
class Sample:
    """One record as it would be done now. `place` of `of` that it will be done to; the numbers of its neighbours.
    `when`: about when its mail would leave, with the best time wished for."""

    row: Row
    decision: Decision
    place: int
    of: int
    before: int | None = None
    after: int | None = None
    when: datetime | None = None


class BulkDesk:
    """BulkWrong, CrmError, DBAPIError."""

    def __init__(
        self,
        plans: Plans,
        filters: Filters,
        planning: Planning,
        sorting: Sorting,
        deciding: Deciding,
        deeds: Deeds,
        gather: Gather,
        hours: BestHours,
        settings: BulkSettings,
    ) -> None:
        self.settings = settings
        self._plans = plans
        self._filters = filters
        self._planning = planning
        self._sorting = sorting
        self._deciding = deciding
        self._deeds = deeds
        self._gather = gather
        self._hours = hours

    # Before there is a plan

    def select(self, module: Module, raw: Any, language: str) -> Selected:
        chosen = read_filter(self._filters, module, raw)
        try:
            return Selected(chosen, self._filters.count(chosen), self._filters.explain(chosen, language))
        except FilterTooSlow as error:
            raise too_slow() from error

    def in_words(self, job: Job, language: str) -> str:
        """The filter as people read it; '' when it can't be read any more."""
        try:
            return self._filters.explain(read_filter(self._filters, job.module, job.filter), language)
        except (BulkWrong, FilterTooSlow):
            return ""

    def known(self, module: Module, *, mail: bool) -> Known:
        """What a template may name."""
        return self._gather.known(module, mail=mail)

    def settable(self, module: Module) -> tuple[Settable, ...]:
        return self._planning.settable(module)

    def read_values(self, module: Module, written: Mapping[str, str]) -> UpdateContent:
        return UpdateContent(read_values(self._planning.settable(module), written))

    # The plan

    def plan(self, actor: Actor, module: Module, raw: Any, content: Content, now: datetime) -> int:
        job_id = self._planning.begin(actor, module, raw, content, now)
        self._sorting.sort(job_id, now, most=SORTED_AT_ONCE)
        return job_id

    def change(self, job: Job, content: Content, *, by: str, now: datetime) -> None:
        self._planning.change(job, content, by=by, now=now)
        self._sorting.sort(job.id, now, most=SORTED_AT_ONCE)

    def find(self, job_id: int, actor: Actor) -> Job | None:
        """None also for somebody else's, for people who may act on their own records only; and for what they planned
        for everybody's when they still might."""
        job = self._plans.job(job_id)
        mine = job is not None and (actor.everybodys or (job.created_by == actor.email and bool(job.owner_only)))
        return job if mine and job is not None and job.total > 0 else None

    def newest(self, actor: Actor, *, before: int | None = None, most: int = 30) -> tuple[Job, ...]:
        return self._plans.newest(by="" if actor.everybodys else actor.email, before=before, most=most)

    def counts(self, job: Job) -> tuple[Count, ...]:
        return self._plans.counts(job.id)

    def undo_counts(self, job: Job) -> Mapping[str, int]:
        return self._plans.undo_counts(job.id)

    def rows(
        self, job: Job, *, states: Sequence[str] = (), why: str = "", undo: str = "", after: int = 0, most: int = 50
    ) -> tuple[Row, ...]:
        return self._plans.rows(job.id, states=states, why=why, undo=undo, after=after, most=most)

    def audit(self, job: Job) -> tuple[AuditEntry, ...]:
        return self._plans.audit(job.id)

    def sample(self, job: Job, number: int, now: datetime) -> Sample | None:
        """The record with this number or the next one that it will be done to; else the last. None: there is none."""
        row = self._plans.ready_row(job.id, at_or_after=number) or self._plans.ready_row(job.id, before=number)
        if row is None:
            return None
        (decision,) = self._deciding.decide([row], self.content(job), owner_only=job.owner_only)
        earlier = self._plans.ready_row(job.id, before=row.number)
        later = self._plans.ready_row(job.id, at_or_after=row.number + 1)
        of = sum(one.rows for one in self.counts(job) if one.state == "ready")
        return Sample(
            row,
            decision,
            self._plans.place_among_ready(job.id, row.number),
            of,
            earlier.number if earlier else None,
            later.number if later else None,
            self._when(job, decision, now),
        )

    def content(self, job: Job) -> Content:
        return from_json(job.action, job.content)

    # What people do with it

    def confirm(self, job: Job, *, version: int, said: int, typed: str, by: str, now: datetime) -> None:
        self._deeds.confirm(job, version=version, said=said, typed=typed, by=by, now=now)

    def pause(self, job: Job, *, by: str, now: datetime) -> None:
        self._deeds.pause(job, by=by, now=now)

    def resume(self, job: Job, *, by: str, now: datetime) -> None:
        self._deeds.resume(job, by=by, now=now)

    def cancel(self, job: Job, *, by: str, now: datetime) -> None:
        self._deeds.cancel(job, by=by, now=now)

    def may_undo_until(self, job: Job) -> datetime | None:
        return self._deeds.may_undo_until(job)

    def undo(self, job: Job, *, by: str, now: datetime) -> None:
        self._deeds.undo(job, by=by, now=now)

    def _when(self, job: Job, decision: Decision, now: datetime) -> datetime | None:
        content = self.content(job)
        if not isinstance(content, MailContent) or not content.best_time_days:
            return None
        until = now + timedelta(days=content.best_time_days)
        return self._hours.when(decision.facts, now=now, until=until)
