"""Will it be done to this record, and if not, why? Asked at the preview for all, and again for each when it is done.

A mail's decision is about the address as it is now; that one address gets one mail is seen to by whoever stores it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_client.records import Contact, Lead
from motenashi.bulk_actions.bounces import Bounces
from motenashi.bulk_actions.content import Content, MailContent, TaskContent, UpdateContent
from motenashi.bulk_actions.gather import Facts, Gather, person_name
from motenashi.bulk_actions.letter import Letter, write_letter
from motenashi.bulk_actions.marks import mark_of
from motenashi.bulk_actions.refusals import Refusals
from motenashi.bulk_actions.settable import value_in
from motenashi.bulk_actions.stop_links import StopLinks
from motenashi.bulk_actions.templates import RenderingFailed, render
from motenashi.bulk_actions.words import Language, Module, Row
from motenashi.clean_text import plain_line
from motenashi.outgoing_mail.mail import is_address, one_line

LONGEST_NOTE = 10_000
LONGEST_SUBJECT = 250


@dataclass(frozen=True)
class TaskText:
    subject: str
    note: str


@dataclass(frozen=True)
class Decision:
    """`why` '': it will be done. What it will be: `letter` to `address`, `before` (the values to be changed, as they
    are now), or `task`. `facts` None: the record is gone."""

    row: Row
    facts: Facts | None
    why: str = ""
    detail: str = ""
    address: str = ""
    mark: str = ""
    letter: Letter | None = None
    before: Mapping[str, Any] | None = None
    task: TaskText | None = None


class Deciding:
    """CrmError and DBAPIError."""

    def __init__(
        self,
        gather: Gather,
        refusals: Refusals,
        bounces: Bounces,
        links: StopLinks,
        footers: Mapping[Language, str],
    ) -> None:
        self._gather = gather
        self._refusals = refusals
        self._bounces = bounces
        self._links = links
        self._footers = footers

    def decide(self, rows: Sequence[Row], content: Content, *, owner_only: str = "") -> list[Decision]:
        """For each row, in their order. `owner_only`: whose records alone may be acted on; '' is everybody's."""
        facts = self._facts(rows)
        if isinstance(content, MailContent):
            return self._mails(rows, facts, content, owner_only)
        if isinstance(content, UpdateContent):
            return [_update(row, facts.get(row.number), content, owner_only) for row in rows]
        return [self._task(row, facts.get(row.number), content, owner_only) for row in rows]

    def _facts(self, rows: Sequence[Row]) -> dict[int, Facts]:
        found: dict[int, Facts] = {}
        by_module: dict[Module, list[Row]] = {}
        for row in rows:
            by_module.setdefault(row.module, []).append(row)
        for module, these in by_module.items():
            known = self._gather.facts(module, {row.record_id for row in these})
            found |= {row.number: known[row.record_id] for row in these if row.record_id in known}
        return found

    def _mails(
        self, rows: Sequence[Row], facts: Mapping[int, Facts], content: MailContent, owner_only: str
    ) -> list[Decision]:
        marks = {mark_of(person.email) for one in facts.values() if (person := one.person)}
        refused, bouncing = self._refusals.among(marks), self._bounces.marks(marks)
        people = [one.person for one in facts.values()]
        contacts = self._bounces.people("contact_id", [one.id for one in people if isinstance(one, Contact)])
        leads = self._bounces.people("lead_id", [one.id for one in people if isinstance(one, Lead)])
        return [
            self._mail(row, facts.get(row.number), content, owner_only, refused, bouncing, contacts | leads)
            for row in rows
        ]

    def _mail(
        self,
        row: Row,
        facts: Facts | None,
        content: MailContent,
        owner_only: str,
        refused: frozenset[str],
        bouncing: frozenset[str],
        people: frozenset[str],
    ) -> Decision:
        if why := _not_at_all(facts, owner_only):
            return Decision(row, facts, why)
        person = facts.person if facts else None
        if facts is None or person is None:
            return Decision(row, facts, "no_contact")
        address = person.email.strip()
        mark = mark_of(address)
        if not address:
            return Decision(row, facts, "no_address")
        if not mark or not is_address(address):
            return Decision(row, facts, "bad_address")
        if mark in refused:
            return Decision(row, facts, "unsubscribed")
        if mark in bouncing or person.id in people:
            return Decision(row, facts, "bounced")
        link = self._links.link(address, content.language_for(person.language))
        try:
            letter = write_letter(content, facts, self._gather, stop_link=link, footers=self._footers)
        except RenderingFailed as error:
            return Decision(row, facts, "template", error.what)
        return Decision(row, facts, address=address, mark=mark, letter=letter)

    def _task(self, row: Row, facts: Facts | None, content: TaskContent, owner_only: str) -> Decision:
        if why := _not_at_all(facts, owner_only):
            return Decision(row, facts, why)
        if facts is None or facts.owner is None or not facts.owner.active:
            return Decision(row, facts, "no_owner")
        language: Language = "ja" if facts.person and facts.person.language == "ja" else "en"
        scope = self._gather.scope(facts, language)
        try:
            subject = one_line(render(content.subject, scope))[:LONGEST_SUBJECT]
            note = render(content.note, scope).strip()[:LONGEST_NOTE]
            if not subject:
                raise RenderingFailed({"en": "The subject is empty.", "ja": "件名が空です。"}, "subject")
        except RenderingFailed as error:
            return Decision(row, facts, "template", error.what)
        return Decision(row, facts, task=TaskText(subject, note))


def _update(row: Row, facts: Facts | None, content: UpdateContent, owner_only: str) -> Decision:
    if why := _not_at_all(facts, owner_only):
        return Decision(row, facts, why)
    record = record_of(facts, row.module)
    before = {name: value_in(record, name) for name in content.values}
    before = {name: value for name, value in before.items() if value != content.values[name]}
    return Decision(row, facts, "" if before else "unchanged", before=before or None)


def _not_at_all(facts: Facts | None, owner_only: str) -> str:
    if facts is None:
        return "gone"
    whose = next(one for one in (facts.deal, facts.contact, facts.lead, facts.account) if one is not None).owner_id
    return "not_yours" if owner_only and whose != owner_only else ""


def record_of(facts: Facts | None, module: Module) -> Any:
    """The record itself, of what was gathered about it."""
    return getattr(facts, {"leads": "lead", "contacts": "contact", "accounts": "account", "deals": "deal"}[module])


def name_of(facts: Facts, module: Module) -> str:
    """What people call the record; for a person with their company."""
    if module == "deals" and facts.deal:
        return plain_line(facts.deal.name)[:255]
    if facts.person is not None and module != "accounts":
        return plain_line(person_name(facts.person))[:255]
    return plain_line(facts.account.name if facts.account else "")[:255]
