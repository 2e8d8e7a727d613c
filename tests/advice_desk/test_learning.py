"""Learning is kept, done once a night by one process, and what was learned speaks through the worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_client.records import Activity, Email, Touchpoint
from motenashi.advice_desk.feedback import read_feedback
from motenashi.advice_desk.follow_up import FollowUp
from motenashi.advice_desk.learned_form import learned_form
from motenashi.advice_desk.learned_store import ACTIONS, FORM, KEPT, TIMES, LearnedStore
from motenashi.advice_desk.learning import LEASE, AlreadyLearning, Learning
from motenashi.advice_desk.leases import Lease
from motenashi.advice_desk.thinking import LearnedHere
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.sales_history.from_store import read_store
from motenashi.sales_history.organisation import organisation_of
from motenashi.suggestions.best_time.best_times import TimeOverride
from motenashi.suggestions.best_time.store import BestTimesStore
from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.learned import LearnedActions
from motenashi.suggestions.suggestion import About
from tests.advice_desk.desk_world import AYA, CALL, DAY, HOUR, NOW, TO_CALL, DeskWorld

HOURS = BusinessHoursSettings()
HOURS_ZONE = ZoneInfo(HOURS.time_zone)


def learning(world: DeskWorld) -> Learning:
    return Learning(world.database, HOURS, settings=world.settings, clock=lambda: world.now)


def here(world: DeskWorld) -> LearnedHere:
    return LearnedHere(world.database, HOURS, switches=world.switches)


# Learning


def test_an_almost_empty_company_can_be_learned_from_and_says_how_little_it_is(sqlite_world: DeskWorld) -> None:
    told: list[tuple[str, float]] = []
    done = learning(sqlite_world).run(lambda doing, share: told.append((doing, share)))

    assert (done.deals, done.closed_deals, done.won_deals, done.feedback) == (2, 0, 0, 0)
    assert told[-1] == ("done", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)
    facts = LearnedStore(sqlite_world.database).facts(ACTIONS)
    assert facts is not None and facts.facts["closed_deals"] == 0 and facts.made_at == NOW
    advice = sqlite_world.desk.advice("deal", "d1", now=NOW)
    assert advice is not None and (advice.learned_from, advice.learned_at) == (0, NOW)


def test_a_deal_alone_is_advised_as_among_all_also_by_what_its_person_did_without_a_deal(world: DeskWorld) -> None:
    world.save_deal("d3", "c2", "o-ken")
    for contact, kind in (("c1", "visit"), ("c2", "chat")):
        world.crm.save_touchpoint(Touchpoint("", "website", kind, NOW - HOUR, True, contact_id=contact))
    learning(world).run()
    learned = LearnedActions.from_bytes(LearnedStore(world.database).data(newest(world)) or b"")
    whole = read_store(world.database, organisation_of(HOURS, NOW))
    among = {one.deal_id: one for one in advise(learned, whole, as_of=NOW)}

    assert (among["d1"].last_signal, among["d2"].last_signal) == ("visit", "")  # whose of two deals nobody can tell
    assert {one: here(world).deals([one], now=NOW)[one].last_signal for one in among} == {
        one: advice.last_signal for one, advice in among.items()
    }
    assert here(world).deals(list(among), now=NOW).keys() == among.keys()


def newest(world: DeskWorld) -> int:
    facts = LearnedStore(world.database).facts(ACTIONS)
    assert facts is not None
    return facts.id


def test_after_learning_everything_open_is_due_behind_what_happened_just_now(world: DeskWorld) -> None:
    world.due.done(world.due.take(99, now=NOW))
    world.save_deal("d3", "c1", "o-aya", stage="Closed Lost")
    world.due.done(world.due.take(99, now=NOW))
    done = learning(world).run()
    world.crm.update_record("deals", "d2", {"amount": 7})

    due = [one.record for one in world.due.take(99, now=NOW)]
    assert done.due == 5 and due[:2] == [("contact", "c2"), ("deal", "d2")]
    assert sorted(due) == [("contact", "c1"), ("contact", "c2"), ("deal", "d1"), ("deal", "d2"), ("lead", "l1")]


def test_the_three_last_are_kept(world: DeskWorld) -> None:
    store = LearnedStore(world.database)
    ids = [store.keep(ACTIONS, b"x", made_at=NOW, as_of=NOW, facts={"n": n}) for n in range(KEPT + 2)]
    store.keep(TIMES, b"y", made_at=NOW, as_of=NOW, facts={})

    assert [store.data(one) for one in ids] == [None, None, b"x", b"x", b"x"]
    newest = store.facts(ACTIONS)
    assert newest is not None and newest.id == ids[-1]


def test_two_never_learn_at_once_and_whoever_died_holds_nobody_up(sqlite_world: DeskWorld) -> None:
    dead = Lease(sqlite_world.database, "learning", LEASE)
    assert dead.take(NOW)
    with pytest.raises(AlreadyLearning):
        learning(sqlite_world).run()
    sqlite_world.now += LEASE

    assert learning(sqlite_world).run().deals == 2


def test_learning_that_fails_is_not_done_and_can_begin_again(sqlite_world: DeskWorld) -> None:
    def broken(doing: str, share: float) -> None:
        raise RuntimeError("the terminal is gone")

    with pytest.raises(RuntimeError):
        learning(sqlite_world).run(broken)
    assert learning(sqlite_world).is_due(NOW)
    assert learning(sqlite_world).run().deals == 2
    assert not learning(sqlite_world).is_due(NOW)


def test_it_is_time_to_learn_once_a_night_on_the_companys_clock(sqlite_world: DeskWorld) -> None:
    night = datetime(2026, 11, 17, 3, 0, tzinfo=HOURS_ZONE) + timedelta(days=1)
    assert learning(sqlite_world).is_due(NOW)  # never learned
    learning(sqlite_world).run()

    assert [learning(sqlite_world).is_due(night + step) for step in (-HOUR, timedelta(), HOUR)] == [False, True, True]
    sqlite_world.now = night + HOUR
    learning(sqlite_world).run()
    assert not learning(sqlite_world).is_due(night + 20 * HOUR)
    assert learning(sqlite_world).is_due(night + DAY)


# What the worker makes of it


def test_before_anything_was_learned_the_prior_speaks_and_says_so(sqlite_world: DeskWorld) -> None:
    advice = here(sqlite_world).deals(["d1", "d2"], now=NOW)

    assert set(advice) == {"d1", "d2"}
    assert advice["d1"].evidence == 0 and advice["d1"].ranked


def test_a_mail_that_was_not_sent_is_no_contact_and_an_absence_note_no_sign(sqlite_world: DeskWorld) -> None:
    ids = {"deal_id": "d1", "contact_id": "c1"}
    sqlite_world.crm.save_email(Email("", "out", "Quote", NOW - HOUR, status="draft", **ids))
    sqlite_world.crm.save_email(Email("", "in", "Away", NOW - HOUR, status="automatic", **ids))
    unsent = here(sqlite_world).deals(["d1"], now=NOW)["d1"]
    assert (unsent.last_contact_at, unsent.last_signal_at) == (None, None)

    sqlite_world.crm.save_email(Email("", "out", "Quote", NOW - 2 * HOUR, status="sent", **ids))
    sqlite_world.crm.save_email(Email("", "in", "Thanks", NOW - HOUR, status="received", **ids))
    sent = here(sqlite_world).deals(["d1"], now=NOW)["d1"]
    assert (sent.last_contact_at, sent.last_signal_at) == (NOW - 2 * HOUR, NOW - HOUR)


def test_what_was_learned_is_read_anew_when_it_changes(sqlite_world: DeskWorld) -> None:
    thinking = here(sqlite_world)
    thinking.deals(["d1"], now=NOW)
    learning(sqlite_world).run()
    store = LearnedStore(sqlite_world.database)
    for facts in ({FORM: "another"}, {FORM: learned_form()}):
        store.keep(ACTIONS, b"what nobody can read", made_at=NOW, as_of=NOW, facts=facts)
        assert thinking.deals(["d1"], now=NOW)["d1"].ranked  # the prior again, and not a crash


def test_what_another_version_learned_is_learned_anew_at_once(sqlite_world: DeskWorld) -> None:
    learning(sqlite_world).run()
    assert not learning(sqlite_world).is_due(NOW)
    LearnedStore(sqlite_world.database).keep(TIMES, b"old", made_at=NOW, as_of=NOW, facts={FORM: "another"})

    assert learning(sqlite_world).is_due(NOW)


def test_below_the_classic_threshold_nothing_learned_is_said(sqlite_world: DeskWorld) -> None:
    sqlite_world.switches.turn("classic_threshold", True, by="root@example.com", now=NOW)

    assert here(sqlite_world).deals(["d1"], now=NOW) == {}


def test_exploration_chooses_the_same_until_something_happens(sqlite_world: DeskWorld) -> None:
    thinking = here(sqlite_world)
    advice = thinking.deals(["d1"], now=NOW)["d1"]
    choices = {thinking.choose(advice) for _ in range(20)}
    assert len(choices) == 1

    others = {thinking.choose(replace(advice, last_contact_at=NOW + n * HOUR))[0] for n in range(300)}
    assert len(others) > 1


def test_what_exploration_chose_is_suggested_with_its_probability_unless_it_is_switched_off(world: DeskWorld) -> None:
    other = world.learned.ranked[1]
    world.learned.explores = other
    world.due.add([("deal", "d1")], "test", now=NOW)
    world.think()
    assert (world.current().purposes[0], world.current().probability) == (other.purpose, 0.1)

    world.switches.turn("exploration", False, by="root@example.com", now=NOW)
    world.due.add([("deal", "d1")], "test", now=NOW)
    world.think()
    assert (world.current().purposes[0], world.current().probability) == (CALL.purpose, 1.0)


def test_best_times_are_kept_on_the_way_and_overrides_are_found(world: DeskWorld) -> None:
    for day in range(1, 30):
        world.crm.save_activity(
            Activity(
                "",
                "call",
                "",
                NOW - day * DAY,
                contact_id="c1",
                direction="outbound",
                status="completed",
                result="answered" if day % 2 else "no_answer",
            )
        )
    thinking = here(world)
    found = thinking.people(contact_ids=["c1", "c2"], lead_ids=["l1"], now=NOW)
    call = found["c1"]["call"]
    assert call is not None and call.attempts == 29 and "c2" not in found
    assert world.desk.times("contact", "c1").call == BestTimesStore(world.database).find("contact", "c1", "call")

    world.desk.override_time("contact", "c1", weekdays=[1, 0], from_hour=9, to_hour=11, by=AYA, now=NOW)
    told = TimeOverride((0, 1), 9, 11, AYA, NOW)
    assert thinking.overrides(contact_ids=["c1", "c2"], lead_ids=[]) == {"c1": told}
    assert world.desk.times("contact", "c1").override == told
    assert ("contact", "c1") in [one.record for one in world.due.take(9, now=NOW)]
    world.desk.clear_override("contact", "c1", by=AYA, now=NOW)
    assert thinking.overrides(contact_ids=["c1"], lead_ids=["l1"]) == {}


def test_appointments_that_were_held_are_counted_by_hour(sqlite_world: DeskWorld) -> None:
    held = NOW - 3 * DAY  # a Saturday at ten in Tokyo
    sqlite_world.crm.save_activity(
        Activity("", "event", "", held, deal_id="d1", purpose="demo", status="completed", result="attended")
    )
    sqlite_world.save_deal("d1", "c1", "o-aya", stage="Closed Won")
    learning(sqlite_world).run()

    (hour,) = here(sqlite_world).held()["demo"]
    assert (hour.weekday, hour.hour, hour.held, hour.won) == (5, 10, 1, 1)


# What learning hears of suggestions


def test_learning_hears_what_was_shown_with_what_chance_and_what_came_of_it(world: DeskWorld) -> None:
    one = world.kept(TO_CALL, probability=0.2)
    unseen = world.kept(TO_CALL, key="unseen", about=About(deal_id="d2"))
    gone = world.kept(TO_CALL, key="gone", about=About(deal_id="d9"))
    world.desk.shown([one.id, gone.id], by=AYA, now=NOW)
    world.store.close(gone.id, "replaced", by="", at=NOW + HOUR)
    world.store.close(unseen.id, "replaced", by="", at=NOW + HOUR)
    world.now += HOUR
    world.crm.save_activity(
        Activity(
            "", "call", "", world.now, deal_id="d1", purpose="negotiation", direction="outbound", status="completed"
        )
    )
    world.save_deal("d1", "c1", "o-aya", stage="Closed Won")
    world.now += 5 * DAY
    FollowUp(world.database, world.crm, world.settings).run(world.now)
    heard = read_feedback(world.database)

    assert list(heard.deal) == ["d1"] and list(heard.action) == ["call:negotiation"]
    assert list(heard.at) == [int(NOW.timestamp())]
    assert (list(heard.probability), list(heard.followed), list(heard.advanced)) == ([0.2], [True], [True])
    assert learning(world).run().feedback == 1
