"""Made-up leads: people who are interested and have bought nothing, and what happened with them so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from crm_client.demo.contact_story import OUR_NAME, Story
from crm_client.demo.mail_words import Told, with_texts
from crm_client.demo.office_time import DAY, office_time
from crm_client.demo.people import Company, customer, person_name, phone
from crm_client.demo.sales_rules import Action
from crm_client.demo.words import names, phrases
from crm_client.embedded.bulk import Record, WithHistory
from crm_client.records import Contact, FieldChange, Lead

_FIRST_STEPS = (Action("call", "discovery"), Action("email", "product_info"), Action("email", "follow_up"))
_NOTED_AFTER = timedelta(minutes=20)  # a talk, its outcome stands in the CRM
_GIVEN_UP_AFTER = 7 * DAY
_FIRST_STATUS = "Not Contacted"


@dataclass(frozen=True)
class Conversion:
    """The contact and deal that a lead became, and when."""

    contact: Contact
    deal_id: str
    at: datetime


def new_lead(random: Random, company: Company, number: int, created_at: datetime) -> Lead:
    name = person_name(random, company.language)
    return Lead(
        id=f"lead-{number:06d}",
        last_name=name.last,
        company=company.name,
        first_name=name.first,
        email=f"{name.first_romaji}.{name.last_romaji}.l{number}@{company.domain}",
        phone=phone(company.zone, number, "06") if company.language == "ja" else "",
        industry=names()["industries"][company.industry]["en"],
        source=random.choice(names()["sources"]),
        language=company.language,
        time_zone=company.zone,
        owner_id=company.owner_id,
        note=random.choice(phrases()["lead_notes"][company.language]) if random.random() < 0.5 else "",
        created_at=created_at,
    )


def converted(lead: Lead, conversion: Conversion) -> Lead:
    """The same person as the contact, now converted."""
    contact = conversion.contact
    return replace(
        lead,
        last_name=contact.last_name,
        first_name=contact.first_name,
        email=contact.email,
        phone=contact.phone,
        mobile=contact.mobile,
        status="Pre-Qualified",
        converted_deal_id=conversion.deal_id,
        converted_contact_id=contact.id,
    )


class _StatusHistory:
    """Which status a lead had since when; every lead begins as not contacted."""

    def __init__(self, lead: Lead, end: datetime) -> None:
        self._lead = lead
        self.tried_at = lead.created_at or end
        self.changes = [self._change("", _FIRST_STATUS, lead.created_at or end, "")]

    def move(self, status: str, at: datetime) -> None:
        last = self.changes[-1]
        if status != last.to_value:
            self.changes.append(self._change(last.to_value, status, max(at, last.at), self._lead.owner_id))

    def _change(self, before: str, after: str, at: datetime, by: str) -> FieldChange:
        return FieldChange("leads", self._lead.id, "status", before, after, at, by)


def lead_history(random: Random, lead: Lead, company: Company, zone: str, end: datetime) -> list[Record]:
    """The lead with what happened until `end`: now, or its conversion."""
    person = customer(random, lead, company)
    story = Story(random, person, lead.id, end, of_lead=True)
    history = _StatusHistory(lead, end)
    status = _approach(random, story, lead.created_at or end, zone, history)
    if not lead.converted_contact_id:
        lead = replace(lead, status=status)
    history.move(lead.status, end if lead.converted_contact_id else min(history.tried_at + _GIVEN_UP_AFTER, end))
    mails = with_texts(story.emails, Told(person.language, _mood(lead), OUR_NAME))
    return [WithHistory(lead, tuple(history.changes)), *story.activities, *mails, *story.touchpoints]


def _mood(lead: Lead) -> str:
    if lead.converted_contact_id:
        return "won"
    return "lost" if lead.status in ("Lost Lead", "Junk Lead", "Not Qualified") else "open"


def _approach(random: Random, story: Story, begin: datetime, zone: str, history: _StatusHistory) -> str:
    """Try a few times, until they are qualified, say no, or nobody answers."""
    at, status, cold = begin, _FIRST_STATUS, 0
    story.touch("website_visit", "visit", at)
    for _ in range(random.choice((0, 1, 2, 3, 4, 5))):
        begin, at = at, office_time(random, at + random.uniform(0.5, 6) * DAY, zone)
        if at >= story.now - DAY / 12:
            break
        story.signals(begin, at, 0.5)
        reaction = story.act(random.choice(_FIRST_STEPS), at)
        cold = 0 if reaction > 0 else cold + 1
        if reaction <= 0 and status == _FIRST_STATUS:
            status = "Attempted to Contact"
        elif reaction > 0:
            status = random.choices(("Contacted", "Pre-Qualified", "Contact in Future", "Not Qualified"), (5, 3, 2, 1))[
                0
            ]
        history.move(status, at + _NOTED_AFTER)
        history.tried_at = at
        if status == "Not Qualified" or cold >= 3:
            return "Lost Lead" if cold >= 3 else status
    return "Junk Lead" if random.random() < 0.02 else status
