"""POST /channels/crm/zoho/<secret>: Zoho's notifications; …/workflow: webhooks that an administrator of Zoho set up.

Zoho signs nothing, so an address that nobody can guess and a token have to do; and nothing that is said here is
believed: records are fetched by id afterwards. Who is not trusted gets the 404 of an address that is not there.
Whatever is kept is on disk before the answer; Zoho gives no second try, so 503 is for its log, and polling mends it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Blueprint, Request, Response, request
from limits.storage import Storage

from crm_client.errors import CrmError
from motenashi.channels.crm.settings import CrmDoorSettings
from motenashi.channels.salesiq.door import Refused, body_of
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood

log = logging.getLogger(__name__)

LARGEST: Final = 256 * 1024
TRY_AGAIN_SECONDS: Final = 30
_LONGEST_WORD: Final = 255

Accept = Callable[[str, bytes, datetime], bool]
AcceptWorkflow = Callable[[str, str, str, str, datetime], bool]


def build_zoho_door(
    accept: Accept,
    accept_workflow: AcceptWorkflow,
    *,
    rate_storage: Storage,
    settings: CrmDoorSettings | None = None,
    arrived: Callable[[], object] = lambda: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Blueprint:
    """`accept(secret, body, now)` and `accept_workflow(secret, hook key, module, id, now)` are the channels' own;
    both say whether the call is to be trusted. `arrived` is told when something is on disk that can be fetched."""
    door = Blueprint("zoho_door", __name__)
    called = Rate("zoho_calls_per_address", (settings or CrmDoorSettings()).calls_per_address, rate_storage)

    @door.post("/channels/crm/zoho/<secret>")
    def notified(secret: str) -> Response:
        return answer(lambda body: accept(secret, body, clock()))

    @door.post("/channels/crm/zoho/<secret>/workflow")
    def told_by_workflow(secret: str) -> Response:
        def take(body: bytes) -> bool:
            told = _told(request, body)
            key = request.headers.get("X-Hook-Key", "")[:_LONGEST_WORD]
            return accept_workflow(secret, key, _word(told, "module"), _word(told, "id"), clock())

        return answer(take)

    def answer(take: Callable[[bytes], bool]) -> Response:
        try:
            called.count(neighbourhood(request.remote_addr or ""))
            trusted = take(body_of(request, LARGEST))
        except Refused as refused:
            return Response(status=refused.response.status_code)
        except TooMany as error:
            return _later(429, error.retry_after)
        except CrmError as error:
            log.error("a notification of Zoho was not kept: %s", type(error).__name__)
            return _later(503, TRY_AGAIN_SECONDS)
        if not trusted:
            log.warning("a call to the door of Zoho's notifications from %s was refused", request.remote_addr)
            return Response(status=404)
        _tell(arrived)
        return Response(status=200)

    return door


def _tell(arrived: Callable[[], object]) -> None:
    try:
        arrived()
    except Exception as error:  # it is on disk; the worker finds it at its next look
        log.warning("a notification of Zoho waits for the next look: %s", type(error).__name__)


def _told(asked: Request, body: bytes) -> Mapping[str, Any]:
    """A form or a JSON object; nothing for anything else."""
    if asked.mimetype == "application/x-www-form-urlencoded":
        return _form(body)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _form(body: bytes) -> Mapping[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=200))
    except ValueError:
        return {}


def _word(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)[:_LONGEST_WORD]


def _later(status: int, seconds: int) -> Response:
    response = Response(status=status)
    response.headers["Retry-After"] = str(seconds)
    return response
