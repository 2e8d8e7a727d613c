"""One row of the timeline as the template lays it out: every word and number of it, in the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor, log2

from flask_babel import ngettext

from crm_client.touch_channels import CHANNELS
from motenashi.insights.timeline.timeline import Milestone, Rhythm, Row, Timeline, Touch
from motenashi.pages.timeline import length_words, timeline_words

STRONGEST = 4  # what a very long silence looks like


@dataclass(frozen=True)
class Moment:
    """`label` is what one sees, `exact` what hover, focus and screen readers tell."""

    iso: str
    label: str
    exact: str


@dataclass(frozen=True)
class Silence:
    """A gap longer than usual. `band` is its strength."""

    seconds: float
    length: str
    usual: str
    band: int


@dataclass(frozen=True)
class TouchView:
    id: str
    side: str
    icon: str
    channel_name: str
    title: str
    moment: Moment
    who: str
    status: tuple[str, str] | None
    counts: tuple[str, ...]
    deal_id: str
    silence: Silence | None = None  # before it, where it stands folded below another


@dataclass(frozen=True)
class MilestoneView:
    id: str
    field: str
    from_value: str
    to_value: str
    outcome: str
    moment: Moment
    who: str
    deal: str
    deal_id: str
    lasted: str
    ended: bool
    signals: int
    follow_ups: int


@dataclass(frozen=True)
class Folded:
    """Touches behind "details", and the longest silence before one of them."""

    touches: tuple[TouchView, ...]
    silence: Silence | None


@dataclass(frozen=True)
class RowView:
    """`gap` is told below the row, since it lies between it and what happened before."""

    side: str  # "signal", "follow_up" or "milestone"
    touch: TouchView | None
    milestone: MilestoneView | None
    gap: str
    silence: Silence | None
    folded: Folded | None


def silences_of(whole: Timeline) -> dict[str, int]:
    """How many seconds of silence lie before a touch, by its id; of the view that hides none."""
    return {row.touch.id: row.gap_s for row in whole.rows if row.touch and row.inactive and row.gap_s}


class RowViews:
    """Makes the rows of one answer. `now` decides which days need their year; `silences`, those before touches, where
    the view folds some: folding hides no silence."""

    def __init__(self, rhythm: Rhythm, *, now: datetime, silences: Mapping[str, int] | None = None) -> None:
        self._limit = rhythm.limit_s
        self._now = now
        self._silences = silences or {}

    def of(self, row: Row) -> RowView:
        silence = self.silence(row.gap_s) if row.inactive and row.gap_s is not None else None
        return RowView(
            side=row.touch.side if row.touch else "milestone",
            touch=self._touch(row.touch) if row.touch else None,
            milestone=self._milestone(row.milestone) if row.milestone else None,
            gap=length_words.length(row.gap_s) if row.gap_s is not None and silence is None else "",
            silence=silence,
            folded=self.folded(row.folded),
        )

    def folded(self, touches: tuple[Touch, ...]) -> Folded | None:
        """Some touches of a view under one word, newest first as all the page."""
        if not touches:
            return None
        views = tuple(self._touch(touch, self._before(touch)) for touch in reversed(touches))
        silences = (touch.silence for touch in views if touch.silence)
        return Folded(views, max(silences, key=lambda one: one.seconds, default=None))

    def _before(self, touch: Touch) -> Silence | None:
        seconds = self._silences.get(touch.id)
        return self.silence(seconds) if seconds else None

    def silence(self, seconds: float) -> Silence:
        """The words and the height of a silence."""
        if not self._limit:
            return Silence(seconds, length_words.length(seconds), "", 1)
        usual = length_words.usual_length(self._limit)
        return Silence(seconds, length_words.length(seconds), usual, strength(seconds, self._limit))

    def _touch(self, touch: Touch, silence: Silence | None = None) -> TouchView:
        return TouchView(
            id=touch.id,
            side=touch.side,
            icon=touch.channel if touch.channel in CHANNELS else "other",
            channel_name=timeline_words.channel_name(touch.channel),
            title=timeline_words.title_of(touch),
            moment=self._moment(touch.at),
            who=touch.user,
            status=timeline_words.status_chip(touch),
            counts=(*timeline_words.purpose_of(touch), *_counts(touch)),
            deal_id=touch.deal_id,
            silence=silence,
        )

    def _milestone(self, one: Milestone) -> MilestoneView:
        return MilestoneView(
            id=one.id,
            field=timeline_words.field_name(one.field),
            from_value=timeline_words.value_name(one.from_value),
            to_value=timeline_words.value_name(one.to_value),
            outcome=one.outcome,
            moment=self._moment(one.at),
            who=one.user,
            deal=one.deal,
            deal_id=one.deal_id,
            lasted=length_words.length(one.lasted_s),
            ended=one.ended,
            signals=one.signals,
            follow_ups=one.follow_ups,
        )

    def _moment(self, at: datetime) -> Moment:
        return Moment(at.isoformat(), length_words.day_label(at, self._now), length_words.exact(at))


def strength(seconds: float, limit_s: float | None) -> int:
    """1 to 4: a silence just longer than the limit, twice, four times, eight times as long."""
    return min(STRONGEST, 1 + floor(log2(max(1.0, seconds / limit_s)))) if limit_s else 1


def _counts(touch: Touch) -> tuple[str, ...]:
    """How long, how many pages, how many answers or messages."""
    told = [(touch.duration_s, length_words.duration), (touch.pages, _pages), (touch.count, _count_of(touch.channel))]
    return tuple(words(number) for number, words in told if number)


def _pages(number: int) -> str:
    return str(ngettext("%(num)s page", "%(num)s pages", number))


def _count_of(channel: str) -> Callable[[int], str]:
    return _answers if channel == "survey" else _messages


def _answers(number: int) -> str:
    return str(ngettext("%(num)s question answered", "%(num)s questions answered", number))


def _messages(number: int) -> str:
    return str(ngettext("%(num)s message", "%(num)s messages", number))
