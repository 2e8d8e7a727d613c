"""A meeting or another event: at the customer's time, else in hours after which deals were won."""

from __future__ import annotations

from dataclasses import replace

from motenashi.suggestions.advice import planned
from motenashi.suggestions.advice.case import Case
from motenashi.suggestions.advice.idea import Idea
from motenashi.suggestions.advice.situations.appointments import arranged
from motenashi.suggestions.advice.situations.demo import demo


def meeting(case: Case, idea: Idea) -> Idea:
    if "reschedule" in idea.purposes and _is_demo(case, idea):
        return demo(case, idea)
    return replace(arranged(case, idea, "meeting"), situation="meeting")


def _is_demo(case: Case, idea: Idea) -> bool:
    old = planned.to_be_moved(case)
    return "demo" in idea.purposes or (old is not None and old.purpose == "demo")
