"""Watches one IMAP mailbox and stores what is new. A thread of the worker; of several workers one does it.

How far we are is remembered by UID, so a person may read the mail in the same mailbox and nothing is missed. The
order is: the bytes are stored and on disk, then the mail is marked as seen (or moved), then the UID is remembered.
Killed in between, the mail is fetched again and found to be stored already.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError

from motenashi.channels.email.imap_mailbox import (
    ImapMailbox,
    MailboxAway,
    MailboxRefused,
    MailNotGiven,
    open_mailbox,
)
from motenashi.channels.email.settings import MailboxSettings
from motenashi.inbound_mail.calm_words import NOT_GIVEN, TOO_LARGE_FOR_US
from motenashi.inbound_mail.mail_store import Kept, MailStore, MailToKeep
from motenashi.inbound_mail.mailbox_progress import MailboxProgress

log = logging.getLogger(__name__)

# How many mails, and about how many bytes, are fetched at once and stored in one transaction.
BATCH_MAILS = 20
BATCH_BYTES = 16_000_000
SIZES_AT_ONCE = 500

SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
# A refused log-in is not hammered: servers lock whole accounts for that.
REFUSED_PAUSE, LONGEST_REFUSED_PAUSE = 900.0, 14_400.0
# How often who is not in charge asks whether it is now.
ASK_FOR_LEASE = 3.0
# A mail at which the connection ends is fetched alone after that many times, and set aside after that many more.
ALONE_AFTER, ASIDE_AFTER = 2, 5
LOOKED_EVERY = timedelta(minutes=5)
# When a server numbers its mails anew, those of the last days are looked through again.
LOOK_BACK = timedelta(days=2)


def utc_now() -> datetime:
    return datetime.now(UTC)


class _Left(Exception):
    """We were told to stop, or another machine is in charge now."""


class MailboxPoller:
    """`leads` says whether this process is in charge of the mailbox (a lease, asked every second or so), `arrived` is
    told the id of each new mail once it is on disk."""

    def __init__(
        self,
        settings: MailboxSettings,
        mails: MailStore,
        progress: MailboxProgress,
        *,
        largest_mail: int,
        arrived: Callable[[int], object] = lambda mail_id: None,
        leads: Callable[[datetime], bool] = lambda now: True,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if settings.move_to and settings.move_to == settings.folder:
            raise ValueError(f"mailbox '{settings.name}': mail can't be moved to the folder that it lies in")
        self.name = settings.name
        self._settings = settings
        self._mails = mails
        self._progress = progress
        self._largest = largest_mail
        self._arrived = arrived
        self._leads = leads
        self._clock = clock
        self._told = ""
        self._broke: Counter[tuple[int, bool]] = Counter()  # (first UID, was it alone?) at which the connection ended
        self._went_well = False
        self._looked_at: datetime | None = None
        self._can_mark = True

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set. Never raises: what goes wrong is told, and tried again after a pause."""
        pause, refused_pause = SHORTEST_PAUSE, REFUSED_PAUSE
        while not stop.is_set():
            if not self._leads(self._clock()):
                stop.wait(ASK_FOR_LEASE)
                continue
            self._went_well = False
            try:
                self._watch(stop)
                pause, refused_pause = SHORTEST_PAUSE, REFUSED_PAUSE
            except MailboxRefused as error:
                self._tell("refused", str(error))
                self._pause(refused_pause, stop)
                refused_pause = min(LONGEST_REFUSED_PAUSE, refused_pause * 2)
            except _Left:
                continue
            except (MailboxAway, MailNotGiven) as error:
                pause = SHORTEST_PAUSE if self._went_well else min(LONGEST_PAUSE, pause * 2)
                self._tell("away", str(error))
                self._pause(pause, stop)
            except DBAPIError as error:
                log.warning("mailbox '%s': the database is away (%s)", self.name, type(error).__name__)
                self._pause(SHORTEST_PAUSE * 3, stop)
            except Exception:  # an answer that the library can't make sense of, for one; the others go on
                log.exception("mailbox '%s': watching it failed", self.name)
                pause = min(LONGEST_PAUSE, pause * 2)
                self._pause(pause, stop)

    def _watch(self, stop: threading.Event) -> None:
        def go_on() -> bool:
            return not stop.is_set() and self._leads(self._clock())

        with open_mailbox(self._settings) as mailbox:
            self._tell("connected", "")
            last_uid = self._begin(mailbox, go_on)
            while go_on():
                last_uid = self._take(mailbox, mailbox.after(last_uid), last_uid, go_on)
                self._note_look()
                mailbox.wait(go_on, stop.wait)

    def _begin(self, mailbox: ImapMailbox, go_on: Callable[[], bool]) -> int:
        """The UID up to which all is stored; of a folder that we do not know yet, that is first made true."""
        known = self._progress.of(self.name)
        if known.uid_validity == mailbox.uid_validity and known.uid_validity:
            return known.last_uid
        up_to = mailbox.last_uid()
        since = known.looked_at - LOOK_BACK if known.looked_at else None
        for batch in self._batches(mailbox, [uid for uid in mailbox.lying_there(since) if uid <= up_to]):
            if not go_on():
                raise _Left
            self._store(mailbox, batch)
        self._progress.reached(self.name, mailbox.uid_validity, up_to, self._clock())
        return up_to

    def _take(self, mailbox: ImapMailbox, uids: Sequence[int], last_uid: int, go_on: Callable[[], bool]) -> int:
        for batch in self._batches(mailbox, uids):
            if not go_on():
                raise _Left
            self._store(mailbox, batch)
            last_uid = batch[-1][0]
            self._progress.reached(self.name, mailbox.uid_validity, last_uid, self._clock())
        return last_uid

    def _batches(self, mailbox: ImapMailbox, uids: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
        """UIDs with their sizes, in batches that fit into memory; a mail that is too large stands alone."""
        for start in range(0, len(uids), SIZES_AT_ONCE):
            some = uids[start : start + SIZES_AT_ONCE]
            sizes = mailbox.sizes(some)
            batch: list[tuple[int, int]] = []
            for uid in some:
                if uid not in sizes:
                    continue  # somebody has deleted it meanwhile
                if batch and self._full(batch, sizes[uid]):
                    yield batch
                    batch = []
                batch.append((uid, sizes[uid]))
            if batch:
                yield batch

    def _full(self, batch: Sequence[tuple[int, int]], size: int) -> bool:
        held = sum(each for _, each in batch)
        return len(batch) >= BATCH_MAILS or held + size > BATCH_BYTES or max(held, size) > self._largest

    def _store(self, mailbox: ImapMailbox, batch: Sequence[tuple[int, int]]) -> None:
        """Keep the mails of a batch, and then tell the server."""
        uid, size = batch[0]
        if len(batch) > 1 and self._broke[uid, False] >= ALONE_AFTER:
            for each in batch:
                self._store(mailbox, [each])
            del self._broke[uid, False]
        elif len(batch) == 1 and (size > self._largest or self._broke[uid, True] >= ASIDE_AFTER):
            self._set_aside(mailbox, uid, size)
        else:
            self._done_with(mailbox, self._fetch_and_keep(mailbox, [each for each, _ in batch]))

    def _fetch_and_keep(self, mailbox: ImapMailbox, uids: Sequence[int]) -> list[int]:
        """Returns those that are on disk now."""
        try:
            bodies = self._bodies(mailbox, uids)
        except MailNotGiven:
            if len(uids) == 1:
                self._set_aside(mailbox, uids[0], 0)
                return []
            return [uid for each in uids for uid in self._fetch_and_keep(mailbox, [each])]
        now = self._clock()
        # The size was the server's word; who says 100 bytes and gives a gigabyte is not believed a second time.
        taken = {uid: body for uid, body in bodies.items() if len(body) <= self._largest}
        mails = [MailToKeep(body, f"imap:{self.name}", now) for body in taken.values()]
        self._hint(self._mails.keep_many(mails) if mails else [])
        for uid in bodies.keys() - taken.keys():
            self._set_aside(mailbox, uid, len(bodies[uid]))
        return [*taken, *self._not_among(mailbox, uids, bodies)]

    def _not_among(self, mailbox: ImapMailbox, uids: Sequence[int], bodies: Mapping[int, bytes]) -> list[int]:
        """Mails that lie there and did not come: some servers leave one they can't read out of an answer that says OK.

        Each is asked for alone, and set aside when it does not come then. Returns those that are on disk now.
        """
        left_out = [uid for uid in uids if uid not in bodies]
        still_there = mailbox.sizes(left_out) if left_out else {}
        if len(uids) > 1:
            return [uid for each in still_there for uid in self._fetch_and_keep(mailbox, [each])]
        for uid, size in still_there.items():
            self._set_aside(mailbox, uid, size)
        return []

    def _bodies(self, mailbox: ImapMailbox, uids: Sequence[int]) -> dict[int, bytes]:
        try:
            bodies = mailbox.bodies(uids)
        except MailNotGiven:
            raise
        except Exception:
            self._broke[uids[0], len(uids) == 1] += 1
            raise
        del self._broke[uids[0], len(uids) == 1]
        return bodies

    def _hint(self, kept: Sequence[Kept]) -> None:
        for mail in kept:
            if mail.new:
                try:
                    self._arrived(mail.id)
                except Exception as error:  # it waits in the store; a job finds it
                    log.warning("mail %d waits for the next look: %s", mail.id, type(error).__name__)

    def _done_with(self, mailbox: ImapMailbox, uids: Sequence[int]) -> None:
        try:
            mailbox.done_with(uids)
        except MailNotGiven:
            if self._can_mark:
                log.warning("mailbox '%s': stored mail can't be marked or moved there", self.name)
            self._can_mark = False

    def _set_aside(self, mailbox: ImapMailbox, uid: int, size: int) -> None:
        """The mail stays as it is in the mailbox, unseen; with us its headers say that it is there."""
        head = mailbox.head(uid) or f"X-Mailbox: {self.name} {mailbox.uid_validity} {uid}\r\n".encode()
        error = (TOO_LARGE_FOR_US if size > self._largest else NOT_GIVEN)["en"]
        cause = f"UID {uid}, {size} bytes"
        source, now = f"imap:{self.name}", self._clock()
        self._mails.keep_aside(head, size=size, source=source, received_at=now, error=error, cause=cause)
        log.warning("mailbox '%s': the mail with UID %d was set aside (%d bytes)", self.name, uid, size)

    def _note_look(self) -> None:
        self._went_well = True
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= LOOKED_EVERY:
            self._progress.looked(self.name, now)
            self._looked_at = now

    def _tell(self, state: str, trouble: str) -> None:
        """To the log and to the pages, once for each change."""
        told = state if state == "connected" else f"{state}: {trouble}"
        if told == self._told:
            return
        self._told = told
        if trouble:
            log.error("mailbox '%s' %s", self.name, f"is {state}: {trouble}")
        else:
            log.info("mailbox '%s' is %s", self.name, state)
        try:
            self._progress.tell(self.name, state, trouble, self._clock())
        except DBAPIError:
            self._told = ""

    def _pause(self, seconds: float, stop: threading.Event) -> None:
        """Wait, and stay in charge meanwhile: another machine would have the same trouble at once."""
        while seconds > 0 and not stop.wait(min(ASK_FOR_LEASE, seconds)):
            seconds -= ASK_FOR_LEASE
            if not self._leads(self._clock()):
                return
