"""Visits of people we know become touchpoints in the CRM, once they are over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from crm_client.client import CrmClient
from crm_client.records import Touchpoint
from motenashi.visits.visits import Visit

# As with chats: an address that was only typed is no proof of who was there, and what is learned from signals goes by
# their type.
VISIT, CLAIMED_VISIT = "visit", "claimed visit"

# (contact or lead, its id, whether that is proved) of whom a conversation is with; None for somebody unknown.
Who = Callable[[str], tuple[str, str, bool] | None]


class ToNote(Protocol):
    """Visits.to_note."""

    def __call__(self, now: datetime, *, after: int = 0) -> Sequence[Visit]: ...


def note_visits(
    to_note: ToNote,
    noted: Callable[[Sequence[int]], None],
    who: Who,
    crm: CrmClient,
    now: datetime,
) -> int:
    """Returns how many were written. A visit's key keeps it to one touchpoint; a CrmError leaves the rest for the next
    look. Visits of people who stay unknown wait until they are forgotten: the next conversation may tell. However many
    wait, they keep nobody else's waiting."""
    count, last, asked = 0, 0, cache(who)
    while some := to_note(now, after=last):
        done = []
        for visit in some:
            found = asked(visit.conversation_id)
            if found is not None:
                kind, record_id, proved = found
                crm.save_touchpoint(_touchpoint(visit, kind, record_id, proved=proved), key=f"visit:{visit.id}")
                done.append(visit.id)
        if done:
            noted(done)
        count, last = count + len(done), some[-1].id
    return count


def _touchpoint(visit: Visit, kind: str, record_id: str, *, proved: bool) -> Touchpoint:
    return Touchpoint(
        id="",
        channel="visit",
        type=VISIT if proved else CLAIMED_VISIT,
        at=visit.began_at,
        signal=True,
        contact_id=record_id if kind == "contact" else "",
        lead_id=record_id if kind == "lead" else "",
        status="verified" if proved else "claimed",
        duration_s=visit.seconds,
        pages=visit.pages,
        title=visit.title,
    )
