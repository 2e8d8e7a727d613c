"""POST /channels/email: one raw mail (RFC 5322), any bytes, signed. Stored before it is answered, read afterwards.

Whoever forwards mail to us keeps it until we say 202; so every answer is one after which trying again is right
(429, 503) or useless (401, 413), and the same mail again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from limits.storage import Storage
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from motenashi.channels.email.settings import EmailSettings
from motenashi.channels.email.signature import SIGNATURE, NotSigned, SignatureCheck
from motenashi.channels.salesiq.door import Refused, answered, body_of
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood
from motenashi.inbound_mail.mail_store import MailStore

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 30


def build_email_door(
    settings: EmailSettings,
    mails: MailStore,
    *,
    arrived: Callable[[int], object],
    largest_mail: int,
    rate_storage: Storage,
    production: bool,
) -> Blueprint:
    """`arrived` is told the id of each new mail, after it is on disk."""
    door = Blueprint("email", __name__)
    signatures = SignatureCheck(settings, allow_unsigned=not production)
    posted = Rate("mails_per_address", settings.mails_per_address, rate_storage)

    @door.post("/channels/email")
    def receive() -> Response:
        try:
            posted.count(neighbourhood(request.remote_addr or ""))
            header = request.headers.get(SIGNATURE, "")
            signatures.check_header(header, datetime.now(UTC))
            body = body_of(request, largest_mail)
            signatures.check(body, header, datetime.now(UTC))
        except Refused as refused:
            return refused.response
        except TooMany as error:
            return _later("too many mails from this address", 429, error.retry_after)
        except NotSigned as error:
            log.warning("a mail from %s was refused: %s", request.remote_addr, error)
            return answered({"error": {"message": "unauthorized"}}, 401)
        try:
            kept = mails.keep(body, source="http", received_at=datetime.now(UTC))
        except (DBAPIError, NoConnectionFree) as error:
            log.error("a mail was not stored, and its sender asked to try again: %s", type(error).__name__)
            return _later("the mail could not be stored", 503, TRY_AGAIN_SECONDS)
        if kept.new:
            _tell(arrived, kept.id)
        return answered({"id": kept.id, "new": kept.new}, 202)

    return door


def _tell(arrived: Callable[[int], object], mail_id: int) -> None:
    try:
        arrived(mail_id)
    except Exception as error:  # it is on disk; a job finds what waits
        log.warning("mail %d waits for the next look: %s", mail_id, type(error).__name__)


def _later(words: str, status: int, seconds: int) -> Response:
    response = answered({"error": {"message": words}}, status)
    response.headers["Retry-After"] = str(seconds)
    return response
