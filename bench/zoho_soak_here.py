"""What people do on our side of the soak: colleagues write through the CRM, visitors ask it, both without a pause."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from bench.zoho_soak_world import FIELDS, MARKED_BY, Written, mark, moment, plain
from crm_client.embedded.record_rows import fetch
from crm_client.errors import CrmBusy, CrmError, CrmRejected, CrmUnreachable
from crm_client.records import Account, Activity, Contact, Deal, DealProduct, Email, Lead, Note
from crm_client.zoho.mirrored_crm import MirroredCrm
from motenashi.database import Database
from tests.crm_client.zoho.both_sides import KINDS

_DOES = {"make": 34, "change": 51, "products": 7, "delete": 3, "again": 2, "mail": 3}
_MAKES = {"contacts": 7, "leads": 8, "accounts": 4, "deals": 6, "tasks": 5, "calls": 3, "events": 2, "notes": 5}
_CHANGES = {"contacts": 20, "leads": 22, "accounts": 10, "deals": 32, "tasks": 10, "calls": 3, "events": 3}
_LOOK_ROUND_EVERY = 100  # things done between two looks at what has come from Zoho
SLOW_SECONDS = 0.5

Person = tuple[str, str]  # module, address


class Colleague:
    """`act()` does one thing and says what; an empty list when it came too late (the record is gone)."""

    def __init__(self, crm: MirroredCrm, database: Database, clock: Callable[[], datetime], seed: int) -> None:
        self._crm = crm
        self._database = database
        self._clock = clock
        self._random = Random(seed)
        self._number = 0
        self._done = 0
        self._known: dict[str, list[tuple[str, str]]] = {}
        self._last_key = ""
        self.too_late = self.busy = 0

    def act(self) -> list[Written]:
        if self._done % _LOOK_ROUND_EVERY == 0:
            self._look_round()
        self._done += 1
        what = self._random.choices(list(_DOES), list(_DOES.values()))[0]
        try:
            if what == "make":
                return self._make(self._random.choices(list(_MAKES), list(_MAKES.values()))[0])
            if what == "change":
                return self._change(self._random.choices(list(_CHANGES), list(_CHANGES.values()))[0])
            if what == "products":
                return self._products()
            if what == "mail":
                return self._mail()
            return self._delete() if what == "delete" else self._again()
        except CrmRejected:
            self.too_late += 1
        except (CrmBusy, CrmUnreachable):  # our own database: the disk is slow, or somebody writes for long
            self.busy += 1
        return []

    def _look_round(self) -> None:
        with self._database.read() as connection:
            for module, (kind, of_activities) in KINDS.items():
                query = select(kind.table.c.id, kind.table.c[MARKED_BY[module][0]]).order_by(kind.table.c.id)
                if of_activities:
                    query = query.where(kind.table.c.kind == of_activities)
                self._known[module] = [(row[0], row[1]) for row in connection.execute(query)]

    def _some(self, module: str) -> tuple[str, str]:
        """(our id, mark); the newest more often."""
        known = self._known[module]
        if not known:
            raise CrmRejected("soak", "there is none yet")
        place = self._random.randrange(len(known)) if self._random.random() < 0.7 else max(0, len(known) - 5)
        return known[place]

    def _now(self) -> float:
        return self._clock().timestamp()

    # Making

    def _make(self, module: str) -> list[Written]:
        self._number += 1
        name = mark(module, "h", self._number)
        drawn = {field: one.draw(self._random, self._number) for field, one in FIELDS[module].items()}
        at = self._now()
        record = self._save(module, name, drawn)
        self._known[module].append((record.id, name))
        told = [Written(module, name, field, value, at, True) for field, value in drawn.items()]
        return [Written(module, name, "made", None, at, True), *told]

    def _save(self, module: str, name: str, drawn: dict[str, Any]) -> Any:
        crm, fields = self._crm, dict(drawn)
        if module == "accounts":
            return crm.save_account(Account("", name, **fields))
        if module == "contacts":
            return crm.save_contact(Contact("", "Sato", email=name, account_id=self._maybe("accounts"), **fields))
        if module == "leads":
            return crm.save_lead(Lead("", "Ito", "Kita Foods", email=name, **fields), key=f"chat {name}")
        if module == "deals":
            fields["expected_close"] = date.fromisoformat(fields["expected_close"])
            people: dict[str, Any] = {"contact_id": self._maybe("contacts"), "account_id": self._maybe("accounts")}
            lines = [DealProduct("", product, 1, 1000) for product in self._some_products()]
            return crm.save_deal(Deal("", name, **people, **fields), lines, at=self._clock())
        contact = self._some("contacts")[0]
        if module == "notes":
            note = Note("", name, fields["text"], self._clock(), contact_id=contact)
            return crm.save_note(note, key=f"note {name}")
        return crm.save_activity(self._activity(module, name, contact, fields), key=f"activity {name}")

    def _activity(self, module: str, name: str, contact: str, fields: dict[str, Any]) -> Activity:
        start = moment(self._random, self._clock())
        end = start + timedelta(minutes=30) if module == "events" else None
        direction = "outbound" if module == "calls" else ""
        deal = self._maybe("deals")
        made = Activity("", module[:-1], name, start, end, contact_id=contact, deal_id=deal, direction=direction)
        return dataclasses.replace(made, **fields)

    def _maybe(self, module: str) -> str:
        return self._some(module)[0] if self._random.random() < 0.6 else ""

    def _some_products(self) -> list[str]:
        return sorted({self._some("products")[0] for _ in range(self._random.randint(0, 3))})

    # Changing

    def _change(self, module: str) -> list[Written]:
        local_id, name = self._some(module)
        known = FIELDS[module]
        names = self._random.sample(list(known), self._random.randint(1, min(2, len(known))))
        values = {field: known[field].draw(self._random, self._number) for field in names}
        with self._database.read() as connection:
            before = fetch(connection, KINDS[module][0], local_id)
        if before is None:
            raise CrmRejected("soak", "it is gone")
        values = {field: value for field, value in values.items() if plain(getattr(before, field)) != value}
        at = self._now()
        if isinstance(before, Activity):
            self._crm.save_activity(dataclasses.replace(before, **values))
        else:
            self._crm.update_record(module, local_id, values)
        return [Written(module, name, field, value, at, True) for field, value in values.items()]

    def _products(self) -> list[Written]:
        local_id, name = self._some("deals")
        lines = [DealProduct(local_id, product, 1, 1000) for product in self._some_products()]
        at = self._now()
        self._crm.set_products_of_deal(local_id, lines)
        return [Written("deals", name, "products", None, at, True)]

    def _mail(self) -> list[Written]:
        """A customer's mail came in: it goes beside the contact, once, though Zoho would take it twice."""
        self._number += 1
        subject, at = f"Mail h{self._number:07d}", self._clock()
        contact = self._some("contacts")[0]
        words: dict[str, Any] = {"text": "What does it cost?", "message_id": f"{self._number}@mail.example"}
        self._crm.save_email(Email("", "in", subject, at, contact_id=contact, **words))
        return [Written("emails", subject, "mailed", None, at.timestamp(), True)]

    def _delete(self) -> list[Written]:
        local_id, name = self._some("deals")
        if self._crm.deal(local_id) is None:
            return []
        at = self._now()
        self._crm.delete_deal(local_id)
        return [Written("deals", name, "gone", None, at, True)]

    def _again(self) -> list[Written]:
        """A visitor's browser sends the same thing twice: it is there once."""
        name = mark("leads", "h", max(1, self._number))
        known = next((one for one in reversed(self._known["leads"]) if one[1].startswith("h")), None)
        name = known[1] if known else name
        if known:
            self._crm.save_lead(Lead("", "Ito", "Kita Foods", email=name), key=f"chat {name}")
        return []


