"""Early people are found early and late ones late, on whatever clock; and nothing is claimed where nothing shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from motenashi.sales_history.history import Organisation, SalesHistory
from motenashi.suggestions.best_time.best_times import BestTimes
from motenashi.suggestions.best_time.find_times import best_times, business_slots
from motenashi.suggestions.best_time.learn_times import learn_times
from motenashi.suggestions.best_time.learned_times import LearnedTimes
from motenashi.suggestions.best_time.write_besttime import write_besttime
from tests.suggestions.best_time.small_company import AS_OF, company
from tests.suggestions.best_time.small_history import SmallHistory

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
OFFICE_WEEK = [(day, hour) for day in range(5) for hour in range(9, 18)]


@cache
def learned_company() -> tuple[SalesHistory, LearnedTimes]:
    history = company(leads=20).build()
    return history, learn_times(history)


@cache
def flat_company() -> tuple[SalesHistory, LearnedTimes]:
    history = company(flat=True).build()
    return history, learn_times(history)


def best_hour(times: BestTimes) -> int:
    return times.slots[0].hour


def week_hours(times: BestTimes) -> list[tuple[int, int]]:
    return [(slot.weekday, slot.hour) for slot in times.slots]


def hours_with_stars(times: BestTimes) -> set[int]:
    return {slot.hour for slot in times.slots if slot.stars}


def test_early_people_are_found_early_and_late_people_late() -> None:
    history, learned = learned_company()

    told = best_times(learned, history, contacts=np.arange(40, dtype=np.int32))

    early, late = [best_hour(one) for one in told[::2]], [best_hour(one) for one in told[1::2]]
    assert np.isin(early, [9, 10]).mean() > 0.9
    assert np.isin(late, [15, 16]).mean() > 0.9
    assert all(one.preference for one in told if one.slots[0].stars)
    assert np.mean([one.preference for one in told]) > 0.8


def test_stars_fall_only_where_the_person_really_answers_more() -> None:
    history, learned = learned_company()

    told = best_times(learned, history, contacts=np.arange(200, dtype=np.int32))

    # An hour beside the true ones is half right: smoothing knows no sharp edges.
    wrong = [hours_with_stars(one) - {8, 9, 10, 11} for one in told[::2]]
    wrong += [hours_with_stars(one) - {14, 15, 16, 17} for one in told[1::2]]
    assert np.mean([bool(hours) for hours in wrong]) < 0.05


def test_slots_come_best_first_and_hold_their_chance_within_its_interval() -> None:
    history, learned = learned_company()

    for one in best_times(learned, history, contacts=np.arange(10, dtype=np.int32)):
        chances = [slot.p for slot in one.slots]
        assert chances == sorted(chances, reverse=True)
        assert all(0 < slot.low <= slot.p <= slot.high < 1 for slot in one.slots)
        assert all(0 <= slot.stars <= 5 and slot.stars * 2 == int(slot.stars * 2) for slot in one.slots)
        assert {(slot.weekday, slot.hour) for slot in one.slots} == {
            (day, hour) for day in range(5) for hour in range(9, 18)
        }


def test_stated_chances_are_those_that_hold() -> None:
    """Seven in ten at a person's own two hours, one in ten at the others: 0.23 on the average."""
    history, learned = learned_company()

    told = best_times(learned, history)

    everywhere = np.mean([[slot.p for slot in one.slots] for one in told])
    assert everywhere == pytest.approx(0.7 * 2 / 9 + 0.1 * 7 / 9, abs=0.03)


def test_leads_are_found_as_contacts_are() -> None:
    history, learned = learned_company()

    told = best_times(learned, history, leads=np.arange(20, dtype=np.int32))

    assert [one.person_id for one in told] == [f"l{number}" for number in range(20)]
    assert np.mean([best_hour(one) in (9, 10) for one in told[::2]]) > 0.8


def test_one_person_asked_alone_gets_the_same_answer() -> None:
    history, learned = learned_company()

    together = best_times(learned, history)[5]
    alone = best_times(learned, history, contacts=np.asarray([5], np.int32))[0]

    assert week_hours(alone) == week_hours(together)
    assert [slot.p for slot in alone.slots] == pytest.approx([slot.p for slot in together.slots])


def test_where_the_hour_tells_nothing_nobody_has_a_preference() -> None:
    history, learned = flat_company()

    told = best_times(learned, history)

    assert not learned.tests["call"].matters
    assert not any(one.preference for one in told)
    assert all(slot.stars == 0 for one in told for slot in one.slots)
    assert [(slot.weekday, slot.hour) for slot in told[0].slots] == [
        (day, hour) for day in range(5) for hour in range(9, 18)
    ]


