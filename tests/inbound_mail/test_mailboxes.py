"""Mails in files, one after the other."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from motenashi.inbound_mail.mailboxes import MailboxUnreadable, mails_in, split_mbox
from motenashi.inbound_mail.mime_reading import parse_mail

MARK = b"From dana@reyes.example Tue Nov 24 15:00:00 2026\n"
FIRST = b"Subject: first\n\nHello\n"
SECOND = b"Subject: second\n\nWorld\n"


def split(raw: bytes) -> list[bytes]:
    return list(split_mbox(io.BytesIO(raw)))


def test_mails_in_an_mbox() -> None:
    assert split(MARK + FIRST + b"\n" + MARK + SECOND + b"\n") == [FIRST, SECOND]


@pytest.mark.parametrize(
    "mark",
    [
        b"From - Tue Nov 24 15:00:00 2026\n",
        b"From ???@??? Tue Nov 24 15:00:00 2026\n",
        b"From MAILER-DAEMON Tue Nov 24 15:00:00 2026 +0900\n",
        b"From dana@reyes.example  Tue Nov 24 15:00 JST 2026\r\n",
    ],
)
def test_the_first_lines_of_many_programs(mark: bytes) -> None:
    assert split(mark + FIRST + b"\n" + mark + SECOND) == [FIRST, SECOND]


def test_a_sentence_that_begins_with_from_parts_no_mails() -> None:
    body = b"Subject: x\n\nHello\n\nFrom here on at 10:00 in 2026 we are there.\nSo it goes on\n"

    assert split(MARK + body) == [body]


def test_quoted_from_lines_lose_one_mark() -> None:
    assert split(MARK + b"Subject: x\n\n>From me\n>>From you\n> From nobody\n") == [
        b"Subject: x\n\nFrom me\n>From you\n> From nobody\n"
    ]


def test_what_is_no_mbox_is_one_mail() -> None:
    raw = FIRST + b"\n" + MARK + b"Subject: quoted\n"

    assert split(raw) == [raw]
    assert split(b"") == []
    assert split(b"\n\n") == []


def test_carriage_returns_stay_as_they_are() -> None:
    first, second = (mail.replace(b"\n", b"\r\n") for mail in (FIRST, SECOND))
    mark = MARK.replace(b"\n", b"\r\n")

    assert split(mark + first + b"\r\n" + mark + second) == [first, second]


class Endless(io.RawIOBase):
    """An mbox of many mails that is never in memory as a whole."""

    def __init__(self, mails: int, body: bytes) -> None:
        self._left, self._mail, self._rest = mails, MARK + b"Subject: x\n\n" + body + b"\n", b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        if not self._rest and self._left:
            self._rest, self._left = self._mail, self._left - 1
        piece, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(piece)] = piece
        return len(piece)


def test_a_huge_mbox_takes_the_memory_of_one_mail() -> None:
    body = b"A line of sixty-four characters, more or less, as mails have them\n" * 3_000  # 200 kB
    tracemalloc.start()
    try:
        count = sum(1 for _ in split_mbox(io.BufferedReader(Endless(40, body))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 40
    assert peak < 10 * len(body)


def test_one_mail_never_takes_more_than_the_limit() -> None:
    [only] = split(MARK + b"Subject: x\n\n" + b"a" * 40_000_000 + b"\n")

    assert 25 * 2**20 < len(only) < 28 * 2**20
    assert any("larger" in problem for problem in parse_mail(only).problems)


def test_a_folder_with_all_kinds_of_files(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(SECOND)
    (tmp_path / "a.mbox").write_bytes(MARK + FIRST + b"\n" + MARK + SECOND)
    (tmp_path / "c.emlx").write_bytes(b"%d      \n" % len(FIRST) + FIRST + b"<plist/>")
    (tmp_path / "notes.txt").write_bytes(b"no mail")
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir" / "cur" / "1.host:2,S").write_bytes(FIRST)
    (tmp_path / "Maildir" / "new" / "2.host").write_bytes(SECOND)
    (tmp_path / "Maildir" / "tmp" / "3.host").write_bytes(b"half")
    told: list[tuple[int, int]] = []

    found = list(mails_in(tmp_path, lambda done, total: told.append((done, total))))

    names = [Path(mail.source).name for mail in found]
    assert names == ["1.host:2,S", "2.host", "a.mbox #1", "a.mbox #2", "b.eml", "c.emlx"]
    assert [mail.raw for mail in found] == [FIRST, SECOND, FIRST, SECOND, SECOND, FIRST]
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


def test_a_single_file_is_looked_at_and_not_only_its_name(tmp_path: Path) -> None:
    thunderbirds = tmp_path / "Inbox"
    thunderbirds.write_bytes(MARK + FIRST + b"\n" + MARK + SECOND)
    nameless = tmp_path / "message"
    nameless.write_bytes(FIRST)

    assert [mail.raw for mail in mails_in(thunderbirds)] == [FIRST, SECOND]
    assert [mail.raw for mail in mails_in(nameless)] == [FIRST]


def test_what_holds_no_mails_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxUnreadable, match="holds no mails"):
        list(mails_in(tmp_path))
    with pytest.raises(MailboxUnreadable, match="neither a file nor a folder"):
        list(mails_in(tmp_path / "nowhere"))
