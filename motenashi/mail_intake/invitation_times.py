"""The times of calendar invitations: certain, not read out of words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from motenashi.inbound_mail.parsed_mail import Invitation
from motenashi.suggestions.suggestion import TimeWindow
from motenashi.suggestions.windows import USUAL_MEETING
from nlp.dates.mention import DateMention, NormalForm, Role

_OFFERS = ("REQUEST", "COUNTER", "PUBLISH", "ADD", "")
_LONGEST_TEXT = 200


def is_called_off(invitation: Invitation) -> bool:
    """Withdrawn by who invited, or declined by whom we invited."""
    if invitation.method == "CANCEL" or invitation.status == "CANCELLED":
        return True
    return invitation.method == "REPLY" and any(one.answer == "DECLINED" for one in invitation.attendees)


def is_offer(invitation: Invitation) -> bool:
    return invitation.method in _OFFERS and not is_called_off(invitation)


def invitation_windows(invitations: Sequence[Invitation]) -> tuple[TimeWindow, ...]:
    """The times that invitations ask for."""
    times = ((one, _times(one)) for one in invitations if is_offer(one))
    return tuple(
        TimeWindow(*found, source="invitation", certainty=1.0, text=one.summary[:_LONGEST_TEXT])
        for one, found in times
        if found is not None
    )


def invitation_dates(invitations: Sequence[Invitation]) -> tuple[DateMention, ...]:
    """The same as dates of a reading, without a place in the text: proposed, or old when called off."""
    found = []
    for one in invitations:
        times = _times(one)
        if times is not None and (is_offer(one) or is_called_off(one)):
            found.append(_mention(one, *times, role="old" if is_called_off(one) else "proposed"))
    return tuple(found)


def _mention(one: Invitation, begins: datetime, ends: datetime, role: Role) -> DateMention:
    offset = begins.strftime("%z")
    form = NormalForm(
        "interval",
        start=begins.replace(tzinfo=None).isoformat(timespec="seconds"),
        end=ends.replace(tzinfo=None).isoformat(timespec="seconds"),
        grain="minute" if isinstance(one.start, datetime) else "day",
        zone=f"{offset[:3]}:{offset[3:5]}",
    )
    return DateMention(-1, -1, one.summary[:_LONGEST_TEXT], form, role, begins, ends)


def _times(invitation: Invitation) -> tuple[datetime, datetime] | None:
    """Aware; a day without a clock lies in UTC, for want of a zone of its own."""
    start, end = invitation.start, invitation.end
    if start is None:
        return None
    begins = _moment(start)
    usual = USUAL_MEETING if isinstance(start, datetime) else timedelta(days=1)
    ends = _moment(end) if end is not None else begins + usual
    return begins, ends if ends > begins else begins + usual


def _moment(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return datetime.combine(moment, time(), UTC)
