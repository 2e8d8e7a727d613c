"""What came of the suggestions that somebody has seen, as the CRM shows it, whoever did it. Safe to run twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from crm_client.client import CrmClient
from crm_client.records import Activity, Email, Outcome, Stage, StageChange
from motenashi.advice_desk.outcome import Found, Move, OurContact, Story, outcome_of
from motenashi.advice_desk.settings import DeskSettings
from motenashi.database import Database
from motenashi.sales_history.purposes import purpose_of
from motenashi.suggestions.settling import Settling, Unsettled
from motenashi.suggestions.suggestion import Suggestion
from motenashi.suggestions.suggestion_rows import RecordKind, record_of

Record = tuple[RecordKind, str]


class FollowUp:
    """CrmError, DBAPIError: nothing is lost, the next run finds it."""

    def __init__(self, database: Database, crm: CrmClient, settings: DeskSettings | None = None) -> None:
        self._settling = Settling(database)
        self._crm = crm
        self._settings = settings or DeskSettings()

    def run(self, now: datetime) -> int:
        """How many were settled: nothing more is awaited of them."""
        settled = self._settling.settle_unseen(now)
        for batch in self._settling.unsettled():
            stories = stories_of([one.suggestion for one in batch], self._crm)
            found = [(one, self._found(one, stories, now)) for one in batch]
            events = [event for one, what in found for event in what.events if event.what not in one.noted]
            done = [one.suggestion.id for one, what in found if what.settled]
            if events or done:
                self._settling.note(events, done, now=now)
            settled += len(done)
        return settled

    def _found(self, one: Unsettled, stories: Mapping[Record, Story], now: datetime) -> Found:
        story = stories.get(record_of(one.suggestion.about), Story())
        return outcome_of(one, story, self._settings, now=now)


def stories_of(suggestions: Sequence[Suggestion], crm: CrmClient) -> dict[Record, Story]:
    """What happened with the records of these, from the first of them on; three queries for 500 records."""
    records = {record_of(one.about) for one in suggestions}
    ids = {kind: [record_id for its, record_id in records if its == kind] for kind in ("deal", "contact", "lead")}
    which = {"deal_ids": ids["deal"], "contact_ids": ids["contact"], "lead_ids": ids["lead"]}
    contacts: dict[Record, list[OurContact]] = {record: [] for record in records}
    for activity in crm.activities_of_all(**which):
        _put(contacts, activity, _from_activity(activity))
    for email in crm.emails_of_all(**which):
        _put(contacts, email, _from_email(email))
    moves = moves_of(crm.stage_changes_of(ids["deal"]), crm.stages())
    return {
        record: Story(sorted(found, key=lambda one: one.at), moves.get(record[1], []) if record[0] == "deal" else [])
        for record, found in contacts.items()
    }


def _put(contacts: dict[Record, list[OurContact]], piece: Activity | Email, contact: OurContact | None) -> None:
    """What was done about a deal is also a contact with its person."""
    records: Iterable[Record] = (("deal", piece.deal_id), ("contact", piece.contact_id), ("lead", piece.lead_id))
    for record in records:
        if contact is not None and record in contacts:
            contacts[record].append(contact)


def _from_activity(one: Activity) -> OurContact | None:
    """Done calls of ours, and done appointments; tasks are no contact."""
    is_ours = one.kind == "event" or (one.kind == "call" and one.direction != "inbound")
    if not is_ours or one.status != "completed":
        return None
    return OurContact(one.kind, one.purpose or purpose_of(one.subject), one.start_at, one.id)


def _from_email(one: Email) -> OurContact | None:
    if one.direction != "out" or one.status == "draft":
        return None
    return OurContact("e-mail", one.purpose or purpose_of(one.subject), one.sent_at, one.id)


def moves_of(changes: Iterable[StageChange], stages: Iterable[Stage]) -> dict[str, list[Move]]:
    """Deal id -> where it went, in time order. Going back is no move."""
    known = {stage.name: stage for stage in stages}
    found: dict[str, list[Move]] = {}
    for change in changes:
        move = _move(change, known)
        if move is not None:
            found.setdefault(change.deal_id, []).append(move)
    return found


def _move(change: StageChange, known: Mapping[str, Stage]) -> Move | None:
    before, after = known.get(change.from_stage), known.get(change.to_stage)
    if before is None or after is None:
        return None
    if after.outcome is Outcome.WON:
        return Move(("advanced", "won"), change.at, after.name)
    if after.outcome is Outcome.LOST:
        return Move(("lost",), change.at, after.name)
    return Move(("advanced",), change.at, after.name) if after.position > before.position else None
