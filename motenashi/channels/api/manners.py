"""What all doors below `/api` do alike: count calls, answer troubles in one form, know what can be an id.

Every trouble reads {"error": {"code", "message", "field"?}}.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from limits.storage import Storage
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from crm_client.errors import CrmError
from motenashi.channels.api.bodies import BodyWrong
from motenashi.channels.api.settings import ApiSettings
from motenashi.channels.salesiq.door import answered
from motenashi.channels.widget.rate_limits import Rate, TooMany, neighbourhood
from motenashi.identity.roles import Role

log = logging.getLogger(__name__)

LARGEST_BODY = 128 * 1024
TRY_AGAIN_SECONDS = 30
LONGEST_ID = 255

# Staff who may see records in their browser (as the pages that show them have it).
MAY_SEE = (Role.SUPERVISOR, Role.REPRESENTATIVE)
Guarded = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]


def count_calls(door: Blueprint, settings: ApiSettings, caller: Callable[[], str], rate_storage: Storage) -> None:
    """By key and by address, together with the other doors that were given this storage."""
    per_key = Rate("api_key", settings.requests_per_key, rate_storage)
    per_address = Rate("api_address", settings.requests_per_address, rate_storage)

    @door.before_request
    def count() -> None:
        request.max_content_length = LARGEST_BODY
        per_address.count(neighbourhood(request.remote_addr or ""))
        per_key.count(caller())


def answer_troubles(door: Blueprint) -> None:
    @door.errorhandler(BodyWrong)
    def body_wrong(error: BodyWrong) -> Response:
        return trouble(400, "bad_request", error.words, error.field)

    @door.errorhandler(TooMany)
    def too_many(error: TooMany) -> Response:
        response = trouble(429, "too_many_requests", "There were many requests at once. Please wait.")
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    @door.errorhandler(CrmError)
    def crm_away(error: CrmError) -> Response:
        log.warning("the CRM did not answer the API: %s", error)
        return _later("crm_away", "The CRM does not answer. Nothing was changed.")

    @door.errorhandler(DBAPIError)
    @door.errorhandler(NoConnectionFree)
    def store_away(error: Exception) -> Response:
        log.error("the store did not answer the API: %s", type(error).__name__)
        return _later("store_away", "The store does not answer.")


def trouble(status: int, code: str, message: str, field: str = "") -> Response:
    error = {"code": code, "message": message} | ({"field": field} if field else {})
    return answered({"error": error}, status)


def missing(what: str) -> Response:
    return trouble(404, "not_found", f"There is no such {what}.")


def is_id(record_id: str) -> bool:
    """Could a database hold it as a record's id?"""
    return len(record_id) <= LONGEST_ID and record_id.isprintable()


def _later(code: str, message: str) -> Response:
    response = trouble(503, code, message)
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response
