"""What counts as a contact, and what followed it before the next one."""

from __future__ import annotations

import numpy as np

from motenashi.suggestions.next_best_action.decisions import (
    ADVANCED,
    CENSORED,
    LOST,
    NOTHING,
    OUTCOME_NAMES,
    decisions_of,
)
from motenashi.suggestions.next_best_action.outbound_contacts import action_names
from motenashi.suggestions.next_best_action.record import sales_record
from tests.suggestions.next_best_action.by_hand import PURPOSES, Deal, Did, Mail, history, moment


def told(*arguments: object, until: float = 100.0, **others: object) -> list[tuple[int, str, str]]:
    """(deal, action, what followed) of every decision."""
    written = history(*arguments, until=until, **others)  # type: ignore[arg-type]
    made = decisions_of(sales_record(written, as_of=moment(until)), as_of=moment(until))
    names = action_names(PURPOSES)
    return [
        (int(deal), names[action], OUTCOME_NAMES[outcome])
        for deal, action, outcome in zip(made.deal, made.action, made.outcome, strict=True)
    ]


def test_a_contact_gets_the_credit_for_what_followed_before_the_next_one() -> None:
    deal = Deal((("First", 0.0), ("Second", 5.0), ("Won", 9.0)))
    did = [Did(0, 1.0), Did(0, 4.0, "event", "demo"), Did(0, 8.0, purpose="quote")]

    assert told([deal], did) == [
        (0, "call:follow_up", "nothing"),
        (0, "event:demo", "advanced"),
        (0, "call:quote", "advanced"),
    ]


def test_a_lost_deal_is_lost_after_its_last_contact() -> None:
    deal = Deal((("First", 0.0), ("Lost", 5.0)))

    assert told([deal], [Did(0, 4.0)]) == [(0, "call:follow_up", "lost")]


def test_of_an_open_deals_last_contact_nobody_can_tell_yet() -> None:
    assert told([Deal()], [Did(0, 4.0), Did(0, 6.0)]) == [
        (0, "call:follow_up", "nothing"),
        (0, "call:follow_up", "censored"),
    ]


def test_after_long_silence_an_open_deals_last_contact_came_to_nothing() -> None:
    moved = [Deal((("First", 0.0), ("Second", 3.0 + number / 200))) for number in range(120)]
    did = [Did(number, 2.0) for number in range(120)]

    outcomes = [what for _, _, what in told([*moved, Deal()], [*did, Did(120, 50.0)], until=60.0)]

    assert outcomes.count("advanced") == 120
    assert outcomes[-1] == "nothing"


def test_going_back_a_stage_is_no_progress() -> None:
    deal = Deal((("First", 0.0), ("Second", 2.0), ("First", 6.0)))

    assert told([deal], [Did(0, 1.0), Did(0, 5.0), Did(0, 7.0)]) == [
        (0, "call:follow_up", "advanced"),
        (0, "call:follow_up", "nothing"),
        (0, "call:follow_up", "censored"),
    ]


def test_a_contact_after_the_deal_was_closed_decides_nothing() -> None:
    deal = Deal((("First", 0.0), ("Won", 2.0)))

    assert told([deal], [Did(0, 1.0), Did(0, 3.0)]) == [(0, "call:follow_up", "advanced")]


def test_tasks_calls_in_and_open_calls_are_no_contacts() -> None:
    did = [
        Did(0, 1.0, "task"),
        Did(0, 2.0, direction="inbound", result="missed"),
        Did(0, 3.0, status="open"),
        Did(0, 4.0, "event", "", status="cancelled"),
    ]

    assert told([Deal()], did) == []


def test_a_mail_in_is_no_contact_and_a_mail_out_is_one() -> None:
    assert told([Deal()], mails=[Mail(0, 1.0, out=False), Mail(0, 2.0)]) == [(0, "email:quote", "censored")]


def test_a_contact_without_purpose_is_a_bare_kind() -> None:
    assert told([Deal()], [Did(0, 1.0, "event", "")])[0][1] == "event"


def test_what_is_later_than_now_is_not_looked_at() -> None:
    assert told([Deal()], [Did(0, 1.0), Did(0, 50.0)], until=10.0) == [(0, "call:follow_up", "censored")]


def test_a_deal_closed_without_a_stage_change_was_closed_all_the_same() -> None:
    written = history([Deal((("First", 0.0), ("Won", 5.0)))], [Did(0, 4.0)])
    silent = written.stage_changes
    one = type(silent)(*(getattr(silent, name)[:1] for name in silent.__dataclass_fields__))
    changed = type(written)(**{**vars(written), "stage_changes": one})

    made = decisions_of(sales_record(changed, as_of=moment(100)), as_of=moment(100))

    assert made.outcome.tolist() == [ADVANCED]


def test_every_outcome_has_its_name() -> None:
    assert [OUTCOME_NAMES[code] for code in (NOTHING, ADVANCED, LOST, CENSORED)] == [
        "nothing",
        "advanced",
        "lost",
        "censored",
    ]


def test_an_empty_history_has_no_decisions() -> None:
    assert told() == []
    assert np.array_equal(decisions_of(sales_record(history(), as_of=0), as_of=0).deal, np.zeros(0, np.int32))
