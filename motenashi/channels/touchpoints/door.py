"""POST /touchpoints: what other tools saw, one touchpoint or up to a thousand, signed; GET /touchpoints/schema.json.

Answered when all is on disk, row by row: 200, or 207 when some were refused. Every other answer is one after which
trying again is right (429, 503) or useless (400, 401, 413); the same rows again change nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request
from limits.storage import Storage
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.errors import CrmBusy, CrmError
from motenashi.channels.salesiq.door import Refused, answered, body_of
from motenashi.channels.signed_body import SIGNATURE, NotSigned, SignatureCheck, SignedDoor
from motenashi.channels.touchpoints.payloads import CallWrong, Result, Told, results_to_json, rows_of
from motenashi.channels.touchpoints.settings import TouchpointDoorSettings
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 30
_DOOR = SignedDoor("/touchpoints", "channels.touchpoints.secret_envs")

Intake = Callable[[Sequence[object], datetime], Sequence[Result]]


def build_touchpoints_door(
    settings: TouchpointDoorSettings,
    intake: Intake,
    told: Told,
    schema: Mapping[str, Any],
    *,
    rate_storage: Storage,
    production: bool,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Blueprint:
    """`intake` takes rows and answers each when it is on disk; `told` says a problem in a language; `schema` is the
    JSON Schema of a call."""
    door = Blueprint("touchpoints_door", __name__)
    signatures = SignatureCheck(_DOOR, settings.secret_envs, settings.clock_seconds, allow_unsigned=not production)
    called = Rate("touchpoint_calls_per_address", settings.calls_per_address, rate_storage)
    published = answered(schema).get_data()

    @door.post("/touchpoints")
    def receive() -> Response:
        try:
            called.count(neighbourhood(request.remote_addr or ""))
            header = request.headers.get(SIGNATURE, "")
            signatures.check_header(header, clock())
            body = body_of(request, settings.largest_call)
            signatures.check(body, header, clock())
            rows = rows_of(body, settings.most_rows)
        except Refused as refused:
            return refused.response
        except TooMany as error:
            return _later("too many calls from this address", 429, error.retry_after)
        except NotSigned as error:
            log.warning("touchpoints from %s were refused: %s", request.remote_addr, error)
            return answered({"error": {"message": "unauthorized"}}, 401)
        except CallWrong as wrong:
            return answered({"error": {"message": wrong.told(_language())}}, 400)
        try:
            results = intake(rows, clock())
        except CrmBusy as error:
            return _away(error, max(1, round(error.retry_after)))
        except (CrmError, DBAPIError, NoConnectionFree) as error:
            return _away(error, TRY_AGAIN_SECONDS)
        some_refused = any(one.outcome == "refused" for one in results)
        return answered(results_to_json(results, told, _language()), 207 if some_refused else 200)

    @door.get("/touchpoints/schema.json")
    def schema_page() -> Response:
        response = Response(published, mimetype="application/schema+json")
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return door


def _language() -> str:
    return request.accept_languages.best_match(["en", "ja"], "en")


def _away(error: Exception, seconds: int) -> Response:
    log.error("touchpoints were not stored, and their sender asked to try again: %s", type(error).__name__)
    return _later("the touchpoints could not be stored; send all of them again", 503, seconds)


def _later(words: str, status: int, seconds: int) -> Response:
    response = answered({"error": {"message": words}}, status)
    response.headers["Retry-After"] = str(seconds)
    return response
