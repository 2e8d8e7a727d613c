"""One connection to one folder on an IMAP server: what is new there, its bytes, and waiting for more.

Source: RFC 3501 (IMAP4rev1), RFC 2177 (IDLE), RFC 6851 (MOVE). Nothing here marks a mail as seen by reading it: bodies
are fetched with BODY.PEEK.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from imaplib import IMAP4
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from motenashi.channels.email.settings import MailboxSettings

CONNECT_SECONDS = 15.0
# Servers may end an IDLE after 30 minutes; routers forget silent connections much sooner.
RENEW_IDLE = 9 * 60.0
# How often a wait looks up whether it should end.
LOOK_UP = 1.0
LONGEST_HEAD = 262_144
SEARCH_AT_ONCE = 50_000
# An ended connection looks like silence that comes without waiting; a single such silence may be TLS talking to itself.
MOST_SILENCES = 5
# A server that is only busy answers a login with one of these; the password may well be right.
_NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]", "Too many")


class MailboxAway(Exception):
    """The server can't be reached, or the connection ended. Trying again later may well work."""


class MailboxRefused(Exception):
    """It does not let us in, and a person has to see to it. The text says what was wrong and holds no secret."""


class MailNotGiven(Exception):
    """The server answered, and refused what was asked for; the connection is still good."""


class _Client(IMAPClient):  # type: ignore[misc]  # the library has no types
    """The library hears of new mail only while it waits for it. It may also be told before: in the answer to what it
    asked last, or in the packet that lets it wait. Servers tell once, so such mail would lie there unnoticed."""

    _look_at_once = False

    def told_of_more(self) -> bool:
        """Did any answer since the last time we asked say how many mails there are?"""
        return bool(self._imap.response("EXISTS")[1] != [None])

    def idle(self) -> None:
        super().idle()
        self._look_at_once = True

    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:
        if self._look_at_once:
            self._look_at_once = False
            return [sock]
        return super()._poll_socket(sock, timeout)


class ImapMailbox:
    """Made by `open_mailbox`. Every method raises MailboxAway when the connection is gone."""

    def __init__(self, settings: MailboxSettings, client: _Client) -> None:
        self._settings = settings
        self._client = client
        with _as_ours():
            self._prepare_move()
            selected = client.select_folder(settings.folder)
        self.uid_validity = int(selected.get(b"UIDVALIDITY", 0))
        self._uid_next = int(selected.get(b"UIDNEXT", 0))
        self._exist = int(selected.get(b"EXISTS", 0))

    def last_uid(self) -> int:
        """The highest UID there was when the folder was opened."""
        if self._uid_next or not self._exist:
            return max(0, self._uid_next - 1)
        with _as_ours():
            return max(self._client.search(["UID", "*"]), default=0)

    def after(self, uid: int) -> list[int]:
        """UIDs above `uid`, lowest first."""
        with _as_ours():
            found = self._client.search(["UID", f"{uid + 1}:*"])
        return sorted(each for each in found if each > uid)  # `n:*` names the last mail also when it lies below n

    def lying_there(self, since: datetime | None) -> list[int]:
        """What there is to take in of a folder that we do not know yet: unseen mail, or all of it; and what came
        `since` a moment, since somebody may have seen it meanwhile."""
        wanted = "ALL" if self._settings.first == "all" else "UNSEEN"
        found = set(self._search(wanted))
        if since is not None:
            found |= set(self._search("SINCE", since.date()))
        return sorted(found)

    def _search(self, *criteria: object) -> Iterator[int]:
        """UIDs, asked for in pieces: an answer is one line, and the library takes no line over a million bytes."""
        for first in range(1, self._exist + 1, SEARCH_AT_ONCE):
            last = min(self._exist, first + SEARCH_AT_ONCE - 1)
            with _as_ours():
                yield from self._client.search([f"{first}:{last}", *criteria])

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The bytes of each mail; one that has gone meanwhile is left out."""
        rows = self._fetch(uids, "RFC822.SIZE")
        return {uid: int(row[b"RFC822.SIZE"]) for uid, row in rows.items() if b"RFC822.SIZE" in row}

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The mails whole. One that has gone is left out. MailNotGiven."""
        rows = self._fetch(uids, "BODY.PEEK[]")
        return {uid: bytes(row[b"BODY[]"]) for uid, row in rows.items() if row.get(b"BODY[]") is not None}

    def head(self, uid: int) -> bytes:
        """The headers of one mail, or b'' when there is none to be had."""
        try:
            rows = self._fetch([uid], f"BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>")
        except MailNotGiven:
            return b""
        found = next((value for key, value in rows.get(uid, {}).items() if key.startswith(b"BODY[HEADER]")), None)
        return bytes(found or b"")

    def done_with(self, uids: Sequence[int]) -> None:
        """Mark as seen, or move. MailNotGiven when the server does not allow it."""
        if not uids:
            return
        with _as_ours():
            self._client.add_flags(uids, [rb"\Seen"], silent=True)
            if self._settings.move_to:
                self._move(uids)

    def wait(self, go_on: Callable[[], bool], sleep: Callable[[float], object]) -> None:
        """Until there may be something new, or `go_on` says no; it is asked about every second."""
        with _as_ours():
            if self._client.told_of_more():
                return
            if self._settings.idle and self._client.has_capability("IDLE"):
                self._idle(go_on)
                return
            until = time.monotonic() + self._settings.poll_seconds
            while time.monotonic() < until and go_on():
                sleep(min(LOOK_UP, self._settings.poll_seconds))
            self._client.noop()

    def _idle(self, go_on: Callable[[], bool]) -> None:
        self._client.idle()
        until, silences = time.monotonic() + RENEW_IDLE, 0
        while time.monotonic() < until and go_on():
            asked = time.monotonic()
            told = self._client.idle_check(timeout=LOOK_UP)
            if any(line[0] == b"BYE" for line in told):
                raise MailboxAway("the server said good-bye")
            if any(len(line) > 1 and line[1] == b"EXISTS" for line in told):
                break
            silences = silences + 1 if not told and time.monotonic() - asked < LOOK_UP / 2 else 0
            if silences >= MOST_SILENCES:
                raise MailboxAway("the connection ended")
        self._client.idle_done()

    def _fetch(self, uids: Sequence[int], what: str) -> dict[int, dict[bytes, Any]]:
        with _as_ours():
            return dict(self._client.fetch(uids, [what])) if uids else {}

    def _prepare_move(self) -> None:
        target = self._settings.move_to
        if target and not self._client.folder_exists(target):
            self._client.create_folder(target)

    def _move(self, uids: Sequence[int]) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self._settings.move_to)
            return
        self._client.copy(uids, self._settings.move_to)
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)
        else:
            self._client.expunge()


