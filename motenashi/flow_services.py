"""Who really answers what a running flow asks for: the rooms of the house, adapted to the engine's words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crm_client.client import CrmClient
from crm_client.errors import CrmError
from crm_client.records import Lead
from motenashi.booking.diary import AppointmentDiary, SlotTaken, UnknownAppointment
from motenashi.business_hours.business_hours import BusinessHours
from motenashi.faq.live_faq import LiveFaq
from motenashi.flow_engine.services import (
    FaqAnswer,
    HandOver,
    HttpAnswer,
    HttpCall,
    ServiceFailed,
    Services,
    Slot,
    Taken,
)
from motenashi.hand_over import HandOverDesk
from motenashi.identity.one_time_codes import OneTimeCodes
from motenashi.plug_contract import PlugCall, PlugResult
from motenashi.plug_runner.record_emails import record_emails
from motenashi.reading_desk.client import ReaderAway
from motenashi.web_call.caller import WebCaller
from motenashi.web_call.failure import WebCallFailed
from nlp.reading import Reading

LEAD_FIELDS = {field.name for field in dataclasses.fields(Lead)} - {"id", "extra", "created_at"}


def build_services(
    *,
    crm: CrmClient,
    call_plug: Callable[[PlugCall], PlugResult],
    codes: OneTimeCodes,
    web: WebCaller,
    read: Callable[[str, str], Reading],
    faq: LiveFaq,
    hours: BusinessHours,
    diary: AppointmentDiary,
    desk: HandOverDesk,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Services:
    """All services of a flow. What goes wrong in a room becomes ServiceFailed with a reason for the operator."""

    def hand_over(asked: HandOver) -> bool:
        return desk.record(**dataclasses.asdict(asked), now=clock())

    return Services(
        call_plug=call_plug,
        call_http=lambda call: _call_http(web, call),
        verifier=codes,
        read=lambda text, language: _read(read, text, language),
        answer_question=lambda question, language: _answer_question(faq, question, language),
        is_open=hours.is_open,
        diary=_Diary(diary, clock),
        hand_over=hand_over,
        create_lead=lambda fields, key: _create_lead(crm, fields, key),
        update_record=lambda module, record_id, fields, key: _update_record(crm, module, record_id, fields),
        record_emails=lambda record_id: _emails(crm, record_id),
    )


def _read(read: Callable[[str, str], Reading], text: str, language: str) -> Reading:
    try:
        return read(text, language)
    except ReaderAway as away:
        raise ServiceFailed("reader_away", str(away)) from away


def _call_http(web: WebCaller, call: HttpCall) -> HttpAnswer:
    try:
        headers = {name: _with_secrets(value, web) for name, value in call.headers.items()}
        status, data = web.call(call.method, call.url, call.query, headers, call.body, call.timeout, call.key)
    except WebCallFailed as error:
        raise ServiceFailed(error.reason, str(error)) from error
    return HttpAnswer(status, data)


def _with_secrets(value: str, web: WebCaller) -> str:
    """`Bearer ${SHOP_TOKEN}` with the secret that config.yaml names SHOP_TOKEN."""
    before, mark, rest = value.partition("${")
    name, end, after = rest.partition("}")
    return value if not mark or not end else before + web.secret(name) + _with_secrets(after, web)


def _answer_question(faq: LiveFaq, question: str, language: str) -> FaqAnswer:
    found = faq.find(question, language)
    return FaqAnswer(found.answer, found.question, found.score, found.sure, found.url, tuple(found.others))


def _create_lead(crm: CrmClient, fields: Mapping[str, Any], key: str) -> str:
    own: dict[str, Any] = {name: str(value) for name, value in fields.items() if name in LEAD_FIELDS}
    try:
        return crm.save_lead(Lead(id="", **own), key=key).id
    except CrmError as error:
        raise ServiceFailed(type(error).__name__, str(error)) from error


def _update_record(crm: CrmClient, module: str, record_id: str, fields: Mapping[str, Any]) -> None:
    try:
        crm.update_record(module, record_id, fields)
    except CrmError as error:
        raise ServiceFailed(type(error).__name__, str(error)) from error


def _emails(crm: CrmClient, record_id: str) -> Sequence[str]:
    try:
        return record_emails(crm, record_id)
    except CrmError as error:
        raise ServiceFailed(type(error).__name__, str(error)) from error


class _Diary:
    """The appointment diary, as the engine's `book` step asks it."""

    def __init__(self, diary: AppointmentDiary, clock: Callable[[], datetime]) -> None:
        self._diary = diary
        self._clock = clock

    def slots(self, *, appointment: str, now: datetime, days: int, time_zone: str) -> Sequence[Slot]:
        try:
            found = self._diary.slots(appointment=appointment, now=now, days=days, time_zone=time_zone)
        except (CrmError, UnknownAppointment) as error:
            raise ServiceFailed(type(error).__name__, str(error)) from error
        return [Slot(slot.start, slot.end) for slot in found]

    def book(
        self,
        *,
        appointment: str,
        slot: Slot,
        name: str,
        email: str,
        contact_id: str,
        lead_id: str,
        note: str,
        language: str,
        key: str,
    ) -> str:
        try:
            return self._diary.book(
                appointment=appointment,
                start=slot.start,
                name=name,
                email=email,
                contact_id=contact_id,
                lead_id=lead_id,
                note=note,
                language=language,
                key=key,
                now=self._clock(),
            )
        except SlotTaken as error:
            raise Taken from error
        except (CrmError, UnknownAppointment) as error:
            raise ServiceFailed(type(error).__name__, str(error)) from error
