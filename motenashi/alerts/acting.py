"""Doing what a rule says: a task in the CRM, a mail, a call to somebody's service. Each under a key of its own, so
that doing it again after a crash does it once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from crm_client.client import CrmClient
from crm_client.records import Activity
from motenashi.alerts.facts import Facts, Happening
from motenashi.alerts.rule import MailAction, OneAction, Rule, TaskAction, WebhookAction
from motenashi.clean_text import plain_line
from motenashi.outgoing_mail.mail import Mail, MailError
from motenashi.web_call.failure import WebCallFailed

SIGNATURE = "X-Motenashi-Signature"  # sha256=<hex HMAC of the body>
_LONGEST_SUBJECT = 250
_A_DAY = timedelta(days=1)


class NotDone(Exception):
    """It could not be done. `again`: trying later may help."""

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.again = again


class Web(Protocol):
    def secret(self, name: str) -> str: ...
    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: Any = None, key: str = ""
    ) -> tuple[int, Any]: ...


@dataclass(frozen=True)
class Raised:
    """An alert with everything that its actions need."""

    key: str
    rule: Rule
    happening: Happening
    facts: Facts


class Acting:
    def __init__(self, crm: CrmClient, send: Callable[[Mail], object], web: Web) -> None:
        self._crm = crm
        self._send = send
        self._web = web

    def do(self, raised: Raised, number: int, now: datetime) -> str:
        """Action `number` of the rule; what was done, in a few words. NotDone; CrmError when the CRM is away."""
        action = raised.rule.head.do[number]
        key = f"{raised.key}:{number}"
        spec = action.spec
        if isinstance(spec, TaskAction):
            return self._task(raised, spec, key, now)
        if isinstance(spec, MailAction):
            return self._mail(raised, spec, key)
        return self._webhook(raised, action, spec, key)

    def _task(self, raised: Raised, spec: TaskAction, key: str, now: datetime) -> str:
        facts, one = raised.facts, raised.happening
        if facts.owner is None:
            raise NotDone("nobody owns the record, so there is nobody to give the task to", again=False)
        scope, language = facts.scope, facts.language
        task = Activity(
            id="",
            kind="task",
            subject=plain_line(spec.title.render(language, scope))[:_LONGEST_SUBJECT],
            start_at=now + (timedelta(seconds=spec.due_in.seconds) if spec.due_in else _A_DAY),
            deal_id=one.deal_id,
            contact_id=one.contact_id,
            lead_id=one.lead_id,
            owner_id=facts.owner.id,
            note=spec.note.render(language, scope) if spec.note else "",
        )
        self._crm.save_activity(task, key=key)
        return facts.owner.name

    def _mail(self, raised: Raised, spec: MailAction, key: str) -> str:
        owner = raised.facts.owner
        to = (owner.email if owner else "") if spec.to == "owner" else spec.to
        if not to:
            raise NotDone("nobody owns the record, so there is nobody to write to", again=False)
        scope = raised.facts.scope
        mail = Mail(
            to=to,
            subject=spec.subject.render(spec.language, scope),
            text=spec.text.render(spec.language, scope),
            language=spec.language,
            key=key,
        )
        try:
            self._send(mail)
        except MailError as error:
            raise NotDone(str(error), again=False) from error
        return to

    def _webhook(self, raised: Raised, action: OneAction, spec: WebhookAction, key: str) -> str:
        body = _payload(raised)
        headers = {}
        try:
            if spec.secret:
                # As the caller writes it: the signature covers these very bytes.
                raw = json.dumps(body).encode()
                digest = hmac.new(self._web.secret(spec.secret).encode(), raw, hashlib.sha256).hexdigest()
                headers = {SIGNATURE: f"sha256={digest}"}
            status, _answer = self._web.call("POST", spec.url, headers=headers, body=body, key=key)
        except WebCallFailed as error:
            raise NotDone(str(error), again=error.reason not in ("not_allowed", "bad_request")) from error
        if not 200 <= status < 300:
            again = status in (408, 425, 429) or status >= 500
            raise NotDone(f"'{action.name}' was answered {status}", again=again)
        return str(status)


def _payload(raised: Raised) -> dict[str, Any]:
    """What a service is told: the rule, the record's ids, and the variables that the rule could ask about."""
    one = raised.happening
    scope = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in raised.facts.scope.items()
    }
    return {
        "alert": raised.rule.name,
        "key": raised.key,
        "when": one.when,
        "contact_id": one.contact_id,
        "lead_id": one.lead_id,
        "deal_id": one.deal_id,
        "variables": scope,
    }
