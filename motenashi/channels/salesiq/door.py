"""What both of SalesIQ's doors do alike: size, pings, signature, and JSON out."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from motenashi.channels.salesiq.signature import SIGNATURE, NoKey, SignatureCheck, SignatureWrong

log = logging.getLogger(__name__)


class Refused(Exception):
    """The request stops here, with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def answered(data: Any, status: int = 200) -> Response:
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(body, status, mimetype="application/json")


def body_of(request: Request, largest: int) -> bytes:
    """The body's bytes as they came. Refused (413) when there are more than `largest`."""
    # A body without a stated length is cut at the limit in silence, so one byte more is let in and noticed.
    request.max_content_length = largest + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(largest) from None
    except HTTPException:
        raise Refused(answered({"error": {"field": "body", "message": "the body broke off"}}, 400)) from None
    if len(body) > largest:
        raise _too_large(largest)
    return body


def _too_large(largest: int) -> Refused:
    return Refused(answered({"error": {"field": "body", "message": f"the body is larger than {largest} bytes"}}, 413))


def is_ping(request: Request, body: bytes) -> bool:
    """SalesIQ tries the address when it is saved; what it sends then is not documented, so nothing and {} both count.
    A ping is unsigned and does nothing."""
    return body.strip() in (b"", b"{}") and not request.headers.get(SIGNATURE)


def check_signed(request: Request, body: bytes, signatures: SignatureCheck) -> bool:
    """True when signed, False when unsigned calls are allowed. Refused (401), without a word about why."""
    try:
        return signatures.check(body, request.headers, datetime.now(UTC))
    except (SignatureWrong, NoKey) as error:
        log.warning("a call to %r from %s was refused: %s", request.path, request.remote_addr, error)
        raise Refused(answered({"error": {"message": "unauthorized"}}, 401)) from None
