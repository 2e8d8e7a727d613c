"""Accepting a suggestion: the call, event, mail or task it proposes is made in the CRM, once, however often asked.

The CRM comes first, under the suggestion's own key; then the suggestion is closed. Killed in between, the next click
finds what was made and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from crm_client.client import CrmClient
from crm_client.errors import CrmConflict, CrmRejected
from crm_client.records import Activity, Email
from motenashi.advice_desk.errors import NotPossible
from motenashi.advice_desk.filled_draft import Filled, filled
from motenashi.clean_text import plain_line
from motenashi.outgoing_mail.mail import Mail, MailError, is_address
from motenashi.suggestions.suggestion import Suggestion

Made = Literal["call", "event", "e-mail", "update"]

_MOVED = "reschedule"
_GAP = re.compile(r"\[[^\]\n]+\]|［[^］\n]+］")


class Accepting:
    def __init__(self, crm: CrmClient, send: Callable[[Mail], object] | None) -> None:
        self._crm = crm
        self._send = send

    def make(
        self, one: Suggestion, *, owner_id: str, changes: Mapping[str, Any], now: datetime
    ) -> tuple[Made, str, datetime]:
        """What was made, its id in the CRM, and when it begins. NotPossible; CrmError."""
        form = filled(one, changes, now=now)
        made, record_id = self._made(one, form, owner_id or one.about.owner_id, now)
        return made, record_id, form.start

    def _made(self, one: Suggestion, form: Filled, owner_id: str, now: datetime) -> tuple[Made, str]:
        try:
            if form.kind == "e-mail":
                return "e-mail", self._mail(one, form, owner_id, now)
            if form.kind == "event":
                return "event", self._crm.book_event(_event(one, form, owner_id), key=key_of(one)).id
            activity = _call(one, form, owner_id) if form.kind == "call" else _task(one, form, owner_id, now)
            made: Made = "call" if form.kind == "call" else "update"
            return made, self._crm.save_activity(activity, key=key_of(one)).id
        except CrmConflict as error:
            raise NotPossible(
                {
                    "en": "There is another appointment at that time. Please choose another one.",
                    "ja": "その時間帯には別の予定があります。別の時間をお選びください。",
                },
                "start",
            ) from error
        except CrmRejected as error:
            raise NotPossible(
                {
                    "en": f"The CRM does not take it: {error.field or 'a value'} does not fit.",
                    "ja": f"CRMに登録できません。{error.field or '値'}が適切ではありません。",
                },
                error.field,
            ) from error

    def _mail(self, one: Suggestion, form: Filled, owner_id: str, now: datetime) -> str:
        """Sent, or kept as a draft."""
        if form.send:
            self._send_now(one, form)
        email = Email(
            id="",
            direction="out",
            subject=form.subject,
            sent_at=now,
            owner_id=owner_id,
            purpose=_purpose(one),
            status="sent" if form.send else "draft",
            text=form.text,
            **_records(one),
        )
        return self._crm.save_email(email, key=key_of(one)).id

    def _send_now(self, one: Suggestion, form: Filled) -> None:
        if gaps := _gaps_left(one, form.text):
            raise NotPossible(
                {
                    "en": f"There is something left to fill in: {gaps[0]}",
                    "ja": f"未記入の箇所があります：{gaps[0]}",
                },
                "text",
            )
        to = form.to or self._address(one)
        if not is_address(to):
            raise NotPossible(
                {"en": "There is no e-mail address to send it to.", "ja": "送信先のメールアドレスがありません。"}, "to"
            )
        if self._send is None:
            raise _cant_send()
        language = one.draft.language if one.draft else one.about.language
        try:
            self._send(Mail(to, form.subject, form.text, language=language or "en", key=key_of(one)))
        except MailError as error:
            raise _cant_send() from error

    def _address(self, one: Suggestion) -> str:
        person = self._crm.contact(one.about.contact_id) or self._crm.lead(one.about.lead_id)
        return person.email if person else ""


def key_of(one: Suggestion) -> str:
    """The same suggestion makes the same record."""
    return f"suggestion:{one.id}"


def _event(one: Suggestion, form: Filled, owner_id: str) -> Activity:
    return Activity(
        id="",
        kind="event",
        subject=form.subject,
        start_at=form.start,
        end_at=form.end,
        owner_id=owner_id,
        purpose=_purpose(one),
        note=form.text,
        **_records(one),
    )


def _call(one: Suggestion, form: Filled, owner_id: str) -> Activity:
    return Activity(
        id="",
        kind="call",
        subject=form.subject,
        start_at=form.start,
        owner_id=owner_id,
        purpose=_purpose(one),
        direction="outbound",
        note=form.text,
        **_records(one),
    )


def _task(one: Suggestion, form: Filled, owner_id: str, now: datetime) -> Activity:
    """What has to be changed in the records is for a person to do."""
    return Activity(
        id="",
        kind="task",
        subject=form.subject,
        start_at=now,
        owner_id=owner_id,
        purpose=_purpose(one),
        note=form.text,
        **_records(one),
    )


def _records(one: Suggestion) -> dict[str, Any]:
    about = one.about
    return {"deal_id": about.deal_id, "contact_id": about.contact_id, "lead_id": about.lead_id}


def _purpose(one: Suggestion) -> str:
    """What it is for; a demonstration that is moved is still a demonstration."""
    return next((purpose for purpose in one.purposes if purpose != _MOVED), _MOVED if one.purposes else "")


def _gaps_left(one: Suggestion, text: str) -> list[str]:
    """What the draft left to its reader ("[Your answer]") and still stands in the text. What stands like that in a
    customer's own sentence is no gap."""
    if one.draft is None:
        return []
    theirs = " ".join(plain_line(reason.sentence) for reason in one.reasons)
    return [gap for gap in _GAP.findall(one.draft.text) if text.count(gap) > theirs.count(gap)]


def _cant_send() -> NotPossible:
    return NotPossible(
        {
            "en": "No mail can be sent from here. Keep it as a draft, or ask an administrator for a mail server.",
            "ja": "ここからメールを送信できません。下書きとして保存するか、管理者に設定をご依頼ください。",
        },
        "send",
    )
