"""A worker that is killed at any moment: nothing is sent, changed or made twice, and nothing is left undone.

The kill comes when the worker asks the database for the n-th time, for every seventh n (on PostgreSQL, which differs
in nothing here, every seventeenth; with `make chaos` every single one) until it is never reached.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from motenashi.bulk_actions.content import Content, TaskContent, UpdateContent
from motenashi.bulk_actions.words import Job, Module
from tests.bulk_actions.bulk_world import BOSS, HELLO, BulkWorld, PickyMailServer


class Killed(BaseException):
    """Nobody catches this."""


class Killer:
    """Lets the database be asked so many times, and then no more until it is called off."""

    def __init__(self, world: BulkWorld) -> None:
        self._left: int | None = None
        database: Any = world.database
        database.read, database.write = self._guarded(database.read), self._guarded(database.write)

    def _guarded(self, ask: Callable[[], Any]) -> Callable[[], Any]:
        @contextmanager
        def asked() -> Iterator[Any]:
            if self._left is not None:
                self._left -= 1
                if self._left < 0:
                    raise Killed
            with ask() as connection:
                yield connection

        return asked

    def kill_at(self, number: int, step: Callable[[], object]) -> bool:
        """Was the step cut off?"""
        self._left = number
        try:
            step()
        except Killed:
            return True
        finally:
            self._left = None
        return False


def killed_everywhere(world: BulkWorld, content: Content, module: Module) -> Iterator[Job]:
    """A job for each moment at which it can be killed, ended by a worker that came after it."""
    killer = Killer(world)
    number, cut = 0, True
    while cut:
        job = world.confirm(world.plan(content, module))
        left, cut = number, False
        while world.job(job.id).state == "running" and not cut:
            asked = _Counting(world)
            cut = killer.kill_at(left, lambda: world.room.runner.step(world.now))
            left -= asked.stop()
            world.mail.deliver_waiting(world.now)
            world.wait(seconds=1)
        world.wait(minutes=6)  # the leases of the dead end
        world.run(job)
        yield world.job(job.id)
        number += stride(world)
    assert number > 10


def stride(world: BulkWorld) -> int:
    """`make chaos` kills at every call."""
    if os.environ.get("KILL_EVERYWHERE"):
        return 1
    return 7 if world.database.dialect == "sqlite" else 17


class _Counting:
    def __init__(self, world: BulkWorld) -> None:
        database: Any = world.database
        self._database, self._before = database, (database.read, database.write)
        self._asked = 0
        database.read, database.write = self._counted(database.read), self._counted(database.write)

    def _counted(self, ask: Callable[[], Any]) -> Callable[[], Any]:
        def asked() -> Any:
            self._asked += 1
            return ask()

        return asked

    def stop(self) -> int:
        self._database.read, self._database.write = self._before
        return self._asked


def test_every_mail_leaves_once_and_stands_in_the_crm_once(world: BulkWorld, server: PickyMailServer) -> None:
    world.contact(1)
    world.contact(2)
    for job in killed_everywhere(world, HELLO, "contacts"):
        assert job.state == "done"
        assert set(world.outcome(job).values()) == {"done"}
        assert server.reached == ["ann1@example.com", "ann2@example.com"]
        server.taken.clear()
        emails = Counter(email.key for number in (1, 2) for email in world.crm.emails_of(contact_id=f"c{number:05}"))
        assert set(emails.values()) == {1}
        assert [key for key in emails if key.startswith(f"bulk:{job.id}:")] == [f"bulk:{job.id}:{n}" for n in (1, 2)]
        assert all(email.subject.startswith("News for") for email in world.crm.emails_of(contact_id="c00001"))


def test_every_owner_gets_one_task(world: BulkWorld) -> None:
    world.contact(1)
    world.contact(2)
    content = TaskContent("Call {{ contact.first_name }}", "", date(2026, 6, 1))
    for jobs, job in enumerate(killed_everywhere(world, content, "contacts"), start=1):
        assert set(world.outcome(job).values()) == {"done"}
        assert len(world.crm.activities_of(contact_id="c00001")) == jobs
        assert len(world.crm.activities_of(contact_id="c00002")) == jobs


@pytest.mark.parametrize("what", ["done", "undone"])
def test_every_value_is_set_once_and_can_be_taken_back(world: BulkWorld, what: str) -> None:
    world.deal(1)
    world.deal(2)
    content = UpdateContent({"stage": "Proposal", "lead_source": "Fair"})
    changes = 1  # its creation
    if what == "done":
        for job in killed_everywhere(world, content, "deals"):
            changes += 2
            assert set(world.outcome(job).values()) == {"done"}
            assert _stages(world) == {"Proposal"}
            world.room.desk.undo(job, by=BOSS.email, now=world.now)
            _undo(world, job)
            assert _stages(world) == {"Qualification"}
            assert len(world.crm.stage_history("d1")) == changes
        return
    killer = Killer(world)
    number, cut = 0, True
    while cut:
        job = world.run(world.confirm(world.plan(content, "deals")))
        changes += 2
        world.room.desk.undo(job, by=BOSS.email, now=world.now)
        cut = killer.kill_at(number, lambda: world.room.runner.step(world.now))
        world.wait(minutes=6)
        _undo(world, job)
        assert _stages(world) == {"Qualification"}
        assert world.room.desk.undo_counts(job) == {"done": 2}
        assert len(world.crm.stage_history("d1")) == changes
        number += stride(world)
    assert number > 10


def _undo(world: BulkWorld, job: Job) -> None:
    while world.job(job.id).undo == "running":
        world.round()


def _stages(world: BulkWorld) -> set[str]:
    return {deal.stage for deal in world.crm.deals_with(["d1", "d2"])}