@contextmanager
def open_mailbox(settings: MailboxSettings) -> Iterator[ImapMailbox]:
    """Connected, logged in, the folder selected. MailboxAway, MailboxRefused."""
    client = _connect(settings)
    try:
        _log_in(client, settings)
        try:
            mailbox = ImapMailbox(settings, client)
        except MailNotGiven as error:
            raise MailboxRefused(f"the folder '{settings.folder}' can't be opened: {error}") from error
        yield mailbox
    except BaseException:
        _leave(client, politely=False)  # nobody knows what the server waits for now
        raise
    _leave(client, politely=True)


def _connect(settings: MailboxSettings) -> _Client:
    context = ssl.create_default_context()
    timeout = SocketTimeout(connect=CONNECT_SECONDS, read=settings.timeout)
    try:
        client = _Client(settings.host, settings.port, ssl=settings.tls == "tls", ssl_context=context, timeout=timeout)
        if settings.tls == "starttls":
            client.starttls(context)
    except ssl.SSLCertVerificationError as error:
        raise MailboxRefused(f"the certificate of {settings.host} is not good: {error.verify_message}") from error
    except (OSError, IMAPClientError) as error:
        raise MailboxAway(f"{settings.host}:{settings.port} does not answer: {type(error).__name__}") from error
    return client


def _log_in(client: _Client, settings: MailboxSettings) -> None:
    password = os.environ.get(settings.password_env, "")
    if not password:
        raise MailboxRefused(f"there is no password: set the environment variable {settings.password_env}")
    try:
        if (settings.user + password).isascii():
            client.login(settings.user, password)
        else:  # LOGIN knows ASCII only
            client.plain_login(settings.user, password)
    except LoginError as error:
        if isinstance(error.__context__, IMAP4.abort) or any(word in str(error) for word in _NOT_NOW):
            raise MailboxAway("the server ended the log-in") from None
        raise MailboxRefused(
            f"the server refused the log-in: look at `user` and at the environment variable {settings.password_env}"
        ) from None
    except (OSError, IMAPClientError) as error:
        raise MailboxAway(f"the server ended the log-in: {type(error).__name__}") from error


def _leave(client: _Client, *, politely: bool) -> None:
    with suppress(OSError, IMAPClientError):
        if politely:
            client.logout()
        else:
            client.shutdown()


@contextmanager
def _as_ours() -> Iterator[None]:
    """The library's many errors as our three."""
    try:
        yield
    except (IMAP4.abort, OSError) as error:
        raise MailboxAway(f"the connection ended: {type(error).__name__}") from error
    except IMAPClientError as error:
        raise MailNotGiven(type(error).__name__) from error
