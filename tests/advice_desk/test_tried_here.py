"""Only what is done at a stage is suggested there, where that is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motenashi.advice_desk.tried_here import tried_here
from motenashi.suggestions.next_best_action.deal_advice import DealAdvice, RankedAction
from tests.advice_desk.desk_world import CALL, NOW, QUOTE

CONTRACT = replace(CALL, kind="event", purpose="contract_review", lift=1.9, like="all")


def learned(*ranked: RankedAction) -> DealAdvice:
    return DealAdvice("d1", NOW, "Qualification", True, NOW, ranked, 200)


@pytest.mark.parametrize("level", ["industry", "type", "stage"])
def test_what_is_hardly_ever_done_at_a_stage_is_not_suggested_there(level: str) -> None:
    call = replace(CALL, like=level)
    found = tried_here(learned(CONTRACT, call))

    assert found is not None
    assert found.ranked == (call,)


def test_while_nothing_is_known_of_the_stage_what_is_known_of_others_speaks() -> None:
    young = learned(CONTRACT, replace(QUOTE, like="all"))

    assert tried_here(young) == young
    assert tried_here(None) is None
