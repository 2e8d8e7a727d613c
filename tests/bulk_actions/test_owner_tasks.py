"""A task for the owner of each record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crm_client.records import Owner
from motenashi.bulk_actions.content import TaskContent
from motenashi.bulk_actions.words import BulkWrong
from tests.bulk_actions.bulk_world import BulkWorld

CALL = TaskContent(
    "Call {{ deal.name }}", "Ask {{ contact.first_name | default('them') }} about spring.", date(2026, 6, 1)
)


def test_each_owner_gets_a_task_about_the_record(world: BulkWorld) -> None:
    world.contact(1)
    world.filters.found.clear()
    world.deal(1, contact_id="c00001")
    world.deal(2, owner_id="o2")
    world.deal(3, owner_id="")
    world.crm.save_owner(Owner("o3", "Gone Away", "gone@example.com", active=False))
    world.deal(4, owner_id="o3")

    job = world.run(world.confirm(world.plan(CALL, "deals")))

    assert world.outcome(job) == {"d1": "done", "d2": "done", "d3": "skipped no_owner", "d4": "skipped no_owner"}
    (task,) = world.crm.activities_of(deal_id="d1")
    assert (task.kind, task.subject, task.owner_id, task.contact_id) == ("task", "Call Deal 1", "o1", "c00001")
    assert (task.note, task.status) == ("Ask Ann1 about spring.", "open")
    assert task.start_at == datetime(2026, 6, 1, 0, 0, tzinfo=UTC)  # 9:00 in Tokyo
    (task,) = world.crm.activities_of(deal_id="d2")
    assert (task.note, task.owner_id) == ("Ask them about spring.", "o2")


@pytest.mark.parametrize("due", [date(2026, 5, 10), date(2029, 1, 1)])
def test_a_day_that_is_over_or_far_away_is_refused(quiet_world: BulkWorld, due: date) -> None:
    quiet_world.deal(1)
    with pytest.raises(BulkWrong) as told:
        quiet_world.plan(replace(CALL, due=due), "deals")

    assert [problem.where for problem in told.value.problems] == ["due"]


def test_the_house_has_its_own_today(quiet_world: BulkWorld) -> None:
    quiet_world.deal(1)
    quiet_world.now = datetime(2026, 5, 11, 16, 0, tzinfo=UTC)  # the 12th in Tokyo
    with pytest.raises(BulkWrong):
        quiet_world.plan(replace(CALL, due=date(2026, 5, 11)), "deals")
