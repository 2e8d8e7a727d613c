"""What the API tells of advice, gathered from the advice desk and the CRM: an ApiDesk (motenashi/channels/api)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from crm_client.client import CrmClient
from crm_client.records import Contact, Lead
from motenashi.advice_desk.desk import AdviceDesk
from motenashi.advice_views import AdviceViews
from motenashi.channels.api.api_view import (
    AdviceState,
    EmbedLink,
    Override,
    PersonKind,
    PersonTimes,
    RecordAdvice,
    RecordKind,
)
from motenashi.identity.embed_links import EmbedLinks
from motenashi.suggestions.acted import Acted
from motenashi.suggestions.best_time.best_times import BestTimes


class AdviceAnswers:
    """CrmError passes through."""

    def __init__(
        self,
        desk: AdviceDesk,
        crm: CrmClient,
        views: AdviceViews,
        links: EmbedLinks,
        *,
        address: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`address`: of this server, as browsers reach it ("https://motenashi.example.com"); '' gives bare paths."""
        self._desk = desk
        self._crm = crm
        self._views = views
        self._links = links
        self._address = address.rstrip("/")
        self._clock = clock

    def advice(self, kind: RecordKind, record_id: str) -> RecordAdvice | None:
        found = self._desk.advice(kind, record_id, now=self._clock())
        if found is None:
            return None
        one = found.suggestion
        state: AdviceState = (
            "switched_off" if found.switched_off else "ready" if one else "computing" if found.computing else "none"
        )
        return RecordAdvice(kind, record_id, state, (one,) if one else (), found.learned_from, found.learned_at)

    def best_times(self, person_id: str, kind: PersonKind | None) -> PersonTimes | None:
        person = self._person(person_id, kind)
        if person is None:
            return None
        told: PersonKind = "contact" if isinstance(person, Contact) else "lead"
        times = self._desk.times(told, person.id)
        on = self._desk.switches.now()
        channels: dict[str, BestTimes | None] = {}
        if on.best_time_calls:
            channels["call"] = times.call
        if on.best_time_emails:
            channels["email"] = times.email
        own = times.override
        return PersonTimes(
            told,
            person.id,
            person.time_zone,
            channels,
            Override(own.weekdays, own.from_hour, own.to_hour, own.by, own.at) if own else None,
            times.reminder_at,
        )

    def accept(self, suggestion_id: int, changes: Mapping[str, Any], *, by: str) -> Acted:
        return self._views.accept(suggestion_id, changes, by=by)

    def dismiss(self, suggestion_id: int, reason: str, note: str, *, by: str) -> Acted:
        return self._views.dismiss(suggestion_id, reason, note, by=by)

    def snooze(self, suggestion_id: int, until: datetime, *, by: str) -> Acted:
        return self._views.snooze(suggestion_id, until, by=by)

    def embed_link(self, kind: RecordKind, record_id: str, email: str) -> EmbedLink | None:
        records = {"deal": self._crm.deal, "contact": self._crm.contact, "lead": self._crm.lead}
        if records[kind](record_id) is None:
            return None
        now = self._clock()
        path = self._links.path(kind, record_id, email, now=now)
        return EmbedLink(self._address + path, self._links.expires_at(now))

    def _person(self, person_id: str, kind: PersonKind | None) -> Contact | Lead | None:
        contact = self._crm.contact(person_id) if kind != "lead" else None
        return contact or (self._crm.lead(person_id) if kind != "contact" else None)
