"""One API call on its way through the fake: what its handlers are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_zoho.catalogue import LINKING, Module
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Request

if TYPE_CHECKING:
    from tests.fake_zoho.fake import FakeZoho


@dataclass(frozen=True)
class ApiCall:
    fake: FakeZoho
    request: Request
    scopes: frozenset[str]
    token: str = ""  # the refresh token behind it: page tokens are bound to their user

    @property
    def query(self) -> dict[str, str]:
        return dict(self.request.query)

    def module(self, name: str, *, index: int = 0) -> Module:
        found = self.fake.catalogue.find(name)
        if found is None or (found.key == LINKING and not self.fake.switches.linking_query):
            raise ZohoTrouble(400, "INVALID_MODULE", details={"resource_path_index": index})
        return found

    def entries(self, wrap: str = "data", most: int = 100) -> list[dict[str, Any]]:
        """The records of a body."""
        body = self.json()
        entries = body.get(wrap)
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details={"api_name": wrap, "json_path": f"$.{wrap}"})
        if len(entries) > most:
            raise ZohoTrouble(400, "LIMIT_EXCEEDED", details={"limit": most, "api_name": wrap})
        if not entries:
            raise ZohoTrouble(400, "INVALID_DATA", details={"api_name": wrap, "json_path": f"$.{wrap}"})
        return entries

    def json(self) -> dict[str, Any]:
        try:
            body = self.request.json()
        except ValueError:
            raise ZohoTrouble(400, "UNABLE_TO_PARSE_DATA_TYPE") from None
        if not isinstance(body, dict):
            raise ZohoTrouble(400, "UNABLE_TO_PARSE_DATA_TYPE")
        return body
