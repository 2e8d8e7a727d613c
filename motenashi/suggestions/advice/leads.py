"""A lead: the first contact, an answer to a form or a chat, then a steady rhythm that ends before it annoys."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from motenashi.suggestions.advice import rests
from motenashi.suggestions.advice.case import Case, utc
from motenashi.suggestions.advice.facts import Touch
from motenashi.suggestions.advice.idea import Idea, Rest
from motenashi.suggestions.advice.rhythm import by_rule, other_way
from motenashi.suggestions.advice.sentences import first_upper
from motenashi.suggestions.suggestion import Action

# Somebody who does one of these waits for an answer; a visit or an opened mail asks for none.
_ASKS = frozenset({"form", "chat", "call_in", "email_in", "reply", "ticket", "webinar", "survey"})


def is_closed(case: Case) -> bool:
    lead = case.facts.lead
    return lead is not None and (bool(lead.converted_deal_id) or lead.status in case.settings.closed_lead_statuses)


def next_for_lead(case: Case) -> Idea | Rest:
    waiting, last = _unanswered(case), case.last_contact_at
    if last is None or waiting is not None:
        return _first_answer(case, waiting)
    tried = _attempts(case)
    if len(tried) >= case.settings.most_lead_attempts:
        pause = rests.until_due(case, last + timedelta(days=case.settings.lead_pause_days))
        if utc(pause.due) > utc(case.now):
            told = case.sentences.reason("lead_pause", 0.8, count=len(tried))
            return replace(pause, reasons=(told,))
    found = by_rule(case, case.settings.lead_gap_days)
    if isinstance(found, Idea) and tried:
        told = case.sentences.reason("lead_attempts", 0.4, count=len(tried))
        return replace(found, reasons=(*found.reasons, told))
    return found


def _first_answer(case: Case, waiting: Touch | None) -> Idea:
    first = case.last_contact_at is None
    told = [case.sentences.reason("lead_new", 0.7)] if first else []
    if waiting is not None:
        signal = case.sentences.signal(waiting.kind)
        told.insert(
            0,
            case.sentences.reason(
                "lead_signal", 0.9, signal=signal, signal_first=first_upper(signal), date=case.day(waiting.at)
            ),
        )
    return Idea(
        action=other_way(case) if not first else _first_way(case),
        purposes=("first_contact" if first else "follow_up",),
        reasons=tuple(told),
        urgency="soon",
        within_hours=case.settings.lead_first_hours,
    )


def _first_way(case: Case) -> Action:
    """Whoever gave a number is rung."""
    lead = case.facts.lead
    rings = lead is not None and (lead.phone or lead.mobile) and case.allows("call")
    return "call" if rings or not case.allows("e-mail") else "e-mail"


def _unanswered(case: Case) -> Touch | None:
    """The newest of theirs that asks for an answer and came after our last contact."""
    last = case.last_contact_at
    theirs = (touch for touch in case.facts.touches if not touch.ours and touch.kind in _ASKS)
    return next((touch for touch in theirs if last is None or utc(touch.at) > utc(last)), None)


def _attempts(case: Case) -> list[Touch]:
    """Ours since their last answer, a call they took included. Opened mails and visits are no answer."""
    tried = []
    for touch in case.facts.touches:
        if touch.answered or (not touch.ours and touch.kind in _ASKS):
            break
        if touch.ours:
            tried.append(touch)
    return tried
