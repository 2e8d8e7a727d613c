"""What is due is thought about by one worker at a time, and lost by none."""

from __future__ import annotations

import threading

import pytest

from motenashi.advice_desk.due import IN_TIME, LEASE, MOST_IN_TIME, MOST_TRIES, Due
from motenashi.advice_desk.tables import metadata
from motenashi.database import Database
from tests.advice_desk.desk_world import DAY, HOUR, NOW


@pytest.fixture
def due(database: Database) -> Due:
    metadata.create_all(database.engine)
    return Due(database)


def test_a_record_is_due_once_whatever_made_it_so(due: Due) -> None:
    due.add([("deal", "d1"), ("deal", "d1"), ("lead", "d1")], "emails", now=NOW)
    due.add([("deal", "d1"), ("deal", "")], "activities", now=NOW + HOUR)

    deal, lead = due.take(9, now=NOW + HOUR)
    assert (deal.record, deal.reason, deal.since, deal.turn) == (("deal", "d1"), "activities", NOW, 2)
    assert lead.record == ("lead", "d1")


def test_what_happened_just_now_goes_before_one_of_many_and_the_oldest_first(due: Due) -> None:
    due.add([("deal", "many")], "learned", now=NOW - DAY, rank=IN_TIME)
    due.add([("deal", "second")], "emails", now=NOW)
    due.add([("deal", "first")], "emails", now=NOW - HOUR)
    due.add([("deal", "hurried")], "learned", now=NOW - 2 * DAY, rank=IN_TIME)
    due.add([("deal", "hurried")], "emails", now=NOW)
    due.add([("deal", "hurried")], "learned", now=NOW, rank=IN_TIME)

    taken = due.take(9, now=NOW)
    assert [one.record_id for one in taken] == ["hurried", "first", "second", "many"]
    assert taken[0].reason == "emails"  # what happened is not forgotten for what can wait


def test_of_many_that_can_wait_few_are_taken_so_that_a_mail_need_not(due: Due) -> None:
    due.add([("deal", f"d{number}") for number in range(3 * MOST_IN_TIME)], "learned", now=NOW, rank=IN_TIME)
    assert len(due.take(500, now=NOW)) == MOST_IN_TIME
    due.add([("deal", "mail")], "emails", now=NOW + HOUR)

    assert due.take(500, now=NOW)[0].record_id == "mail"


def test_what_one_worker_has_no_other_takes_until_it_counts_as_dead(due: Due) -> None:
    due.add([("deal", "d1"), ("deal", "d2")], "emails", now=NOW)
    (first,) = due.take(1, now=NOW)
    (other,) = due.take(9, now=NOW)

    assert {first.record_id, other.record_id} == {"d1", "d2"}
    assert due.take(9, now=NOW + LEASE / 2) == ()
    assert len(due.take(9, now=NOW + LEASE)) == 2


def test_what_is_done_is_struck_off_but_not_what_happened_meanwhile(due: Due) -> None:
    due.add([("deal", "d1"), ("deal", "d2")], "emails", now=NOW)
    taken = due.take(9, now=NOW)
    due.add([("deal", "d2")], "activities", now=NOW + HOUR / 60)
    due.done(taken)

    (again,) = due.take(9, now=NOW + HOUR / 60)
    assert (again.record_id, again.reason) == ("d2", "activities")
    due.done([again])
    assert due.counts() == (0, 0)


def test_what_fails_is_tried_again_later_and_then_set_aside_until_something_happens(due: Due) -> None:
    due.add([("deal", "d1")], "emails", now=NOW)
    now = NOW
    for tries in range(MOST_TRIES):
        (one,) = due.take(9, now=now)
        assert due.take(9, now=now) == ()
        assert due.failed(one, "KeyError: 'stage'", now=now) == (tries < MOST_TRIES - 1)
        now += DAY

    assert due.take(9, now=now) == ()
    assert due.counts() == (0, 1)
    assert due.set_aside()[0].error == "KeyError: 'stage'"
    assert due.is_set_aside("deal", "d1") and not due.waits("deal", "d1")
    due.add([("deal", "d1")], "emails", now=now)
    assert [one.tries for one in due.take(9, now=now)] == [0]


def test_giving_back_uses_up_no_try(due: Due) -> None:
    due.add([("deal", "d1")], "emails", now=NOW)
    for _ in range(3 * MOST_TRIES):
        taken = due.take(9, now=NOW)
        assert len(taken) == 1
        due.give_back(taken)


def test_many_workers_at_once_take_each_record_once(due: Due, database: Database) -> None:
    due.add([("deal", f"d{number}") for number in range(60)], "learned", now=NOW)
    taken: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        mine = Due(database)
        while found := mine.take(7, now=NOW):
            with lock:
                taken.extend(one.record_id for one in found)
            mine.done(found)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == sorted(f"d{number}" for number in range(60))
    assert due.counts() == (0, 0)
