"""The soak's fake Zoho: a process of its own, with a person who works there, and a pipe to tell both what to do."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

from bench.zoho_soak_world import API_MODULES, FIELDS, MARKED_BY, STAGES, Written, mark, moment
from tests.fake_zoho.fake import FakeZoho
from tests.fake_zoho.store import Change, Raw
from tests.fake_zoho.wire import Reply, Request

_OUR_MODULES = {theirs: ours for ours, theirs in API_MODULES.items()}
_REFRESH_WINDOW = 600.0
# What the person in Zoho does, and how often in a hundred.
_DOES = {"make": 30, "change": 60, "delete": 5, "convert": 2, "products": 3}
_MAKES = {"contacts": 6, "leads": 6, "accounts": 3, "deals": 6, "tasks": 4, "calls": 3, "events": 2, "notes": 2}
_DELETES = ("leads", "tasks", "calls", "events", "notes", "deals")  # nothing here refers to most of these


class SoakZoho(FakeZoho):
    """Remembers when tokens were asked for, and of which new records nobody heard because the answer was lost."""

    def __init__(self, path: str) -> None:
        self.asked_for_tokens: list[float] = []
        self.never_told: set[str] = set()
        self._here = threading.local()
        super().__init__(path=path)
        self.store.listeners.append(self._made)

    def _made(self, change: Change) -> None:
        if change.by_api and change.operation == "insert":
            self._here.made = [*getattr(self._here, "made", ()), *change.ids]

    def answer(self, request: Request) -> Reply:
        self._here.made = []
        reply = super().answer(request)
        if reply.cut:
            self.never_told.update(self._here.made)
        if request.path.startswith("/oauth/v2/token") and not reply.cut:
            self.asked_for_tokens.append(self.clock.seconds())
        return reply


class Desk:
    """Somebody who works in Zoho, and the switches of the fake."""

    def __init__(self, zoho: SoakZoho, seed: int) -> None:
        self._zoho = zoho
        self._random = Random(seed)
        self._number = 0
        self._ids: dict[str, list[str]] = {module: [] for module in API_MODULES}
        self._faults_met: dict[str, int] = {}
        zoho.store.listeners.append(self._heard)

    def _heard(self, change: Change) -> None:
        module = _OUR_MODULES.get(change.module.key)
        if module and change.operation == "insert":
            self._ids[module].extend(change.ids)

    # What the soak asks for

    def about(self) -> dict[str, str]:
        names = ("url", "client_id", "client_secret", "refresh_token")
        return {name: str(getattr(self._zoho, name)) for name in names}

    def switch(self, values: Mapping[str, Any]) -> None:
        self._zoho.switches.set(dict(values))

    def random_faults(self, seed: int, rates: Mapping[str, float]) -> None:
        self._zoho.faults.random(seed=seed, **rates)

    def no_more_faults(self) -> None:
        self._faults_met = dict(self._zoho.faults.met)
        self._zoho.faults.clear()

    def faults_met(self) -> dict[str, int]:
        return dict(self._zoho.faults.met) or self._faults_met

    def outage(self, now: bool) -> None:
        self._zoho.faults.outage = now

    def advance(self, seconds: float) -> None:
        self._zoho.advance(seconds)

    def revoke(self) -> None:
        """The access tokens of now die."""
        self._zoho.tokens.revoke_access()

    def credits(self) -> int:
        return sum(one.credits for one in self._zoho.calls_log)

    def calls(self) -> dict[str, int]:
        """How many of each kind: method and path without ids."""
        found: dict[str, int] = {}
        for one in list(self._zoho.calls_log):
            path = "/".join("{id}" if part.isdigit() else part for part in one.path.split("/"))
            found[f"{one.method} {path}"] = found.get(f"{one.method} {path}", 0) + 1
        return found

    def most_refreshes(self) -> tuple[int, int]:
        """(asked for tokens in all, most of them in any ten minutes)."""
        times = self._zoho.asked_for_tokens
        most = max((sum(1 for one in times if 0 <= one - first <= _REFRESH_WINDOW) for first in times), default=0)
        return len(times), most

    def never_told(self) -> set[str]:
        return set(self._zoho.never_told)

    def records(self, api_module: str) -> list[Raw]:
        return self._zoho.store.all(api_module)

    def products_of_deals(self) -> dict[str, list[str]]:
        rows = self._zoho.store.sql("select deal, product from links")
        found: dict[str, list[str]] = {}
        for deal, product in rows:
            found.setdefault(str(deal), []).append(str(product))
        return found

    def mails(self) -> list[str]:
        """The subjects of all e-mails."""
        rows = self._zoho.store.sql("select json_extract(data, '$.subject') from emails")
        return [str(subject) for (subject,) in rows]

    def begin(self, people: int) -> list[Written]:
        """The organisation before anything happens: products, accounts, people, deals."""
        done: list[Written] = []
        for module, share in (("products", 0.2), ("accounts", 0.5), ("contacts", 1.0), ("leads", 0.7), ("deals", 0.8)):
            for _ in range(max(3, int(people * share))):
                done += self._make(module)
        for module in ("tasks", "calls", "events", "notes"):
            for _ in range(people // 4):
                done += self._make(module)
        for deal in self._ids["deals"]:
            for product in self._random.sample(self._ids["products"], 2):
                self._zoho.store.link(deal, product)
        return done

    def act(self) -> list[Written]:
        """One thing that a person in Zoho does."""
        what = self._random.choices(list(_DOES), list(_DOES.values()))[0]
        if what == "make":
            return self._make(self._random.choices(list(_MAKES), list(_MAKES.values()))[0])
        if what == "change":
            return self._change()
        if what == "delete":
            return self._delete()
        return self._convert() if what == "convert" else self._products()

    # What a person does

    def _now(self) -> float:
        return self._zoho.clock.seconds()

    def _some(self, module: str) -> str:
        """Zoho's id of some record; '' when there is none. The newest more often, as people do."""
        ids = self._ids[module]
        while ids:
            place = self._random.randrange(len(ids)) if self._random.random() < 0.7 else max(0, len(ids) - 5)
            if self._zoho.store.get(API_MODULES[module], ids[place]) is not None:
                return ids[place]
            ids.pop(place)
        return ""

    def _mark(self, module: str, zoho_id: str) -> str:
        raw = self._zoho.store.get(API_MODULES[module], zoho_id) or {}
        return str(raw.get(MARKED_BY[module][1]) or "")

    def _make(self, module: str, **more: Any) -> list[Written]:
        self._number += 1
        name = mark(module, "z", self._number)
        drawn = {field: one.draw(self._random, self._number) for field, one in FIELDS[module].items()}
        raw = {FIELDS[module][field].name: FIELDS[module][field].there(value) for field, value in drawn.items()}
        raw |= self._rest(module) | {MARKED_BY[module][1]: name} | more
        zoho_id = self._zoho.store.put(API_MODULES[module], raw)
        at = self._now()
        told = [Written(module, name, field, value, at, False, zoho_id) for field, value in drawn.items()]
        return [Written(module, name, "made", None, at, False, zoho_id), *told]

    def _rest(self, module: str) -> Raw:
        """Fields that nobody changes."""
        if module == "contacts":
            account = self._some("accounts")
            return {"Last_Name": "Mori"} | ({"Account_Name": {"id": account}} if account else {})
        if module == "leads":
            return {"Last_Name": "Aoki", "Company": "Minami Cafe"}
        if module == "deals":
            contact, account = self._some("contacts"), self._some("accounts")
            named = {"Contact_Name": {"id": contact}} if contact else {}
            return {"Currency": "JPY"} | named | ({"Account_Name": {"id": account}} if account else {})
        if module == "products":
            return {"Product_Name": f"Product {self._number}", "Product_Active": True, "Product_Category": "Hardware"}
        return self._about_somebody(module)

    def _about_somebody(self, module: str) -> Raw:
        start = moment(self._random, datetime.fromtimestamp(self._now(), UTC))
        contact = self._some("contacts")
        if module == "notes":
            return {"Parent_Id": {"id": contact, "module": {"api_name": "Contacts"}}, "$se_module": "Contacts"}
        found: Raw = {"Who_Id": {"id": contact}}
        deal = self._some("deals")
        if deal and self._random.random() < 0.5:
            found |= {"What_Id": {"id": deal}, "$se_module": "Deals"}
        if module == "events":
            end = start + timedelta(minutes=30)
            return found | {"Start_DateTime": start.isoformat(), "End_DateTime": end.isoformat()}
        if module == "calls":
            return found | {"Call_Type": "Outbound", "Call_Start_Time": start.isoformat()}
        return found | {"Due_Date": start.date().isoformat()}

    def _change(self) -> list[Written]:
        module = self._random.choices(
            ("contacts", "leads", "deals", "accounts", "products", "tasks", "calls", "events", "notes"),
            (20, 20, 30, 10, 2, 10, 3, 2, 2),
        )[0]
        zoho_id = self._some(module)
        if not zoho_id:
            return []
        known = FIELDS[module]
        names = self._random.sample(list(known), self._random.randint(1, min(2, len(known))))
        values = {field: known[field].draw(self._random, self._number) for field in names}
        name = self._mark(module, zoho_id)
        before = self._zoho.store.get(API_MODULES[module], zoho_id) or {}
        values = {
            field: value
            for field, value in values.items()
            if before.get(known[field].name) != known[field].there(value)
        }
        raw = {known[field].name: known[field].there(value) for field, value in values.items()}
        self._zoho.store.change(API_MODULES[module], zoho_id, raw)
        at = self._now()
        return [Written(module, name, field, value, at, False, zoho_id) for field, value in values.items()]

    def _delete(self) -> list[Written]:
        module = self._random.choice(_DELETES)
        zoho_id = self._some(module)
        name = self._mark(module, zoho_id) if zoho_id else ""
        if not name:
            return []
        self._zoho.store.delete(API_MODULES[module], zoho_id)
        return [Written(module, name, "gone", None, self._now(), False, zoho_id)]

    def _convert(self) -> list[Written]:
        lead = self._some("leads")
        raw = self._zoho.store.get("Leads", lead) if lead else None
        if raw is None or raw.get("Converted__s"):
            return []
        done = self._make("accounts")
        done += self._make("contacts", Account_Name={"id": done[0].zoho_id})
        contact = next(one.zoho_id for one in done if one.module == "contacts")
        deal = self._make("deals", Contact_Name={"id": contact}, Stage=STAGES[0])
        deal = [one for one in deal if one.field != "stage"]
        done += deal
        converted = {"Converted__s": True, "Converted_Contact": {"id": contact}}
        self._zoho.store.change("Leads", lead, converted | {"Converted_Deal": {"id": deal[0].zoho_id}})
        return [*done, Written("leads", self._mark("leads", lead), "converted", None, self._now(), False, lead)]

    def _products(self) -> list[Written]:
        deal = self._some("deals")
        if not deal:
            return []
        product = self._random.choice(self._ids["products"])
        if product in self._zoho.store.products_of(deal):
            self._zoho.store.sql("delete from links where deal = ? and product = ?", (int(deal), int(product)))
        else:
            self._zoho.store.link(deal, product)
        name = self._mark("deals", deal)
        self._zoho.store.change("Deals", deal, {})  # Zoho gives a deal whose products changed a new Modified_Time
        return [Written("deals", name, "products", None, self._now(), False, deal)]


def _serve(pipe: Connection, path: str, seed: int, log: str) -> None:
    logging.basicConfig(filename=log, level=logging.WARNING)
    with SoakZoho(path) as zoho:
        desk = Desk(zoho, seed)
        while True:
            try:
                name, given = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((True, getattr(desk, name)(*given)))
            except Exception:
                pipe.send((False, traceback.format_exc()))


class FakeInItsOwnProcess:
    """`ask("act")` does it there and gives what it gave."""

    def __init__(self, folder: Path, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        given = (theirs, str(folder / "fake.db"), seed, str(folder / "fake.log"))
        self._process = context.Process(target=_serve, args=given, daemon=True)
        self._process.start()
        theirs.close()
        self._lock = Lock()

    def ask(self, name: str, *given: Any) -> Any:
        with self._lock:
            self._pipe.send((name, given))
            good, answer = self._pipe.recv()
        if not good:
            raise RuntimeError(f"the fake: {answer}")
        return answer

    def records(self, api_module: str) -> Sequence[Raw]:
        found: Sequence[Raw] = self.ask("records", api_module)
        return found

    def stop(self) -> None:
        self._pipe.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.terminate()
