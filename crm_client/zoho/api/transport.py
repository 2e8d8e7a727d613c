"""One call to Zoho with everything around it."""

from __future__ import annotations

from typing import Protocol

from crm_client.zoho.api.shapes import Answer, Call, Credits


class Sender(Protocol):
    def send(self, call: Call, *, deadline: float | None = None) -> Answer:
        """`deadline`: seconds from now for all of it. Errors: crm_client/errors.py."""

    def credits(self) -> Credits: ...
    def can_work(self) -> bool: ...
