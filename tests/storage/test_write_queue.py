"""Writers of one SQLite file wait for each other in order, in one process and in two."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from motenashi.storage.open_database import open_database
from motenashi.storage.write_queue import WriteQueue


def test_many_threads_writing_at_once_all_get_their_turn(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/m.db")
    with database.write() as connection:
        connection.execute(text("create table counts (n integer)"))
        connection.execute(text("insert into counts values (0)"))

    def add() -> None:
        for _ in range(10):
            with database.write() as connection:
                before = connection.execute(text("select n from counts")).scalar_one()
                connection.execute(text("update counts set n = :n"), {"n": before + 1})

    threads = [threading.Thread(target=add) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as connection:
        assert connection.execute(text("select n from counts")).scalar() == 200


def test_another_process_s_lock_is_waited_for(tmp_path: Path) -> None:
    # Two engines on one file are to SQLite what two processes are.
    one, other = (open_database(f"sqlite:///{tmp_path}/m.db") for _ in range(2))
    with one.write() as connection:
        connection.execute(text("create table notes (words text)"))
    done = threading.Event()

    def write() -> None:
        with other.write() as connection:
            connection.execute(text("insert into notes values ('second')"))
        done.set()

    with one.write() as connection:
        thread = threading.Thread(target=write)
        thread.start()
        time.sleep(0.05)
        assert not done.is_set()
        connection.execute(text("insert into notes values ('first')"))
    thread.join()

    with one.read() as connection:
        assert connection.execute(text("select words from notes")).scalars().all() == ["first", "second"]


def test_patience_ends_with_the_word_that_sqlite_uses() -> None:
    queue = WriteQueue(0.05)

    with queue.in_turn(), pytest.raises(OperationalError, match="database is locked"), queue.in_turn():
        pass
