"""What a log of known making teaches: structure of second order, times, drift, ends, and what was cut off."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from motenashi.suggestions.next_events.followers import followers
from motenashi.suggestions.next_events.moments import moment_of
from motenashi.suggestions.next_events.predict_files import predict_files
from motenashi.suggestions.next_events.read_log import read_log
from tests.suggestions.next_events.logs import (
    MONDAY,
    Row,
    answers_in,
    prefix,
    second_order_rows,
    write_log,
    write_prefixes,
)

LATER = datetime.fromisoformat("2026-06-01T09:00:00+00:00")  # a Monday


def asked(
    folder: Path, rows: list[Row], prefixes: list[object], *, with_end: bool = False
) -> dict[object, dict[str, object]]:
    train = write_log(folder / "train.csv", rows)
    out = folder / "out.jsonl"
    predict_files(train, write_prefixes(folder / "prefixes.jsonl", prefixes), out, with_end=with_end)
    return {answer["id"]: answer for answer in answers_in(out)}


def test_the_last_two_events_tell_what_the_last_one_can_not(tmp_path: Path) -> None:
    rows = second_order_rows(400)
    truth = second_order_rows(60, seed=99)
    cases: dict[str, list[str]] = defaultdict(list)
    for case, activity, _ in truth:
        cases[case].append(activity)
    questions = {(case, n): came[n] for case, came in cases.items() for n in (4, 6)}

    answers = asked(tmp_path, rows, [prefix(f"{c}/{n}", cases[c][:n], begins=LATER) for c, n in questions])

    right = sum(answers[f"{c}/{n}"]["ranked"][0] == came for (c, n), came in questions.items()) / len(questions)  # type: ignore[index]
    after_wait = Counter(came for came in questions.values())
    assert max(after_wait.values()) / len(questions) < 0.65  # what order 1 can reach here
    assert right > 0.8


def test_the_time_of_the_next_event_is_the_median_after_such_an_event(tmp_path: Path) -> None:
    draw, rows = Random(5), []
    for case in range(300):
        at = MONDAY + timedelta(hours=3 * case)
        for activity, hours in (("ask", 2.0), ("answer", 48.0), ("done", 0.0)):
            rows.append((f"c{case}", activity, at.isoformat()))
            at += timedelta(hours=hours * draw.choice([0.9, 1.0, 1.0, 1.0, 30.0]))

    answers = asked(
        tmp_path, rows, [prefix("asked", ["ask"], begins=LATER), prefix("answered", ["ask", "answer"], begins=LATER)]
    )

    assert waited(answers["asked"], LATER) == pytest.approx(2.0, rel=0.1)
    assert waited(answers["answered"], LATER + timedelta(hours=1)) == pytest.approx(48.0, rel=0.1)


def waited(answer: dict[str, object], since: datetime) -> float:
    """Hours."""
    moment = moment_of(answer["next_at"])
    assert moment is not None
    return (moment.at - since.timestamp()) / 3600


def test_what_is_asked_on_friday_evening_comes_after_the_weekend(tmp_path: Path) -> None:
    rows = []
    for case in range(1_500):
        begins = (MONDAY + timedelta(days=case % 700)).replace(hour=10 + case % 7)
        if begins.weekday() < 5:
            answered = begins + timedelta(days=3 if begins.weekday() == 4 else 1)
            rows += [(f"c{case}", "ask", begins.isoformat()), (f"c{case}", "answer", answered.isoformat())]
    friday = LATER + timedelta(days=4 + 364, hours=4)

    answers = asked(
        tmp_path,
        rows,
        [prefix("friday", ["ask"], begins=friday), prefix("tuesday", ["ask"], begins=friday - timedelta(days=3))],
    )

    assert waited(answers["friday"], friday) == pytest.approx(72, abs=2)
    assert waited(answers["tuesday"], friday - timedelta(days=3)) == pytest.approx(24, abs=2)


def drifting_rows() -> list[Row]:
    """Once "check" was followed by "mail", for the last two fifths of the time by "call"."""
    rows = []
    for case in range(1_000):
        at = MONDAY + timedelta(hours=8 * case)
        for activity in ("check", "mail" if case < 600 else "call", "close"):
            rows.append((f"c{case}", activity, at.isoformat()))
            at += timedelta(minutes=50)
    return rows


def test_what_has_been_usual_lately_counts_for_cases_that_go_on(tmp_path: Path) -> None:
    answers = asked(tmp_path, drifting_rows(), [prefix("now", ["check"], begins=LATER)])

    assert answers["now"]["ranked"][0] == "call"  # type: ignore[index]


def test_what_was_usual_then_counts_for_moments_within_the_log(tmp_path: Path) -> None:
    days = {"early": 50, "earlier": 100, "early too": 150, "late": 300}
    prefixes = [prefix(name, ["check"], begins=MONDAY + timedelta(days=day)) for name, day in days.items()]

    answers = asked(tmp_path, drifting_rows(), list(prefixes))

    assert {name: answer["ranked"][0] for name, answer in answers.items()} == {  # type: ignore[index]
        "early": "mail",
        "earlier": "mail",
        "early too": "mail",
        "late": "call",
    }


def test_the_end_is_ranked_only_when_asked_for(tmp_path: Path) -> None:
    question = prefix("done?", ["check", "call", "close"], begins=LATER)

    without = asked(tmp_path, drifting_rows(), [question])["done?"]
    with_end = asked(tmp_path, drifting_rows(), [question], with_end=True)["done?"]

    assert "[end]" not in without["ranked"]  # type: ignore[operator]
    assert with_end["ranked"][0] == "[end]"  # type: ignore[index]
    assert with_end["p"][0] > 0.9  # type: ignore[index]


def test_a_case_that_may_yet_go_on_is_no_end(tmp_path: Path) -> None:
    rows = [(f"c{n}", "ask", (MONDAY + timedelta(days=n)).isoformat()) for n in range(100)]
    rows += [(f"c{n}", "answer", (MONDAY + timedelta(days=n + 3)).isoformat()) for n in range(97)]
    log = read_log(write_log(tmp_path / "log.csv", rows)).log

    known = followers(log, with_end=True)

    ended = log.activity[known.rows[known.codes == len(log.names)]]
    assert {log.names[code] for code in ended} == {"answer"}


def test_gaps_that_are_seldom_seen_before_the_log_ends_count_more(tmp_path: Path) -> None:
    rows = [(f"c{n}", "ask", (MONDAY + timedelta(days=n)).isoformat()) for n in range(100)]
    rows += [(f"c{n}", "answer", (MONDAY + timedelta(days=n + 50)).isoformat()) for n in range(0, 50, 2)]
    rows += [(f"c{n}", "answer", (MONDAY + timedelta(days=n, hours=1)).isoformat()) for n in range(1, 99, 2)]
    log = read_log(write_log(tmp_path / "log.csv", rows)).log

    known = followers(log, with_end=False)

    long = known.gaps > 86_400
    assert long.sum() == 25 and (~long).sum() == 49
    share = known.weights[long].sum() / known.weights.sum()
    assert share == pytest.approx(0.5, abs=0.06)  # one half of all questions wait for 50 days
