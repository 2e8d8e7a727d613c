"""The worker's threads about advice: learning in a process of its own, thinking that outlives what goes wrong."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from motenashi.advice_desk.learning_state import LearningStates
from motenashi.advice_worker import Learner, Thinking
from motenashi.database import Database
from motenashi.house import House
from motenashi.settings import Settings
from tests.migrated import migrate


@dataclass
class Rooms:
    """What of a house these threads look at."""

    settings: Settings
    database: Database
    crm: Any = None


@pytest.fixture
def house(sqlite_database: Database) -> House:
    migrate(sqlite_database)
    return cast(House, Rooms(Settings(), sqlite_database))


def learner(house: House, code: str) -> Learner:
    return Learner(house, [sys.executable, "-c", code])


def writes(file: Path) -> str:
    return f"import pathlib; pathlib.Path({str(file)!r}).write_text('learned')"


def in_thread(run: Callable[[threading.Event], None]) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,), daemon=True)
    thread.start()
    return thread, stop


def test_learning_begins_when_nobody_has_learned_yet(house: House, tmp_path: Path) -> None:
    assert learner(house, writes(tmp_path / "done"))._look(threading.Event()) < 60
    assert (tmp_path / "done").read_text() == "learned"


def test_who_has_learned_tonight_learns_again_only_when_asked(house: House, tmp_path: Path) -> None:
    one = learner(house, writes(tmp_path / "done"))
    one._learning = cast(Any, SimpleNamespace(is_due=lambda now: False))

    one._look(threading.Event())
    assert not (tmp_path / "done").exists()

    LearningStates(house.database).want(now=datetime.now(UTC))
    one._look(threading.Event())
    assert (tmp_path / "done").exists()


def test_learning_that_failed_is_not_tried_again_at_once(house: House) -> None:
    assert learner(house, "raise SystemExit(1)")._look(threading.Event()) > 60


def test_learning_is_interrupted_when_the_worker_stops_and_lets_go(house: House, tmp_path: Path) -> None:
    begun, let_go = tmp_path / "begun", tmp_path / "let go"
    code = (
        f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\n"
        f"try: time.sleep(120)\nfinally: pathlib.Path({str(let_go)!r}).touch()"
    )
    one = learner(house, code)
    thread, stop = in_thread(lambda stop: cast(None, one._look(stop)))
    while not begun.exists():
        assert thread.is_alive()
        stop.wait(0.05)

    stop.set()
    thread.join(30)

    assert not thread.is_alive()
    assert let_go.exists()


@pytest.mark.parametrize("error", [OperationalError("select", {}, Exception("locked")), RuntimeError("a defect")])
def test_thinking_goes_on_after_what_went_wrong(house: House, error: Exception) -> None:
    looks: list[int] = []

    class Faulty:
        def run(self, now: datetime) -> int:
            looks.append(1)
            if len(looks) == 1:
                raise error
            return 0

    one = Thinking(house)
    one._recompute = cast(Any, Faulty())

    first, second = one._look(), one._look()

    assert first > second
    assert len(looks) == 2
