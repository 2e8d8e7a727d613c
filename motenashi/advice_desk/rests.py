"""How long a record is left alone after somebody turned its suggestion down, and what ends that early."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from motenashi.advice_desk.settings import DeskSettings
from motenashi.suggestions.advice.facts import RecordFacts
from motenashi.suggestions.day_words import day_in
from motenashi.suggestions.suggestion import Reason, Suggestion, TimeWindow

# After these the customer's wish still stands; it is only not the time for it.
WISH_STANDS = frozenset({"not_now", "wrong_time"})
# After these another action may be right at once.
WRONG_ACTION = frozenset({"wrong_action", "other"})
# Turned down longer ago than this, an action may be suggested again.
REMEMBERED = timedelta(days=30)
_NO_SIGNAL = frozenset({"open"})  # whoever opens a mail has not spoken to us
_REASONS = {
    "not_now": ("Turned down on {since}: not now.", "{since}に「今ではない」として見送られました。"),
    "wrong_time": ("Turned down on {since}: the wrong time.", "{since}に「時期が合わない」として見送られました。"),
    "done_already": ("On {since} it was said to be done.", "{since}に「対応済み」とされました。"),
    "deal_is_dead": ("On {since} the deal was said to be dead.", "{since}に「見込みなし」とされました。"),
}
_DRAFT = (
    "A mail lies ready as a draft since {since}. Once it is sent, or after a while, this changes.",
    "{since}から下書きのメールがあります。送信後、またはしばらくすると更新されます。",
)
_OTHERWISE = ("Turned down on {since}.", "{since}に見送られました。")


def rest_until(reason: str, at: datetime, settings: DeskSettings) -> datetime | None:
    """None: the record is not left alone."""
    if reason == "deal_is_dead":
        return at + timedelta(days=settings.dead_rest_days)
    resting = reason in WISH_STANDS or reason == "done_already"
    return at + timedelta(days=settings.rest_days) if resting else None


def resting_until(
    dismissed: Suggestion | None,
    facts: RecordFacts,
    wishes: Sequence[Suggestion],
    settings: DeskSettings,
    *,
    stage_since: datetime | None,
    now: datetime,
) -> datetime | None:
    """Until when nothing is suggested; None when nothing stands in the way. What the customer does, a new wish and a
    new stage end a rest."""
    if dismissed is None or dismissed.closed_at is None:
        return None
    since = dismissed.closed_at
    until = rest_until(dismissed.closed_why, since, settings)
    if until is None or until <= now or (stage_since is not None and stage_since > since):
        return None
    return None if something_new(facts, wishes, since) else until


def waits_for_draft(
    since: datetime | None, facts: RecordFacts, wishes: Sequence[Suggestion], settings: DeskSettings, *, now: datetime
) -> datetime | None:
    """Until when a mail that lies ready since then keeps us from suggesting something else; None: it does not. What the
    customer does, a new wish and any contact of ours end that."""
    last = facts.last(ours=True)
    if since is None or (last is not None and last.at >= since) or something_new(facts, wishes, since):
        return None
    until = since + timedelta(days=settings.draft_days)
    return until if until > now else None


def something_new(facts: RecordFacts, wishes: Sequence[Suggestion], since: datetime) -> bool:
    """Has the customer done something since, or asked for something?"""
    spoke = any(touch.at > since and touch.kind not in _NO_SIGNAL for touch in facts.touches if not touch.ours)
    return spoke or any(wish.created_at > since for wish in wishes)


def rest(dismissed: Suggestion, facts: RecordFacts, until: datetime, *, now: datetime) -> Suggestion:
    """Nothing need be done until then, since somebody said so."""
    words = _REASONS.get(dismissed.closed_why, _OTHERWISE)
    return _nothing_until(until, _told(words, dismissed.closed_at or now), facts, now=now)


def rest_with_draft(since: datetime, facts: RecordFacts, until: datetime, *, now: datetime) -> Suggestion:
    """Nothing else need be done until then: a mail lies ready to be sent."""
    return _nothing_until(until, _told(_DRAFT, since), facts, now=now)


def _told(words: tuple[str, str], since: datetime) -> Reason:
    english, japanese = words
    return Reason(
        {
            "en": english.format(since=day_in(since.date(), "en")),
            "ja": japanese.format(since=day_in(since.date(), "ja")),
        }
    )


def _nothing_until(until: datetime, reason: Reason, facts: RecordFacts, *, now: datetime) -> Suggestion:
    return Suggestion(
        id=0,
        key="",
        about=facts.about,
        action="none",
        purposes=(),
        urgency="normal",
        title={
            "en": f"No action needed until {day_in(until.date(), 'en')}",
            "ja": f"{day_in(until.date(), 'ja')}まで対応は不要です",
        },
        windows=(TimeWindow(until, until + timedelta(hours=1)),),
        reasons=(reason,),
        created_at=now,
        respond_by=until,
    )
