"""What the pages /bulk show of bulk actions, and who may do what there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Literal, cast

from motenashi.bulk_actions import words as bulk
from motenashi.bulk_actions.content import Content, MailContent, TaskContent, UpdateContent
from motenashi.bulk_actions.desk import BulkDesk
from motenashi.bulk_actions.words import Actor, BulkWrong, Job, Language, Row, wrong
from motenashi.identity.roles import Role
from motenashi.identity.users import User
from motenashi.pages.bulk.bulk_view import (
    ROWS_A_PAGE,
    Action,
    AuditLine,
    Change,
    Count,
    Form,
    JobView,
    Limits,
    Module,
    NotPossible,
    RowView,
    SampleView,
    Selection,
    SettableField,
    State,
    Trouble,
)

JOBS_A_PAGE = 30
_EVERYBODYS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})


class BulkViews:
    """Answers the pages: a BulkDesk of motenashi/pages/bulk/bulk_view.py. `language` says the page's language."""

    def __init__(
        self,
        desk: BulkDesk,
        *,
        language: Callable[[], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._language = language
        self._clock = clock

    def may(self, user: User) -> bool:
        own = user.role is Role.REPRESENTATIVE and self._desk.settings.representatives
        return user.role in _EVERYBODYS or own

    def limits(self) -> Limits:
        ours = self._desk.settings
        return Limits(
            ours.most_records, ours.type_number_over, ours.best_time_days, ours.undo_days, ours.fallback_language
        )

    def select(self, module: Module, written: str) -> Selection:
        with self._told():
            found = self._desk.select(module, written, self._language())
        return Selection(module, found.filter.json, found.records, found.words)

    def fields(self, module: Module) -> Sequence[SettableField]:
        return [
            SettableField(one.name, one.kind, one.choices, one.may_be_empty, one.custom)
            for one in self._desk.settable(module)
        ]

    def known(self, module: Module, action: Action) -> Mapping[str, Sequence[str]]:
        return self._desk.known(module, mail=action == "mail") if action != "update" else {}

    def jobs(self, user: User, *, before: int | None = None) -> Sequence[JobView]:
        return [self._view(job) for job in self._desk.newest(_actor(user), before=before, most=JOBS_A_PAGE)]

    def job(self, user: User, job_id: int) -> JobView | None:
        job = self._desk.find(job_id, _actor(user))
        return self._view(job, whole=True) if job else None

    def sample(self, user: User, job_id: int, number: int) -> SampleView | None:
        job = self._found(user, job_id)
        sample = self._desk.sample(job, number, self._clock())
        if sample is None:
            return None
        one, content = sample.decision, self._desk.content(job)
        letter, task, owner = one.letter, one.task, one.facts.owner if one.facts else None
        return SampleView(
            self._row(sample.row, {}),
            sample.place,
            sample.of,
            sample.before,
            sample.after,
            why=one.why,
            to=one.address,
            language=letter.language if letter else "",
            subject=letter.subject if letter else task.subject if task else "",
            text=letter.text if letter else task.note if task else "",
            empty=letter.empty if letter else (),
            when=sample.when,
            owner=owner.name if owner else "",
            due=content.due if isinstance(content, TaskContent) else None,
        )

    def rows(
        self, user: User, job_id: int, *, states: Sequence[str] = (), why: str = "", undo: str = "", after: int = 0
    ) -> Sequence[RowView]:
        job = self._found(user, job_id)
        content = self._desk.content(job)
        new = content.values if isinstance(content, UpdateContent) else {}
        names = self._names(job) if new else {}
        rows = self._desk.rows(job, states=states, why=why, undo=undo, after=after, most=ROWS_A_PAGE)
        return [self._row(row, new, names) for row in rows]

    # What people do

    def plan(self, user: User, module: Module, written: str, form: Form) -> int:
        with self._told():
            content = self._content(module, form)
            return self._desk.plan(_actor(user), module, written, content, self._clock())

    def change(self, user: User, job_id: int, form: Form) -> None:
        job = self._found(user, job_id)
        with self._told():
            self._desk.change(job, self._content(job.module, form), by=user.email, now=self._clock())

    def confirm(self, user: User, job_id: int, *, version: int, said: int, typed: str) -> None:
        job = self._found(user, job_id)
        with self._told():
            self._desk.confirm(job, version=version, said=said, typed=typed, by=user.email, now=self._clock())

    def do(self, user: User, job_id: int, deed: Literal["pause", "resume", "cancel", "undo"]) -> None:
        job = self._found(user, job_id)
        deeds = {
            "pause": self._desk.pause,
            "resume": self._desk.resume,
            "cancel": self._desk.cancel,
            "undo": self._desk.undo,
        }
        with self._told():
            deeds[deed](job, by=user.email, now=self._clock())

    def _found(self, user: User, job_id: int) -> Job:
        job = self._desk.find(job_id, _actor(user))
        if job is None:
            raise NotPossible([])
        return job

    def _content(self, module: bulk.Module, form: Form) -> Content:
        if form.action == "update":
            return self._desk.read_values(module, form.values)
        if form.action == "task":
            return TaskContent(form.subject.get("", ""), form.body.get("", ""), _day(form.due))
        return MailContent(
            _by_language(form.subject), _by_language(form.body), _language(form.fallback), form.best_time_days
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is wrong is told in the page's language."""
        try:
            yield
        except BulkWrong as error:
            language = self._language()
            raise NotPossible(
                [Trouble(one.where, one.words.get(language) or one.words["en"], one.line) for one in error.problems]
            ) from error

    def _view(self, job: Job, *, whole: bool = False) -> JobView:
        audit = self._desk.audit(job) if whole else ()
        confirmed = next((one.detail.get("records", 0) for one in audit if one.what == "confirmed"), 0)
        return JobView(
            job.id,
            job.module,
            job.action,
            cast(State, job.state),
            job.version,
            job.filter,
            self._desk.in_words(job, self._language()),
            job.total,
            job.created_at,
            job.created_by,
            self._form(job),
            counts=tuple(Count(one.state, one.why, one.rows) for one in self._desk.counts(job)),
            confirmed_at=job.confirmed_at,
            confirmed_by=job.confirmed_by,
            confirmed_records=int(confirmed),
            good_until=job.good_until,
            finished_at=job.finished_at,
            trouble=job.trouble,
            undo=job.undo,
            undo_until=self._undo_until(job),
            undo_counts=self._desk.undo_counts(job) if whole and job.undo else {},
            audit=tuple(AuditLine(one.at, one.by, one.what, one.detail.get("records")) for one in audit),
        )

    def _undo_until(self, job: Job) -> datetime | None:
        until = self._desk.may_undo_until(job)
        return until if until is not None and until > self._clock() else None

    def _form(self, job: Job) -> Form:
        content = self._desk.content(job)
        if isinstance(content, MailContent):
            subject, body = (
                {str(code): text for code, text in texts.items()} for texts in (content.subject, content.body)
            )
            return Form("mail", subject, body, content.fallback, content.best_time_days)
        if isinstance(content, UpdateContent):
            return Form("update", values={name: _typed(value) for name, value in content.values.items()})
        return Form("task", {"": content.subject}, {"": content.note}, due=content.due.isoformat())

    def _names(self, job: Job) -> dict[tuple[str, str], str]:
        """What people call a choice: an owner by name and not by id."""
        return {(one.name, value): name for one in self._desk.settable(job.module) for value, name in one.choices}

    def _row(self, row: Row, new: Mapping[str, Any], names: Mapping[tuple[str, str], str] | None = None) -> RowView:
        called = names or {}
        changes = tuple(
            Change(
                name,
                called.get((name, _typed(value)), _typed(value)),
                called.get((name, _typed(new[name])), _typed(new[name])),
            )
            for name, value in (row.before or {}).items()
            if name in new
        )
        return RowView(
            row.number,
            row.module,
            row.record_id,
            row.name,
            row.state,
            row.why,
            row.detail,
            row.finished_at or row.due_at,
            changes,
            row.undo,
            row.undo_detail,
        )


def _actor(user: User) -> Actor:
    return Actor(user.email, everybodys=user.role in _EVERYBODYS)


def _by_language(texts: Mapping[str, str]) -> dict[Language, str]:
    return {language: texts.get(language, "") for language in bulk.LANGUAGES}


def _language(code: str) -> Language:
    return "ja" if code == "ja" else "en"


def _typed(value: Any) -> str:
    """A value as a form's field has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong("due", "Choose the day by which it is due.", "期日を選んでください。") from None
