"""Tasks are done, tried again, survive a worker's end, and never bring code along; with a file and with Redis."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest
from huey.storage import SqliteStorage

from motenashi.task_queue import QueueAway, Task, TaskQueue

PATIENCE = 30.0


@pytest.fixture(params=["file", pytest.param("redis", marks=pytest.mark.redis)])
def make_queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], TaskQueue]]:
    """Makes queues that reach each other, as those of several processes do."""
    made: list[TaskQueue] = []
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    def make() -> TaskQueue:
        made.append(TaskQueue(file=tmp_path / "data" / "tasks.db", redis_url=redis_url))
        return made[-1]

    yield make
    for queue in made:
        queue.close()


@contextmanager
def running(queue: TaskQueue, workers: int = 1) -> Iterator[None]:
    stop = threading.Event()
    worker = threading.Thread(target=queue.run, args=(workers, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)
        assert not worker.is_alive()


def soon(what: Callable[[], object]) -> bool:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if what():
            return True
        time.sleep(0.02)
    return False


def test_what_one_puts_another_does(make_queue: Callable[[], TaskQueue]) -> None:
    done: list[tuple[int, str]] = []
    worker = make_queue()
    worker.add(Task("note", lambda number, word: done.append((number, word))))

    make_queue().put("note", number=7, word="来週")

    with running(worker):
        assert soon(lambda: done)
    assert done == [(7, "来週")]
    assert worker.waiting() == 0


def test_a_failure_is_tried_again_and_then_given_up(
    make_queue: Callable[[], TaskQueue], caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def fail(number: int) -> None:
        tries.append(number)
        raise OSError("the CRM is away")

    queue = make_queue()
    queue.add(Task("fail", fail, most_tries=3, first_pause=0.01))
    queue.put("fail", number=1)

    with running(queue), caplog.at_level(logging.WARNING, "motenashi.task_queue"):
        assert soon(lambda: "given up after 3 tries" in caplog.text)
    assert tries == [1, 1, 1]
    assert queue.waiting() == 0


def test_pauses_grow_and_end_growing() -> None:
    task = Task("x", print, first_pause=5, longest_pause=60)

    assert [task.pause(tries) for tries in (1, 2, 3, 4, 5, 1000)] == [5, 10, 20, 40, 60, 60]


def test_a_task_that_fails_keeps_nobody_else_waiting(make_queue: Callable[[], TaskQueue]) -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 0:
            raise ValueError("this one never works")
        done.append(number)

    queue = make_queue()
    queue.add(Task("work", work, first_pause=3600))
    for number in range(5):
        queue.put("work", number=number)

    with running(queue):
        assert soon(lambda: len(done) == 4)


def test_who_is_told_to_stop_ends_what_was_begun(make_queue: Callable[[], TaskQueue]) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait(PATIENCE)
        done.set()

    queue, stop = make_queue(), threading.Event()
    queue.add(Task("slow", slow))
    queue.put("slow")
    worker = threading.Thread(target=queue.run, args=(1, stop))
    worker.start()

    assert begun.wait(PATIENCE)
    name, _ = queue.longest_under_way()
    stop.set()
    go_on.set()
    worker.join(PATIENCE)

    assert done.is_set() and not worker.is_alive()
    assert name == "slow"
    assert queue.longest_under_way() == ("", 0.0)


def test_what_is_no_json_is_refused_at_once(make_queue: Callable[[], TaskQueue]) -> None:
    with pytest.raises(TypeError):
        make_queue().put("note", thing=object())


def test_a_task_nobody_knows_is_told_and_dropped(
    make_queue: Callable[[], TaskQueue], caplog: pytest.LogCaptureFixture
) -> None:
    queue = make_queue()
    queue.put("unheard_of")

    with running(queue):
        assert soon(lambda: "nobody here does the task 'unheard_of'" in caplog.text)


def test_a_queue_needs_a_place() -> None:
    with pytest.raises(ValueError, match="a file or a Redis"):
        TaskQueue()


def test_a_queue_that_is_away_says_so(tmp_path: Path) -> None:
    (tmp_path / "no_folder").write_text("")
    with pytest.raises(QueueAway):
        TaskQueue(file=tmp_path / "no_folder" / "tasks.db").put("note")
    with pytest.raises(QueueAway):
        TaskQueue(redis_url="redis://127.0.0.1:1/0").put("note")


def test_a_worker_waits_for_a_queue_that_is_away_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("motenashi.task_queue.huey_parts.ASK_AGAIN", 0.02)

    with running(TaskQueue(redis_url="redis://127.0.0.1:1/0")):
        assert soon(lambda: "the task queue is away" in caplog.text)
        time.sleep(0.5)

    assert caplog.text.count("the task queue is away") == 1
    assert "Traceback" not in caplog.text


def test_a_lost_file_is_made_anew_by_whoever_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motenashi.task_queue.queue.LOOK_AT_HEALTH_EVERY", 0.05)
    file, done = tmp_path / "tasks.db", list[int]()
    old, worker = TaskQueue(file=file), TaskQueue(file=file)
    worker.add(Task("note", lambda number: done.append(number)))
    old.put("note", number=1)

    with running(worker):
        assert soon(lambda: done == [1])
        lose(file)
        TaskQueue(file=file).put("note", number=2)
        assert soon(lambda: done == [1, 2]), "the worker looks into the new file"
        old.put("note", number=3)
        assert soon(lambda: done == [1, 2, 3]), "and so does who had the old one open"


def lose(file: Path) -> None:
    for lost in file.parent.glob(f"{file.name}*"):
        lost.unlink()


def test_nothing_that_is_unpickled_lies_in_the_queue(tmp_path: Path) -> None:
    TaskQueue(file=tmp_path / "tasks.db").put("note", number=1)

    [item] = SqliteStorage("motenashi", filename=str(tmp_path / "tasks.db")).enqueued_items()

    assert json.loads(bytes(item))["args"] == ["note", '{"number": 1}', 0]


def test_what_waits_survives_a_killed_worker(tmp_path: Path) -> None:
    """The one in hand dies with it (its truth is in the database); those behind it do not."""
    program = dedent("""
        import os, sys, threading
        from pathlib import Path
        from motenashi.task_queue import Task, TaskQueue
        queue = TaskQueue(file=Path(sys.argv[1]))
        queue.add(Task("die", lambda number: os.kill(os.getpid(), 9)))
        for number in range(3):
            queue.put("die", number=number)
        queue.run(1, threading.Event())
    """)
    killed = subprocess.run([sys.executable, "-c", program, tmp_path / "tasks.db"], timeout=PATIENCE, check=False)
    assert killed.returncode == -9

    done: list[int] = []
    queue = TaskQueue(file=tmp_path / "tasks.db")
    queue.add(Task("die", lambda number: done.append(number)))
    with running(queue):
        assert soon(lambda: done == [1, 2])
