"""config.yaml, section `advice_desk`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated


@dataclass(frozen=True)
class Switched:
    """What is on. These are the defaults until an administrator turns a switch on the settings page."""

    next_best_action: Annotated[bool, "Say what to do next beside deals, leads and contacts."] = True
    best_time_calls: Annotated[bool, "Say when somebody is best called."] = True
    best_time_emails: Annotated[bool, "Say when somebody is best written to."] = True
    reminders: Annotated[bool, "Let people be reminded of a best time."] = True
    exploration: Annotated[bool, "Now and then suggest another promising action, to learn from what comes of it."] = (
        True
    )
    classic_threshold: Annotated[
        bool, "Show nothing learned before there are 500 won deals with 5 finished activities each."
    ] = False


@dataclass(frozen=True)
class DeskSettings:
    """What becomes of suggestions."""

    switched: Annotated[Switched, "What is on; the settings page goes before it."] = field(default_factory=Switched)
    learn_at: Annotated[int, "The hour of the night at which learning begins, on the company's clock."] = 3
    grace_hours: Annotated[
        float, "So many hours after its time a suggestion still counts as followed, before it expires."
    ] = 24.0
    settle_days: Annotated[int, "After so many days without another contact, nothing came of a suggestion."] = 45
    rest_days: Annotated[int, "A suggestion turned down with 'not now' comes back after so many days."] = 7
    dead_rest_days: Annotated[int, "The same for 'the deal is dead'; a customer who writes ends it at once."] = 90

    draft_days: Annotated[int, "A mail that lies ready as a draft keeps other suggestions away for so many days."] = 2
    at_once: Annotated[int, "So many records are thought about together; more need more memory."] = 500
    company_en: Annotated[str, "Our own name in English, for drafts."] = ""
    company_ja: Annotated[str, "Our own name in Japanese, for drafts."] = ""
    company_language: Annotated[str, "In which language we write to somebody whose own one is not known: en or ja."] = (
        "ja"
    )
    department: Annotated[str, "Whose business hours hold for suggestions. Empty: the company's."] = ""
    no_mail_fields: Annotated[tuple[str, ...], "The CRM's own fields that say: no e-mail to this person."] = (
        "Email_Opt_Out",
    )
    no_call_fields: Annotated[tuple[str, ...], "The CRM's own fields that say: no calls to this person."] = (
        "Do_Not_Call",
    )

    @property
    def grace(self) -> timedelta:
        return timedelta(hours=self.grace_hours)

    @property
    def settle_after(self) -> timedelta:
        return timedelta(days=self.settle_days)
