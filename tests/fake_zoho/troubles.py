"""What Zoho says when it does not do something."""

from __future__ import annotations

from typing import Any

MESSAGES = {
    "INVALID_TOKEN": "invalid oauth token",
    "INVALID_OAUTHTOKEN": "invalid oauth token",
    "AUTHENTICATION_FAILURE": "Authentication failed",
    "AUTHENTICATION_FAILED": "Authentication failed",
    "OAUTH_SCOPE_MISMATCH": "invalid oauth scope to access this URL",
    "INVALID_HOST": "the host given seems to be invalid",
    "INVALID_MODULE": "the module name given seems to be invalid",
    "INVALID_URL_PATTERN": "Please check if the URL trying to access is a correct one",
    "INVALID_REQUEST_METHOD": "The http request method type is not a valid one",
    "REQUIRED_PARAM_MISSING": "One of the expected parameter is missing",
    "EXPECTED_PARAM_MISSING": "One of the expected parameter is missing",
    "MANDATORY_NOT_FOUND": "required field not found",
    "DUPLICATE_DATA": "duplicate data",
    "INVALID_DATA": "invalid data",
    "TOO_MANY_REQUESTS": "You have made too many requests",
    "INTERNAL_ERROR": "Internal server error occurred.",
    "SERVICE_UNAVAILABLE": "The service is unavailable",
    "DISCRETE_PAGINATION_LIMIT_EXCEEDED": "only the first 2000 records can be had without page_token",
    "EXPIRED_VALUE": "the page token is expired",
    "TOKEN_BOUND_DATA_MISMATCH": "the page token belongs to other parameters",
    "NOT_SUBSCRIBED": "the channel is not subscribed",
    "NO_PERMISSION": "permission denied",
}


class ZohoTrouble(Exception):
    """`entry`: the trouble of one record, without its status. `wrap`: the list that holds it (data, watch), or ''."""

    def __init__(
        self, status: int, code: str, message: str = "", details: dict[str, Any] | None = None, wrap: str = ""
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.wrap = status, code, wrap
        self.message = message or MESSAGES.get(code, code.replace("_", " ").lower())
        self.details = details or {}

    @property
    def entry(self) -> dict[str, Any]:
        return {"code": self.code, "details": self.details, "message": self.message, "status": "error"}

    @property
    def body(self) -> dict[str, Any]:
        return {self.wrap: [self.entry]} if self.wrap else self.entry
