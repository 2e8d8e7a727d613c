"""Made-up companies and the people who work there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from random import Random
from typing import Any

from crm_client.demo.customer import Customer, habits
from crm_client.demo.words import names
from crm_client.records import Account, Contact, Lead, Owner

JAPANESE = 0.62  # share of accounts


@dataclass(frozen=True)
class Company:
    """An account before it is one: everything but the time it was written down."""

    id: str
    name: str
    language: str
    industry: str
    domain: str
    zone: str
    owner_id: str
    employees: int


@dataclass(frozen=True)
class PersonName:
    last: str
    first: str
    last_romaji: str
    first_romaji: str


def owners() -> tuple[Owner, ...]:
    return tuple(Owner(one["id"], one["name"], one["email"], one["zone"]) for one in names()["owners"])


def companies(random: Random, block: int, count: int, first_number: int) -> list[Company]:
    """Different ones; a later block's carry its number, so that no two are the same."""
    japanese = round(count * JAPANESE)
    made = _japanese(random, japanese, block) + _english(random, count - japanese, block)
    random.shuffle(made)
    return [Company(id=f"account-{first_number + n:06d}", employees=_size(random), **one) for n, one in enumerate(made)]


def _size(random: Random) -> int:
    return max(4, round(random.lognormvariate(4.6, 1.1)))


def _japanese(random: Random, count: int, block: int) -> list[dict[str, Any]]:
    choices = [
        (word, slug, industry, ending)
        for (word, slug), (industry, entry) in product(names()["company_words_ja"], names()["industries"].items())
        for ending in entry["ja"]
    ]
    sellers = [one["id"] for one in names()["owners"] if one["speaks"] == "ja"]
    again = f" 第{block + 1}事業部" if block else ""
    return [
        {
            "name": f"{word}{ending}{again}",
            "language": "ja",
            "industry": industry,
            "domain": _domain(f"{slug}-{industry}-{number}", block),
            "zone": "Asia/Tokyo",
            "owner_id": random.choice(sellers),
        }
        for number, (word, slug, industry, ending) in enumerate(random.sample(choices, count))
    ]


def _english(random: Random, count: int, block: int) -> list[dict[str, Any]]:
    choices = [
        (word, industry, ending)
        for word, (industry, endings) in product(names()["company_words_en"], names()["company_endings_en"].items())
        for ending in endings
    ]
    places = random.choices(names()["places_en"], [place["share"] for place in names()["places_en"]], k=count)
    again = f" (Division {block + 1})" if block else ""
    return [
        {
            "name": f"{word} {ending}{again}",
            "language": "en",
            "industry": industry,
            "domain": _domain(f"{word}-{ending}", block),
            "zone": place["zone"],
            "owner_id": place["owner"],
        }
        for (word, industry, ending), place in zip(random.sample(choices, count), places, strict=True)
    ]


def _domain(words: str, block: int) -> str:
    """Under .example, where nobody can ever live."""
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"{slug}{f'-{block + 1}' if block else ''}.example"


def person_name(random: Random, language: str) -> PersonName:
    last, first = random.choice(names()[f"last_names_{language}"]), random.choice(names()[f"first_names_{language}"])
    if language == "ja":
        return PersonName(last[0], first[0], last[1], first[1])
    return PersonName(last, first, last.lower(), first.lower())


def account(company: Company, created_at: datetime) -> Account:
    industry = names()["industries"][company.industry]["en"]
    return Account(
        company.id,
        company.name,
        industry,
        company.employees,
        f"https://www.{company.domain}",
        company.owner_id,
        created_at,
    )


def contact(random: Random, company: Company, number: int, created_at: datetime) -> Contact:
    name = person_name(random, company.language)
    return Contact(
        id=f"contact-{number:06d}",
        last_name=name.last,
        first_name=name.first,
        email=f"{name.first_romaji}.{name.last_romaji}.{number}@{company.domain}",
        phone=phone(company.zone, number),
        mobile=f"090-0{number // 10_000 % 1_000:03d}-{number % 10_000:04d}" if company.language == "ja" else "",
        account_id=company.id,
        title=random.choice(names()["titles"][company.language]),
        language=company.language,
        time_zone=company.zone,
        owner_id=company.owner_id,
        created_at=created_at,
    )


def phone(zone: str, number: int, area: str = "03") -> str:
    """Only numbers that are never given out, as their country keeps them for stories; '' where there are none."""
    if zone == "Asia/Tokyo" and number < 10_000_000:
        return f"{area}-0{number // 10_000:03d}-{number % 10_000:04d}"
    if zone == "Europe/London" and number < 1_000:
        return f"+44 20 7946 0{number:03d}"
    if zone.startswith("America/") and number < 10_000:
        return f"+1 {212 + number // 100}-555-01{number % 100:02d}"
    return ""


def customer(random: Random, person: Contact | Lead, company: Company) -> Customer:
    """The behaviour that belongs to a contact or lead."""
    favourite_hour, answers, reads = habits(random)
    full = f"{person.last_name} {person.first_name}" if company.language == "ja" else person.first_name
    return Customer(
        id=person.id,
        name=full,
        company=company.name,
        language=company.language,
        zone=company.zone,
        industry=company.industry,
        owner_id=company.owner_id,
        favourite_hour=favourite_hour,
        answers=answers,
        reads=reads,
    )
