"""In which of several ways a wish is best met: as the table of actions says, unless history clearly says better."""

from __future__ import annotations

from motenashi.suggestions.advice.case import ACTION_OF, Case, listed
from motenashi.suggestions.advice.effects import noun
from motenashi.suggestions.next_best_action.deal_advice import RankedAction
from motenashi.suggestions.suggestion import Action, Reason


def best_way(case: Case, purpose: str, own: Action) -> tuple[Action, tuple[Reason, ...]]:
    """The way to act, and why it is another than `own` where it is."""
    better = _clearly_better(case, purpose, own)
    if better is None:
        return own, ()
    chosen = ACTION_OF[better.kind]
    ways = {language: _joined(case, purpose, language) for language in ("en", "ja")}
    return chosen, (case.sentences.reason("asked_ways", 0.5, ways=ways, chosen=noun(case, chosen, purpose)),)


def _clearly_better(case: Case, purpose: str, own: Action) -> RankedAction | None:
    """Only where both ways are known, the other is believed better, and its interval leaves out "no effect": how the
    customer asked for it counts more than a guess."""
    ways = case.purposes.find(purpose).ways
    known = [one for one in case.ranked if one.purpose == purpose and ACTION_OF[one.kind] in ways]
    ours = next((one for one in known if ACTION_OF[one.kind] == own), None)
    best = max(known, key=lambda one: (one.p, one is ours), default=None)
    if ours is None or best is None or best is ours or best.low <= 1:
        return None
    return best


def _joined(case: Case, purpose: str, language: str) -> str:
    names = [case.purposes.actions[action].noun[language] for action in case.purposes.find(purpose).ways]
    return listed(names, language, "or")
