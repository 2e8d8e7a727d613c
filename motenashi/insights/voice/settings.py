"""What an operator may choose about the voice of the customer: section `voice` of config.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class VoiceSettings:
    """ValueError when a number makes no sense."""

    window_days: Annotated[int, "An event counts as having come after a response for this many days."] = 90
    during_hours: Annotated[
        int, "A deal's event within this many hours of a mail about it counts as having happened during it."
    ] = 12
    silent_days: Annotated[
        int,
        "A customer without an open deal of whom nothing was heard for this many days is taken for lost. 0: never.",
    ] = 365
    junk_statuses: Annotated[tuple[str, ...], "A lead in one of these statuses came to nothing."] = (
        "Junk Lead",
        "Junk",
        "Lost Lead",
        "Not Qualified",
    )
    renewal_types: Annotated[tuple[str, ...], "A lost deal of one of these types is a customer who left."] = (
        "Renewal",
    )
    recommended_days: Annotated[
        int, "A product that was bought within this many days of our naming it was bought on our recommendation."
    ] = 365
    chat_quiet_minutes: Annotated[int, "A chat in which nobody said anything for this long is over."] = 30

    hear_old_mail: Annotated[
        bool, "The worker also hears, a few at a time, mails of the CRM that nobody has listened to yet."
    ] = True

    def __post_init__(self) -> None:
        if min(self.window_days, self.recommended_days, self.chat_quiet_minutes) < 1:
            raise ValueError("voice: window_days, recommended_days and chat_quiet_minutes must be above 0")
        if min(self.silent_days, self.during_hours) < 0:
            raise ValueError("voice: silent_days and during_hours must not be below 0")
