"""The operator's choices for the ways in that mail has: who may POST it, and which mailboxes are watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal


@dataclass(frozen=True)
class MailboxSettings:
    """One entry of `channels.email.mailboxes`: a folder on an IMAP server that is watched for new mail."""

    name: Annotated[str, "What it is called in logs and on pages. Whoever changes it begins anew with the mailbox."]
    host: Annotated[str, "The IMAP server's name."]
    user: Annotated[str, "The user to log in as."]
    port: Annotated[int, "The IMAP server's port: 993 for tls, 143 for starttls."] = 993
    tls: Annotated[Literal["tls", "starttls", "none"], "How the connection is protected."] = "tls"
    password_env: Annotated[str, "The environment variable that holds the password."] = "MOTENASHI_IMAP_PASSWORD"  # noqa: S105 - a name
    folder: Annotated[str, "The folder to watch."] = "INBOX"
    first: Annotated[
        Literal["unseen", "all"], "Which of the mail that lies there already is taken in at the first connection."
    ] = "unseen"
    move_to: Annotated[
        str, "A folder that stored mail is moved to. Empty: it stays where it is and is marked as seen."
    ] = ""
    idle: Annotated[bool, "Let the server tell us of new mail at once, where it can."] = True
    poll_seconds: Annotated[float, "Seconds between two looks where the server does not tell us."] = 60.0
    timeout: Annotated[float, "Seconds to wait for the server, each time it is asked something."] = 60.0


@dataclass(frozen=True)
class EmailSettings:
    """config.yaml, section `channels.email`."""

    secret_envs: Annotated[
        tuple[str, ...],
        "Environment variables that hold secrets a POST may be signed with; several while one replaces the other.",
    ] = ("MOTENASHI_MAIL_SECRET",)
    clock_seconds: Annotated[int, "How far a signature's time may be away from ours."] = 300
    mails_per_address: Annotated[str, "How many mails may be posted from one network address."] = "1200/minute"
    mailboxes: Annotated[tuple[MailboxSettings, ...], "IMAP mailboxes that are watched for new mail."] = ()
