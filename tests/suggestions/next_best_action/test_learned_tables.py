"""Learned tables as bytes, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from motenashi.suggestions.next_best_action.advise import advise
from motenashi.suggestions.next_best_action.learn import learn
from motenashi.suggestions.next_best_action.learned import LearnedActions, NotLearnedTables
from motenashi.suggestions.next_best_action.settings import LearningSettings
from tests.suggestions.next_best_action.by_hand import Deal, Did, history
from tests.suggestions.next_best_action.conftest import Taught


def test_tables_come_back_from_bytes_and_say_the_same(chased: Taught) -> None:
    past = chased.world.history
    until = datetime.fromtimestamp(past.organisation.as_of, UTC)
    again = LearnedActions.from_bytes(chased.learned.to_bytes())

    before, after = (advise(learned, past, as_of=until)[:10] for learned in (chased.learned, again))

    assert [[a.name for a in one.ranked] for one in before] == [[a.name for a in one.ranked] for one in after]
    for one, two in zip(before, after, strict=True):
        assert [a.low for a in one.ranked] == pytest.approx([a.low for a in two.ranked], rel=1e-2)
        assert one.due_at == two.due_at
    assert (again.settings, again.learned_from) == (chased.learned.settings, chased.learned.learned_from)


def test_tables_are_small(chased: Taught) -> None:
    assert len(chased.learned.to_bytes()) < 2_000_000


def test_tables_of_nothing_come_back_too() -> None:
    empty = learn(history(), settings=LearningSettings(need_won_deals=500))

    assert not LearnedActions.from_bytes(empty.to_bytes()).speaks


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"not learned"])
def test_damaged_bytes_are_refused(damage: bytes) -> None:
    with pytest.raises(NotLearnedTables, match="damaged"):
        LearnedActions.from_bytes(damage)


def test_bytes_that_end_early_are_refused(chased: Taught) -> None:
    data = chased.learned.to_bytes()

    with pytest.raises(NotLearnedTables):
        LearnedActions.from_bytes(data[: len(data) // 2])


def test_learning_tells_how_far_it_is() -> None:
    told: list[tuple[str, int, int]] = []

    learn(history([Deal()], [Did(0, 1.0)]), progress=lambda what, done, total: told.append((what, done, total)))

    assert [what for what, _, _ in told][:2] == ["history", "history"]
    assert {what for what, _, _ in told} == {"history", "effects", "counts"}
    assert all(0 <= done <= total for _, done, total in told)


def test_learning_twice_gives_the_same(chased: Taught) -> None:
    written = history([Deal()], [Did(0, 1.0)])

    assert learn(written).to_bytes() == learn(written).to_bytes()
