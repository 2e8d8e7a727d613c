"""What a whole timeline comes to: who did how much, which channel gets answers, how long it has been silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from motenashi.insights.timeline.entries import Entry, moment
from motenashi.insights.timeline.timeline import ChannelAnswers, Summary

_S: Final = 1_000_000
_DAY: Final = 86_400 * _S
_LOOK_BACK, _AT_LEAST, _RATE = 90, 30, 30  # days
_THERE: Final = frozenset({"answered", "attended"})


def summary_of(touches: Sequence[Entry], milestones: int, *, limit_s: float | None, now: int) -> Summary:
    """`touches` in time order, `now` in microseconds since 1970. An automatic reply is told, but ends no silence."""
    if not touches:
        return Summary(milestones=milestones)
    signals = [one for one in touches if one.signal]
    last = next((one for one in reversed(touches) if one.counts), touches[-1])
    silence_s = (now - last.at) / _S
    return Summary(
        signals=len(signals),
        follow_ups=len(touches) - len(signals),
        milestones=milestones,
        first_at=moment(touches[0].at),
        last_at=moment(touches[-1].at),
        last_signal_at=moment(signals[-1].at) if signals else None,
        silence_s=int(silence_s),
        silent=limit_s is not None and silence_s > limit_s,
        touches_per_30_days=_rate(touches, now),
        channels=_answers(touches),
    )


def _rate(touches: Sequence[Entry], now: int) -> float:
    """Somebody who came yesterday has a rate of a month, and not of a day."""
    days = min(max((now - touches[0].at) / _DAY, _AT_LEAST), _LOOK_BACK)
    recent = sum(one.at >= now - days * _DAY for one in touches)
    return round(recent / days * _RATE, 2)


def _answers(touches: Sequence[Entry]) -> tuple[ChannelAnswers, ...]:
    follow_ups: dict[str, int] = defaultdict(int)
    answered: dict[str, int] = defaultdict(int)
    signals: dict[str, int] = defaultdict(int)
    waiting = ""  # the channel of our last follow-up, as long as nobody has answered it
    for one in touches:
        if one.signal:
            signals[one.channel] += 1
            if waiting and one.counts:
                answered[waiting] += 1
                waiting = ""
            continue
        follow_ups[one.channel] += 1
        there = one.status in _THERE
        answered[one.channel] += there
        waiting = "" if there else one.channel
    told = [
        ChannelAnswers(channel, follow_ups[channel], answered[channel], signals[channel])
        for channel in {*follow_ups, *signals}
    ]
    return tuple(sorted(told, key=lambda one: (-one.follow_ups, -one.signals, one.channel)))
