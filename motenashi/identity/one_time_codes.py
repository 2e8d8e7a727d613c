"""One-time codes by e-mail: six digits that prove that somebody reads the mail of an address.

A code is good for one address in one conversation, for ten minutes, for five tries and for one right answer; a new
one voids the old. Limits are counted in the database, so that all processes share them.

At rest stands HMAC-SHA256(server's key, request + conversation + address + code), never the code. A slow hash such as
argon2 would not help here: there are only a million codes, so whoever has the table and no key must not be able to try
them at all, and whoever has the key needs seconds either way. The key makes the difference, and it is not in the
database. The compare itself takes the same time whatever the digits.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from motenashi.conversation.verification import CodeAnswer, CodeCheck, CodeRequest
from motenashi.database import Database
from motenashi.identity.code_mail import code_mail
from motenashi.identity.settings import OneTimeCodeSettings
from motenashi.identity.tables import identity_codes as codes
from motenashi.outgoing_mail.mail import Mail, MailError, is_address

log = logging.getLogger(__name__)

DIGITS = 6
# Whoever began to send and has not said so after this long has died; the same request may then begin again.
SENDING_SECONDS = 30
# Rows older than this count for no limit and are thrown away.
KEEP = timedelta(days=1)
# One name for the lock that makes counting and inserting one act on PostgreSQL (SQLite's write lock does it there).
_LIMITS_LOCK = 0x636F646573

_WRITTEN_CODE = re.compile(r"(?<!\d)\d(?:[ \-\u2010-\u2015]?\d){5}(?!\d)")


@dataclass(frozen=True)
class _Asked:
    """One request for a code."""

    key: str
    conversation_id: str
    email: str
    machine: str
    now: datetime


class OneTimeCodes:
    """Sends codes and checks them. `now` is always an aware time; addresses are compared without regard to case."""

    def __init__(
        self,
        database: Database,
        send_mail: Callable[[Mail], object],
        settings: OneTimeCodeSettings,
        *,
        secret_key: bytes,
    ) -> None:
        self._database = database
        self._send_mail = send_mail
        self._settings = settings
        self._secret_key = hashlib.sha256(b"motenashi one-time codes\0" + secret_key).digest()

    def send_code(
        self, *, conversation_id: str, email: str, language: str, now: datetime, key: str, machine: str = ""
    ) -> CodeRequest:
        """Mail a fresh code. The same `key` again sends nothing more and answers SENT. `machine` is the network address
        it was asked from, '' where the channel does not tell it."""
        email = email.strip().lower()
        if not is_address(email):
            return CodeRequest.NOT_SENT
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        mac = self._mac(key, conversation_id, email, code)
        asked = _Asked(key, conversation_id, email, machine[:64], now)
        attempt = self._begin(asked, mac)
        if isinstance(attempt, CodeRequest):
            return attempt
        try:
            self._send_mail(code_mail(email, code, language, self._settings, key=f"code:{key}:{attempt}", now=now))
        except (MailError, SQLAlchemyError) as error:
            log.error("no code could be mailed: %s", error)
            self._forget(key)
            return CodeRequest.NOT_SENT
        self._handed_over(key)
        return CodeRequest.SENT

    def check_code(self, *, conversation_id: str, email: str, code: str, now: datetime, key: str = "") -> CodeAnswer:
        """Is this the code? Digits may be full width and stand in a sentence. A text without six digits is WRONG and
        costs no try; a right code is right once. `key` names the message that brought it: a turn that is run again
        after a crash brings the same key, and its code is still right."""
        email = email.strip().lower()
        given = read_code(code)
        with self._database.write() as connection:
            row = connection.execute(_newest(conversation_id, email)).first()
            if row is not None and row.state == "used" and key and row.used_key == key:
                return self._right(row.tries, now)
            if row is None or row.state != "waiting":
                return CodeAnswer(CodeCheck.UNKNOWN)
            if now >= row.expires_at:
                return CodeAnswer(CodeCheck.EXPIRED)
            if row.tries >= self._settings.tries:
                return CodeAnswer(CodeCheck.LOCKED)
            if not given:
                return CodeAnswer(CodeCheck.WRONG, self._settings.tries - row.tries)
            right = hmac.compare_digest(row.code_mac, self._mac(row.key, conversation_id, email, given))
            return self._count_try(connection, row.id, right, key, now)

    def _count_try(self, connection: Connection, code_id: int, right: bool, key: str, now: datetime) -> CodeAnswer:
        """One try more, by a statement that itself looks whether one is left: concurrent checks can't share a try."""
        tries = connection.execute(
            update(codes)
            .where(codes.c.id == code_id, codes.c.state == "waiting", codes.c.tries < self._settings.tries)
            .values(tries=codes.c.tries + 1, state="used" if right else "waiting", used_key=key if right else "")
            .returning(codes.c.tries)
        ).scalar()
        if tries is None:  # somebody else took the last try, or the code itself, since we looked
            return CodeAnswer(CodeCheck.LOCKED)
        if right:
            return self._right(tries, now)
        left = self._settings.tries - tries
        return CodeAnswer(CodeCheck.WRONG if left else CodeCheck.LOCKED, left)

    def _right(self, tries: int, now: datetime) -> CodeAnswer:
        until = now + timedelta(hours=self._settings.hours_verified)
        return CodeAnswer(CodeCheck.RIGHT, self._settings.tries - tries, until)

    def _begin(self, asked: _Asked, mac: str) -> int | CodeRequest:
        """The number of this attempt when it is ours to send, or the answer when it is not."""
        try:
            with self._database.write() as connection:
                if self._database.dialect == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _LIMITS_LOCK})
                known = connection.execute(select(codes).where(codes.c.key == asked.key)).first()
                if known is not None:
                    return self._begin_again(connection, known.id, mac, asked.now)
                if self._too_many(connection, asked):
                    return CodeRequest.TOO_MANY
                self._insert(connection, asked, mac)
                return 1
        except IntegrityError:
            return CodeRequest.SENT  # the same request at the same moment; the other one sends

    def _begin_again(self, connection: Connection, code_id: int, mac: str, now: datetime) -> int | CodeRequest:
        attempt = connection.execute(
            update(codes)
            .where(
                codes.c.id == code_id,
                codes.c.state == "waiting",
                codes.c.handed_over.is_(False),
                codes.c.created_at < now - timedelta(seconds=SENDING_SECONDS),
            )
            .values(attempt=codes.c.attempt + 1, code_mac=mac, tries=0, state="waiting", **self._times(now))
            .returning(codes.c.attempt)
        ).scalar()
        return CodeRequest.SENT if attempt is None else int(attempt)

    def _insert(self, connection: Connection, asked: _Asked, mac: str) -> None:
        connection.execute(delete(codes).where(codes.c.created_at < asked.now - KEEP))
        waiting = and_(codes.c.conversation_id == asked.conversation_id, codes.c.state == "waiting")
        connection.execute(update(codes).where(waiting).values(state="void"))
        connection.execute(
            insert(codes).values(
                key=asked.key,
                conversation_id=asked.conversation_id,
                email=asked.email,
                machine=asked.machine,
                code_mac=mac,
                state="waiting",
                **self._times(asked.now),
            )
        )

    def _times(self, now: datetime) -> dict[str, datetime]:
        return {"created_at": now, "expires_at": now + timedelta(minutes=self._settings.minutes_valid)}

    def _too_many(self, connection: Connection, asked: _Asked) -> bool:
        """More than the settings allow within an hour: for this address, conversation or machine, or altogether."""
        limits = self._settings
        theirs = [
            (codes.c.email == asked.email, limits.per_address_per_hour),
            (codes.c.conversation_id == asked.conversation_id, limits.per_conversation_per_hour),
        ]
        if asked.machine:
            theirs.append((codes.c.machine == asked.machine, limits.per_machine_per_hour))
        lately = codes.c.created_at > asked.now - timedelta(hours=1)
        counted = [func.count().filter(mine) for mine, _ in theirs]
        counts = connection.execute(select(*counted).where(lately, or_(*(mine for mine, _ in theirs)))).one()
        overall = connection.execute(select(func.count()).select_from(codes).where(lately)).scalar_one()
        if overall >= limits.overall_per_hour:
            log.warning("no code was mailed: %s codes went out within an hour, the most that settings allow", overall)
        full = any(count >= most for count, (_, most) in zip(counts, theirs, strict=True))
        return full or overall >= limits.overall_per_hour

    def _handed_over(self, key: str) -> None:
        with self._database.write() as connection:
            connection.execute(update(codes).where(codes.c.key == key).values(handed_over=True))

    def _forget(self, key: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(codes).where(codes.c.key == key))

    def _mac(self, key: str, conversation_id: str, email: str, code: str) -> str:
        parts = "\0".join((key, conversation_id, email, code)).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret_key, parts, hashlib.sha256).hexdigest()


def read_code(written: str) -> str:
    """The six digits in what a visitor wrote ("１２３　４５６", "my code is 123-456"), or '' when there are not
    exactly six in a row."""
    plain = unicodedata.normalize("NFKC", written[:500])
    found = _WRITTEN_CODE.search(plain)
    return "".join(str(unicodedata.decimal(letter)) for letter in found[0] if letter.isdecimal()) if found else ""


def _newest(conversation_id: str, email: str) -> Select[Any]:
    return (
        select(codes)
        .where(codes.c.conversation_id == conversation_id, codes.c.email == email, codes.c.state != "void")
        .order_by(codes.c.id.desc())
        .limit(1)
    )
