"""Switches hold for the whole organisation and are seen by every process within seconds."""

from __future__ import annotations

import pytest

from motenashi.advice_desk.errors import NotPossible
from motenashi.advice_desk.settings import DeskSettings, Switched
from motenashi.advice_desk.switches import KEPT_FOR, NAMES, Switches
from motenashi.database import Database
from motenashi.suggestions.suggestion import About
from tests.advice_desk.desk_world import AYA, DAY, HOUR, NOW, TO_CALL, DeskWorld


def test_until_somebody_turns_one_the_settings_hold(world: DeskWorld) -> None:
    settings = DeskSettings(switched=Switched(exploration=False))

    assert Switches(world.database, settings).now() == Switched(exploration=False)
    assert world.switches.turned() == {}


def test_a_switch_is_turned_for_everybody_and_one_sees_by_whom(world: DeskWorld) -> None:
    time = [0.0]
    there = Switches(world.database, timer=lambda: time[0])
    assert there.now().reminders
    here = Switches(world.database)
    assert not here.turn("reminders", False, by=AYA, now=NOW).reminders

    assert there.now().reminders  # it believes what it read, for a little while
    time[0] += KEPT_FOR
    assert not there.now().reminders
    assert here.turned() == {"reminders": (AYA, NOW)}
    here.turn("reminders", True, by="ken@example.com", now=NOW + HOUR)
    assert here.turned() == {"reminders": ("ken@example.com", NOW + HOUR)}


def test_whatever_is_switched_the_advice_that_stands_is_made_anew(world: DeskWorld) -> None:
    world.kept()
    world.kept(TO_CALL, key="lead", about=About(lead_id="l1"))
    world.switches.turn("exploration", False, by=AYA, now=NOW)

    assert sorted(one.record for one in world.due.take(9, now=NOW)) == [("deal", "d1"), ("lead", "l1")]


def test_there_are_no_other_switches(world: DeskWorld) -> None:
    with pytest.raises(ValueError, match="next_best_action"):
        world.switches.turn("everything", False, by=AYA, now=NOW)
    assert len(NAMES) == 6


def test_best_times_that_are_switched_off_are_not_shown(world: DeskWorld) -> None:
    world.desk.remind("contact", "c1", at=NOW + DAY, by=AYA, now=NOW)
    assert world.desk.times("contact", "c1").reminder_at == NOW + DAY
    world.switches.turn("reminders", False, by=AYA, now=NOW)

    assert world.desk.times("contact", "c1").reminder_at is None
    assert world.desk.reminders(AYA, now=NOW + 2 * DAY) == ()
    with pytest.raises(NotPossible):
        world.desk.remind("contact", "c1", at=NOW + DAY, by=AYA, now=NOW)


def test_a_reminder_is_shown_when_it_is_due_until_it_was_seen(world: DeskWorld) -> None:
    for at in (NOW + HOUR, NOW + DAY):
        world.desk.remind("contact", "c1", at=at, by=AYA, now=NOW)
    world.desk.remind("lead", "l1", at=NOW + HOUR, by=AYA, now=NOW)
    world.desk.unremind("lead", "l1", by=AYA, now=NOW)
    with pytest.raises(NotPossible):
        world.desk.remind("contact", "c1", at=NOW, by=AYA, now=NOW)

    assert world.desk.reminders(AYA, now=NOW + HOUR) == ()
    (due,) = world.desk.reminders(AYA, now=NOW + DAY)
    assert (due.kind, due.person_id) == ("contact", "c1")
    assert not world.desk.reminder_seen(due.id, by="ken@example.com", now=NOW + DAY)
    assert world.desk.reminder_seen(due.id, by=AYA, now=NOW + DAY)
    assert world.desk.reminders(AYA, now=NOW + DAY) == ()


def test_hours_that_no_week_has_are_refused(world: DeskWorld) -> None:
    for days, start, end in (((), 9, 11), ((7,), 9, 11), ((0,), 11, 11), ((0,), -1, 3), ((0,), 9, 25)):
        with pytest.raises(NotPossible):
            world.desk.override_time("lead", "l1", weekdays=days, from_hour=start, to_hour=end, by=AYA, now=NOW)


def test_a_database_without_our_tables_is_no_switched_off_feature(sqlite_database: Database) -> None:
    with pytest.raises(Exception, match="advice_switches"):
        Switches(sqlite_database).now()
