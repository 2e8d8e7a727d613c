"""What an action consists of, as people write it, and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motenashi.bulk_actions.words import LANGUAGES, Action, Language


@dataclass(frozen=True)
class MailContent:
    """Templates by language; a language without a body is not written. `fallback`: for people whose language is not
    known or not written. `best_time_days`: each mail at its reader's best hour within so many days; 0: at once."""

    subject: Mapping[Language, str]
    body: Mapping[Language, str]
    fallback: Language
    best_time_days: int = 0

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(language for language in LANGUAGES if self.body.get(language, "").strip())

    def language_for(self, wanted: str) -> Language:
        """The language in which somebody is written to whose own is `wanted`."""
        written = self.languages
        own = next((language for language in written if language == wanted[:2].lower()), None)
        return own or (self.fallback if self.fallback in written else written[0])


@dataclass(frozen=True)
class UpdateContent:
    """New values by our names of fields: JSON values, None empties a field."""

    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskContent:
    """One task for each record's owner; subject and note are templates."""

    subject: str
    note: str
    due: date


Content = MailContent | UpdateContent | TaskContent


def action_of(content: Content) -> Action:
    if isinstance(content, MailContent):
        return "mail"
    return "update" if isinstance(content, UpdateContent) else "task"


def to_json(content: Content) -> dict[str, Any]:
    if isinstance(content, MailContent):
        return {
            "subject": dict(content.subject),
            "body": dict(content.body),
            "fallback": content.fallback,
            "best_time_days": content.best_time_days,
        }
    if isinstance(content, UpdateContent):
        return {"values": dict(content.values)}
    return {"subject": content.subject, "note": content.note, "due": content.due.isoformat()}


def from_json(action: Action, kept: Mapping[str, Any]) -> Content:
    if action == "mail":
        return MailContent(kept["subject"], kept["body"], kept["fallback"], kept["best_time_days"])
    if action == "update":
        return UpdateContent(kept["values"])
    return TaskContent(kept["subject"], kept["note"], date.fromisoformat(kept["due"]))
