"""One block of the demo company: 120 accounts with their contacts, leads and deals. Larger companies have more.

A block is made from its own random numbers, so any number of blocks need the memory of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from crm_client.demo.catalogue import CatalogueEntry, catalogue
from crm_client.demo.customer import Customer
from crm_client.demo.deal_story import DealPlan, DealStory, Seller
from crm_client.demo.fixed_people import (
    HARUKA,
    FixedDeal,
    fixed_contact,
    fixed_contacts,
    fixed_lead,
    wanted_lead_story,
    wanted_story,
)
from crm_client.demo.lead_story import Conversion, converted, lead_history, new_lead
from crm_client.demo.office_time import DAY, any_time, office_time
from crm_client.demo.people import Company, account, companies, contact, customer
from crm_client.demo.sales_rules import WON
from crm_client.demo.words import names
from crm_client.embedded.bulk import DealHistory, Record
from crm_client.records import Account, Contact

ACCOUNTS, CONTACTS, LEADS, DEALS = 120, 400, 300, 2_000
HISTORY = timedelta(days=730)
BEFORE_FIRST_DEAL = 10 * DAY  # contacts are known some time before they buy


@dataclass(frozen=True)
class _Begin:
    """A deal of which only the when and who is known."""

    at: datetime
    person: int


class Block:
    """`number` counts from 0; the first block holds the fixed people."""

    def __init__(self, seed: int, number: int, now: datetime) -> None:
        self.seed, self.number, self.now = seed, number, now

    def random(self, purpose: str) -> Random:
        return Random(f"{self.seed}/{self.number}/{purpose}")  # noqa: S311 - nothing secret is made from it

    @cached_property
    def companies(self) -> list[Company]:
        made = companies(self.random("companies"), self.number, ACCOUNTS, self.number * ACCOUNTS + 1)
        if self.number == 0:  # the first two are those of the fixed contacts
            for place, fields in enumerate(fixed_contacts()):
                found = next(n for n in range(place, ACCOUNTS) if made[n].language == fields["language"])
                made[place], made[found] = made[found], made[place]
        return made

    @cached_property
    def sellers(self) -> dict[str, Seller]:
        return {one["id"]: Seller(one["zone"], one["skill"], one["pace"]) for one in names()["owners"]}

    @cached_property
    def begins(self) -> list[_Begin]:
        """When deals begin and whose they are, in time order. A few people buy much, many a little."""
        random = self.random("begins")
        fixed = len(fixed_contacts()) if self.number == 0 else 0
        keenness = [random.lognormvariate(0, 0.8) if n >= fixed else 0.0 for n in range(CONTACTS)]
        people = random.choices(range(CONTACTS), keenness, k=DEALS - (len(HARUKA) if fixed else 0))
        return sorted((_Begin(self._begin(random, person), person) for person in people), key=lambda one: one.at)

    def _begin(self, random: Random, person: int) -> datetime:
        # Business grows a little: later days are somewhat likelier.
        age = HISTORY * (1 - random.random() ** 0.85)
        at = office_time(random, self.now - age, self._company_of(person).zone)
        return at if at < self.now - DAY else at - 7 * DAY

    def _company_of(self, person: int) -> Company:
        return self.companies[person % ACCOUNTS]

    @cached_property
    def contacts(self) -> list[Contact]:
        random = self.random("contacts")
        first: dict[int, datetime] = {}
        for begin in self.begins:
            first.setdefault(begin.person, begin.at)
        made = []
        for person in range(CONTACTS):
            known_before = first.get(person) or any_time(random, self.now - HISTORY, 700)
            created_at = known_before - BEFORE_FIRST_DEAL - random.random() * 10 * DAY
            created_at = created_at.replace(microsecond=0)
            number = self.number * CONTACTS + person + 1
            made.append(contact(random, self._company_of(person), number, created_at))
        if self.number == 0:
            for place, name in enumerate(fixed_contacts()):
                made[place] = fixed_contact(made[place], name, self.companies[place], self.now)
        return made

    @cached_property
    def customers(self) -> list[Customer]:
        random = self.random("customers")
        return [customer(random, one, self._company_of(n)) for n, one in enumerate(self.contacts)]

    def accounts(self) -> Iterator[Account]:
        born: dict[str, datetime] = {}
        for one in self.contacts:
            if one.created_at is not None:
                born[one.account_id] = min(one.created_at, born.get(one.account_id, one.created_at))
        for company in self.companies:
            yield account(company, born[company.id] - DAY)

    def leads(self) -> Iterator[list[Record]]:
        """Each with its history. About a quarter became contacts with their first deal."""
        random = self.random("leads")
        becoming = self._conversions(random)
        for place in range(LEADS):
            number = self.number * LEADS + place + 1
            if place < len(becoming):
                conversion = becoming[place]
                company = next(one for one in self.companies if one.id == conversion.contact.account_id)
                created_at = any_time(random, conversion.at - 25 * DAY, 20)
                lead = converted(new_lead(random, company, number, created_at), conversion)
                end = conversion.at
            else:
                company, end = random.choice(self.companies), self.now
                lead = new_lead(random, company, number, any_time(random, self.now - HISTORY * 0.6, 437))
            if self.number == 0 and place == LEADS - 1:
                lead, company = fixed_lead(lead, company, self.now)
                zone = self.sellers[company.owner_id].zone
                yield wanted_lead_story(lead, company, zone, self.random, self.now)
                continue
            yield lead_history(random, lead, company, self.sellers[company.owner_id].zone, end)

    def _conversions(self, random: Random) -> list[Conversion]:
        first: dict[int, Conversion] = {}
        for place, begin in enumerate(self.begins):
            person = self.contacts[begin.person]
            first.setdefault(begin.person, Conversion(person, self._deal_id(place), person.created_at or begin.at))
        return random.sample(list(first.values()), min(LEADS // 4, len(first)))

    def _deal_id(self, place: int) -> str:
        return f"deal-{self.number * DEALS + place + 1:06d}"

    def deals(self) -> Iterator[DealHistory]:
        """In the order they began."""
        won: dict[int, datetime] = {}
        for place, begin in enumerate(self.begins):
            plan = self._plan(place, begin, won)
            history = DealStory(plan, self.random(f"deal {place}"), self.now).play()
            if history.deal.closed_at and history.deal.stage == WON:
                won.setdefault(begin.person, history.deal.closed_at)
            yield history
        if self.number == 0:
            for place, wanted in enumerate(HARUKA, start=len(self.begins)):
                yield self._fixed(place, wanted)

    def _plan(self, place: int, begin: _Begin, won: dict[int, datetime]) -> DealPlan:
        random = self.random(f"plan {place}")
        person, company = self.customers[begin.person], self._company_of(begin.person)
        repeat = begin.person in won and won[begin.person] < begin.at
        types = ("Existing Business", "Renewal") if repeat else ("New Business",)
        return DealPlan(
            id=self._deal_id(place),
            customer=person,
            account_id=company.id,
            seller=self.sellers[company.owner_id],
            created_at=begin.at,
            type=random.choices(types, (7, 3)[: len(types)])[0],
            repeat=repeat,
            lead_source=random.choice(names()["sources"]),
            basket=tuple(_basket(random, company)),
        )

    def _fixed(self, place: int, wanted: FixedDeal) -> DealHistory:
        person, company = self.customers[0], self.companies[0]
        basket = tuple(
            (entry, wanted.products[entry.product.id]) for entry in catalogue() if entry.product.id in wanted.products
        )
        created_at = office_time(self.random(f"fixed {place}"), self.now - wanted.age, person.zone)
        plan = DealPlan(
            self._deal_id(place),
            person,
            company.id,
            self.sellers[company.owner_id],
            created_at,
            wanted.type,
            wanted.repeat,
            "Referral",
            basket,
        )
        return wanted_story(plan, wanted, self.random, self.now)


def _basket(random: Random, company: Company) -> Sequence[tuple[CatalogueEntry, int]]:
    """One to four products; what the industry needs comes up more often, dear things seldom and in small numbers."""
    entries = list(catalogue())
    weights = [
        (3.0 if company.industry in entry.needs else 1.0)
        * (1.6 if entry.product.category == "notebook" else 1.0)
        / (1 + entry.product.unit_price / 600_000)
        for entry in entries
    ]
    chosen: dict[str, tuple[CatalogueEntry, int]] = {}
    for _ in range(random.choices((1, 2, 3, 4), (5, 6, 3, 1))[0]):
        entry = random.choices(entries, weights)[0]
        many = (company.employees / 100) ** 0.4 * random.lognormvariate(0, 0.5)
        chosen.setdefault(entry.product.id, (entry, max(1, round(entry.size * many))))
    return list(chosen.values())
