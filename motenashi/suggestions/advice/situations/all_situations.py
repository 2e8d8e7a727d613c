"""The list of situations: which file answers an idea that belongs to one, and which notice something by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.situations.demo import demo
from motenashi.suggestions.advice.situations.discount import discount
from motenashi.suggestions.advice.situations.meeting import meeting
from motenashi.suggestions.advice.situations.product_information import product_information
from motenashi.suggestions.advice.situations.quote import quote
from motenashi.suggestions.advice.situations.subscription import subscription, term_ending
from motenashi.suggestions.advice.situations.trial import trial, trial_ending

ANSWERS: Mapping[str, Callable[[Case, Idea], Idea]] = {
    "demo": demo,
    "meeting": meeting,
    "product_information": product_information,
    "trial": trial,
    "subscription": subscription,
    "discount": discount,
    "quote": quote,
}
# What has a date of its own comes before the ordinary rhythm. A dragging negotiation (discount) belongs to the rhythm.
WITH_A_DATE: tuple[Callable[[Case], Idea | None], ...] = (trial_ending, term_ending)


def in_its_situation(case: Case, idea: Idea) -> Idea:
    """With what its situation adds; as it is where it has none or thought of it itself."""
    if idea.situation:
        return idea
    known = [case.purposes.find(purpose).situation for purpose in idea.purposes]
    name = next((each for each in known if each), "")
    if not name:
        return idea
    # What is asked for besides the main thing adds to the advice, but does not say what it is about.
    found = ANSWERS[name](case, idea)
    return found if known[0] else replace(found, situation="")
