"""Hand-overs: recorded once, listed until somebody looked after them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from motenashi.business_hours.business_hours import BusinessHours
from motenashi.business_hours.settings import BusinessHoursSettings
from motenashi.database import Database
from motenashi.hand_over import HandOverDesk, HandOverSettings, metadata

NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)  # a Friday, twelve o'clock in Tokyo
NIGHT = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def desk(database: Database) -> HandOverDesk:
    metadata.create_all(database.engine)
    return HandOverDesk(database, BusinessHours(BusinessHoursSettings()), HandOverSettings(longest_summary=20))


def asked(**changes: Any) -> dict[str, Any]:
    """What a flow hands over."""
    return {
        "conversation_id": "c-1",
        "department": "sales",
        "operators": ("aya@example.com",),
        "language": "ja",
        "reason": "visitor asked for a person",
        "summary": "見積もりの相談",
        "contact_id": "c42",
        "lead_id": "",
        "key": "c-1/7",
        "now": NOON,
    } | changes


def test_nobody_is_there_yet_but_the_hand_over_is_kept(desk: HandOverDesk) -> None:
    assert desk.record(**asked()) is False

    (waiting,) = desk.waiting()
    assert (waiting.conversation_id, waiting.operators, waiting.summary) == (
        "c-1",
        ("aya@example.com",),
        "見積もりの相談",
    )
    assert waiting.at == NOON
    assert not waiting.out_of_hours


def test_the_same_key_again_is_the_same_hand_over(desk: HandOverDesk) -> None:
    desk.record(**asked())
    desk.record(**asked(summary="again"))

    assert [waiting.summary for waiting in desk.waiting()] == ["見積もりの相談"]


def test_the_same_key_at_the_same_moment_is_one_hand_over(desk: HandOverDesk) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: desk.record(**asked()), range(8)))

    assert answers == [False] * 8
    assert len(desk.waiting()) == 1


def test_waiting_ones_are_listed_oldest_first_and_by_department(desk: HandOverDesk) -> None:
    for number, department in enumerate(["sales", "support", "sales"]):
        desk.record(**asked(key=f"k{number}", conversation_id=f"c-{number}", department=department))

    assert [waiting.conversation_id for waiting in desk.waiting()] == ["c-0", "c-1", "c-2"]
    assert [waiting.conversation_id for waiting in desk.waiting("sales")] == ["c-0", "c-2"]


def test_what_is_done_waits_no_longer(desk: HandOverDesk) -> None:
    desk.record(**asked())
    desk.done(desk.waiting()[0].id)
    desk.done(999)

    assert desk.waiting() == ()


def test_a_hand_over_at_night_says_so(desk: HandOverDesk) -> None:
    desk.record(**asked(now=NIGHT))

    assert desk.waiting()[0].out_of_hours


def test_a_long_summary_is_cut(desk: HandOverDesk) -> None:
    desk.record(**asked(summary="x" * 500))

    assert desk.waiting()[0].summary == "x" * 20


def test_what_a_database_cannot_keep_is_left_out_of_the_summary(desk: HandOverDesk) -> None:
    desk.record(**asked(summary="a\x00b\ud800c"))

    assert desk.waiting()[0].summary == "ab\N{REPLACEMENT CHARACTER}c"
