"""Thinking: what happens with a record changes its one suggestion, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import DataError

from crm_client.embedded.changes import RecordChange
from crm_client.errors import CrmUnreachable
from crm_client.records import Activity, Email, Touchpoint
from motenashi.advice_desk.due import MOST_TRIES
from motenashi.suggestions.absences import Absence
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice
from motenashi.suggestions.suggestion_events import SuggestionEvents
from tests.advice_desk.desk_world import A_WISH, AYA, CALL, DAY, HOUR, KEN, NOW, QUOTE, DeskWorld


def due(world: DeskWorld, *records: tuple[str, str]) -> None:
    world.due.add([("lead", one) if kind == "lead" else ("deal", one) for kind, one in records], "test", now=world.now)


def test_a_deal_that_is_due_gets_what_was_learned_as_its_suggestion(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()

    assert (one.action, one.purposes[0], one.made_by, one.state) == ("call", "negotiation", "advice", "open")
    assert one.effect is not None and one.effect.p == CALL.p
    assert (one.about.deal_id, one.about.contact_id, one.about.owner_id) == ("d1", "c1", "o-aya")
    assert one.draft is not None and one.draft.subject
    assert {"en", "ja"} <= set(one.title)
    assert world.due.counts() == (0, 0)


def test_thinking_again_changes_nothing_when_nothing_happened(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    first = world.current()
    world.now += HOUR
    due(world, ("deal", "d1"))
    world.think()

    assert world.current().id == first.id


def test_a_wish_in_a_mail_changes_the_suggestion_and_stays_open_till_it_is_granted(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    before = world.current()
    wish = world.store.add(A_WISH)
    world.think()
    after = world.current()

    old = world.store.find(before.id)
    assert old is not None and old.state == "replaced"
    assert (after.action, after.purposes[0], after.answers) == ("event", "demo", (wish.id,))
    assert after.windows[0].source == "proposed"
    still = world.store.find(wish.id)
    assert still is not None and still.state == "open"


def test_what_the_same_mail_asks_for_besides_comes_next(world: DeskWorld) -> None:
    demo = world.store.add(A_WISH)
    other = world.store.add(replace(A_WISH, key="mail:1/e-mail", action="e-mail", purposes=("comparison",)))
    world.think()
    first = world.current()
    world.desk.accept(first.id, by=AYA, now=world.now)
    world.think()

    found = {one: world.store.find(one) for one in (demo.id, other.id)}
    assert (first.purposes[0], first.answers) == ("demo", (demo.id,))
    assert [one.state for one in found.values() if one] == ["done", "open"]
    assert (world.current().action, world.current().purposes, world.current().answers) == (
        *("e-mail", ("comparison",)),
        (other.id,),
    )


def test_a_wish_that_was_answered_by_hand_is_closed(world: DeskWorld) -> None:
    wish = world.store.add(A_WISH)
    world.think()
    world.now += 2 * HOUR
    world.crm.save_activity(
        Activity(
            "", "event", "Demo", world.now - HOUR, deal_id="d1", contact_id="c1", purpose="demo", status="completed"
        )
    )
    world.think()

    granted = world.store.find(wish.id)
    assert granted is not None and (granted.state, granted.closed_why) == ("done", "answered")
    assert world.current().answers == ()


def test_when_contact_is_frequent_enough_nothing_need_be_done(world: DeskWorld) -> None:
    world.learned.suggest = False
    due(world, ("deal", "d1"))
    world.think()

    assert world.current().action == "none"
    assert world.desk.today("o-aya", now=NOW).quiet == 1


def test_a_new_owner_takes_the_advice_over(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.save_deal("d1", "c1", "o-ken")
    world.think()

    assert world.current().about.owner_id == "o-ken"
    assert world.desk.today("o-aya", now=NOW).rows == ()


def test_a_deal_that_closes_has_no_advice_any_more(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()
    world.save_deal("d1", "c1", "o-aya", stage="Closed Won")
    world.think()

    assert world.store.current_for("deal", "d1") is None
    old = world.store.find(one.id)
    assert old is not None and old.state == "replaced"


def test_a_deal_that_was_deleted_leaves_nothing_open(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.crm.delete_deal("d1")
    world.think()

    assert world.store.current_for("deal", "d1") is None
    assert world.due.counts() == (0, 0)


def test_every_way_in_which_something_happens_makes_the_deal_due(world: DeskWorld) -> None:
    crm, ids = world.crm, {"deal_id": "d1", "contact_id": "c1"}
    writes = (
        lambda: crm.save_activity(Activity("", "call", "x", NOW, direction="inbound", status="completed", **ids)),
        lambda: crm.save_email(Email("", "in", "x", NOW, **ids)),
        lambda: crm.save_touchpoint(Touchpoint("", "website", "visit", NOW, True, **ids)),
        lambda: crm.update_record("deals", "d1", {"amount": 5}),
        lambda: world.save_deal("d1", "c1", "o-ken"),
        lambda: crm.book_event(Activity("", "event", "x", NOW + DAY, **ids), key="k"),
        lambda: world.store.add(A_WISH),
    )
    for write in writes:
        write()
        assert ("deal", "d1") in [one.record for one in world.due.take(9, now=NOW)], write
        world.due.done(world.due.take(9, now=NOW + DAY))


def test_what_happens_with_a_person_reaches_their_open_deals(world: DeskWorld) -> None:
    world.crm.save_touchpoint(Touchpoint("", "website", "visit", NOW, True, contact_id="c1"))
    world.think()
    assert world.current().action == "call"

    world.absences.add(Absence("mail:9", NOW, "c1", "", NOW + 5 * DAY, "I am away."))
    world.think()
    assert world.current().windows[0].start >= NOW + 5 * DAY


def test_beside_a_contact_stands_which_open_deals_say_what_to_do(world: DeskWorld) -> None:
    world.due.add([("contact", "c1")], "test", now=NOW)
    world.think()
    assert world.current("contact", "c1").title["en"] == "What to do next stands beside the open deal “Notebooks d1”"

    world.save_deal("d1", "c1", "o-aya", stage="Closed Lost")
    world.think()
    assert world.current("contact", "c1").situation == ""


def test_when_its_time_has_passed_a_suggestion_is_thought_about_again(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()
    assert world.triggers.look(world.now) == 0
    world.now = max(one.windows[0].end, one.respond_by) + HOUR
    assert world.triggers.look(world.now) == 1
    world.think()

    new = world.current()
    assert new.id != one.id
    assert new.windows[0].end > world.now
    assert world.triggers.look(world.now) == 0


def test_a_snoozed_suggestion_stays_snoozed_until_something_happens(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()
    world.desk.snooze(one.id, by=AYA, until=NOW + 3 * DAY, now=NOW)
    world.now += 2 * DAY
    due(world, ("deal", "d1"))
    world.think()
    assert world.current().id == one.id and world.current().snoozed_until == NOW + 3 * DAY

    world.store.add(A_WISH)
    world.think()
    assert world.current().snoozed_until is None


def test_a_customer_who_gets_in_touch_ends_a_snooze_even_when_the_advice_is_the_same(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()
    world.now += HOUR
    world.desk.snooze(one.id, by=AYA, until=NOW + 9 * DAY, now=world.now)
    world.now += HOUR
    world.crm.save_touchpoint(Touchpoint("", "website", "form", world.now, True, deal_id="d1", contact_id="c1"))
    world.think()

    again = world.current()
    assert (again.action, again.purposes) == (one.action, one.purposes)
    assert (again.id == one.id, again.snoozed_until) == (False, None)


def test_a_customers_sign_reaches_their_deals_though_the_contact_was_changed_right_after(world: DeskWorld) -> None:
    world.due.done(world.due.take(9, now=NOW))
    world.triggers.changed(RecordChange("touchpoints", contact_id="c1"))
    world.due.add([("contact", "c1")], "deals", now=NOW)
    world.thinker().run(NOW)

    assert ("deal", "d1") in [one.record for one in world.due.take(9, now=NOW)]


def test_a_snooze_that_is_over_is_thought_about(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.desk.snooze(world.current().id, by=AYA, until=NOW + 3 * DAY, now=NOW)
    world.now = NOW + 3 * DAY

    assert world.triggers.look(world.now) == 1
    world.think()
    assert world.current().windows[0].end > world.now


def test_not_now_leaves_the_record_alone_until_the_rest_is_over(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.desk.dismiss(world.current().id, by=AYA, reason="not_now", now=NOW)
    world.think()
    resting = world.current()
    assert resting.action == "none"
    assert resting.windows[0].start == NOW + world.settings.rest_days * DAY

    world.now = NOW + world.settings.rest_days * DAY + HOUR
    assert world.triggers.look(world.now) >= 1
    world.think()
    assert world.current().action == "call"


def test_a_customer_who_writes_ends_the_rest(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.desk.dismiss(world.current().id, by=AYA, reason="deal_is_dead", now=NOW)
    world.think()
    assert world.current().action == "none"

    world.now += HOUR
    world.crm.save_email(Email("", "in", "Are you there?", world.now, deal_id="d1", contact_id="c1"))
    world.think()
    assert world.current().action != "none"


def test_the_wrong_action_gives_way_to_the_next_best_one(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    world.desk.dismiss(world.current().id, by=AYA, reason="wrong_action", now=NOW)
    world.think()
    assert (world.current().action, world.current().purposes[0]) == ("e-mail", "quote")

    world.desk.dismiss(world.current().id, by=AYA, reason="wrong_action", now=NOW)
    world.think()
    assert world.current().action == "none"


def test_a_mail_that_lies_ready_is_not_suggested_again_until_it_was_sent_or_forgotten(world: DeskWorld) -> None:
    world.learned.ranked = (QUOTE,)
    due(world, ("deal", "d1"))
    world.think()
    one = world.current()
    assert one.action == "e-mail"
    world.desk.accept(one.id, by=AYA, now=NOW)
    world.think()
    waiting = world.current()
    assert (waiting.action, waiting.windows[0].start) == ("none", NOW + world.settings.draft_days * DAY)

    wish = world.store.add(replace(A_WISH, created_at=NOW + HOUR))
    world.think()
    assert world.current().answers == (wish.id,)
    world.store.close(wish.id, "done", by="", at=NOW + HOUR)
    world.now = NOW + world.settings.draft_days * DAY + HOUR
    due(world, ("deal", "d1"))
    world.think()
    assert world.current().action == "e-mail"


def test_leads_get_advice_until_they_are_converted(world: DeskWorld) -> None:
    due(world, ("lead", "l1"))
    world.think()
    assert world.current("lead", "l1").about.lead_id == "l1"

    world.crm.update_record("leads", "l1", {"converted_contact_id": "c2"})
    world.think()
    assert world.store.current_for("lead", "l1") is None


def test_one_record_that_breaks_stops_no_other(world: DeskWorld, caplog: pytest.LogCaptureFixture) -> None:
    world.learned.breaks_for = frozenset({"d1"})
    due(world, ("deal", "d1"), ("deal", "d2"))
    world.think()

    assert world.current(record_id="d2").action == "call"
    assert world.store.current_for("deal", "d1") is None
    for _ in range(MOST_TRIES):
        world.now += DAY
        world.think()
    (aside,) = world.due.set_aside()
    assert aside.record_id == "d1" and "a history that nobody understands" in aside.error
    advice = world.desk.advice("deal", "d1", now=world.now)
    assert advice is not None and not advice.computing


def test_whose_best_times_cannot_be_told_has_advice_without_them(world: DeskWorld) -> None:
    world.learned.breaks_for = frozenset({"c1"})
    due(world, ("deal", "d1"), ("deal", "d2"))
    world.think()

    assert [world.current(record_id=one).action for one in ("d1", "d2")] == ["call", "call"]
    assert world.due.counts() == (0, 0)


def test_nobody_waits_for_a_record_that_the_database_does_not_take(world: DeskWorld) -> None:
    def deals(deal_ids: Sequence[str], *, now: datetime) -> Mapping[str, DealAdvice]:
        if "d1" in deal_ids:
            raise DataError("INSERT INTO suggestions", {}, ValueError("value too long"))
        return there(deal_ids, now=now)

    there, world.learned.deals = world.learned.deals, deals  # type: ignore[method-assign]
    due(world, ("deal", "d1"), ("deal", "d2"))
    for _ in range(MOST_TRIES):
        world.think()
        world.now += DAY

    assert world.current("deal", "d2").action == "call"
    (aside,) = world.due.set_aside()
    assert (aside.record_id, "value too long" in aside.error) == ("d1", True)


def test_while_the_crm_is_away_everything_waits(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    thinker = world.thinker()
    there, away = world.crm.deals_with, [True]

    def deals_with(ids: object) -> object:
        if away[0]:
            raise CrmUnreachable("read deals", "no answer")
        return there(ids)  # type: ignore[arg-type]

    world.crm.deals_with = deals_with  # type: ignore[method-assign,assignment]
    for _ in range(2 * MOST_TRIES):
        with pytest.raises(CrmUnreachable):
            thinker.run(world.now)
    away[0] = False
    assert thinker.run(world.now) == 1
    assert world.current().action == "call"


def test_two_workers_never_leave_two_suggestions(world: DeskWorld) -> None:
    due(world, ("deal", "d1"))
    world.think()
    old = world.current()
    twin = replace(old, id=0, key="another")

    assert world.store.replace(None, twin, at=NOW) is None
    stored = world.store.replace(old, twin, at=NOW)
    assert stored is not None and world.current().id == stored.id
    assert world.store.replace(old, replace(twin, key="late"), at=NOW) is None


def test_from_the_mail_to_the_call_in_the_crm_and_what_came_of_it_is_one_story(world: DeskWorld) -> None:
    world.store.add(A_WISH)
    world.think()
    one = world.current()
    world.desk.shown([one.id], by=KEN, now=NOW)
    accepted = world.desk.accept(one.id, by=AYA, now=NOW)
    assert accepted.made == "event"
    (event,) = world.crm.activities_of(deal_id="d1")
    assert event.start_at == A_WISH.windows[0].start
    world.think()

    assert world.current().answers == ()
    assert [event.what for event in SuggestionEvents(world.database).of(one.id)] == ["shown", "accepted"]
