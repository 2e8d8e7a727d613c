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
) -> tuple[Job, ...]:
    """The list. Each job is safe to run twice, and finds by itself what is left to do."""
    return (
        Job("look at flows", 1, look_at_flows),
        Job("wake conversations", 1, wake_conversations),
        Job("late answers", 5, late_answers),
        Job("outgoing mail", 2, outgoing_mail),
        Job("note chats", 30, note_chats),
        Job("forget mail", 3600, forget_mail),
    )
