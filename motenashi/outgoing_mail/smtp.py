"""Talking to an SMTP server: one stored mail in, nothing or a trouble out. Passwords never leave this file."""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Row

from motenashi.outgoing_mail.mail import MORE_HEADERS, one_line
from motenashi.outgoing_mail.settings import OutgoingMailSettings


class _AsItIs(UnstructuredHeader, BaseHeader):
    """Never folded and never encoded: a long address of the web would become words that no mail program follows."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in MORE_HEADERS:
    _HEADERS.map_to_type(_name.lower(), _AsItIs)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class Trouble:
    """Why a mail was not taken. `for_good`: the server said never; a later try can't help."""

    what: str
    for_good: bool = False


class SmtpServer:
    """Connects when the first mail is sent, and says goodbye at the end of the `with` block."""

    def __init__(self, settings: OutgoingMailSettings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None
        self.reachable = True  # False after a connection or a login failed; then further mails need not try

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def send(self, row: Row[Any]) -> Trouble | None:
        """Hand over one row of `mail_outgoing`; None when the server took it."""
        try:
            self._connected().send_message(to_message(row, self._settings))
            return None
        except smtplib.SMTPException as error:
            return Trouble(self._describe(error, row.to), for_good=_for_good(error))
        except OSError as error:  # no connection, or a broken certificate
            return Trouble(self._describe(error, row.to))
        except (ValueError, MessageError) as error:  # a header no mail can have
            return Trouble(self._describe(error, row.to), for_good=True)
        finally:
            if self._connection is not None and self._connection.sock is None:
                self._connection = None

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self.reachable = False
            self._connection = self._connect()
            self.reachable = True
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        host, port, timeout = self._settings.smtp_host, self._settings.smtp_port, self._settings.timeout
        if self._settings.smtp_security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(host, port, timeout=timeout)
        try:
            # Anything but an explicit 'none' is protected: a typo in the settings must not send passwords in the clear.
            if self._settings.smtp_security not in ("tls", "none"):
                connection.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user:
                connection.login(self._settings.smtp_user, self._password())
        except BaseException:
            connection.close()
            raise
        return connection

    def _password(self) -> str:
        return os.environ.get(self._settings.smtp_password_env, "")

    def _describe(self, error: Exception, to: str) -> str:
        """The kind and the server's words, without our password and whose mail it was, short enough for a table."""
        text = f"{type(error).__name__}: {error}".replace(to, "***")
        if password := self._password():
            text = text.replace(password, "***")
        return one_line(text)[:500]

    def _hang_up(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None


def to_message(row: Row[Any], settings: OutgoingMailSettings) -> EmailMessage:
    """The stored mail as RFC 5322. One mail always has one Message-ID, so that a mailbox can drop a double."""
    message = EmailMessage(policy=_POLICY)
    name, address = parseaddr(settings.sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=row.to)
    message["Subject"] = one_line(row.subject)
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{message_id(row.key, settings)}>"
    message["X-Motenashi-Id"] = _digest(row.key)  # should it come back to us, it is known for our own (inbound_mail)
    message["Auto-Submitted"] = "auto-generated"
    for header, value in (row.headers or {}).items():
        message[header] = value
    if settings.reply_to:
        message["Reply-To"] = Address(addr_spec=settings.reply_to)
    message.set_content(row.text)
    if row.html:
        message.add_alternative(row.html, subtype="html")
    message["Content-Language"] = row.language  # at last: setting the content clears what speaks of it
    return message


def message_id(key: str, settings: OutgoingMailSettings) -> str:
    """The Message-ID of the mail with this key, without angle brackets."""
    return f"{_digest(key)}@{parseaddr(settings.sender)[1].rpartition('@')[2]}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _for_good(error: smtplib.SMTPException) -> bool:
    """5xx for this very mail. A refused login or greeting is the operator's to mend, and then the mail can go."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False
