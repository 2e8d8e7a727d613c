"""What counts as a signal, an attempt and a sighting; and that machines' opens of mail count for little."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from motenashi.sales_history.history import STATUSES
from motenashi.suggestions.best_time.evidence import Evidence, evidence_of
from motenashi.suggestions.best_time.machine_opens import human_chance
from motenashi.suggestions.best_time.settings import BestTimeSettings
from motenashi.suggestions.best_time.signals import OWN_ACT, REACTION, TRACE, TWELVE
from tests.suggestions.best_time.small_history import SmallHistory

AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
THEN = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def history(**fields: Any) -> SmallHistory:
    return SmallHistory(AS_OF, **fields)


def read(small: SmallHistory, **settings: Any) -> Evidence:
    return evidence_of(small.build(), BestTimeSettings(**settings))


def signals_of(evidence: Evidence, row: int = 0) -> dict[str, int]:
    return {name: int(count) for name, count in zip(TWELVE, evidence.signals[row], strict=True) if count}


@pytest.mark.parametrize(
    ("happened", "signal"),
    [
        (lambda small: small.call("c0", THEN, seconds=61), "call_answered"),
        (lambda small: small.call("c0", THEN, "missed", inbound=True), "their_call_missed"),
        (lambda small: small.call("c0", THEN, inbound=True), "their_call_answered"),
        (lambda small: small.mail("c0", THEN, opened_at=THEN + 3 * HOUR), "mail_opened"),
        (lambda small: small.touch("c0", THEN, "campaign_click"), "mail_clicked"),
        (lambda small: small.mail("c0", THEN, inbound=True), "their_mail"),
        (lambda small: small.touch("c0", THEN, "ticket"), "ticket"),
        (lambda small: small.touch("c0", THEN, "ticket_reply_by_rep"), "ticket_reply"),
        (lambda small: small.touch("c0", THEN, "form"), "form"),
        (lambda small: small.touch("c0", THEN, "wall_post"), "wall_post"),
        (lambda small: small.touch("c0", THEN, "comment"), "comment"),
        (lambda small: small.touch("c0", THEN, "like_or_dm"), "like_or_message"),
    ],
)
def test_each_of_the_twelve_signals_is_seen(happened: Callable[[SmallHistory], None], signal: str) -> None:
    small = history()
    happened(small)

    evidence = read(small)

    assert signals_of(evidence) == {signal: 1}
    assert evidence.any_seen().tolist() == [True]


def test_a_clicked_mail_was_opened_and_clicked() -> None:
    small = history()
    small.mail("c0", THEN, opened_at=THEN + HOUR, clicked_at=THEN + HOUR + MINUTE)

    assert signals_of(read(small)) == {"mail_opened": 1, "mail_clicked": 1}


def test_a_short_answered_call_is_an_answer_and_no_signal() -> None:
    small = history()
    small.call("c0", THEN, seconds=60)

    evidence = read(small)

    assert signals_of(evidence) == {}
    assert evidence.attempts["call"].answered.tolist() == [1.0]


def test_a_call_that_is_only_planned_is_no_attempt() -> None:
    small = history()
    small.call("c0", THEN, "no_answer", status=STATUSES.index("open"))

    assert len(read(small).attempts["call"].at) == 0


def test_unanswered_calls_count_as_attempts() -> None:
    small = history()
    small.call("c0", THEN, "no_answer")

    evidence = read(small)

    assert evidence.attempts["call"].answered.tolist() == [0.0]
    assert evidence.any_seen().tolist() == [True]


def test_what_names_only_a_deal_belongs_to_its_contact() -> None:
    small = history(zones=("Asia/Tokyo", "Asia/Tokyo"), deal_contacts=(1,))
    small.call("d0", THEN)

    assert read(small).attempts["call"].person.tolist() == [1]


def test_leads_have_evidence_of_their_own() -> None:
    small = history(lead_zones=("Europe/London",))
    small.call("l0", THEN)

    evidence = read(small)

    assert signals_of(evidence, 1) == {"call_answered": 1}
    assert evidence.any_seen().tolist() == [False, True]


def test_sightings_are_own_acts_traces_and_reactions() -> None:
    small = history()
    small.touch("c0", THEN, "ticket")
    small.touch("c0", THEN + DAY, "visit")
    small.mail("c0", THEN + DAY, replied_at=THEN + 2 * DAY)

    assert read(small).sightings.kind.tolist() == [REACTION, OWN_ACT, TRACE]


def test_our_reply_to_a_ticket_is_no_sighting_of_the_customer() -> None:
    small = history()
    small.touch("c0", THEN, "ticket_reply_by_rep")

    assert len(read(small).sightings.at) == 0


def test_what_follows_our_call_at_once_answers_it() -> None:
    small = history()
    small.call("c0", THEN)
    small.touch("c0", THEN + HOUR, "visit")
    small.touch("c0", THEN + 3 * HOUR, "visit")

    assert sorted(read(small).sightings.kind.tolist()) == [TRACE, REACTION]


def test_what_is_old_counts_less() -> None:
    small = history()
    small.call("c0", AS_OF - 100 * DAY)
    small.call("c0", AS_OF)

    assert read(small, half_life_days=100.0).attempts["call"].weight.tolist() == pytest.approx([0.5, 1.0])


def test_a_mail_is_answered_by_a_reaction_in_time() -> None:
    small = history()
    small.mail("c0", THEN, clicked_at=THEN + 2 * HOUR)
    small.mail("c0", THEN + DAY, clicked_at=THEN + DAY + 3 * HOUR)

    assert read(small, reaction_hours=2.0).attempts["email"].answered.tolist() == [1.0, 0.0]


def test_a_mail_whose_time_is_not_over_yet_decides_nothing() -> None:
    small = history()
    small.mail("c0", AS_OF - HOUR)

    assert len(read(small).attempts["email"].at) == 0


def test_an_open_at_the_moment_of_sending_is_hardly_a_person() -> None:
    small = history()
    small.mail("c0", THEN, opened_at=THEN + timedelta(seconds=5))
    small.mail("c0", THEN + DAY, opened_at=THEN + DAY + 5 * HOUR)

    assert human_chance(small.build().emails).tolist() == pytest.approx([0.05, 1.0])
    assert signals_of(read(small)) == {"mail_opened": 1}


def test_a_scanner_that_was_there_first_takes_nothing_from_a_click_hours_later() -> None:
    small = history()
    small.mail("c0", THEN, opened_at=THEN + timedelta(seconds=5), clicked_at=THEN + HOUR)

    evidence = read(small)

    assert evidence.attempts["email"].answered.tolist() == [1.0]
    assert evidence.sightings.at.tolist() == [int((THEN + HOUR).timestamp())]


def opens(small: SmallHistory, count: int, after: timedelta, *, clicked: bool) -> None:
    for number in range(count):
        sent = THEN - number * HOUR
        click = {"clicked_at": sent + after + MINUTE} if clicked else {}
        small.mail("c0", sent, opened_at=sent + after, **click)


def test_the_share_of_machines_is_learned_from_opens_that_clicks_prove() -> None:
    """People here are quick: one in four clicks within five minutes. So quick opens may be theirs, to that share."""
    quick, slow = history(), history()
    for small, proven in ((quick, 50), (slow, 0)):
        opens(small, 200, 3 * MINUTE, clicked=False)
        opens(small, 200, 3 * HOUR, clicked=False)
        opens(small, 200, 3 * HOUR, clicked=True)
        opens(small, proven, 3 * MINUTE, clicked=True)

    chances = [human_chance(small.build().emails) for small in (quick, slow)]
    rows = [small.build().emails for small in (quick, slow)]
    unproven = [(row.clicked_at < 0) & (row.opened_at - row.at < 300) for row in rows]

    assert chances[0][unproven[0]] == pytest.approx(np.full(200, (50 + 3) / 210))
    assert chances[1][unproven[1]] == pytest.approx(np.full(200, 3 / 210))


def test_nothing_at_all_is_no_evidence() -> None:
    evidence = read(history(zones=()))

    assert len(evidence.people) == 0
    assert evidence.any_seen().tolist() == []
