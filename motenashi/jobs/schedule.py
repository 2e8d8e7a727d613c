"""Every background job: what it is called, how often it runs, what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    name: str
    every: float  # seconds
    run: Callable[[], object]


def all_jobs(
    *,
    look_at_flows: Callable[[], object],
    wake_conversations: Callable[[], object],
    late_answers: Callable[[], object],
    outgoing_mail: Callable[[], object],
    note_chats: Callable[[], object],
    forget_mail: Callable[[], object],
    waiting_mail: Callable[[], object],
    forget_inbound_mail: Callable[[], object],
    advice_in_time: Callable[[], object],
    advice_follow_up: Callable[[], object],
    note_visits: Callable[[], object],
    forget_visits: Callable[[], object],
    alerts: Callable[[], object],
    forget_alerts: Callable[[], object],
    usual_gaps: Callable[[], object],
    match_touchpoints: Callable[[], object],
    forget_touchpoints: Callable[[], object],
    tidy_bulk_actions: Callable[[], object],
    count_voice: Callable[[], object],
    fresh_plans: Callable[[], object],
) -> tuple[Job, ...]:
    """The list. Each job is safe to run twice, and finds by itself what is left to do."""
    return (
        Job("look at flows", 1, look_at_flows),
        Job("wake conversations", 1, wake_conversations),
        Job("late answers", 5, late_answers),
        Job("outgoing mail", 2, outgoing_mail),
        Job("note chats", 30, note_chats),
        Job("forget mail", 3600, forget_mail),
        Job("waiting mail", 5, waiting_mail),
        Job("forget inbound mail", 3600, forget_inbound_mail),
        Job("advice in time", 10, advice_in_time),
        Job("advice follow-up", 300, advice_follow_up),
        Job("note visits", 60, note_visits),
        Job("forget visits", 3600, forget_visits),
        Job("alerts", 5, alerts),
        Job("forget alerts", 3600, forget_alerts),
        Job("usual gaps", 60, usual_gaps),
        Job("match touchpoints", 60, match_touchpoints),
        Job("forget touchpoints", 3600, forget_touchpoints),
        Job("tidy bulk actions", 3600, tidy_bulk_actions),
        Job("count voice", 15, count_voice),
        Job("fresh plans", 3600, fresh_plans),
    )
