"""What came of suggestions is seen in the CRM, whoever did it, and counted once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_client.records import Activity, Email
from motenashi.advice_desk.follow_up import FollowUp
from motenashi.suggestions.suggestion import About, Suggestion
from motenashi.suggestions.suggestion_events import SuggestionEvents
from tests.advice_desk.desk_world import AYA, DAY, HOUR, KEN, NOW, TO_CALL, DeskWorld


@pytest.fixture
def one(world: DeskWorld) -> Suggestion:
    """A suggestion to call about the price, seen by Aya."""
    kept = world.kept()
    world.desk.shown([kept.id], by=AYA, now=NOW)
    return kept


def follow_up(world: DeskWorld) -> int:
    return FollowUp(world.database, world.crm, world.settings).run(world.now)


def told(world: DeskWorld, one: Suggestion) -> list[str]:
    return [event.what for event in SuggestionEvents(world.database).of(one.id) if event.what != "shown"]


def call(world: DeskWorld, purpose: str = "negotiation", kind: str = "call", deal_id: str = "d1") -> Activity:
    direction = "outbound" if kind == "call" else ""
    return world.crm.save_activity(
        Activity(
            "",
            kind,
            "",
            world.now,
            deal_id=deal_id,
            contact_id="c1",
            purpose=purpose,
            direction=direction,
            status="completed",
        )
    )


def move(world: DeskWorld, stage: str) -> None:
    world.save_deal("d1", "c1", "o-aya", stage=stage)


def test_the_suggested_call_by_whomever_is_the_suggestion_done(world: DeskWorld, one: Suggestion) -> None:
    world.now += 2 * HOUR
    made = call(world)

    assert follow_up(world) == 0  # whether the deal moves on is not clear yet
    (event,) = [event for event in SuggestionEvents(world.database).of(one.id) if event.what == "done"]
    assert (event.at, event.data["record_id"]) == (world.now, made.id)
    assert follow_up(world) == 0
    assert told(world, one) == ["done"]


def test_what_the_deal_does_before_the_next_contact_is_what_came_of_it(world: DeskWorld, one: Suggestion) -> None:
    world.now += 2 * HOUR
    call(world)
    world.now += DAY
    move(world, "Closed Won")

    assert follow_up(world) == 1
    assert told(world, one) == ["done", "advanced", "won"]
    assert follow_up(world) == 0


def test_what_it_does_after_the_next_contact_came_of_that_one(world: DeskWorld, one: Suggestion) -> None:
    world.now += 2 * HOUR
    call(world)
    world.now += DAY
    call(world, "follow_up")
    world.now += DAY
    move(world, "Closed Lost")

    assert follow_up(world) == 1
    assert told(world, one) == ["done"]


def test_a_loss_is_no_step_onwards_and_going_back_is_none_either(world: DeskWorld, one: Suggestion) -> None:
    world.now += 2 * HOUR
    call(world)
    move(world, "Qualification")
    assert follow_up(world) == 0
    move(world, "Closed Lost")

    assert follow_up(world) == 1
    assert told(world, one) == ["done", "lost"]


def test_another_action_first_means_that_it_was_not_followed(world: DeskWorld, one: Suggestion) -> None:
    world.now += HOUR
    world.crm.save_email(Email("", "out", "Your quote", world.now, deal_id="d1", purpose="quote"))
    world.now += HOUR
    call(world)

    assert follow_up(world) == 1
    assert told(world, one) == []


def test_the_same_kind_for_another_purpose_is_not_it_but_an_unknown_purpose_is(world: DeskWorld) -> None:
    other, unknown = world.kept(), world.kept(TO_CALL, key="2", about=replace(TO_CALL.about, deal_id="d2"))
    world.desk.shown([other.id, unknown.id], by=AYA, now=NOW)
    world.now += HOUR
    call(world, "discovery")
    call(world, "", deal_id="d2")
    follow_up(world)

    assert (told(world, other), told(world, unknown)) == ([], ["done"])


def test_drafts_tasks_and_calls_of_theirs_are_no_contact_of_ours(world: DeskWorld, one: Suggestion) -> None:
    world.now += HOUR
    world.crm.save_email(Email("", "out", "Draft", world.now, deal_id="d1", status="draft"))
    call(world, kind="task")
    world.crm.save_activity(Activity("", "call", "", world.now, deal_id="d1", direction="inbound", status="completed"))
    world.crm.save_activity(Activity("", "call", "", world.now, deal_id="d1", direction="outbound"))

    assert follow_up(world) == 0
    assert told(world, one) == []


def test_when_nobody_acts_in_time_it_has_expired(world: DeskWorld, one: Suggestion) -> None:
    world.now = one.respond_by + world.settings.grace
    assert follow_up(world) == 0
    world.now += HOUR

    assert follow_up(world) == 1
    assert told(world, one) == ["expired"]


def test_what_was_replaced_before_anybody_acted_taught_nothing(world: DeskWorld, one: Suggestion) -> None:
    new = replace(one, id=0, key="new")
    world.store.replace(one, new, at=NOW + HOUR)
    world.now += 2 * DAY
    call(world)

    assert follow_up(world) == 1
    assert told(world, one) == []


def test_what_nobody_saw_is_settled_without_a_word(world: DeskWorld) -> None:
    one = world.kept()
    world.store.close(one.id, "replaced", by="", at=NOW)
    assert follow_up(world) == 0
    world.now += 3 * DAY

    assert follow_up(world) == 1
    assert told(world, one) == []


def test_after_a_long_silence_nothing_came_of_it(world: DeskWorld, one: Suggestion) -> None:
    world.now += HOUR
    call(world)
    world.now += world.settings.settle_after

    assert follow_up(world) == 1
    assert told(world, one) == ["done"]


def test_leads_and_contacts_are_followed_too(world: DeskWorld) -> None:
    lead = world.kept(TO_CALL, key="lead", about=About(lead_id="l1"), purposes=("discovery",))
    world.desk.shown([lead.id], by=AYA, now=NOW)
    world.now += HOUR
    world.crm.save_activity(
        Activity("", "call", "", world.now, lead_id="l1", purpose="discovery", direction="outbound", status="completed")
    )
    follow_up(world)

    assert told(world, lead) == ["done"]


def test_the_results_count_what_was_shown_and_whether_promises_held(world: DeskWorld) -> None:
    for number in range(4):
        deal_id = f"e{number}"
        world.save_deal(deal_id, "c1", "o-aya")
        kept = world.kept(TO_CALL, key=deal_id, about=replace(TO_CALL.about, deal_id=deal_id))
        world.desk.shown([kept.id], by=AYA, now=NOW)
    world.kept(TO_CALL, key="unseen", about=About(deal_id="unseen"))
    world.now += HOUR
    for number in range(3):
        call(world, deal_id=f"e{number}")
    world.now += HOUR
    world.save_deal("e0", "c1", "o-aya", stage="Closed Won")
    world.now += 60 * DAY
    follow_up(world)
    mail = world.kept(TO_CALL, key="mail", action="e-mail", purposes=("quote",), about=About(deal_id="d2"))
    world.desk.shown([mail.id], by=KEN, now=world.now)
    world.desk.dismiss(mail.id, by=KEN, reason="wrong_time", now=world.now)
    results = world.desk.results(since=NOW - DAY, now=world.now)

    assert (results.total.shown, results.total.done, results.total.advanced, results.total.won) == (5, 3, 1, 1)
    calls, mails = results.by_action
    assert (calls.action, calls.shown, calls.done, calls.dismissed) == ("call:negotiation", 4, 3, 0)
    assert (mails.action, mails.shown, mails.dismissed) == ("e-mail:quote", 1, 1)
    (promise,) = results.calibration
    assert (promise.low, promise.high, promise.count) == (0.4, 0.5, 3)
    assert promise.promised == pytest.approx(0.42)
    assert promise.happened == pytest.approx(1 / 3)
    assert results.not_followed is not None and results.not_followed.count == 1
    assert results.dismiss_reasons == (("wrong_time", 1),)


def test_an_empty_company_has_empty_results(world: DeskWorld) -> None:
    results = world.desk.results(since=NOW - DAY, now=NOW)

    assert (results.total.shown, results.by_action, results.calibration) == (0, (), ())
    assert results.not_followed is None


def test_results_are_those_of_the_time_asked_for(world: DeskWorld, one: Suggestion) -> None:
    assert world.desk.results(since=NOW + HOUR, now=NOW + DAY).total.shown == 0
    assert world.desk.results(since=NOW, now=NOW).total.shown == 1


def test_what_was_made_anew_since_its_hour_passed_keeps_its_day_of_grace(world: DeskWorld, one: Suggestion) -> None:
    world.now = one.windows[0].end + HOUR / 60
    world.triggers.look(world.now)
    world.think()
    assert world.store.find(one.id) != one and world.current().id != one.id
    world.now += 2 * HOUR
    call(world)
    follow_up(world)

    assert told(world, one) == ["done"]


def test_what_was_made_anew_because_something_changed_has_no_grace(world: DeskWorld, one: Suggestion) -> None:
    world.now += HOUR / 2
    world.store.replace(one, replace(one, key="another", id=0), at=world.now)
    world.now += 2 * HOUR
    call(world)
    follow_up(world)

    assert told(world, one) == []