def test_without_an_hour_the_persons_own_readiness_still_counts() -> None:
    """Nobody's hour matters, but half of the people answer three calls in five and half one in ten."""
    small = company(flat=True, people=200, calls=0)
    luck = np.random.default_rng(3)
    for number in range(200):
        for call in range(10):
            answers = luck.random() < (0.6 if number % 2 else 0.1)
            at = AS_OF - (call + 1) * 3 * DAY - timedelta(hours=int(luck.integers(0, 8)))
            small.call(f"c{number}", at, "answered" if answers else "no_answer")
    history = small.build()

    told = best_times(learn_times(history), history)

    assert not any(one.preference for one in told)
    assert np.mean([one.slots[0].p for one in told[1::2]]) == pytest.approx(0.6, abs=0.1)
    assert np.mean([one.slots[0].p for one in told[::2]]) == pytest.approx(0.1, abs=0.1)


def test_opens_by_machines_change_nothing_to_speak_of() -> None:
    clean, scanned = company(people=120), company(people=120)
    for small, machines in ((clean, False), (scanned, True)):
        for number in range(120):
            for mail in range(6):
                sent = AS_OF.replace(hour=4) - (mail + 1) * 5 * DAY  # 13:00 in Tokyo, nobody's hour
                opened = {"opened_at": sent + 20 * SECOND} if machines else {}
                small.mail(f"c{number}", sent, **opened)

    first, second = (best_times(learn_times(history), history) for history in (clean.build(), scanned.build()))

    assert np.mean([best_hour(a) == best_hour(b) for a, b in zip(first, second, strict=True)]) > 0.9
    assert not any(13 in hours_with_stars(one) for one in second)


def test_people_of_another_zone_are_told_on_our_clock() -> None:
    """Nine to eleven in Singapore is ten to twelve in Tokyo."""
    history = company(zones=("Asia/Tokyo", "Asia/Singapore")).build()

    told = best_times(learn_times(history), history)

    early_in_singapore = told[2::4]
    assert {one.time_zone for one in early_in_singapore} == {"Asia/Singapore"}
    assert np.mean([best_hour(one) in (10, 11) for one in early_in_singapore]) > 0.9


def test_summer_time_moves_the_slots_of_a_person_abroad() -> None:
    """Three to five in the afternoon in Auckland: 12 to 14 in Tokyo in July, 11 to 13 in January."""
    small = company(zones=("Pacific/Auckland",))
    history = small.build()
    learned = learn_times(history)
    july, january = (
        replace(history, organisation=replace(history.organisation, as_of=int(moment.timestamp())))
        for moment in (datetime(2026, 7, 10, tzinfo=UTC), datetime(2026, 1, 10, tzinfo=UTC))
    )

    hours = [{best_hour(one) for one in best_times(learned, when)[1:40:2]} for when in (july, january)]

    assert hours[0] <= {12, 13}
    assert hours[1] <= {11, 12}
    assert hours[0] != hours[1]


def test_a_person_of_unknown_zone_is_not_taken_for_one_of_ours() -> None:
    """They are called and seen as people in Dubai are, five hours behind; that tells on us where they are."""
    unknown = (2, 6, 10, 14)  # early, in Dubai: two in the afternoon in Tokyo
    history = company(zones=("Asia/Tokyo", "Asia/Dubai"), unknown=unknown, calls=8).build()

    told = best_times(learn_times(history), history, contacts=np.asarray(unknown, np.int32))

    assert {one.time_zone for one in told} == {""}
    assert np.mean([best_hour(one) in (14, 15, 16) for one in told]) >= 0.75


def test_somebody_unheard_of_is_not_told_of() -> None:
    small = company(people=80)
    small.zones = [*small.zones, "Asia/Tokyo"]
    history = small.build()

    told = best_times(learn_times(history), history)

    assert "c80" not in {one.person_id for one in told}


def test_somebody_never_called_is_told_with_their_signals_and_no_attempts() -> None:
    small = company(people=80)
    small.zones = [*small.zones, "Asia/Tokyo"]
    small.touch("c80", AS_OF - DAY, "form")
    history = small.build()

    one = best_times(learn_times(history), history, contacts=np.asarray([80], np.int32))[0]

    assert (one.attempts, one.answered, one.signals) == (0, 0, (("form", 1),))


