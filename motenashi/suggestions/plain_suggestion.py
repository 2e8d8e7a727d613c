"""A plain suggestion from what a mail says and the table of actions: what to do, by when, and why.

It needs no history, so it is the advice of the first day and what remains when nothing better is known. Values in,
values out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.suggestions.day_words import day_in
from motenashi.suggestions.intent_actions import Advice, IntentActions
from motenashi.suggestions.suggestion import About, Action, Reason, Suggestion, TimeWindow, Urgency
from motenashi.suggestions.windows import after_business_time, fitting, proposed_windows

if TYPE_CHECKING:
    from nlp.reading import Intent, Reading

URGENCIES: Sequence[Urgency] = ("urgent", "soon", "normal")
_APPOINTMENTS = frozenset({"demo_request", "meeting_request"})
_LONGEST_SENTENCE = 500
_TITLES = 3


@dataclass(frozen=True)
class Asked:
    """What a suggestion is made from, besides the reading.

    `key` names the text for ever; `source` is what people can look at. `invitations` are times from calendar
    invitations; `cancelled` says that one was withdrawn or declined, `answered` that this is a calendar's answer to one
    of ours. `away_until` is when the customer is back. `more_reasons` are the caller's.
    """

    key: str
    about: About
    source: str = ""
    invitations: Sequence[TimeWindow] = ()
    cancelled: bool = False
    answered: bool = False
    away_until: datetime | None = None
    department: str = ""
    more_reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class _Wish:
    """One thing the mail asks for, and the row of the table for it."""

    rank: int
    advice: Advice
    reason: Reason


def plain_suggestions(
    reading: Reading, asked: Asked, table: IntentActions, hours: BusinessHours, *, now: datetime
) -> tuple[Suggestion, ...]:
    """One suggestion for each way to act (call, event, e-mail, update), the most urgent first; () when there is nothing
    to do. `now` is aware."""
    wishes = _wishes(reading, asked, table)
    together: dict[Action, list[_Wish]] = {}
    for wish in sorted(wishes, key=lambda wish: wish.rank):
        together.setdefault(wish.advice.action, []).append(wish)
    made = [_suggestion(group, reading, asked, table, hours, now) for group in together.values()]
    return tuple(sorted(made, key=lambda one: (URGENCIES.index(one.urgency), one.respond_by)))


def _wishes(reading: Reading, asked: Asked, table: IntentActions) -> list[_Wish]:
    # A calendar's answer carries the title of the meeting, which sounds like a wish for one.
    settled = _APPOINTMENTS if asked.answered or asked.cancelled else frozenset()
    found = [_wish(one, table) for one in reading.intents if one.label in table.intents and one.label not in settled]
    wishes = [wish for wish in found if not wish.advice.nothing]
    labels = set(reading.labels)
    told, rank = table.circumstances, len(table.intents)
    if asked.invitations and not labels & (_APPOINTMENTS | {"reschedule"}):
        wishes.append(_Wish(rank, told.invitation, Reason(told.invitation.because, 0.9)))
    if asked.cancelled and "reschedule" not in labels:
        wishes.append(_Wish(rank, told.invitation_cancelled, Reason(told.invitation_cancelled.because, 1.0)))
    if reading.sentiment.tone == "negative":
        wishes = _with_care(wishes, reading, told.unhappy, rank)
    return wishes


def _wish(intent: Intent, table: IntentActions) -> _Wish:
    advice = table.intents[intent.label]
    reason = Reason(advice.because, round(intent.score, 3), intent.sentence[:_LONGEST_SENTENCE])
    return _Wish(table.rank(intent.label), advice, reason)


def _with_care(wishes: list[_Wish], reading: Reading, care: Advice, rank: int) -> list[_Wish]:
    """Somebody unhappy is rung, and at once; a call that is due anyway becomes that call."""
    sentence = reading.sentiment.sentence[:_LONGEST_SENTENCE]
    reason = Reason(care.because, round(reading.sentiment.negative or 0.5, 3), sentence)
    if not any(wish.advice.action == care.action for wish in wishes):
        return [*wishes, _Wish(rank, care, reason)]
    hurried = [
        replace(wish, advice=replace(wish.advice, urgency="urgent", within_hours=_sooner(wish.advice, care)))
        if wish.advice.action == care.action
        else wish
        for wish in wishes
    ]
    first = min((wish for wish in hurried if wish.advice.action == care.action), key=lambda wish: wish.rank)
    return [*hurried, _Wish(rank, first.advice, reason)]


def _sooner(one: Advice, other: Advice) -> float:
    return min(one.within_hours, other.within_hours)


def _suggestion(
    wishes: Sequence[_Wish],
    reading: Reading,
    asked: Asked,
    table: IntentActions,
    hours: BusinessHours,
    now: datetime,
) -> Suggestion:
    advices = _once([wish.advice for wish in wishes])
    action = advices[0].action
    away = asked.away_until if asked.away_until and asked.away_until > now else None
    begins = max(now, away) if away and action != "update" else now
    work = timedelta(hours=min(advice.within_hours for advice in advices))
    opens, closes = after_business_time(hours, begins, work, asked.department)
    deadline = _deadline(reading, opens)
    respond_by = min(closes, deadline) if deadline else closes
    windows = _windows(action, reading, asked, hours, now) or (TimeWindow(opens, max(opens, respond_by)),)
    return Suggestion(
        id=0,
        key=f"{asked.key}/{action}",
        about=asked.about,
        action=action,
        purposes=tuple(dict.fromkeys(advice.purpose for advice in advices)),
        urgency=min((advice.urgency for advice in advices), key=URGENCIES.index),
        title=_title(advices),
        windows=windows,
        reasons=(*_reasons(wishes, windows, reading, away, table), *asked.more_reasons),
        created_at=now,
        respond_by=respond_by,
        product_ids=tuple(dict.fromkeys(one.id for one in reading.mentions if one.kind == "product")),
        not_before=away,
        source=asked.source,
    )


def _once(advices: Sequence[Advice]) -> list[Advice]:
    """Each purpose once, in order."""
    kept: dict[str, Advice] = {}
    for advice in advices:
        kept.setdefault(advice.purpose, advice)
    return list(kept.values())


def _title(advices: Sequence[Advice]) -> Mapping[str, str]:
    languages = advices[0].title
    return {language: " / ".join(one.title[language] for one in advices[:_TITLES]) for language in languages}


def _windows(
    action: Action, reading: Reading, asked: Asked, hours: BusinessHours, now: datetime
) -> tuple[TimeWindow, ...]:
    """The customer's own times, where this is an appointment or a call; an invitation's go first, being certain."""
    if action not in ("call", "event"):
        return ()
    certain = fitting(asked.invitations, hours, now=now, department=asked.department)
    proposed = proposed_windows(reading.dates, hours, now=now, department=asked.department)
    known = {(window.start, window.end) for window in certain}
    return (*certain, *(window for window in proposed if (window.start, window.end) not in known))


def _deadline(reading: Reading, opens: datetime) -> datetime | None:
    """The first deadline that can still be met."""
    ends = [mention.ends or mention.begins for mention in reading.dates if mention.role == "deadline"]
    return min((end for end in ends if end is not None and end > opens), default=None)


def _reasons(
    wishes: Sequence[_Wish],
    windows: Sequence[TimeWindow],
    reading: Reading,
    away: datetime | None,
    table: IntentActions,
) -> tuple[Reason, ...]:
    reasons = [wish.reason for wish in wishes]
    proposed = [window.text for window in windows if window.source == "proposed"]
    if proposed:
        reasons.append(_filled(table, "proposed", times=proposed))
    deadlines = [mention.text for mention in reading.dates if mention.role == "deadline"]
    if deadlines:
        reasons.append(_filled(table, "deadline", times=deadlines))
    rivals = [mention.text for mention in reading.mentions if mention.kind == "competitor"]
    if rivals:
        reasons.append(_filled(table, "competitor", names=rivals))
    if away:
        texts = table.reasons["away"].items()
        reasons.append(
            Reason({language: text.format(date=day_in(away.date(), language)) for language, text in texts}, 0.5)
        )
    return tuple(reasons)


def _away(table: IntentActions, until: date) -> Reason:
    texts = table.reasons["away"].items()
    return Reason({language: text.format(date=day_in(until, language)) for language, text in texts}, 0.5)


def _filled(table: IntentActions, name: str, **values: Sequence[str]) -> Reason:
    joined = {"en": ", ", "ja": "、"}
    texts = {
        language: text.format(
            **{key: joined.get(language, ", ").join(dict.fromkeys(words)) for key, words in values.items()}
        )
        for language, text in table.reasons[name].items()
    }
    return Reason(texts, 0.5)
