"""Who wrote a letter: the contact or lead in the CRM, how sure that is, and who else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_client.client import CrmClient
from crm_client.records import Contact, Lead
from motenashi.mail_intake.bilingual import Words, say
from motenashi.mail_intake.letter import Candidate, Letter, Via

_HOW_SURE: dict[Via, float] = {"from": 0.98, "reply_to": 0.9, "forward": 0.9, "forward_header": 0.8}
_SOME_UNKNOWN = 0.85  # another address of the same mail is nobody's
_SEVERAL = 0.6  # two people of ours in one mail

_BECAUSE: dict[Via, Words] = {
    "from": say("The mail comes from their address.", "差出人のアドレスが一致します。"),
    "reply_to": say("Answers are to go to their address.", "返信先のアドレスが一致します。"),
    "forward": say("A colleague forwarded their mail.", "社内から転送されたメールの差出人です。"),
    "forward_header": say(
        "A colleague forwarded their mail; the sender stands in its text.",
        "社内から転送されたメールの本文に差出人として記されています。",
    ),
}


@dataclass(frozen=True)
class Found:
    """A record of the CRM that a candidate's address belongs to: a contact or a lead."""

    candidate: Candidate
    contact: Contact | None = None
    lead: Lead | None = None

    @property
    def record(self) -> Contact | Lead:
        record = self.contact or self.lead
        if record is None:
            raise ValueError("somebody who was found is a contact or a lead")
        return record

    @property
    def name(self) -> str:
        return full_name(self.record)


@dataclass(frozen=True)
class Who:
    """`found` is None for a stranger. `certainty` 0 to 1; `others` are the people it may be instead."""

    found: Found | None = None
    certainty: float = 0.0
    reasons: tuple[Words, ...] = ()
    others: tuple[Found, ...] = ()

    @property
    def contact(self) -> Contact | None:
        return self.found.contact if self.found else None

    @property
    def lead(self) -> Lead | None:
        return self.found.lead if self.found else None


def find_who(letter: Letter, crm: CrmClient) -> Who:
    """At most two look-ups for each of a letter's few candidates. CrmError when the CRM does not answer."""
    found = [one for one in (_look_up(candidate, crm) for candidate in letter.candidates) if one is not None]
    people = _once(found)
    if not people:
        return Who()
    first, others = people[0], tuple(people[1:])
    reasons = [_BECAUSE[first.candidate.via]]
    certainty = max(_HOW_SURE[one.candidate.via] for one in found if _id(one) == _id(first))
    if others:
        certainty = _SEVERAL
        reasons.append(
            say("Another person we know is named as the sender, too.", "ほかにも登録済みの差出人候補がいます。")
        )
    elif len(found) < len(letter.candidates):
        certainty = min(certainty, _SOME_UNKNOWN)
        reasons.append(say("The mail also names an address we don't know.", "未登録のアドレスも記されています。"))
    return Who(first, certainty, tuple(reasons), others)


def stranger(found: Found) -> Who:
    """Somebody of whom a lead was just made."""
    because = say("They were not in the CRM; a lead was made.", "CRMに未登録のため、見込み客として登録しました。")
    return Who(found, 1.0, (because,))


def _look_up(candidate: Candidate, crm: CrmClient) -> Found | None:
    contact = crm.find_contact(email=candidate.address)
    if contact is not None:
        return Found(candidate, contact=contact)
    lead = crm.find_lead(email=candidate.address)
    return Found(candidate, lead=lead) if lead is not None else None


def _id(found: Found) -> tuple[bool, str]:
    return found.contact is not None, found.record.id


def _once(found: Sequence[Found]) -> list[Found]:
    """Each person once; customers before leads, else in the mail's order."""
    kept = {_id(one): one for one in reversed(found)}
    order = list(dict.fromkeys(_id(one) for one in found))
    return sorted((kept[key] for key in order), key=lambda one: one.contact is None)


def full_name(person: Contact | Lead) -> str:
    """As it is written in their language: family name first in Japanese."""
    parts = (person.first_name, person.last_name)
    if any("\u3040" <= letter <= "\u9fff" for letter in person.last_name):
        parts = (person.last_name, person.first_name)
    return " ".join(part for part in parts if part)