def test_an_empty_history_gives_honest_nothing() -> None:
    history = SmallHistory(AS_OF, zones=()).build()

    learned = learn_times(history)

    assert learned.people == 0
    assert best_times(learned, history) == []
    assert not any(test.matters for test in learned.tests.values())


def test_a_handful_of_people_shows_no_preference() -> None:
    history = company(people=6).build()

    told = best_times(learn_times(history), history)

    assert len(told) == 6
    assert not any(one.preference for one in told)


def test_nobody_with_a_known_zone_is_no_reason_to_fall() -> None:
    history = company(people=70, unknown=range(70)).build()

    told = best_times(learn_times(history), history)

    assert len(told) == 70
    assert not any(one.preference for one in told)
    assert all(0 < slot.p < 1 for one in told for slot in one.slots)


def test_mails_have_best_times_of_their_own() -> None:
    history, learned = learned_company()

    told = best_times(learned, history, channel="email")

    assert {one.channel for one in told} == {"email"}
    assert {one.attempts for one in told} == {0}


def test_a_channel_that_there_is_not_is_refused() -> None:
    history, learned = learned_company()

    with pytest.raises(ValueError, match="fax"):
        best_times(learned, history, channel="fax")


def test_what_was_learned_travels_as_bytes() -> None:
    history, learned = learned_company()

    again = LearnedTimes.from_bytes(learned.to_bytes())

    assert again.tests == learned.tests
    assert best_times(again, history)[:5] == best_times(learned, history)[:5]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"\x80\x04K\x01."])
def test_bytes_that_hold_something_else_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no learned best times"):
        LearnedTimes.from_bytes(data)


def test_learning_the_same_twice_gives_the_same() -> None:
    history, learned = learned_company()

    assert learn_times(history).to_bytes() == learned.to_bytes()


def test_progress_is_told_from_beginning_to_end() -> None:
    told: list[tuple[str, float]] = []

    learn_times(company(people=80).build(), progress=lambda doing, share: told.append((doing, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        (9 * 60, 18 * 60, range(9, 18)),
        (9 * 60 + 30, 17 * 60 + 30, range(9, 18)),
        (9 * 60 + 45, 17 * 60 + 15, range(10, 17)),
    ],
)
def test_an_hour_is_a_slot_when_half_of_it_is_a_business_hour(opens: int, closes: int, hours: range) -> None:
    weekday, hour = business_slots(Organisation("Asia/Tokyo", (0, 2), opens, closes, 0))

    assert list(zip(weekday.tolist(), hour.tolist(), strict=True)) == [(day, one) for day in (0, 2) for one in hours]


def test_a_night_shift_ends_on_the_next_day() -> None:
    weekday, hour = business_slots(Organisation("Asia/Tokyo", (6,), 22 * 60, 2 * 60, 0))

    assert sorted(zip(weekday.tolist(), hour.tolist(), strict=True)) == [(0, 0), (0, 1), (6, 22), (6, 23)]


def test_the_answer_file_has_a_line_a_contact_with_evidence(tmp_path: Path) -> None:
    history, learned = learned_company()

    written = write_besttime(learned, history, tmp_path / "besttime.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "besttime.jsonl").read_text("utf-8").splitlines()]
    assert written == len(lines) == 240
    assert [line["contact_id"] for line in lines[:2]] == ["c0", "c1"]
    assert set(lines[0]["slots"][0]) == {"weekday", "hour", "p", "stars"}
    assert [path.name for path in tmp_path.iterdir()] == ["besttime.jsonl"]


def test_the_answer_file_says_where_there_is_no_preference(tmp_path: Path) -> None:
    history, learned = flat_company()

    write_besttime(learned, history, tmp_path / "besttime.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "besttime.jsonl").read_text("utf-8").splitlines()]
    assert {line["preference"] for line in lines} == {False}
    assert {slot["stars"] for line in lines for slot in line["slots"]} == {0.0}


def test_somebody_of_unknown_zone_can_be_asked_about_alone() -> None:
    """The part of the store that holds one person names no zones; those of the company were learned."""
    unknown = 2
    whole = company(zones=("Asia/Tokyo", "Asia/Dubai"), unknown=(unknown,)).build()
    alone = SmallHistory(AS_OF, zones=("",))
    alone.touch("c0", AS_OF - DAY, "form")

    one = best_times(learn_times(whole), alone.build())[0]

    assert one.time_zone == ""
    assert len(one.slots) == 45
