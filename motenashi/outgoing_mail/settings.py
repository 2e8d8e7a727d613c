"""config.yaml, section `outgoing_mail`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class OutgoingMailSettings:
    """Without `smtp_host` there is no mail server: mail is kept in the development outbox, or refused in production."""

    smtp_host: Annotated[str, "The mail server's name. Empty: no server; mail stays in the development outbox."] = ""
    smtp_port: Annotated[int, "The mail server's port: 587 for starttls, 465 for tls."] = 587
    smtp_security: Annotated[str, "How the connection is protected: starttls, tls or none."] = "starttls"
    smtp_user: Annotated[str, "The user to log in as. Empty: no login."] = ""
    smtp_password_env: Annotated[str, "The environment variable that holds the password."] = "MOTENASHI_SMTP_PASSWORD"  # noqa: S105 - a name
    sender: Annotated[str, "Who the mail comes from, as `Name <address>`."] = "Motenashi <no-reply@localhost.invalid>"
    reply_to: Annotated[str, "Where answers go. Empty: to the sender."] = ""
    timeout: Annotated[float, "Seconds to wait for the mail server, each time it is asked something."] = 10.0
    most_attempts: Annotated[int, "How often a mail is tried before it counts as failed; 30 are about a day."] = 30
    first_wait: Annotated[float, "Seconds until the second try; it doubles from try to try, up to an hour."] = 15.0
