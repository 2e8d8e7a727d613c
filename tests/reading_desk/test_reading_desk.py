"""Two processes' ends of the reading desk, here in one process: over a real socket."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motenashi.reading_desk.client import ReaderAway, ReadingDesk
from motenashi.reading_desk.server import serve_readings
from motenashi.reading_desk.wire import desk_key, socket_address
from nlp.dates import find_dates
from nlp.reading import Intent, Reading, TextToRead

KEY = desk_key(b"a key of this test")


def read(text: TextToRead) -> Reading:
    """A small reader: dates, and an intent that names what was asked."""
    if text.body == "break":
        raise ValueError("a text that breaks the reader")
    dates = find_dates(text.body, text.language, reference=datetime(2026, 11, 21, 9, tzinfo=UTC))
    return Reading(text.language, (Intent("other", 0.5, text.body),), text=text.body, dates=dates)


@contextmanager
def desk_in(folder: Path, reader: object = read) -> Iterator[str]:
    address = socket_address(folder)
    stop = serve_readings(reader, address, KEY)  # type: ignore[arg-type]
    try:
        yield address
    finally:
        stop()


def test_a_reading_crosses_the_socket_whole(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        text = "来週の火曜の15時以降でお願いします"
        assert ReadingDesk(address, KEY).read_chat(text, "ja") == read(TextToRead(text, language="ja"))


def test_all_that_is_known_of_a_mail_crosses_too(tmp_path: Path) -> None:
    asked: list[TextToRead] = []

    def note(text: TextToRead) -> Reading:
        asked.append(text)
        return read(text)

    mail = TextToRead("Hello", "A subject", "en", datetime(2026, 11, 21, 9, tzinfo=UTC), "Asia/Tokyo", "Mori", True)
    with desk_in(tmp_path, note) as address:
        ReadingDesk(address, KEY).read(mail)
    assert asked == [mail]


def test_nobody_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReaderAway, match="no worker"):
        ReadingDesk(socket_address(tmp_path), KEY).read_chat("Hello", "en")


def test_a_wrong_key_is_refused_and_others_go_on(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        with pytest.raises(ReaderAway):
            ReadingDesk(address, desk_key(b"another key")).read_chat("Hello", "en")
        assert ReadingDesk(address, KEY).read_chat("Hello", "en").text == "Hello"


def test_who_connects_and_says_nothing_keeps_nobody_waiting(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        assert ReadingDesk(address, KEY).read_chat("Hello", "en").text == "Hello"


def test_the_customers_words_are_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with desk_in(tmp_path) as address, pytest.raises(ReaderAway):
        ReadingDesk(address, KEY).read_chat("break", "en")

    assert "ValueError" in caplog.text and "test_reading_desk" in caplog.text
    assert "a text that breaks the reader" not in caplog.text.replace('raise ValueError("a text that', "")


def test_a_folder_for_sockets_that_is_a_link_or_open_to_others_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data, folder = tmp_path / ("deep" * 30), tmp_path / f"motenashi-{os.getuid()}"
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        socket_address(data)

    folder.unlink()
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(PermissionError):
        socket_address(data)


def test_a_text_that_breaks_the_reader_breaks_nothing_else(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        desk = ReadingDesk(address, KEY)
        with pytest.raises(ReaderAway, match="ValueError"):
            desk.read_chat("break", "en")
        assert desk.read_chat("Hello", "en").text == "Hello"


def test_a_reader_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    go_on = threading.Event()

    def slow(text: TextToRead) -> Reading:
        if text.body == "slow":
            go_on.wait(30)
        return read(text)

    with desk_in(tmp_path, slow) as address:
        desk = ReadingDesk(address, KEY, patience=0.3)
        with pytest.raises(ReaderAway):
            desk.read_chat("slow", "en")
        go_on.set()
        # The late answer of the first question is never taken for that of the second.
        assert desk.read_chat("second", "en").text == "second"


def test_a_worker_that_began_anew_is_found_again(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        desk = ReadingDesk(address, KEY)
        assert desk.answers()
    with desk_in(tmp_path):
        assert desk.read_chat("again", "en").text == "again"


def test_many_threads_each_get_their_own_answer(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        desk = ReadingDesk(address, KEY, patience=20)
        got: dict[int, str] = {}
        threads = [
            threading.Thread(target=lambda n=n: got.update({n: desk.read_chat(f"text {n}", "en").text}))
            for n in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == {n: f"text {n}" for n in range(12)}


def test_only_the_owner_may_use_the_socket(tmp_path: Path) -> None:
    with desk_in(tmp_path) as address:
        assert stat.S_IMODE(Path(address).stat().st_mode) == 0o600


def test_a_data_folder_with_a_long_path_has_a_socket_too(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    with desk_in(folder) as address:
        assert ReadingDesk(address, KEY).answers()
