"""Archives: mbox files, .eml files, and folders of them (Maildir too), taken in with progress told.

Every mail is stored by the same rules as one that comes in, so an import that was interrupted is simply begun again:
what is there already changes nothing. A path that can't be read is told, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from motenashi.inbound_mail.calm_words import TOO_LARGE_IN_FILE
from motenashi.inbound_mail.mail_store import MailStore, MailToKeep
from motenashi.inbound_mail.mailboxes import MailboxUnreadable, mails_in

# Mails are stored in transactions of this many mails or bytes, whichever is reached first.
BATCH_MAILS = 100
BATCH_BYTES = 8_000_000
LONGEST_HEAD = 262_144


@dataclass
class Imported:
    """What an import did. `unread`: what could not be read, with the reason. `too_large` mails are set aside."""

    found: int = 0
    new: int = 0
    too_large: int = 0
    unread: tuple[str, ...] = ()


def import_files(
    paths: Sequence[Path],
    mails: MailStore,
    *,
    largest_mail: int,
    progress: Callable[[int, int], object] = lambda done, total: None,
    arrived: Callable[[int], object] = lambda mail_id: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Imported:
    """Take in all mail of these files and folders. `progress` is told the bytes done and those of all paths;
    `arrived` the id of each new mail, once it is on disk. DBAPIError when the store is away: begin again later."""
    sizes = [_size(path) for path in paths]
    batch = _Batch(mails, largest_mail, arrived, clock)
    for number, path in enumerate(paths):
        behind = sum(sizes[:number])

        def tell(done: int, _of_this_path: int, behind: int = behind) -> None:
            progress(behind + done, sum(sizes))

        try:
            for mail in mails_in(path, tell):
                batch.add(mail.raw)
        except MailboxUnreadable as error:
            batch.unread(str(error))
        except OSError as error:
            batch.unread(f"{error.filename or path}: {error.strerror or type(error).__name__}")
    batch.store()
    return batch.done


class _Batch:
    """Mails on their way into the store, and the account of them."""

    def __init__(
        self, mails: MailStore, largest: int, arrived: Callable[[int], object], clock: Callable[[], datetime]
    ) -> None:
        self.done = Imported()
        self._mails = mails
        self._largest = largest
        self._arrived = arrived
        self._clock = clock
        self._waiting: list[MailToKeep] = []
        self._bytes = 0

    def add(self, raw: bytes) -> None:
        self.done.found += 1
        if len(raw) > self._largest:
            self._set_aside(raw)
            return
        self._waiting.append(MailToKeep(raw, "import", self._clock()))
        self._bytes += len(raw)
        if len(self._waiting) >= BATCH_MAILS or self._bytes >= BATCH_BYTES:
            self.store()

    def store(self) -> None:
        kept = self._mails.keep_many(self._waiting) if self._waiting else []
        self._waiting, self._bytes = [], 0
        for mail in kept:
            if mail.new:
                self.done.new += 1
                self._arrived(mail.id)

    def unread(self, what: str) -> None:
        self.done.unread += (what,)

    def _set_aside(self, raw: bytes) -> None:
        head = raw[:LONGEST_HEAD].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
        error = TOO_LARGE_IN_FILE["en"]
        now, cause = self._clock(), f"at least {len(raw)} bytes"
        self._mails.keep_aside(head, size=len(raw), source="import", received_at=now, error=error, cause=cause)
        self.done.too_large += 1


def _size(path: Path) -> int:
    """In bytes; of a folder all that lies in it, so that the progress of several paths adds up."""
    try:
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        return sum(file.stat().st_size for file in files)
    except OSError:
        return 0
