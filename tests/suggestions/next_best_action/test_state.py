"""What a deal had seen at a moment, and nothing later."""

from __future__ import annotations

import numpy as np
import pytest

from motenashi.suggestions.next_best_action.outbound_contacts import action_names
from motenashi.suggestions.next_best_action.record import sales_record
from motenashi.suggestions.next_best_action.state import State, state_at, times_of_all
from motenashi.suggestions.next_best_action.vocabulary import translation, vocabulary_of
from tests.suggestions.next_best_action.by_hand import PURPOSES, Deal, Did, Mail, Touch, history, moment

SECONDS = 1 / 86_400


def seen(day: float, *arguments: object, **others: object) -> tuple[State, tuple[str, ...]]:
    """The first deal's state at a day, and the names of signals."""
    written = history(*arguments, **others)  # type: ignore[arg-type]
    record, words = sales_record(written, as_of=moment(100)), vocabulary_of(written, [])
    deal, at = np.zeros(1, np.int32), np.array([moment(day)])
    return state_at(record, translation(written, words), deal, at), (*words.signals, "")


def last_signal(day: float, **others: object) -> str:
    state, names = seen(day, [Deal()], **others)
    return names[state.last_signal[0]]


def test_days_count_since_the_last_contact_or_since_the_beginning() -> None:
    assert seen(3.0, [Deal()])[0].since_days[0] == 3.0
    assert seen(3.0, [Deal()], [Did(0, 2.0), Did(0, 8.0)])[0].since_days[0] == pytest.approx(1.0)


def test_contacts_are_counted_in_the_stage_and_in_the_deal() -> None:
    deal = Deal((("First", 0.0), ("Second", 5.0)))

    state, _ = seen(9.0, [deal], [Did(0, 1.0), Did(0, 4.0), Did(0, 6.0)])

    assert (state.contacts_in_stage[0], state.contacts_in_deal[0], state.days_in_stage[0]) == (1, 3, 4.0)


def test_signals_of_other_deals_are_nobody_elses() -> None:
    state, _ = seen(9.0, [Deal(), Deal()], touches=[Touch(1, 2.0), Touch(0, 3.0), Touch(1, 4.0)])

    assert state.signals_ever[0] == 1


def test_signals_before_our_last_contact_did_not_come_since() -> None:
    state, _ = seen(9.0, [Deal()], [Did(0, 5.0)], touches=[Touch(0, 3.0), Touch(0, 6.0), Touch(0, 20.0)])

    assert (state.signals_since[0], state.signals_ever[0], bool(state.stirred[0])) == (1, 2, True)


def test_fresh_signals_weigh_more() -> None:
    fresh, _ = seen(30.0, [Deal()], touches=[Touch(0, 29.0)])
    old, _ = seen(30.0, [Deal()], touches=[Touch(0, 10.0)])

    assert (fresh.intensity > old.intensity).all()


def test_an_open_seconds_after_sending_is_the_mail_scanners() -> None:
    assert last_signal(2.0, mails=[Mail(0, 1.0, opened=1.0 + 20 * SECONDS)]) == ""


def test_an_open_seconds_after_sending_is_a_persons_who_opens_again_later() -> None:
    mail = Mail(0, 1.0, opened=1.0 + 20 * SECONDS, again=1.5)

    assert last_signal(2.0, mails=[mail]) == "open"


def test_before_the_second_look_nobody_knows_that_a_person_opened_it() -> None:
    again = Mail(0, 1.0, opened=1.0 + 20 * SECONDS, again=1.5)
    reply = Mail(0, 1.0, opened=1.0 + 20 * SECONDS, replied=1.5)

    assert [last_signal(1.2, mails=[mail]) for mail in (again, reply)] == ["", ""]
    assert last_signal(2.0, mails=[reply]) == "reply"


def test_an_open_hours_later_is_a_persons() -> None:
    assert last_signal(2.0, mails=[Mail(0, 1.0, opened=1.2)]) == "open"


def test_a_representatives_own_touch_is_no_signal() -> None:
    assert last_signal(9.0, touches=[Touch(0, 1.0, "visit"), Touch(0, 2.0, "chat", signal=False)]) == "visit"


def test_the_last_signal_is_forgotten_after_a_month() -> None:
    assert last_signal(40.0, touches=[Touch(0, 1.0)]) == ""


def test_an_answer_to_our_contact_is_remembered() -> None:
    state, _ = seen(9.0, [Deal()], [Did(0, 1.0), Did(0, 2.0, result="answered")])

    assert (bool(state.answered[0]), state.answered_share[0]) == (True, 0.5)


def test_an_answer_that_comes_after_the_moment_is_not_known_yet() -> None:
    mails = [Mail(0, 1.0, replied=1.5), Mail(0, 2.0, replied=6.0)]

    before, _ = seen(4.0, [Deal()], mails=mails)
    after, _ = seen(7.0, [Deal()], mails=mails)

    assert (bool(before.answered[0]), before.answered_share[0]) == (False, 0.5)
    assert (bool(after.answered[0]), after.answered_share[0]) == (True, 1.0)


def test_an_action_is_counted_in_its_stage_only_and_before_the_moment() -> None:
    written = history([Deal((("First", 0.0), ("Second", 5.0)))], [Did(0, day) for day in (1.0, 6.0, 7.0, 8.0)])
    record = sales_record(written, as_of=moment(100))

    times = times_of_all(record, np.zeros(1, np.int32), np.array([moment(5)]), np.array([moment(8)]))

    assert times[0, action_names(PURPOSES).index("call:follow_up")] == 2
    assert times.sum() == 2


def test_a_name_that_was_not_learned_is_unknown() -> None:
    written = history([Deal(industry=1)])
    words = vocabulary_of(written, [])
    known = type(words)(**{**vars(words), "industries": ("Retail",)})

    state = state_at(
        sales_record(written, as_of=moment(9)),
        translation(written, known),
        np.zeros(1, np.int32),
        np.array([moment(3)]),
    )

    assert state.industry[0] == 1  # behind the only one that is known
