"""A plain client for the fake's own tests: a token, and calls with it."""

from __future__ import annotations

from typing import Any

import requests

from tests.fake_zoho.fake import FakeZoho


class Client:
    def __init__(self, zoho: FakeZoho) -> None:
        self.zoho = zoho
        self.session = requests.Session()
        self.connect()

    def token(self, **other: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": self.zoho.refresh_token}
        form |= {"client_id": self.zoho.client_id, "client_secret": self.zoho.client_secret}
        return self.session.post(f"{self.zoho.url}/oauth/v2/token", data=form | other, timeout=10)

    def connect(self) -> None:
        self.session.headers["Authorization"] = f"Zoho-oauthtoken {self.token().json()['access_token']}"

    def call(
        self, method: str, path: str, body: Any = None, since: str = "", base: str = "/crm/v8", **params: object
    ) -> requests.Response:
        headers = {"If-Modified-Since": since} if since else {}
        url, query = f"{self.zoho.url}{base}{path}", {name: str(value) for name, value in params.items()}
        return self.session.request(method, url, params=query, json=body, headers=headers, timeout=10)

    def get(self, path: str, **params: object) -> requests.Response:
        return self.call("GET", path, **params)  # type: ignore[arg-type]

    def coql(self, query: str) -> requests.Response:
        return self.call("POST", "/coql", {"select_query": query})

    def write(self, method: str, path: str, *entries: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """What became of each entry."""
        found: list[dict[str, Any]] = self.call(method, path, {"data": list(entries)} | more).json()["data"]
        return found

    def code(self, response: requests.Response) -> tuple[int, str]:
        return response.status_code, str(response.json().get("code"))

    def close(self) -> None:
        self.session.close()
