"""New values for many records: seen before, set once, told where not, and taken back where they are still ours."""

from __future__ import annotations

import pytest

from crm_client.records import Deal
from motenashi.bulk_actions.content import UpdateContent
from motenashi.bulk_actions.words import BulkWrong, Job
from tests.bulk_actions.bulk_world import BOSS, BulkWorld

PROPOSAL = UpdateContent({"stage": "Proposal", "lead_source": "Fair"})


def undone(world: BulkWorld, job: Job) -> Job:
    world.room.desk.undo(job, by=BOSS.email, now=world.now)
    while world.job(job.id).undo == "running":
        world.round()
    return world.job(job.id)


def deal(world: BulkWorld, number: int) -> Deal:
    found = world.crm.deal(f"d{number}")
    assert found is not None
    return found


def test_before_and_after_are_seen_first(world: BulkWorld) -> None:
    world.deal(1, lead_source="Web")
    world.deal(2, stage="Proposal", lead_source="Fair")
    world.deal(3, lead_source="Fair")

    job = world.plan(PROPOSAL, "deals")

    assert world.outcome(job) == {"d1": "ready", "d2": "skipped unchanged", "d3": "ready"}
    before = {row.record_id: row.before for row in world.room.desk.rows(job)}
    assert before == {
        "d1": {"stage": "Qualification", "lead_source": "Web"},
        "d2": None,
        "d3": {"stage": "Qualification"},
    }
    assert deal(world, 1).stage == "Qualification"  # nothing was changed yet


def test_values_are_set_through_the_crm_with_all_that_follows(world: BulkWorld) -> None:
    world.deal(1)
    job = world.run(world.confirm(world.plan(PROPOSAL, "deals")))

    assert job.state == "done"
    assert (deal(world, 1).stage, deal(world, 1).lead_source) == ("Proposal", "Fair")
    change = world.crm.stage_history("d1")[-1]
    assert (change.from_stage, change.to_stage, change.changed_by) == ("Qualification", "Proposal", BOSS.email)


def test_what_somebody_changed_since_the_preview_is_left_alone(world: BulkWorld) -> None:
    world.deal(1)
    world.deal(2)
    job = world.confirm(world.plan(PROPOSAL, "deals"))
    world.crm.update_record("deals", "d1", {"lead_source": "Friend"})

    world.run(job)

    assert world.outcome(job) == {"d1": "skipped changed_meanwhile", "d2": "done"}
    assert (deal(world, 1).stage, deal(world, 1).lead_source) == ("Qualification", "Friend")


def test_what_the_crm_does_not_take_is_told_and_stops_no_other(world: BulkWorld) -> None:
    for number in (1, 2):
        world.deal(number)
    job = world.confirm(world.plan(UpdateContent({"stage": "Proposal"}), "deals"))
    with world.database.write() as connection:  # a stage is gone by now, and one deal is damaged
        connection.exec_driver_sql("UPDATE crm_deals SET name = '' WHERE id = 'd1'")

    world.run(job)

    assert world.outcome(job) == {"d1": "failed rejected", "d2": "done"}
    (row,) = world.room.desk.rows(job, states=("failed",))
    assert row.detail == "name"


def test_undo_takes_back_what_is_still_ours_and_tells_the_rest(world: BulkWorld) -> None:
    for number in (1, 2, 3):
        world.deal(number, lead_source="Web")
    job = world.run(world.confirm(world.plan(PROPOSAL, "deals")))
    world.crm.update_record("deals", "d2", {"lead_source": "Friend"})
    with world.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM crm_stage_changes WHERE deal_id = 'd3'")
        connection.exec_driver_sql("DELETE FROM crm_deals WHERE id = 'd3'")

    job = undone(world, job)

    assert job.undo == "done"
    assert (deal(world, 1).stage, deal(world, 1).lead_source) == ("Qualification", "Web")
    assert (deal(world, 2).stage, deal(world, 2).lead_source) == ("Qualification", "Friend")
    told = {row.record_id: (row.undo, row.undo_detail) for row in world.room.desk.rows(job)}
    assert told == {"d1": ("done", ""), "d2": ("changed", "lead_source"), "d3": ("failed", "gone")}
    assert [entry.what for entry in world.room.desk.audit(job)] == [
        "planned",
        "confirmed",
        "finished",
        "undo",
        "undone",
    ]


def test_undo_is_there_for_thirty_days_and_once(world: BulkWorld) -> None:
    world.deal(1)
    first = world.run(world.confirm(world.plan(PROPOSAL, "deals")))
    undone(world, first)
    with pytest.raises(BulkWrong):
        world.room.desk.undo(world.job(first.id), by=BOSS.email, now=world.now)
    second = world.run(world.confirm(world.plan(PROPOSAL, "deals")))
    world.wait(days=30)
    with pytest.raises(BulkWrong):
        world.room.desk.undo(second, by=BOSS.email, now=world.now)
    assert deal(world, 1).stage == "Proposal"


def test_a_field_can_be_emptied_and_filled_again(world: BulkWorld) -> None:
    world.contact(1)
    values = world.room.desk.read_values("contacts", {"title": "", "Loyalty_Level": "Gold"})
    job = world.run(world.confirm(world.plan(values)))
    contact = world.crm.contact("c00001")
    assert contact is not None
    assert (contact.title, contact.extra) == ("", {"Loyalty_Level": "Gold"})

    undone(world, job)

    contact = world.crm.contact("c00001")
    assert contact is not None
    assert (contact.title, contact.extra.get("Loyalty_Level")) == ("Buyer", None)


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ({"stage": "Nowhere"}, "value.stage"),
        ({"stage": ""}, "value.stage"),
        ({"amount": "a lot"}, "value.amount"),
        ({"amount": "-5"}, "value.amount"),
        ({"expected_close": "31/05/2026"}, "value.expected_close"),
        ({"name": "All the same"}, "value.name"),
        ({"id": "d1"}, "value.id"),
        ({"type": "x" * 256}, "value.type"),
        ({}, "values"),
    ],
)
def test_what_does_not_fit_is_told_by_field(quiet_world: BulkWorld, written: dict[str, str], where: str) -> None:
    with pytest.raises(BulkWrong) as told:
        quiet_world.room.desk.read_values("deals", written)

    assert [problem.where for problem in told.value.problems] == [where]


def test_numbers_dates_and_choices_are_read_as_people_write_them(quiet_world: BulkWorld) -> None:
    written = {"amount": "1,250,000", "expected_close": "2026-05-31", "owner_id": "o2", "repeat": "true"}
    content = quiet_world.room.desk.read_values("deals", written)

    assert content.values == {"amount": 1_250_000, "expected_close": "2026-05-31", "owner_id": "o2", "repeat": True}
    quiet_world.deal(1)
    quiet_world.run(quiet_world.confirm(quiet_world.plan(content, "deals")))
    changed = deal(quiet_world, 1)
    assert (changed.amount, str(changed.expected_close), changed.owner_id, changed.repeat) == (
        1_250_000,
        "2026-05-31",
        "o2",
        True,
    )
    assert quiet_world.outcome(quiet_world.plan(content, "deals")) == {"d1": "skipped unchanged"}
