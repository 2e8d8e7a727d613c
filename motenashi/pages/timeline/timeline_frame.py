"""What stands around the rows, on the page and on paper: addresses, summary, which channels get answers, the rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for

from crm_client.touch_channels import CHANNELS
from motenashi.insights.timeline.timeline import ChannelAnswers, PersonKind, Query, Rhythm, Timeline
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.records_page import FOLDERS
from motenashi.pages.timeline import length_words, timeline_words
from motenashi.pages.timeline.query_in_url import is_narrow, url_values
from motenashi.pages.timeline.row_view import Moment, RowViews, Silence

FEWEST = 3  # follow-ups in a channel before it may be called the one that gets answers
MOST_CHANNELS = 4  # in the picture; the others are folded
NOTHING_NARROWED: dict[str, Any] = {
    "channels": frozenset(), "users": frozenset(), "period": "", "day": None, "first": None, "last": None
}  # fmt: skip


@dataclass(frozen=True)
class AnswerBar:
    """`length` and `part`, in percent of the longest bar: all follow-ups of the channel, and those answered."""

    channel: str
    name: str
    follow_ups: int
    answered: int
    signals: int
    percent: int | None
    length: float
    part: float


@dataclass(frozen=True)
class ActiveFilter:
    """One thing that is filtered by, and the address without it."""

    words: str
    without: str


def timeline_path(kind: PersonKind, record_id: str) -> str:
    """Where the timeline of a contact or lead is shown."""
    return url_for("timeline.page", folder=FOLDERS[kind], record_id=record_id)


def frame(folder: str, shown: Timeline, name: str, now: datetime) -> dict[str, Any]:
    """All that the templates need beside the rows; `query` parts are changed by `here(view="signals")`."""
    query, summary = shown.query, shown.summary
    bars = answer_bars(summary.channels)

    def here(
        endpoint: str = "page", *, skip: int = 0, at: date | None = None, ending: str | None = None, **changed: Any
    ) -> str:
        values: dict[str, Any] = dict(url_values(replace(query, **changed)))
        values |= {"skip": skip or None, "at": at.isoformat() if at else None, "ending": ending}
        return url_for(f"timeline.{endpoint}", folder=folder, record_id=shown.person_id, **values)

    return {
        "kind": shown.person_kind,
        "record_id": shown.person_id,
        "name": name,
        "shown": shown,
        "query": query,
        "summary": summary,
        "names": timeline_words,
        "lengths": length_words,
        "here": here,
        "everything": here(**NOTHING_NARROWED),
        "narrow": is_narrow(query),
        "active": active_filters(query, shown.users, here),
        "silence_now": _silence_now(shown, now),
        "last_touch": _moment(summary.last_at, now),
        "last_signal": _moment(summary.last_signal_at, now),
        "bars": bars,
        "best": best_channel(bars),
        "most_channels": MOST_CHANNELS,
        "all_users": _users(query, shown.users),
        "all_channels": [one for one in CHANNELS if one in shown.channels or one in query.channels],
        "rhythm": rhythm_words(shown.rhythm, shown.person_kind),
    }


def answer_bars(channels: Sequence[ChannelAnswers]) -> tuple[AnswerBar, ...]:
    """In the order they came in; channels in which nobody followed up have nothing to be answered."""
    most = max((one.follow_ups for one in channels), default=0) or 1
    return tuple(
        AnswerBar(
            channel=one.channel,
            name=timeline_words.channel_name(one.channel),
            follow_ups=one.follow_ups,
            answered=one.answered,
            signals=one.signals,
            percent=round(100 * one.answered / one.follow_ups),
            length=round(100 * one.follow_ups / most, 1),
            part=round(100 * one.answered / most, 1),
        )
        for one in channels
        if one.follow_ups
    )


def best_channel(bars: Sequence[AnswerBar]) -> AnswerBar | None:
    """The one that is answered most often, where there is enough to say so."""
    tried = [bar for bar in bars if bar.follow_ups >= FEWEST and bar.answered]
    return max(tried, key=lambda bar: (bar.answered / bar.follow_ups, bar.follow_ups), default=None)


def rhythm_words(rhythm: Rhythm, kind: PersonKind) -> str:
    """What counts as silence now, and where that comes from."""
    if rhythm.kind == "own" and rhythm.median_s is not None and rhythm.limit_s is not None:
        return _(
            "With this person there are usually %(median)s between two touches, give or take %(spread)s."
            " More than %(limit)s counts as silence.",
            median=length_words.usual_length(rhythm.median_s),
            spread=length_words.usual_length(rhythm.spread_s or 0),
            limit=length_words.usual_length(rhythm.limit_s),
        )
    too_few = _(
        "Too few gaps yet to know this person's own rhythm: %(gaps)s of %(needs)s.",
        gaps=rhythm.gaps,
        needs=rhythm.needs,
    )
    usual = _usual_of_all(rhythm, kind)
    return usual if rhythm.kind == "module" else f"{too_few} {usual}"


def _usual_of_all(rhythm: Rhythm, kind: PersonKind) -> str:
    if rhythm.mean_s is None:
        return _("The usual rhythm is not known yet. It is worked out every week from all records.")
    said = _(
        "Between two touches %(whose)s there are usually %(mean)s. A longer gap counts as silence.",
        whose=_("of a contact") if kind == "contact" else _("of a lead"),
        mean=length_words.usual_length(rhythm.mean_s),
    )
    if rhythm.computed_at is None:
        return said
    day = length_words.short_day(length_words.day_of_house(rhythm.computed_at))
    worked_out = _("Worked out on %(day)s.", day=day)
    return f"{said} {worked_out}"


def active_filters(query: Query, users: Mapping[str, str], here: Any) -> list[ActiveFilter]:
    found = [
        ActiveFilter(timeline_words.channel_name(one), here(channels=query.channels - {one}))
        for one in CHANNELS
        if one in query.channels
    ]
    found += [
        ActiveFilter(users.get(one, one), here(users=query.users - {one}))
        for one in sorted(query.users, key=lambda one: users.get(one, one))
    ]
    if query.period:
        found.append(ActiveFilter(period_words(query), here(period="", day=None, first=None, last=None)))
    return found


def period_words(query: Query) -> str:
    if query.period == "day" and query.day:
        return length_words.short_day(query.day)
    if query.period == "range":
        first, last = (length_words.short_day(day) if day else "" for day in (query.first, query.last))
        return f"{first} – {last}".strip()
    return str(timeline_words.PERIODS[query.period])


def _silence_now(shown: Timeline, now: datetime) -> Silence | None:
    summary = shown.summary
    if not summary.silent or summary.silence_s is None:
        return None
    return RowViews(shown.rhythm, now=now).silence(summary.silence_s)


def _moment(at: datetime | None, now: datetime) -> Moment | None:
    return Moment(at.isoformat(), length_words.day_label(at, now), length_words.exact(at)) if at else None


def _users(query: Query, users: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everybody there is to choose, and whoever was chosen by hand in the address."""
    known = {**{one: one for one in query.users}, **users}
    return sorted(known.items(), key=lambda item: item[1].casefold())
