"""How fast a mirror of Zoho is filled: `python -m bench.zoho_fill [--records 20000,100000,200000] [--visible 50]`.

A fake Zoho (tests/fake_zoho) runs in a process of its own and is asked over HTTP, as a real one is: bulk jobs, zipped
files, lists. Beside it the same number of like records goes through `insert_many`, which neither reads, maps nor
compares anything. Each fill has a process and a database of its own; its peak memory is that of the process.
`--visible N` changes N records in the fake, one after the other, while it pushes notifications to a door of ours, and
tells how long each change takes to be seen in the mirror.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from limits.storage import MemoryStorage
from werkzeug.serving import WSGIRequestHandler, make_server

from crm_client.embedded.bulk import insert_many
from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.embedded.settings import EmbeddedCrmSettings
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.records import Account, Activity, Contact, Lead
from crm_client.zoho.api.transport import Transport, open_transport
from crm_client.zoho.api.zoho_api import ZohoApi
from crm_client.zoho.mapping.field_map import FieldMap
from crm_client.zoho.mirror.channels import Channels
from crm_client.zoho.mirror.filling import Progress
from crm_client.zoho.mirror.mirror import Mirror
from crm_client.zoho.settings import ZohoLimits, ZohoSettings
from crm_client.zoho.tables import metadata as zoho_tables
from motenashi.channels.crm.zoho_door import build_zoho_door
from motenashi.database import Database
from motenashi.storage.open_database import open_database
from tests.fake_zoho.fake import FakeZoho

SECRET = b"a secret of thirty-two letters.."
SHARES = {"Accounts": 10, "Contacts": 50, "Leads": 20, "Deals": 10, "Tasks": 10}  # percent
MADE = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Reached:
    """How to reach the fake."""

    url: str
    client_id: str
    client_secret: str
    refresh_token: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", default="20000,100000,200000")
    parser.add_argument("--visible", type=int, default=0)
    given = parser.parse_args()
    print("| records | what | seconds | records a second | processor, s | peak memory, MB |\n|---|---|---|---|---|---|")
    for number in [int(text) for text in given.records.split(",") if text.strip() != "0"]:
        _line(number, "bare insert_many", _in_own_process(_bare, number))
        with fake(number) as account:
            _line(number, "fill through the fake", _in_own_process(_fill, account))
    if given.visible:
        _visible(given.visible)


def _line(number: int, what: str, told: dict[str, float]) -> None:
    speed = told["records"] / told["seconds"]
    figures = f"{told['seconds']:.1f} | {speed:,.0f} | {told['processor']:.1f} | {told['megabytes']:.0f}"
    print(f"| {number:,} | {what} | {figures} |", flush=True)


# The other side


@contextmanager
def fake(number: int) -> Iterator[Reached]:
    """A fake with so many records, in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, number))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("stop")
        process.join()


def _serve(pipe: Connection, number: int) -> None:
    with FakeZoho() as zoho:
        zoho.switches.set({"credits": 10_000_000})
        _stock(zoho, number)
        pipe.send(Reached(zoho.url, zoho.client_id, zoho.client_secret, zoho.refresh_token))
        pipe.recv()


def _stock(zoho: FakeZoho, number: int) -> None:
    put = zoho.store.put_many
    counts = {module: number * share // 100 for module, share in SHARES.items()}
    put("Accounts", ({"ReachedName": f"Company {n}", "Industry": "Food"} for n in range(counts["Accounts"])))
    put("Contacts", (_contact(n) for n in range(counts["Contacts"])))
    put(
        "Leads",
        ({"Last_Name": f"Lead {n}", "Company": "Co", "Email": f"l{n}@b.example"} for n in range(counts["Leads"])),
    )
    put("Deals", (_deal(n) for n in range(counts["Deals"])))
    put(
        "Tasks",
        ({"Subject": f"Task {n}", "Due_Date": "2027-01-01", "Status": "Not Started"} for n in range(counts["Tasks"])),
    )


def _contact(n: int) -> dict[str, Any]:
    return {
        "Last_Name": f"Person {n}",
        "First_Name": "Ann",
        "Email": f"person{n}@a.example",
        "Mobile": f"090-{n // 10_000:04}-{n % 10_000:04}",
        "Title": "Buyer",
    }


def _deal(n: int) -> dict[str, Any]:
    stage = ("Qualification", "Negotiation/Review", "Closed Won", "Closed Lost")[n % 4]
    return {
        "Deal_Name": f"Deal {n}",
        "Stage": stage,
        "Closing_Date": "2027-03-31",
        "Amount": 1000 + n,
        "$no_history": 1,
    }


# This side


def _in_own_process(work: Any, given: Any) -> dict[str, float]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_measured, args=(there, work, given))
    process.start()
    told: dict[str, float] = here.recv()
    process.join()
    return told


