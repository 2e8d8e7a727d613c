"""The way out that stands in every mass mail: a link, signed by us, that stops mail to its one address.

Nothing is kept for it: the address travels inside the signature, so that a link of years ago still works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

from motenashi.bulk_actions.marks import mark_of
from motenashi.bulk_actions.refusals import Refusals
from motenashi.bulk_actions.words import Language
from motenashi.outgoing_mail.mail import LONGEST_HEADER, MailRefused

LONGEST_TOKEN = 1_024
_PURPOSE = "motenashi unsubscribe"


class StopLinks:
    """`keys`: the last one signs, all are accepted, so that keys can be changed. `address` is our own from outside,
    such as https://motenashi.example.com; '' where nobody said: then no mass mail can be written."""

    def __init__(self, keys: Sequence[str], address: str) -> None:
        if not keys or not all(keys):
            raise ValueError("links to stop mail need a signing key")
        self._signed = URLSafeSerializer(list(keys), salt=_PURPOSE)
        self._address = address.rstrip("/")

    @property
    def possible(self) -> bool:
        return bool(self._address)

    def token(self, address: str) -> str:
        return str(self._signed.dumps(address.strip()))

    def link(self, address: str, language: Language) -> str:
        return f"{self._address}/unsubscribe/{self.token(address)}?lang={language}"

    def headers(self, link: str) -> Mapping[str, str]:
        """RFC 2369 and RFC 8058: mail programs show a button of their own. MailRefused for an address so long that no
        header holds its link."""
        if len(link) + 2 > LONGEST_HEADER:
            raise MailRefused("its address is too long for a link that stops mail")
        return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

    def address_in(self, token: str) -> str:
        """The address that a token of ours names; '' for any other token."""
        if len(token) > LONGEST_TOKEN:
            return ""
        try:
            address = self._signed.loads(token)
        except (BadData, ValueError, TypeError):
            return ""
        return address if isinstance(address, str) and mark_of(address) else ""


class StopDesk:
    """Answers the page /unsubscribe (motenashi/pages/bulk/unsubscribe_page.py)."""

    def __init__(
        self, links: StopLinks, refusals: Refusals, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._links = links
        self._refusals = refusals
        self._clock = clock

    def whom(self, token: str) -> str:
        """The address, its middle hidden; '' for a token that we did not sign."""
        name, _, host = self._links.address_in(token).rpartition("@")
        return f"{name[:1]}***@{host}" if host else ""

    def refused(self, token: str) -> bool:
        return self._refusals.refused(self._links.address_in(token))

    def refuse(self, token: str, why: Literal["one_click", "page"]) -> None:
        self._refusals.refuse(self._links.address_in(token), why=why, now=self._clock())

    def allow(self, token: str) -> None:
        self._refusals.allow(self._links.address_in(token))
