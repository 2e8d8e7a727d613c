"""Work in a few threads that may hang without hanging anybody else."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from motenashi.bounded_threads import BoundedThreads, TookTooLong, TooManyRunning

PATIENCE = 30.0


@pytest.fixture
def threads() -> Iterator[BoundedThreads]:
    crew = BoundedThreads("crew", most=2)
    yield crew
    crew.close()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def test_the_result_comes_back_from_another_thread(threads: BoundedThreads) -> None:
    assert threads.do(threading.get_ident, PATIENCE) != threading.get_ident()


def test_what_the_work_raises_is_raised_here(threads: BoundedThreads) -> None:
    with pytest.raises(ZeroDivisionError):
        threads.do(lambda: 1 // 0, PATIENCE)


def test_work_that_wants_to_end_the_program_ends_nothing(threads: BoundedThreads) -> None:
    def leave() -> None:
        raise SystemExit

    for _ in range(5):
        with pytest.raises(RuntimeError, match="SystemExit"):
            threads.do(leave, PATIENCE)


def test_one_after_the_other_needs_one_thread(threads: BoundedThreads) -> None:
    names = {threads.do(threading.get_ident, PATIENCE)}
    for _ in range(50):
        time.sleep(0.001)  # the thread is back before the next one comes
        names.add(threads.do(threading.get_ident, PATIENCE))

    assert len(names) <= 2


def test_work_that_hangs_is_given_up_and_its_thread_serves_again_later(threads: BoundedThreads) -> None:
    go_on = threading.Event()

    with pytest.raises(TookTooLong):
        threads.do(go_on.wait, 0.25)
    assert threads.stuck == 1
    assert threads.do(lambda: "others work", PATIENCE) == "others work"

    go_on.set()
    until(lambda: threads.stuck == 0)
    assert threads.do(lambda: "all of them", PATIENCE) == "all of them"


def test_when_all_are_stuck_nobody_waits_and_no_thread_is_added(threads: BoundedThreads) -> None:
    go_on = threading.Event()
    for _ in range(2):
        with pytest.raises(TookTooLong):
            threads.do(go_on.wait, 0.25)
    before = threading.active_count()

    for _ in range(20):
        with pytest.raises(TooManyRunning, match="2 earlier calls are stuck"):
            threads.do(lambda: None, PATIENCE)

    assert threading.active_count() == before
    go_on.set()
    until(lambda: threads.stuck == 0)
    assert threads.do(lambda: "back", PATIENCE) == "back"


def test_work_that_nobody_waits_for_any_more_is_never_begun(threads: BoundedThreads) -> None:
    go_on, done = threading.Event(), list[str]()
    with ThreadPoolExecutor(2) as busy:
        waiting = [busy.submit(threads.do, go_on.wait, PATIENCE) for _ in range(2)]
        until(lambda: threads._idle == 0 and threads._tasks.empty() and threads._threads == 2)
        with pytest.raises(TooManyRunning, match="busy"):
            threads.do(lambda: done.append("late"), 0.02)
        go_on.set()
        assert [each.result(PATIENCE) for each in waiting] == [True, True]

    assert threads.do(lambda: "next", PATIENCE) == "next"
    assert done == []
    assert threads.stuck == 0


def test_many_callers_at_once_all_get_their_own_result(threads: BoundedThreads) -> None:
    with ThreadPoolExecutor(16) as callers:
        results = list(callers.map(lambda number: threads.do(lambda: number * number, PATIENCE), range(500)))

    assert results == [number * number for number in range(500)]
    until(lambda: threads._idle == threads._threads)
    assert threads._threads <= 2


@pytest.mark.parametrize("seconds", [0.0, -1.0, -0.5])
def test_no_time_left_is_too_late_and_not_for_ever(threads: BoundedThreads, seconds: float) -> None:
    go_on = threading.Event()

    with pytest.raises((TookTooLong, TooManyRunning)):
        threads.do(go_on.wait, seconds)
    go_on.set()


def test_all_the_time_in_the_world_is_no_error(threads: BoundedThreads) -> None:
    assert threads.do(lambda: 1, float("inf")) == 1


def test_a_forked_process_has_threads_of_its_own(threads: BoundedThreads) -> None:
    """As under gunicorn with a preloaded app: the child inherits the counts, and none of the threads."""
    assert threads.do(lambda: 1, PATIENCE) == 1
    child = os.fork()
    if child == 0:  # pragma: no cover
        try:
            os._exit(7 if threads.do(lambda: 7, 5.0) == 7 else 1)
        finally:
            os._exit(2)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
