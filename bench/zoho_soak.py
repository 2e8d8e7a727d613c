"""`make soak-zoho`: thousands of changes on both sides of a Zoho that fails at random; are both sides alike afterwards?

    python -m bench.zoho_soak [--changes 10000] [--seed 1] [--database URL] [--minutes-of-outage 60]

The fake Zoho, a worker and (for a while) a second pusher are processes of their own; this one is the house's web
server: the CRM that colleagues write to and visitors ask, and the door of notifications. Ends with 1 when anything was
lost, doubled or is not the same on both sides.

What is scaled, so that it takes minutes: the outage lasts `OUTAGE_SECONDS`, and in the middle of it the clocks of Zoho
and of all our processes jump ahead by the rest of its minutes; polling comes every `POLL_SECONDS` instead of every
900; an answer is waited for 2 seconds instead of 30; the day's credits are without limit, and counted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from bench import zoho_soak_report as report
from bench.zoho_soak_door import Door
from bench.zoho_soak_eye import Eye
from bench.zoho_soak_fake import FakeInItsOwnProcess
from bench.zoho_soak_here import Colleague, Visitors
from bench.zoho_soak_parts import Parts, Place, ShiftedClock
from bench.zoho_soak_truth import Truth
from bench.zoho_soak_worker import Worker, log_to
from crm_client.embedded.tables import metadata as crm_tables
from crm_client.errors import CrmError
from crm_client.zoho.tables import metadata as zoho_tables
from motenashi.storage.open_database import open_database
from tests.crm_client.zoho.both_sides import compare

FAULTS = {"cut_after": 0.04, "stall_after": 0.01, "server_error": 0.05, "too_many": 0.02, "waits": 2.5}
PUSHES = {"push_twice_rate": 0.1, "push_late_rate": 0.1, "push_later": 1.5, "push_lost_rate": 0.02}
POLL_SECONDS = 20.0
OUTAGE_SECONDS = 40.0
MOST_WAITING = 80  # rows in the outbox; who writes here waits then, except during the outage
SETTLING_SECONDS = 900.0
CALM_CHANGES = 60  # at the end, without faults, to see how quick the notifications make us


class Soak:
    def __init__(self, choices: argparse.Namespace, folder: Path) -> None:
        self.choices = choices
        self.folder = folder
        self.shift = multiprocessing.get_context("spawn").Value("d", 0.0)
        self.clock = ShiftedClock(self.shift)
        self.fake = FakeInItsOwnProcess(folder, choices.seed)
        self.door = Door(self.clock)
        url = choices.database or f"sqlite:///{folder}/soak.db"
        about = self.fake.ask("about")
        self.place = Place(url, about, self.door.url, str(folder), POLL_SECONDS)
        prepare(url)
        self.parts = Parts(self.place, self.clock)
        self.truth = Truth()
        self.random = Random(choices.seed)
        self.workers: list[Worker] = []
        self.outage_over: float | None = None  # monotonic
        self.events: list[str] = []
        self.done_here = self.done_there = 0
        self.begun = time.monotonic()

    def run(self) -> int:
        try:
            self._begin()
            self._changes()
            settled = self._settle()
            return self._judge(settled)
        finally:
            self._end()

    def say(self, what: str) -> None:
        line = f"{time.monotonic() - self.begun:6.0f} s  {what}"
        self.events.append(line)
        print(line, file=sys.stderr, flush=True)

    # First fill, and everybody to their places

    def _begin(self) -> None:
        self.truth.add(self.fake.ask("begin", self.choices.people))
        self.parts.learn()
        mirror = self.parts.mirror()
        channels = self.parts.channels()
        self.door.open(channels)
        mirror.fill()
        while mirror.take_details():
            pass
        channels.ensure(self.clock())
        self.fake.ask("switch", PUSHES)
        self.parts.sender.begin_anew()
        self.fake.ask("random_faults", self.choices.seed, FAULTS)
        crm = self.parts.crm(mirror)
        self.colleague = Colleague(crm, self.parts.database, self.clock, self.choices.seed + 1)
        self.visitors = Visitors(crm)
        self.visitors.start()
        self.eye = Eye(self.parts.database, self.truth, self.door)
        self.eye.start()
        self.workers = [Worker(self.place, self.shift, "worker-1")]
        self.workers[0].ready.wait(60)
        self.say(f"filled with {len(self.truth.made)} records; changes begin")

    # Changes on both sides

    def _changes(self) -> None:
        at: dict[int, list[Callable[[], None]]] = {}
        for share, happens in (
            (0.15, self._revoke),
            (0.30, self._second_pusher),
            (0.45, self._one_pusher),
            (0.50, self._kill),
            *([(0.60, self._outage_begins)] if self.choices.minutes_of_outage else []),
            (0.80, self._revoke),
            (0.90, self._kill),
        ):
            at.setdefault(int(share * self.choices.changes), []).append(happens)
        for number in range(self.choices.changes):
            for happens in at.get(number, ()):
                happens()
            self._one_change()
            self._outage_goes_on()
        while self.outage_over is not None:
            self._outage_goes_on()
            time.sleep(0.1)

    def _one_change(self) -> None:
        if self.random.random() < 0.5:
            written = self.colleague.act()
            self.done_here += bool(written)
        else:
            written = self.fake.ask("act")
            self.done_there += bool(written)
            self.eye.watch(written)
        self.truth.add(written)
        self.visitors.met(written)
        while self.outage_over is None and report.waiting(self.parts.database) > MOST_WAITING:
            time.sleep(0.05)

    def _revoke(self) -> None:
        self.fake.ask("revoke")
        self.say("the token was revoked")

    def _second_pusher(self) -> None:
        self.workers.append(Worker(self.place, self.shift, "pusher-2", only_pushes=True))
        self.say("a second pusher begins")

    def _one_pusher(self) -> None:
        self.workers.pop().stop()
        self.say("the second pusher ends")

    def _kill(self) -> None:
        self.workers.pop().kill()
        self.workers.append(Worker(self.place, self.shift, f"worker-{len(self.events)}"))
        self.say("kill -9 of the worker, and another begins")

    # The outage

    def _outage_begins(self) -> None:
        self.fake.ask("outage", True)
        self.fake.ask("switch", {"push_lost_rate": 1.0})
        self.visitors.outage = self.eye.outage = True
        self.outage_began, self.jumped = time.monotonic(), False
        self.outage_over = self.outage_began + OUTAGE_SECONDS
        self.say("outage: nobody answers, nothing is pushed")

    def _outage_goes_on(self) -> None:
        if self.outage_over is None:
            return
        time.sleep(5 * OUTAGE_SECONDS / self.choices.changes)  # about a fifth of all changes are made meanwhile
        now = time.monotonic()
        if not self.jumped and now > self.outage_began + OUTAGE_SECONDS / 2:
            self.jumped = True
            self._jump(self.choices.minutes_of_outage * 60 - OUTAGE_SECONDS)
        if now > self.outage_over:
            self.outage_over = None
            self.fake.ask("outage", False)
            self.fake.ask("switch", PUSHES)
            self.visitors.outage = self.eye.outage = False
            self.eye.outage_ended = time.monotonic()
            self.say(f"the outage is over; {report.waiting(self.parts.database)} writes have waited")

    def _jump(self, seconds: float) -> None:
        self.fake.ask("advance", seconds)
        self.shift.value += seconds
        self.say(f"all clocks jump ahead by {seconds:.0f} s")

    # Until nothing waits

    def _settle(self) -> bool:
        """True when everything came to rest in time."""
        self.say("no more changes; waiting until nothing is left to send or fetch")
        give_up = time.monotonic() + SETTLING_SECONDS
        while time.monotonic() < give_up:
            if not report.waiting(self.parts.database) and not report.hints(self.parts.database):
                break
            time.sleep(0.5)
        self.visitors.stop()
        self.fake.ask("no_more_faults")
        self._calm()
        self.eye.stop()
        for worker in self.workers:
            worker.stop()
        self.workers.clear()
        rest = not report.waiting(self.parts.database)
        mirror = self.parts.mirror()
        for _ in range(3):
            try:
                mirror.poll(deletions=True)
                self._until_fetched(mirror.take_hints, mirror.take_details)
                return rest
            except CrmError as error:
                self.say(f"the last look failed: {error}")
                time.sleep(5)
        return False

    def _calm(self) -> None:
        """A few changes in Zoho when nothing goes wrong: how soon are they seen?"""
        self.fake.ask("switch", dict.fromkeys(PUSHES, 0.0))
        self.eye.calm = True
        for _ in range(min(CALM_CHANGES, self.choices.changes // 10)):
            written = self.fake.ask("act")
            self.eye.watch(written)
            self.truth.add(written)
            self.done_there += bool(written)
            time.sleep(0.3)
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up and self.eye.looks_for_something():
            time.sleep(0.2)

    def _until_fetched(self, take_hints: Callable[[], int], take_details: Callable[[], int]) -> None:
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            if not take_hints() + take_details() and not report.hints(self.parts.database):
                return
            time.sleep(0.2)

    def _judge(self, settled: bool) -> int:
        products = self.fake.ask("products_of_deals")
        found = compare(
            self.parts.database, self.parts.field_map, self.fake.records, lambda deal: products.get(deal, [])
        )
        told = report.Told(self, settled, found)
        print(told.page())
        return 0 if told.good else 1

    def _end(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.door.close()
        self.parts.close()
        self.fake.stop()


def prepare(url: str) -> None:
    """The tables. A PostgreSQL schema must be empty."""
    database = open_database(url)
    for tables in (crm_tables, zoho_tables):
        tables.create_all(database.engine)
    database.engine.dispose()


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.zoho_soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--changes", type=int, default=10_000, help="how many, on both sides together")
    parser.add_argument("--seed", type=int, default=1, help="of faults and changes")
    parser.add_argument("--database", default="", help="a PostgreSQL URL with an empty schema; else a new SQLite file")
    parser.add_argument("--minutes-of-outage", type=float, default=60.0, help="0: none")
    parser.add_argument("--people", type=int, default=120, help="contacts that Zoho has at first, and more of others")
    parser.add_argument("--keep", default="", help="a folder for database and logs, which then stay")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    choices = arguments(given)
    folder = Path(choices.keep or tempfile.mkdtemp(prefix="zoho-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    log_to(folder / "house.log")
    try:
        return Soak(choices, folder).run()
    finally:
        if not choices.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
