"""The ordinary next contact with a deal: is it due, and what had best be done?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from motenashi.suggestions.advice import rests
from motenashi.suggestions.advice.case import ACTION_OF, Case, utc
from motenashi.suggestions.advice.effects import noun
from motenashi.suggestions.advice.idea import Idea, Rest
from motenashi.suggestions.advice.sentences import first_upper
from motenashi.suggestions.advice.situations.discount import negotiation_drags, without_discount
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice
from motenashi.suggestions.suggestion import Action, Reason, Urgency

_ORDINARY = "follow_up"
_CLOSE_SOON = timedelta(days=7)


def next_contact(case: Case) -> Idea | Rest:
    """As learned; by rule of thumb where nothing has been learned yet."""
    learned = case.learned
    if learned is None:
        return by_rule(case, case.settings.usual_gap_days)
    if not learned.suggest and utc(learned.due_at) > utc(case.now):
        return rests.until_due(case, learned.due_at, *_gap_reasons(case), *_progress(case))
    if _too_early(case, learned):
        gap = timedelta(days=learned.usual_gap_days or case.settings.usual_gap_days)
        last = case.last_contact_at or case.now
        return rests.until_due(case, last + gap, *_gap_reasons(case), *_progress(case))
    idea = negotiation_drags(case) or _best_ranked(case) or Idea(_any_way(case), (_ORDINARY,))
    return replace(
        idea,
        reasons=(*idea.reasons, *_gap_reasons(case), *_progress(case), *_repeats(case, idea)),
        urgency=_urgency(case),
    )


def _too_early(case: Case, learned: DealAdvice) -> bool:
    """Somebody was in touch since this was learned, and not long ago."""
    last = case.last_contact_at
    if last is None or utc(last) <= utc(learned.as_of) or learned.usual_gap_days is None:
        return False
    return utc(case.now) - utc(last) < timedelta(days=0.75 * learned.usual_gap_days)


def by_rule(case: Case, gap_days: float) -> Idea | Rest:
    """Contact every so many days, now by call and now by mail."""
    last = case.last_contact_at
    if last is None:
        told = case.sentences.reason("never_contacted", 0.6)
        return Idea(_any_way(case), ("first_contact" if case.facts.kind == "lead" else _ORDINARY,), (told,))
    due = last + timedelta(days=gap_days)
    reason = case.sentences.reason("gap_by_rule", 0.4, date=case.day(last), gap=whole_days(gap_days))
    if utc(due) > utc(case.now):
        return rests.until_due(case, due, reason)
    return Idea(other_way(case), (_ORDINARY,), (reason, *last_signal(case)))


def _best_ranked(case: Case) -> Idea | None:
    allowed = without_discount(case)
    chosen = case.choice if case.choice in allowed else next(iter(allowed), None)
    if chosen is None:
        return None
    return Idea(ACTION_OF[chosen.kind], (chosen.purpose or _ORDINARY,), by_chance=chosen == case.choice)


def _any_way(case: Case) -> Action:
    if not case.allows("e-mail"):
        return "call"
    return "call" if case.allows("call") and _can_be_rung(case) else "e-mail"


def other_way(case: Case) -> Action:
    """Not the one that was used last, where both are possible."""
    last = case.facts.last(ours=True)
    both: Sequence[Action] = ("e-mail", "call")
    usable = [way for way in both if case.allows(way)]
    if not _can_be_rung(case) and "e-mail" in usable:
        return "e-mail"
    fresh = [way for way in usable if last is None or way != last.kind]
    return next(iter(fresh or usable), "e-mail")


def _can_be_rung(case: Case) -> bool:
    person = case.facts.person
    return person is None or bool(person.phone or person.mobile) or not person.email


def whole_days(days: float) -> int:
    return max(1, round(days))


def _gap_reasons(case: Case) -> tuple[Reason, ...]:
    last, learned = case.last_contact_at, case.learned
    if last is None:
        return (case.sentences.reason("never_contacted", 0.5),)
    if learned is None or learned.usual_gap_days is None:
        return ()
    gap, days, date = whole_days(learned.usual_gap_days), case.days_since(last), case.day(last)
    if days < gap:
        return (case.sentences.reason("gap_not_passed", 0.4, date=date, gap=gap),)
    return (case.sentences.reason("gap_passed", 0.5, date=date, gap=gap, days=days),)


def _progress(case: Case) -> tuple[Reason, ...]:
    """How the deal moves along, and the customer's last sign."""
    learned = case.learned
    told: list[Reason] = []
    if learned is not None and learned.slow:
        days = whole_days(learned.days_in_stage)
        if learned.usual_days_in_stage is None:
            told.append(case.sentences.reason("slow_without_usual", 0.5, days=days))
        else:
            usual = whole_days(learned.usual_days_in_stage[2])
            told.append(case.sentences.reason("slow", 0.5, days=days, usual=usual))
    if learned is not None and learned.smooth:
        told.append(case.sentences.reason("smooth", 0.3))
    return (*told, *last_signal(case), *_close_date(case))


def last_signal(case: Case) -> tuple[Reason, ...]:
    touch, learned = case.facts.last(ours=False), case.learned
    kind, at = (touch.kind, touch.at) if touch else ("", None)
    if touch is None and learned is not None and learned.last_signal:
        kind, at = learned.last_signal, learned.last_signal_at
    if not kind or at is None:
        return ()
    return (case.sentences.reason("last_signal", 0.25, signal=case.sentences.signal(kind), date=case.day(at)),)


def _close_date(case: Case) -> tuple[Reason, ...]:
    close = case.facts.deal.expected_close if case.facts.deal else None
    if close is None or case.closed or close > case.today + 2 * _CLOSE_SOON:
        return ()
    name = "close_date" if close >= case.today else "close_date_passed"
    return (case.sentences.reason(name, 0.3, date=case.date(close)),)


def _repeats(case: Case, idea: Idea) -> tuple[Reason, ...]:
    count = case.repeated(idea.action, idea.purpose)
    if count < 2:
        return ()
    action = noun(case, idea.action, idea.purpose)
    return (case.sentences.reason("repeated", 0.3, action=action, action_first=first_upper(action), count=count),)


def _urgency(case: Case) -> Urgency:
    """Soon where the rhythm is long broken or the day of closing is near."""
    learned, last = case.learned, case.last_contact_at
    gap = learned.usual_gap_days if learned else None
    broken = gap is not None and last is not None and case.days_since(last) > 2 * gap
    close = case.facts.deal.expected_close if case.facts.deal else None
    near = close is not None and case.today <= close <= case.today + _CLOSE_SOON
    return "soon" if broken or near else "normal"