class Visitors:
    """People who chat: recognised from the mirror, whatever Zoho does. One in twenty is a stranger, and so is who was
    deleted or converted in Zoho: of these the CRM may have to say that it can't tell (the flow greets them as new)."""

    def __init__(self, crm: MirroredCrm, *, pace: float = 0.02, seed: int = 1) -> None:
        """`pace`: seconds between two of them."""
        self._crm = crm
        self._pace = pace
        self._random = Random(seed)
        self._people: list[Person] = []
        self._gone: set[Person] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._chat, daemon=True)
        self.outage = False
        self.seconds: list[float] = []
        self.errors: Counter[str] = Counter()
        self.strangers = self.nobody_can_tell = self.unknown = self.during_outage = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def met(self, written: list[Written]) -> None:
        """Who was entered here can be recognised from now on; who is gone no more."""
        with self._lock:
            for one in written:
                if one.module in ("contacts", "leads") and one.field == "made" and one.ours:
                    self._people.append((one.module, one.mark))
                if one.field in ("gone", "converted"):
                    self._gone.add((one.module, one.mark))

    def _chat(self) -> None:
        while not self._stop.wait(self._pace):
            with self._lock:
                if not self._people:
                    continue
                who = self._random.choice(self._people)
                if self._random.random() < 0.05:
                    who = (who[0], f"stranger{self._random.randrange(1_000_000)}@somewhere.example")
            begun = time.monotonic()
            try:
                known = self._recognised(*who)
            except CrmError as error:
                self._not_told(who, error)
            else:
                self._told(who, known, time.monotonic() - begun)

    def _is_stranger(self, who: Person) -> bool:
        with self._lock:
            return who in self._gone or who[1].startswith("stranger")

    def _not_told(self, who: Person, error: CrmError) -> None:
        if self._is_stranger(who) and isinstance(error, CrmUnreachable):
            self.nobody_can_tell += 1
        else:
            self.errors[type(error).__name__] += 1

    def _told(self, who: Person, known: bool, seconds: float) -> None:
        self.seconds.append(seconds)
        self.during_outage += self.outage
        if self._is_stranger(who):
            self.strangers += 1
        elif not known:
            self.unknown += 1

    def _recognised(self, module: str, address: str) -> bool:
        if module == "leads":
            found: Any = self._crm.find_lead(email=address)
        else:
            found = self._crm.find_contact(email=address)
            if found is not None:
                deals = self._crm.deals_of_contact(found.id)
                self._crm.products_of_deals([deal.id for deal in deals])
        self._crm.popular_products(limit=5, now=datetime.now(UTC))
        return found is not None
