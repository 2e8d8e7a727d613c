"""What to do next: the customer's wish, what diary and calendar ask for, the ordinary rhythm; or nothing."""

from __future__ import annotations

from datetime import timedelta

from motenashi.suggestions.advice import leads, planned, rests
from motenashi.suggestions.advice.case import Case, listed, utc
from motenashi.suggestions.advice.customers import next_for_customer
from motenashi.suggestions.advice.idea import Idea, Rest
from motenashi.suggestions.advice.rhythm import next_contact
from motenashi.suggestions.advice.sentences import first_upper
from motenashi.suggestions.advice.situations.all_situations import WITH_A_DATE, in_its_situation
from motenashi.suggestions.advice.ways import best_way
from motenashi.suggestions.advice.wishes import Wish
from motenashi.suggestions.suggestion import Action, Reason
from motenashi.suggestions.windows import after_business_time

_TO_CONFIRM = timedelta(hours=4)  # of business
_QUIET = timedelta(days=3)  # an appointment talked about since then needs no confirming


def next_step(case: Case) -> Idea | Rest:
    """The first rule that has something to say decides."""
    found = _wished(case) or (rests.with_open_deals(case) if case.facts.open_deals else _unasked(case))
    return in_its_situation(case, found) if isinstance(found, Idea) else found


def _unasked(case: Case) -> Idea | Rest:
    return _out_of_reach(case) or _in_the_diary(case) or _with_a_date(case) or _ordinary(case)


def open_wishes(case: Case) -> tuple[Wish, ...]:
    """Those that nothing in the diary settles."""
    return tuple(wish for wish in case.wishes if planned.settled_by(case, wish.purposes, wish.proposals) is None)


def _wished(case: Case) -> Idea | Rest | None:
    """The most pressing wish, the others told. What the diary settles is told when nothing else is open."""
    still_open = open_wishes(case)
    if still_open:
        return of_wish(case, still_open[0])
    for wish in case.wishes:
        if one := planned.settled_by(case, wish.purposes, wish.proposals):
            return _confirmation(case) or rests.until_planned(case, one, asked=True)
    return None


def of_wish(case: Case, wish: Wish) -> Idea:
    purpose = wish.purposes[0]
    # Times that were proposed for a call or an event mean just that; they leave no choice.
    action, why = (wish.action, ()) if wish.proposals else best_way(case, purpose, wish.action)
    told = list(why)
    if wish.asked > 1:
        told.append(case.sentences.reason("asked_before", 0.4, count=wish.asked))
    if action in case.facts.opted_out:
        ways = case.purposes.actions[action].name
        told.append(case.sentences.reason("opted_out_but_asked", 0.3, ways=ways))
    return Idea(
        action=action,
        purposes=wish.purposes,
        reasons=(*wish.reasons, *told, *_other_wishes(case, wish)),
        urgency=wish.urgency,
        proposals=wish.proposals,
        respond_by=wish.respond_by,
        product_ids=wish.product_ids,
        asked=True,
        source=wish.source,
    )


def _other_wishes(case: Case, chosen: Wish) -> tuple[Reason, ...]:
    purposes = [purpose for wish in open_wishes(case) if wish is not chosen for purpose in wish.purposes]
    if not purposes:
        return ()

    def names(language: str) -> str:
        said = [case.purposes.find(purpose).name[language] for purpose in dict.fromkeys(purposes)]
        return listed(said, language)

    return (case.sentences.reason("also_asked", 0.4, names=names),)


def _out_of_reach(case: Case) -> Idea | Rest | None:
    if case.facts.kind == "deal" and case.closed:
        return _dated(case) or rests.closed_deal(case)
    if case.facts.kind == "lead" and leads.is_closed(case):
        return rests.closed_lead(case)
    if not case.allows("call") and not case.allows("e-mail"):
        return rests.unwanted(case)
    return rests.until_back(case, case.back_at) if case.back_at else None


def _in_the_diary(case: Case) -> Idea | Rest | None:
    coming = planned.ahead(case)
    if coming:
        return _confirmation(case) or rests.until_planned(case, coming[0])
    passed = planned.overdue(case)
    if passed is None:
        return None
    what = planned.what(case, passed)
    reason = case.sentences.reason(
        "overdue", 0.8, what=what, what_first=first_upper(what), date=planned.date_of(case, passed)
    )
    action: Action = "call" if passed.kind == "call" else "event"
    return Idea(action, (passed.purpose or "follow_up",), (reason,), urgency="soon")


def _confirmation(case: Case) -> Idea | None:
    """A mail before an appointment that is near and that nobody has talked about lately."""
    coming = planned.ahead(case)
    if not coming or coming[0].kind != "event" or not case.allows("e-mail"):
        return None
    one, last = coming[0], max((touch.at for touch in case.facts.touches[:1]), default=None)
    left = utc(one.start_at) - utc(case.now)
    opens, closes = after_business_time(case.hours, case.now, _TO_CONFIRM, case.department)
    near = utc(opens) < utc(one.start_at) and left <= timedelta(hours=case.settings.confirm_hours)
    if not near or last is None or utc(case.now) - utc(last) < _QUIET:
        return None
    what = planned.what(case, one)
    reason = case.sentences.reason(
        "confirm",
        0.7,
        what=what,
        what_first=first_upper(what),
        date=planned.date_of(case, one),
        time=planned.time_of(case, one),
        last=case.day(last),
    )
    # There must be time left to answer it, and it must not come when the appointment has begun.
    begins = one.start_at if utc(one.start_at) <= utc(closes) else None
    hours = _TO_CONFIRM / timedelta(hours=1)
    return Idea("e-mail", ("confirmation",), (reason,), urgency="soon", within_hours=hours, respond_by=begins)


def _with_a_date(case: Case) -> Idea | Rest | None:
    """A trial or a term that ends; it waits for the next contact where that is due in time anyway."""
    idea = _dated(case)
    learned = case.learned
    if idea is not None and idea.urgency == "normal" and learned is not None and not learned.suggest:
        return None
    return idea


def _dated(case: Case) -> Idea | None:
    return next(
        (idea for notice in WITH_A_DATE if (idea := notice(case)) is not None and case.allows(idea.action)), None
    )


def _ordinary(case: Case) -> Idea | Rest:
    if case.facts.kind == "contact":
        return next_for_customer(case)
    if case.facts.kind == "lead" and case.learned is None:
        return leads.next_for_lead(case)
    return next_contact(case)
