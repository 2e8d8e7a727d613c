"""Why nothing need be done just now, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_client.records import Activity, Outcome
from motenashi.suggestions.advice import planned
from motenashi.suggestions.advice.case import Case, listed, utc
from motenashi.suggestions.advice.idea import OPEN_DEALS, Rest
from motenashi.suggestions.advice.sentences import first_upper
from motenashi.suggestions.suggestion import Reason, Words

_LOOK_AGAIN = timedelta(days=30)  # where nothing says when anything changes
_MOST_DEALS = 3


def until_due(case: Case, due: datetime, *reasons: Reason) -> Rest:
    """Contact is frequent enough; the next one is due on the first business day from `due` on."""
    opens = open_from(case, due)
    title = case.sentences.words("none_title", date=case.day(opens))
    return Rest(title, opens, (case.sentences.reason("enough_contact", 0.8), *reasons))


def until_back(case: Case, back: datetime) -> Rest:
    opens = open_from(case, back)
    reason = case.sentences.reason("away", 0.9, date=case.day(back))
    return Rest(case.sentences.words("none_away_title", date=case.day(opens)), opens, (reason,))


def until_planned(case: Case, one: Activity, *, asked: bool = False) -> Rest:
    """Something is in the diary; advice is looked at again when it is over."""
    what, day, time = planned.what(case, one), planned.date_of(case, one), planned.time_of(case, one)
    title = case.sentences.words("none_planned_title", what=what, date=day)
    reasons = [case.sentences.reason("planned", 0.9, what=what, what_first=first_upper(what), date=day, time=time)]
    if asked:
        reasons.insert(0, case.sentences.reason("planned_settles", 0.9, date=day, time=time))
    starts = max(one.start_at, case.now, key=utc)
    return Rest(title, starts, tuple(reasons), ends=planned.ends(one))


def closed_deal(case: Case) -> Rest:
    title = case.sentences.words("none_closed_title", won=case.facts.outcome == Outcome.WON)
    return _quiet(case, title, case.sentences.reason("deal_closed", 0.5))


def closed_lead(case: Case) -> Rest:
    return _quiet(case, case.sentences.words("none_lead_title"))


def unwanted(case: Case) -> Rest:
    ways = {language: _ways(case, language) for language in ("en", "ja")}
    return _quiet(
        case, case.sentences.words("none_opted_out_title"), case.sentences.reason("opted_out", 0.9, ways=ways)
    )


def nothing_recorded(case: Case) -> Rest:
    title = case.sentences.words("none_quiet_title")
    return _quiet(case, title, case.sentences.reason("nothing_recorded", 0.5))


def with_open_deals(case: Case) -> Rest:
    """A deal that is under way has advice of its own; beside its person there is none that says otherwise."""
    deals = case.facts.open_deals

    def names(language: str) -> str:
        shown = [deal.name for deal in deals[:_MOST_DEALS]]
        if language == "ja":
            return "".join(f"「{name}」" for name in shown) + ("など" if len(deals) > _MOST_DEALS else "")
        quoted = [f"“{name}”" for name in shown]
        return listed([*quoted, f"{len(deals) - _MOST_DEALS} more"] if len(deals) > _MOST_DEALS else quoted, "en")

    title = case.sentences.words("none_open_deals_title", names=names, count=len(deals))
    again = open_from(case, case.now + _LOOK_AGAIN)
    return Rest(title, again, (case.sentences.reason("open_deals", 0.9),), situation=OPEN_DEALS)


def open_from(case: Case, moment: datetime) -> datetime:
    """The first moment from then on, and from now on, in which somebody of ours is there."""
    later = max(moment, case.now, key=utc)
    return case.hours.next_opening(case.department, later) or later


def _quiet(case: Case, title: Words, *reasons: Reason) -> Rest:
    again = open_from(case, case.now + _LOOK_AGAIN)
    told = case.sentences.reason("look_again", 0.2, date=case.day(again))
    return Rest(title, again, (*reasons, told))


def _ways(case: Case, language: str) -> str:
    names = [case.purposes.actions[way].name[language] for way in ("call", "e-mail") if way in case.facts.opted_out]
    return ("・" if language == "ja" else " or ").join(names)
