"""Other ways to act: what else the customer asked for, then what history ranks next."""

from __future__ import annotations

from collections.abc import Iterator

from motenashi.suggestions.advice.case import ACTION_OF, Case
from motenashi.suggestions.advice.choose import open_wishes
from motenashi.suggestions.advice.effects import effect_of
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.names import who
from motenashi.suggestions.advice.situations.discount import without_discount
from motenashi.suggestions.advice.templates import LANGUAGES
from motenashi.suggestions.suggestion import Action, Alternative, Words

_MOST_WAYS = 2  # the suggested one among them


def alternatives(case: Case, idea: Idea | None) -> tuple[Alternative, ...]:
    """At most as many as the settings say, none of them what is suggested itself."""
    taken = {(idea.action, purpose) for idea in [idea] if idea is not None for purpose in idea.purposes}
    found: list[Alternative] = []
    for action, purpose in _others(case):
        if (action, purpose) not in taken:
            taken.add((action, purpose))
            effect = effect_of(case.rank_of(action, purpose))
            found.append(Alternative(action, purpose, _title(case, action, purpose), effect))
    return tuple(found[: case.settings.most_alternatives])


def _others(case: Case) -> Iterator[tuple[Action, str]]:
    wishes = open_wishes(case)
    yield from ((wish.action, wish.purposes[0]) for wish in wishes)
    # Another way to grant the first wish, which the representative may find better suited.
    for wish in wishes[:1]:
        ways = case.purposes.find(wish.purposes[0]).ways
        yield from [(way, wish.purposes[0]) for way in ways if case.allows(way)][:_MOST_WAYS]
    yield from ((ACTION_OF[one.kind], one.purpose) for one in without_discount(case))


def _title(case: Case, action: Action, purpose: str) -> Words:
    return {
        language: case.purposes.title(action, purpose, language, who=who(case.facts, language), when="", products="")
        for language in LANGUAGES
    }
