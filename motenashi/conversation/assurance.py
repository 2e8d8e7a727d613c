"""How sure we are who is talking.

Claimed: somebody typed an address, or a page's script set it. Verified: a one-time code sent to that very address
came back, or the site signed a token for it. Personal data is for verified visitors only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Assurance(IntEnum):
    """Levels that can be compared: `identity.level >= Assurance.VERIFIED`."""

    ANONYMOUS = 0
    CLAIMED = 1
    VERIFIED = 2

    @property
    def word(self) -> str:
        """As flows, pages and payloads write it: anonymous, claimed, verified."""
        return self.name.lower()


def assurance_of(word: str) -> Assurance:
    """The level a word names; ValueError for any other word."""
    try:
        return Assurance[word.upper()]
    except KeyError:
        raise ValueError(f"'{word}' is no assurance level") from None


@dataclass(frozen=True)
class Identity:
    """Who this is, as far as we know. `email` is the address the level speaks of; lower case, '' when anonymous."""

    level: Assurance = Assurance.ANONYMOUS
    email: str = ""
    how: str = ""  # code, token, channel: what made it verified
    # When the proof wears off (aware); None: it is given anew with every message, or lasts as long as the talk.
    until: datetime | None = field(default=None, compare=False)

    def at(self, now: datetime) -> Identity:
        """What is left of it at that moment: a proof that has worn off is a claim."""
        worn_off = self.until is not None and now >= self.until
        return Identity(Assurance.CLAIMED, self.email) if worn_off else self

    def covers(self, email: str) -> bool:
        """May data of the person with this address be shown?"""
        return self.level >= Assurance.VERIFIED and bool(email) and email.strip().lower() == self.email


NOBODY = Identity()
