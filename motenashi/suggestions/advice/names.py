"""How the customer is called in each language; no gender and no title is ever guessed.

English: Haruka Mori. Japanese: 森様; a name in Latin letters in full (Sarah Miller様), since nobody knows which part is
the family's. Without a name the company stands in.
"""

from __future__ import annotations

import re

from motenashi.clean_text import plain_line
from motenashi.suggestions.advice.facts import RecordFacts

LONGEST_NAME = 80
_JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff]")
_TITLED = re.compile(r"(?:様|さま|さん|殿|御中)$")


def who(facts: RecordFacts, language: str) -> str:
    """For titles: whom to call."""
    name = person_name(facts, language)
    if language == "ja":
        return name or (f"{account_name(facts)}のご担当者様" if account_name(facts) else "お客様")
    return name or (f"your contact at {account_name(facts)}" if account_name(facts) else "the customer")


def person_name(facts: RecordFacts, language: str) -> str:
    """Haruka Mori; 森様; '' when nobody knows the name."""
    person = facts.person
    if person is None:
        return ""
    first, last = _line(person.first_name), _line(person.last_name)
    if language == "ja":
        known = last if _JAPANESE.search(last) else " ".join(part for part in (first, last) if part)
        return known and (known if _TITLED.search(known) else f"{known}様")
    # Names written in Japanese keep their order.
    parts = (last, first) if _JAPANESE.search(first + last) else (first, last)
    return " ".join(part for part in parts if part)


def account_name(facts: RecordFacts) -> str:
    if facts.account is not None:
        return _line(facts.account.name)
    return _line(facts.lead.company) if facts.lead is not None else ""


def our_name(facts: RecordFacts, language: str) -> str:
    """Our company's name, '' when nobody told it."""
    return _line(facts.company.get(language) or next((name for name in facts.company.values() if name), ""))


def owner_name(facts: RecordFacts) -> str:
    return _line(facts.owner.name) if facts.owner else ""


def _line(text: str) -> str:
    return plain_line(text or "")[:LONGEST_NAME].strip()
