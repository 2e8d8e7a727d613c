"""What somebody decided about a suggestion, read from a form; and what to tell them about what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from motenashi.clean_text import clean_text
from motenashi.pages.advice.advice_view import LONGEST_TEXT
from motenashi.pages.advice.advice_words import MADE, in_language
from motenashi.pages.advice.time_words import from_field, moment_here
from motenashi.pages.page_language import translate as _
from motenashi.suggestions.acted import Acted

MORNING = time(9)
LATER = timedelta(hours=3)
_TEXTS = {"subject": 500, "text": LONGEST_TEXT, "to": 320}


def changes_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The draft as somebody left it; what the form does not hold stays as it was suggested."""
    changes: dict[str, Any] = {
        name: clean_text(form[name]).replace("\r\n", "\n").strip()[:longest]
        for name, longest in _TEXTS.items()
        if name in form
    }
    for name in ("start", "end"):
        if form.get(name):
            # What is no time goes on as it is: the desk says which field is wrong.
            changes[name] = from_field(form[name]) or form[name][:40]
    if form.get("send"):
        changes["send"] = True
    return changes


def put_off_until(choice: str, day: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment meant by later, tomorrow, week (next Monday) or a date; mornings in the house's zone. None: no such
    moment."""
    here = now.astimezone(zone)
    if choice == "later":
        return here + LATER
    if choice == "tomorrow":
        return datetime.combine(here.date() + timedelta(days=1), MORNING, zone)
    if choice == "week":
        return datetime.combine(here.date() + timedelta(days=7 - here.weekday()), MORNING, zone)
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), MORNING, zone)
    except ValueError:
        return None


def words_of_acted(acted: Acted, done: str) -> tuple[str, str]:
    """A sentence and its tone ("good" or "warn"); `done` is what to say when all went well."""
    if acted.result == "done":
        return str(MADE.get(acted.made, done)), "good"
    if acted.result == "gone":
        return _gone(acted), "warn"
    if acted.result == "unknown":
        return _("This suggestion is not there any more."), "warn"
    return in_language(acted.words) if acted.words else _("This can't be done like this."), "warn"


def _gone(acted: Acted) -> str:
    if acted.state == "replaced":
        return _("A newer suggestion has taken its place meanwhile.")
    if acted.by and acted.at:
        return _("%(who)s was faster: it was settled on %(when)s.", who=acted.by, when=moment_here(acted.at))
    return _("It was settled already.")
