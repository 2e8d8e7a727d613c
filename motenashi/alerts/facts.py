"""What a rule's variables hold for one response or one voice event. Variables: variables.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_client.client import CrmClient
from crm_client.records import Account, Contact, Deal, Lead, Outcome, Owner
from motenashi.alerts.variables import When
from motenashi.insights.voice.response import Response


@dataclass(frozen=True)
class Happening:
    """What a rule is asked about: a response, or an event of the voice (`kind`, `detail`)."""

    when: When
    id: int
    at: datetime
    contact_id: str = ""
    lead_id: str = ""
    account_id: str = ""
    deal_id: str = ""
    owner_id: str = ""
    response: Response | None = None
    kind: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Facts:
    """`scope` by the variables' first names; `owner` is who of ours is responsible, where anybody is."""

    scope: Mapping[str, Any]
    owner: Owner | None
    language: str

    def look_up(self, path: str) -> Any:
        value: Any = self.scope
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


def facts_of(one: Happening, crm: CrmClient) -> Facts:
    """CrmError when the CRM does not answer: then nothing is known, and the alert waits."""
    contact = crm.contact(one.contact_id) if one.contact_id else None
    lead = crm.lead(one.lead_id) if one.lead_id and contact is None else None
    deal = crm.deal(one.deal_id) if one.deal_id else None
    account_id = one.account_id or (contact.account_id if contact else "") or (deal.account_id if deal else "")
    account = crm.account(account_id) if account_id else None
    person = contact or lead
    owner_id = (deal.owner_id if deal else "") or (person.owner_id if person else "") or one.owner_id
    owner = crm.owner(owner_id) if owner_id else None
    scope = {
        **(_said(one.response) if one.response else {"event": one.kind, "detail": one.detail}),
        "at": one.at,
        "person": _person(contact, lead),
        "account": _account(account, lead),
        "deal": _deal(deal, crm),
        "owner": {"name": owner.name, "email": owner.email} if owner else {},
    }
    language = (person.language if person else "") or (one.response.language if one.response else "")
    return Facts(scope, owner, "ja" if language == "ja" else "en")


def _said(response: Response) -> dict[str, Any]:
    words = response.keywords
    return {
        "tone": response.tone,
        "emotion": response.emotion,
        "intent": response.intent,
        "intents": [one.label for one in response.intents],
        "keywords": [one.normal for one in words if one.kind == "general" and one.said_by != "us"],
        "our_keywords": [one.normal for one in words if one.kind == "general" and one.said_by == "us"],
        "competitors": [one.record_id or one.normal for one in words if one.kind == "competitor"],
        "products": [one.product_id for one in response.products],
        "channel": response.channel,
        "type": response.type,
        "language": response.language,
        "score": response.score,
        "text": response.text,
    }


def _person(contact: Contact | None, lead: Lead | None) -> dict[str, Any]:
    person = contact or lead
    if person is None:
        return {}
    names = (person.last_name, person.first_name) if person.language == "ja" else (person.first_name, person.last_name)
    return {
        "kind": "contact" if contact else "lead",
        "id": person.id,
        "name": " ".join(name for name in names if name),
        "email": person.email,
        "language": person.language,
    }


def _account(account: Account | None, lead: Lead | None) -> dict[str, Any]:
    if account is not None:
        return {"name": account.name, "industry": account.industry, "employees": account.employees}
    return {"name": lead.company, "industry": lead.industry} if lead else {}


def _deal(deal: Deal | None, crm: CrmClient) -> dict[str, Any]:
    if deal is None:
        return {}
    outcomes = {stage.name: stage.outcome for stage in crm.stages()}
    return {
        "id": deal.id,
        "name": deal.name,
        "stage": deal.stage,
        "outcome": outcomes.get(deal.stage, Outcome.OPEN).value,
        "type": deal.type,
        "amount": deal.amount,
    }
