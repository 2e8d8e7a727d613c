"""Making a plan: the filter's records are frozen as a list of ids, and what is to be done to them is checked.

Nothing is kept unless all of it is right. The list never grows: whoever fits the filter later is not on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select, update

from crm_client.client import CrmClient
from crm_client.embedded.tables import crm_contacts
from motenashi.bulk_actions import audit
from motenashi.bulk_actions.content import Content, MailContent, TaskContent, UpdateContent, action_of, to_json
from motenashi.bulk_actions.gather import Gather
from motenashi.bulk_actions.plans import Plans, move_job
from motenashi.bulk_actions.selection import Filters, found_by, read_filter, too_many
from motenashi.bulk_actions.settable import Settable, settable_fields
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.stop_links import StopLinks
from motenashi.bulk_actions.tables import bulk_jobs, bulk_rows
from motenashi.bulk_actions.templates import problems_in
from motenashi.bulk_actions.words import LANGUAGES, Actor, BulkProblem, BulkWrong, Job, Module, wrong
from motenashi.filters.filter import Filter

LONGEST_GOOD = 25  # days; the outgoing mail remembers keys for a month
FARTHEST_DUE = timedelta(days=731)
_AT_ONCE = 1_000
_ACCOUNTS_AT_ONCE = 400


@dataclass(frozen=True)
class _Frozen:
    """One row of the list. `why`: it is left out from the beginning."""

    found_id: str
    module: Module
    record_id: str
    why: str = ""


class Planning:
    """CrmError and DBAPIError; nothing is planned then."""

    def __init__(
        self,
        plans: Plans,
        filters: Filters,
        crm: CrmClient,
        gather: Gather,
        links: StopLinks,
        settings: BulkSettings,
        custom_fields: Collection[str],
        zone: tzinfo,
    ) -> None:
        self._plans = plans
        self._filters = filters
        self._crm = crm
        self._gather = gather
        self._links = links
        self._settings = settings
        self._custom = tuple(custom_fields)
        self._zone = zone

    def settable(self, module: Module) -> tuple[Settable, ...]:
        return settable_fields(module, self._crm, self._custom)

    def check(self, module: Module, content: Content, now: datetime) -> None:
        """BulkWrong with everything that is wrong with what is to be done."""
        if isinstance(content, MailContent):
            problems = self._wrong_with_mail(module, content)
        elif isinstance(content, TaskContent):
            problems = self._wrong_with_task(module, content, now)
        else:
            problems = self._wrong_with_update(module, content)
        if problems:
            raise BulkWrong(problems)

    def begin(self, actor: Actor, module: Module, raw: Any, content: Content, now: datetime) -> int:
        """Freeze whom the filter finds now; the plan's id. BulkWrong tells what is wrong with filter or content."""
        self.check(module, content, now)
        chosen = read_filter(self._filters, module, raw)
        ids = found_by(self._filters, chosen, self._settings.most_records)
        job_id = self._new_job(actor, chosen, module, content, now)
        total = 0
        for part in _parts(self._frozen(module, ids, content)):
            total += self._add_rows(job_id, total, part, now)
            if total > self._settings.most_records:
                self._give_up(job_id, now)
                raise too_many(self._settings.most_records)
        with self._plans.database.write() as connection:
            move_job(connection, job_id, ("freezing",), state="planning", total=total)
            detail = {"records": total, "action": action_of(content), "module": module}
            audit.note(connection, job_id, "planned", by=actor.email, at=now, detail=detail)
        return job_id

    def change(self, job: Job, content: Content, *, by: str, now: datetime) -> None:
        """Another text or other values for the same frozen list. BulkWrong; also when it has begun by now."""
        self.check(job.module, content, now)
        if action_of(content) != job.action:
            raise ValueError("a plan keeps its kind of action")
        anew = {"state": "new", "why": "", "detail": "", "mark": None, "before": None}
        mine = (bulk_rows.c.job_id == job.id, bulk_rows.c.why != "no_contact")
        with self._plans.database.write() as connection:
            values = {"content": to_json(content), "version": bulk_jobs.c.version + 1, "lease": "", "lease_until": None}
            if not move_job(connection, job.id, ("planning", "preview"), state="planning", **values):
                raise begun_already()
            connection.execute(update(bulk_rows).where(*mine).values(anew))
            audit.note(connection, job.id, "changed", by=by, at=now)

    def _new_job(self, actor: Actor, chosen: Filter, module: Module, content: Content, now: datetime) -> int:
        days = max(1, min(self._settings.good_for_days, LONGEST_GOOD))
        row = {
            "created_at": now,
            "created_by": actor.email[:320],
            "module": module,
            "filter": chosen.json,
            "action": action_of(content),
            "content": to_json(content),
            "state": "freezing",
            "owner_only": self._only(actor),
            "good_until": now + timedelta(days=days),
            "look_again": True,
        }
        with self._plans.database.write() as connection:
            made = connection.execute(insert(bulk_jobs).values(row)).inserted_primary_key
        return int(made[0]) if made else 0

    def _only(self, actor: Actor) -> str:
        """The owner whose records this person may act on; '' is everybody's."""
        if actor.everybodys:
            return ""
        address = actor.email.casefold()
        mine = next((owner.id for owner in self._crm.owners() if owner.email.casefold() == address), "")
        if not mine:
            raise wrong(
                "filter",
                "Nobody in the CRM has your address, so no records are yours.",
                "CRMにあなたのメールアドレスの担当者がいないため、対象にできるレコードがありません。",
            )
        return mine

    def _frozen(self, module: Module, ids: Sequence[str], content: Content) -> Iterator[_Frozen]:
        if module != "accounts" or not isinstance(content, MailContent):
            yield from (_Frozen(one, module, one) for one in ids)
            return
        for start in range(0, len(ids), _ACCOUNTS_AT_ONCE):
            yield from self._contacts_of(ids[start : start + _ACCOUNTS_AT_ONCE])

    def _contacts_of(self, accounts: Sequence[str]) -> Iterator[_Frozen]:
        """Mail to an account goes to everybody there."""
        of = crm_contacts.c.account_id
        query = select(of, crm_contacts.c.id).where(of.in_(accounts)).order_by(of, crm_contacts.c.id)
        with self._plans.database.read() as connection:
            rows = connection.execute(query).all()
        contacts = {account: [row[1] for row in these] for account, these in groupby(rows, lambda row: str(row[0]))}
        for account in accounts:
            yield from (_Frozen(account, "contacts", contact) for contact in contacts.get(account, ()))
            if account not in contacts:
                yield _Frozen(account, "accounts", account, "no_contact")

    def _add_rows(self, job_id: int, before: int, part: Sequence[_Frozen], now: datetime) -> int:
        rows = [
            {
                "job_id": job_id,
                "number": before + place,
                "found_id": one.found_id,
                "module": one.module,
                "record_id": one.record_id,
                "contact_id": one.record_id if one.module == "contacts" else "",
                "lead_id": one.record_id if one.module == "leads" else "",
                "state": "skipped" if one.why else "new",
                "why": one.why,
                "tries": 0,
            }
            for place, one in enumerate(part, start=1)
        ]
        with self._plans.database.write() as connection:
            connection.execute(insert(bulk_rows), rows)
        return len(rows)

    def _give_up(self, job_id: int, now: datetime) -> None:
        with self._plans.database.write() as connection:
            connection.execute(bulk_rows.delete().where(bulk_rows.c.job_id == job_id))
            move_job(connection, job_id, ("freezing",), state="cancelled", finished_at=now)

    def _wrong_with_mail(self, module: Module, content: MailContent) -> list[BulkProblem]:
        known = self._gather.known(module, mail=True)
        problems = []
        if not self._links.possible:
            en = "No mass mail can be written: the link to stop it needs server.public_url in config.yaml."
            ja = "一斉メールには配信停止リンクが必要です。config.yamlのserver.public_urlを設定してください。"
            problems.append(BulkProblem("mail", {"en": en, "ja": ja}))
        for language in LANGUAGES:
            subject, body = content.subject.get(language, ""), content.body.get(language, "")
            if bool(subject.strip()) != bool(body.strip()):
                where = f"body.{language}" if subject.strip() else f"subject.{language}"
                problems.append(_missing(where))
            problems += problems_in(f"subject.{language}", subject, known)
            problems += problems_in(f"body.{language}", body, known)
        if not content.languages:
            problems.append(_missing("body"))
        if not 0 <= content.best_time_days <= self._settings.best_time_days:
            most = self._settings.best_time_days
            en, ja = f"Choose at most {most} days.", f"{most}日以内で選んでください。"
            problems.append(BulkProblem("best_time_days", {"en": en, "ja": ja}))
        return problems

    def _wrong_with_task(self, module: Module, content: TaskContent, now: datetime) -> list[BulkProblem]:
        known = self._gather.known(module, mail=False)
        problems = problems_in("subject", content.subject, known) + problems_in("note", content.note, known)
        if not content.subject.strip():
            problems.append(_missing("subject"))
        today = now.astimezone(self._zone).date()
        if not today <= content.due <= today + FARTHEST_DUE:
            en, ja = "Choose a day from today on, within two years.", "本日以降、2年以内の日付を選んでください。"
            problems.append(BulkProblem("due", {"en": en, "ja": ja}))
        return problems

    def _wrong_with_update(self, module: Module, content: UpdateContent) -> list[BulkProblem]:
        known = {field.name for field in self.settable(module)}
        if content.values and set(content.values) <= known:
            return []
        en, ja = "Choose fields that can be set.", "変更できる項目を選んでください。"
        return [BulkProblem("values", {"en": en, "ja": ja})]


def begun_already() -> BulkWrong:
    return wrong(
        "plan",
        "This has begun or was cancelled in the meantime. Please look at it again.",
        "すでに開始されたか、中止されています。もう一度ご確認ください。",
    )


def _missing(where: str) -> BulkProblem:
    return BulkProblem(where, {"en": "Something is missing here.", "ja": "入力してください。"})


def _parts(rows: Iterator[_Frozen]) -> Iterator[list[_Frozen]]:
    part: list[_Frozen] = []
    for row in rows:
        part.append(row)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
