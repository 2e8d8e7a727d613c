"""What accepting puts into the CRM: the suggestion's draft with what a person changed in it, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from motenashi.advice_desk.errors import NotPossible
from motenashi.clean_text import clean_text
from motenashi.suggestions.suggestion import Action, Draft, Suggestion

CHANGEABLE: Final = ("subject", "text", "to", "start", "end", "send")
LONGEST_SUBJECT: Final = 255
LONGEST_TEXT: Final = 32_000
USUAL_LENGTH = timedelta(hours=1)
LONGEST_EVENT = timedelta(days=14)
_ALREADY_PAST = timedelta(minutes=15)  # somebody who clicks on a time that began a moment ago means it


@dataclass(frozen=True)
class Filled:
    """`start` and `end` are aware. `send`: a mail goes out now."""

    kind: Action
    subject: str
    text: str
    to: str
    start: datetime
    end: datetime
    send: bool


def filled(one: Suggestion, changes: Mapping[str, Any], *, now: datetime) -> Filled:
    """NotPossible names the first value that can't be taken."""
    if one.action == "none":
        raise NotPossible({"en": "Nothing was suggested here.", "ja": "ここには提案がありません。"})
    if unknown := sorted(set(changes) - set(CHANGEABLE)):
        raise _wrong("is no field of a suggestion", "は変更できない項目です", unknown[0])
    draft = one.draft or _plain_draft(one)
    start = _moment(changes, "start") or _first_start(one, draft, now)
    if one.action == "event" and start < now - _ALREADY_PAST:
        raise NotPossible({"en": "That time has passed.", "ja": "その時刻は過ぎています。"}, "start")
    end = _moment(changes, "end") or start + _length(one, draft)
    if one.action == "event" and not start < end <= start + LONGEST_EVENT:
        raise NotPossible({"en": "The end must come after the start.", "ja": "終了は開始より後にしてください。"}, "end")
    return Filled(
        kind=one.action,
        subject=_text(changes, "subject", draft.subject, LONGEST_SUBJECT).strip(),
        text=_text(changes, "text", draft.text, LONGEST_TEXT),
        to=_text(changes, "to", draft.to, LONGEST_SUBJECT).strip(),
        start=start,
        end=end,
        send=_flag(changes, "send"),
    )


def _plain_draft(one: Suggestion) -> Draft:
    """A suggestion without a draft, such as a single wish of a mail, says what it is by its title."""
    language = one.about.language if one.about.language in one.title else next(iter(one.title), "en")
    return Draft(one.action, language, one.title.get(language, ""), "")


def _first_start(one: Suggestion, draft: Draft, now: datetime) -> datetime:
    if draft.start is not None and (one.action == "event" or draft.start > now):
        return draft.start
    if one.action == "event":
        return one.windows[0].start
    return max(now, one.windows[0].start)


def _length(one: Suggestion, draft: Draft) -> timedelta:
    """As long as the draft's appointment; a whole window is a time to choose from and no appointment."""
    if draft.start is not None and draft.end is not None and draft.end > draft.start:
        return draft.end - draft.start
    window = one.windows[0]
    return min(window.end - window.start, USUAL_LENGTH) if window.end > window.start else USUAL_LENGTH


def _moment(changes: Mapping[str, Any], name: str) -> datetime | None:
    value = changes.get(name)
    if value is None or value == "":
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        if moment.tzinfo is not None and moment.utcoffset() is not None and 1970 < moment.year < 9000:
            return moment
    except ValueError:
        pass
    raise _wrong("must be a time with its offset", "は時差付きの時刻で指定してください", name)


def _text(changes: Mapping[str, Any], name: str, otherwise: str, longest: int) -> str:
    value = changes.get(name, otherwise)
    if not isinstance(value, str):
        raise _wrong("must be a text", "は文字列で指定してください", name)
    if len(value) > longest and name in changes:
        raise _wrong(f"is longer than {longest} characters", f"は{longest}文字以内にしてください", name)
    return clean_text(value)[:longest]


def _flag(changes: Mapping[str, Any], name: str) -> bool:
    value = changes.get(name, False)
    if not isinstance(value, bool):
        raise _wrong("must be true or false", "は true か false で指定してください", name)
    return value


def _wrong(english: str, japanese: str, name: str) -> NotPossible:
    shown = clean_text(name)[:60]
    return NotPossible({"en": f"'{shown}' {english}.", "ja": f"「{shown}」{japanese}。"}, name)