def _measured(pipe: Connection, work: Any, given: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        crm_tables.create_all(database.engine)
        zoho_tables.create_all(database.engine)
        processor, began = time.process_time(), time.perf_counter()
        records = work(database, given)
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        pipe.send(
            {
                "records": float(records),
                "seconds": seconds,
                "processor": time.process_time() - processor,
                "megabytes": peak,
            }
        )
        database.engine.dispose()


def _fill(database: Database, account: Reached) -> int:
    with _transport(database, account) as (transport, settings):
        mirror = Mirror(
            database,
            ZohoApi(transport, settings),
            FieldMap(settings),
            EmbeddedCrmSettings(),
            settings.sync,
            on_changes=lambda changes: None,
        )
        return mirror.fill(_tell).records


def _tell(progress: Progress) -> None:
    if progress.finished and progress.done:
        print(f"  {progress.module}: {progress.done:,}", file=sys.stderr, flush=True)


def _bare(database: Database, number: int) -> int:
    return insert_many(EmbeddedCrm(database), _bare_records(number), chunk_size=1_000)


def _bare_records(number: int) -> Iterator[Any]:
    counts = {module: number * share // 100 for module, share in SHARES.items()}
    yield from (Account("", f"Company {n}", "Food", created_at=MADE) for n in range(counts["Accounts"]))
    people = counts["Contacts"] + counts["Deals"]  # a deal alone is no unit of insert_many; a contact is as large
    for n in range(people):
        yield Contact("", f"Person {n}", "Ann", f"person{n}@a.example", mobile=f"090-{n:08}", created_at=MADE)
    yield from (Lead("", f"Lead {n}", "Co", email=f"l{n}@b.example", created_at=MADE) for n in range(counts["Leads"]))
    yield from (Activity("", "task", f"Task {n}", MADE) for n in range(counts["Tasks"]))


@contextmanager
def _transport(database: Database, account: Reached) -> Iterator[tuple[Transport, ZohoSettings]]:
    settings = ZohoSettings(fake_url=account.url, limits=ZohoLimits(credits_a_day=10_000_000))
    environment = {
        settings.client_id_env: account.client_id,
        settings.client_secret_env: account.client_secret,
        settings.refresh_token_env: account.refresh_token,
    }
    transport = open_transport(settings, database, secret=SECRET, environment=environment)
    try:
        yield transport, settings
    finally:
        transport.close()


# How long until a change is seen


def _visible(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder, FakeZoho() as zoho:
        database = open_database(f"sqlite:///{Path(folder)}/bench.db")
        crm_tables.create_all(database.engine)
        zoho_tables.create_all(database.engine)
        account = Reached(zoho.url, zoho.client_id, zoho.client_secret, zoho.refresh_token)
        ids = [zoho.store.put("Contacts", _contact(n)) for n in range(number)]
        with _transport(database, account) as (transport, settings):
            seconds = _seconds_until_seen(zoho, database, ZohoApi(transport, settings), settings, ids)
        database.engine.dispose()
    seconds.sort()
    print(
        f"\n{len(seconds)} of {number} changes were seen; seconds from the change in Zoho to the mirror: median "
        f"{statistics.median(seconds):.2f}, 95 % {seconds[int(len(seconds) * 0.95) - 1]:.2f}, longest {seconds[-1]:.2f}"
    )


def _seconds_until_seen(
    zoho: FakeZoho, database: Database, calls: ZohoApi, settings: ZohoSettings, ids: list[str]
) -> list[float]:
    field_map, wake, over = FieldMap(settings), threading.Event(), threading.Event()
    mirror = Mirror(database, calls, field_map, EmbeddedCrmSettings(), settings.sync)
    mirror.fill()
    app = Flask(__name__)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    sync = replace(settings.sync, notify_url=f"http://127.0.0.1:{server.port}/channels/crm/zoho")
    channels = Channels(database, calls, field_map, sync, secret=SECRET)
    door = build_zoho_door(channels.accept, channels.accept_workflow, rate_storage=MemoryStorage(), arrived=wake.set)
    app.register_blueprint(door)
    threads = [threading.Thread(target=server.serve_forever), threading.Thread(target=_work, args=(mirror, wake, over))]
    for thread in threads:
        thread.start()
    try:
        channels.ensure(datetime.now(UTC))
        found = [_one(zoho, mirror, EmbeddedCrm(database), record_id) for record_id in ids]
    finally:
        over.set()
        wake.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
    return [seconds for seconds in found if seconds is not None]


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def _work(mirror: Mirror, wake: threading.Event, over: threading.Event) -> None:
    while not over.is_set():
        wake.wait(1.0)
        wake.clear()
        mirror.take_hints()


def _one(zoho: FakeZoho, mirror: Mirror, crm: EmbeddedCrm, record_id: str) -> float | None:
    word = f"Changed {record_id}"
    began = time.perf_counter()
    zoho.store.change("Contacts", record_id, {"Title": word})
    while time.perf_counter() - began < 60:
        contact = crm.contact(record_id)
        if contact is not None and contact.title == word:
            return time.perf_counter() - began
        time.sleep(0.005)
    return None


if __name__ == "__main__":
    main()
