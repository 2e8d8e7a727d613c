"""Planning, confirming and watching: many records in little memory, nothing by accident, everything on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

import motenashi.bulk_actions
from crm_client.embedded.tables import crm_contacts
from motenashi.bulk_actions.planning import Planning
from motenashi.bulk_actions.plans import Plans
from motenashi.bulk_actions.settings import BulkSettings
from motenashi.bulk_actions.tables import bulk_rows
from motenashi.bulk_actions.words import BulkWrong
from motenashi.database import Database
from motenashi.filters.filter import FilterProblem
from tests.bulk_actions.bulk_world import BOSS, HELLO, NOW, BulkWorld, PickyMailServer


def many_contacts(world: BulkWorld, number: int) -> None:
    rows = [
        {
            "id": f"m{one:06}",
            "last_name": f"Mori{one}",
            "first_name": f"Ann{one}",
            "email": f"many{one}@example.com",
            "language": "en",
            "owner_id": "o1",
            "created_at": NOW,
        }
        for one in range(number)
    ]
    with world.database.write() as connection:
        connection.execute(insert(crm_contacts), rows)
    world.filters.found += [str(row["id"]) for row in rows]


def test_ten_thousand_are_planned_without_loading_them(world: BulkWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    many_contacts(world, 10_000)
    at_once: list[int] = []
    load, read = world.crm.contacts_with, Plans.rows

    def loaded(ids: Any) -> Any:
        at_once.append(len(ids))
        return load(ids)

    def fetched(self: Plans, *given: Any, **more: Any) -> Any:
        rows = read(self, *given, **more)
        at_once.append(len(rows))
        return rows

    monkeypatch.setattr(world.crm, "contacts_with", loaded)
    monkeypatch.setattr(Plans, "rows", fetched)
    job = world.plan()

    assert job.total == 10_000
    assert [(one.state, one.rows) for one in world.room.desk.counts(job)] == [("ready", 10_000)]
    assert max(at_once) == 500


def test_too_many_are_refused_whole(sqlite_database: Database) -> None:
    world = BulkWorld(sqlite_database, settings=BulkSettings(most_records=5))
    many_contacts(world, 6)

    with pytest.raises(BulkWrong, match="More than 5 records"):
        world.plan()
    assert world.room.desk.newest(BOSS) == ()
    world.filters.found.pop()
    assert world.plan().total == 5


def test_accounts_with_too_many_people_are_refused_whole(sqlite_database: Database) -> None:
    world = BulkWorld(sqlite_database, settings=BulkSettings(most_records=5))
    for number in range(6):
        world.contact(number, account_id="a1")
    world.filters.found.clear()
    world.account(1)

    with pytest.raises(BulkWrong, match="More than 5 records"):
        world.plan(HELLO, "accounts")
    with world.database.read() as connection:
        assert connection.execute(select(bulk_rows.c.number)).first() is None


def test_nobody_is_an_error_and_so_is_a_wrong_filter(quiet_world: BulkWorld) -> None:
    with pytest.raises(BulkWrong, match="No record fits"):
        quiet_world.plan()
    quiet_world.filters.problems = [FilterProblem(1, "there is no field 'sector'.", "Did you mean 'industry'?")]
    with pytest.raises(BulkWrong, match="there is no field 'sector'"):
        quiet_world.plan()


def test_above_the_limit_the_number_is_to_be_typed(sqlite_database: Database) -> None:
    world = BulkWorld(sqlite_database, settings=BulkSettings(type_number_over=3))
    many_contacts(world, 1_200)
    job = world.plan()

    for typed in ("", "1201", "yes"):
        with pytest.raises(BulkWrong, match="Type the number 1200"):
            world.confirm(job, typed)
    assert world.job(job.id).state == "preview"
    assert world.confirm(job, " １,200 ").state == "running"


def test_what_was_changed_after_the_preview_is_not_confirmed_by_it(quiet_world: BulkWorld) -> None:
    quiet_world.contact(1)
    quiet_world.contact(2, first_name="")
    seen = quiet_world.plan()
    text = replace(HELLO, body={"en": "{{ contact.last_name }}"}, subject={"en": "x"})
    quiet_world.room.desk.change(seen, text, by=BOSS.email, now=NOW)

    with pytest.raises(BulkWrong, match="look at it again"):
        quiet_world.room.desk.confirm(seen, version=seen.version, said=2, typed="", by=BOSS.email, now=NOW)
    with pytest.raises(BulkWrong, match="look at it again"):  # more than were seen
        quiet_world.room.desk.confirm(seen, version=2, said=1, typed="", by=BOSS.email, now=NOW)
    assert quiet_world.confirm(quiet_world.job(seen.id)).state == "running"
    with pytest.raises(BulkWrong):
        quiet_world.room.desk.change(seen, text, by=BOSS.email, now=NOW)
    with pytest.raises(BulkWrong):
        quiet_world.confirm(quiet_world.job(seen.id))


def test_a_plan_is_seen_person_by_person(world: BulkWorld) -> None:
    world.contact(1)
    world.contact(2, email="")
    world.contact(3)
    job = world.plan()
    desk = world.room.desk

    first = desk.sample(job, 0, NOW)
    assert first is not None
    assert (first.place, first.of, first.before, first.after) == (1, 2, None, 3)
    second = desk.sample(job, first.after or 0, NOW)
    assert second is not None
    assert second.decision.letter is not None
    assert (second.place, second.before, second.after, second.decision.letter.subject) == (2, 1, None, "News for Ann3")
    beyond = desk.sample(job, 99, NOW)
    assert beyond is not None
    assert beyond.row.number == 3


def test_two_workers_at_once_send_each_mail_once(world: BulkWorld, server: PickyMailServer) -> None:
    for number in range(30):
        world.contact(number)
    job = world.confirm(world.plan())
    rooms = [world.build() for _ in range(3)]
    for _ in range(12):
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda room: room.runner.step(world.now), rooms))
        world.mail.deliver_waiting(world.now)
        world.wait(seconds=1)

    world.run(job)
    assert len(server.taken) == len(set(server.reached)) == 30


def test_a_plan_that_was_cut_off_while_it_was_frozen_is_never_shown(
    quiet_world: BulkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_contacts(quiet_world, 2_500)
    add: Any = Planning._add_rows

    def die_later(self: Any, job_id: int, before: int, *rest: Any) -> Any:
        if before:
            raise KeyboardInterrupt
        return add(self, job_id, before, *rest)

    monkeypatch.setattr(Planning, "_add_rows", die_later)
    with pytest.raises(KeyboardInterrupt):
        quiet_world.plan()
    quiet_world.room.runner.step(NOW)

    assert quiet_world.room.desk.newest(BOSS) == ()


def test_plans_that_nobody_confirmed_are_thrown_away(world: BulkWorld) -> None:
    world.contact(1)
    old, begun = world.plan(), world.confirm(world.plan())
    world.wait(days=13)
    young = world.plan()
    world.wait(days=1)

    assert world.room.runner.tidy(world.now) == 1
    assert world.room.runner.tidy(world.now) == 0
    assert [world.job(job.id).state for job in (old, begun, young)] == ["cancelled", "running", "preview"]
    assert world.outcome(old) == {}
    assert [entry.what for entry in world.room.desk.audit(old)] == ["planned", "expired"]


def test_nothing_in_the_house_changes_or_deletes_a_line_of_the_audit() -> None:
    for file in Path(motenashi.bulk_actions.__file__).parent.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "update(bulk_audit" not in text
        assert "delete(bulk_audit" not in text
        assert "bulk_audit.update" not in text
        assert "bulk_audit.delete" not in text
