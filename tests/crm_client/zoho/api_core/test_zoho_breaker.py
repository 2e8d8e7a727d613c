"""The circuit breaker by a clock in the hand; pauses and places."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from crm_client.errors import CrmBusy
from crm_client.zoho.api.breaker import Breaker
from crm_client.zoho.api.pacing import LONGEST_PAUSE, Places, pause_before, retry_after


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Seconds) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(5):
        breaker.failed()
    return breaker


def test_five_failures_in_a_minute_open_it_for_half_a_minute() -> None:
    clock = Seconds()
    breaker = Breaker(clock)
    assert [breaker.failed() for _ in range(5)] == [False, False, False, False, True]

    assert not breaker.may_call(10)
    assert breaker.seconds_left() == 30.0
    clock.now += 29.9
    assert not breaker.may_call(10)
    clock.now += 0.2
    assert breaker.may_call(10)


def test_slow_failures_do_not_open_it() -> None:
    clock = Seconds()
    breaker = Breaker(clock)
    for _ in range(20):
        breaker.failed()
        clock.now += 15.1

    assert breaker.may_call(10)


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker(Seconds())
    for _ in range(20):
        assert not any(breaker.failed() for _ in range(4))
        assert breaker.may_call(10)
        breaker.worked()


def test_one_call_tries_and_the_others_wait_for_what_it_says() -> None:
    clock = Seconds()
    breaker = broken(clock)
    clock.now += 31

    assert [breaker.may_call(10) for _ in range(3)] == [True, False, False]
    breaker.worked()
    assert [breaker.may_call(10) for _ in range(3)] == [True, True, True]


def test_a_failed_probe_opens_it_again() -> None:
    clock = Seconds()
    breaker = broken(clock)
    clock.now += 31
    assert breaker.may_call(10)

    assert breaker.failed()
    assert not breaker.may_call(10)
    assert breaker.seconds_left() == 30.0


def test_a_late_failure_of_a_call_from_before_does_not_open_it_for_longer() -> None:
    clock = Seconds()
    breaker = broken(clock)
    clock.now += 20
    breaker.failed()

    assert breaker.seconds_left() == 10.0


@pytest.mark.parametrize("how", ["never reports", "never went out"])
def test_a_probe_without_a_word_does_not_keep_it_open_for_ever(how: str) -> None:
    clock = Seconds()
    breaker = broken(clock)
    clock.now += 31
    assert breaker.may_call(10)
    if how == "never went out":
        breaker.never_mind()
    else:
        clock.now += 10.1

    assert breaker.may_call(10)


def test_pauses_are_by_chance_below_a_limit_that_doubles() -> None:
    for next_try in (2, 3, 4, 9):
        pauses = [pause_before(next_try, 0.0) for _ in range(300)]
        limit = min(LONGEST_PAUSE, 2.0 ** (next_try - 1))
        assert max(pauses) <= limit
        assert max(pauses) > 0.7 * limit and min(pauses) < 0.3 * limit
    assert all(pause_before(2, 11.0) >= 11.0 for _ in range(50))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0.0),
        ("12", 12.0),
        (" 3 ", 3.0),
        ("Sun, 22 Nov 2026 09:31:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 09:31:00 -0000", 0.0),  # no zone: can't be known
        ("-5", 0.0),
        ("99999999999999", 0.0),
        ("soon", 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float) -> None:
    assert retry_after(header, datetime(2026, 11, 22, 9, 30, tzinfo=UTC)) == seconds


def test_places_are_given_back_also_after_trouble() -> None:
    places = Places(2, 1)
    for _ in range(5):
        with pytest.raises(KeyError), places.taken("x", heavy=True, urgent=False, seconds=0.0):
            raise KeyError
        with (
            pytest.raises(CrmBusy),
            places.taken("x", heavy=True, urgent=True, seconds=0.0),
            places.taken("x", heavy=True, urgent=True, seconds=0.0),
        ):
            pass

    with (
        places.taken("x", heavy=True, urgent=True, seconds=0.0),
        places.taken("y", heavy=False, urgent=True, seconds=0.0),
    ):
        pass


def test_background_work_leaves_a_place() -> None:
    places, inside, done = Places(3, 3), threading.Barrier(3), threading.Event()

    def work() -> None:
        with places.taken("background", heavy=False, urgent=False, seconds=5):
            inside.wait(5)
            done.wait(5)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(5)
    with pytest.raises(CrmBusy), places.taken("background", heavy=False, urgent=False, seconds=0.0):
        pass
    with places.taken("visitor", heavy=False, urgent=True, seconds=0.0):
        pass
    done.set()
    for thread in threads:
        thread.join()
