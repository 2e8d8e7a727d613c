"""Everything that happened with a record as touches: ours and theirs, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from crm_client.records import Activity, Email, Touchpoint
from motenashi.sales_history.purposes import purpose_of
from motenashi.suggestions.advice.facts import Touch

MOST: Final = 60  # advice looks at the newest few; what is older speaks through what was learned
_ANSWERED: Final = {"answered": True, "attended": True, "no_answer": False, "no_show": False}


def touches_of(
    activities: Iterable[Activity], emails: Iterable[Email], touchpoints: Iterable[Touchpoint], *, now: datetime
) -> tuple[Touch, ...]:
    """At most MOST, newest first; what lies ahead is planned and no touch."""
    found = [
        *(touch for one in activities for touch in _of_activity(one)),
        *(touch for one in emails for touch in _of_email(one)),
    ]
    known = {touch.at for touch in found if not touch.ours}
    # A mail that came in stands in the CRM twice: as an e-mail and on the timeline.
    found += [_of_touchpoint(one) for one in touchpoints if one.at not in known]
    past = (touch for touch in found if touch.at <= now)
    return tuple(sorted(past, key=lambda touch: touch.at, reverse=True)[:MOST])


def _of_activity(one: Activity) -> Iterator[Touch]:
    if one.kind == "task" or one.status != "completed":
        return
    theirs = one.kind == "call" and one.direction == "inbound"
    kind = "call_in" if theirs else one.kind
    answered = None if theirs else _ANSWERED.get(one.result)
    yield Touch(kind, one.start_at, not theirs, one.purpose or purpose_of(one.subject), answered)


def _of_email(one: Email) -> Iterator[Touch]:
    if one.status in ("draft", "automatic"):
        return
    purpose = one.purpose or purpose_of(one.subject)
    if one.direction == "in":
        yield Touch("email_in", one.sent_at, False, purpose)
        return
    yield Touch("e-mail", one.sent_at, True, purpose)
    for kind, at in (("open", one.opened_at), ("click", one.clicked_at), ("reply", one.replied_at)):
        if at is not None:
            yield Touch(kind, at, False, purpose)


def _of_touchpoint(one: Touchpoint) -> Touch:
    return Touch(one.type or one.channel, one.at, not one.signal)
