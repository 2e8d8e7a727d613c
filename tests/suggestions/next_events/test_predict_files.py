"""Files in, a file out: every prefix with an id has its answer, and what was bad is counted."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest

from motenashi.suggestions.next_events.predict_files import Report, predict_files
from motenashi.suggestions.next_events.read_log import UnreadableLog
from tests.suggestions.next_events.logs import (
    MONDAY,
    answers_in,
    prefix,
    second_order_rows,
    write_log,
    write_prefixes,
)

ROWS = second_order_rows(30)


def predicted(
    folder: Path, prefixes: list[object], rows: list[tuple[str, str, str]] = ROWS
) -> tuple[Report, list[dict[str, object]]]:
    train = write_log(folder / "train.csv", rows)
    report = predict_files(train, write_prefixes(folder / "prefixes.jsonl", prefixes), folder / "out.jsonl")
    return report, answers_in(folder / "out.jsonl")


def test_every_kind_of_bad_prefix_with_an_id_has_an_answer_and_the_rest_is_counted(tmp_path: Path) -> None:
    event = {"activity": "wait", "timestamp": "2025-03-01T09:00:00Z"}
    prefixes: list[object] = [
        "this is no JSON",
        "[" * 100_000,
        json.dumps([1, 2]),
        {"events": [event]},
        {"id": "empty", "events": []},
        {"id": "no list", "events": "wait"},
        {"id": "nothing"},
        {"id": 0, "events": [event]},
        {"id": "unknown", "events": [{"activity": "未知", "timestamp": "2025-03-01T09:00:00Z"}]},
        {"id": "no name", "events": [{"timestamp": "2025-03-01T09:00:00Z"}, event, 7]},
        {"id": "no time", "events": [event, {"activity": "wait"}]},
        {"id": "bad time", "events": [{"activity": "wait", "timestamp": "soon"}]},
    ]

    report, answers = predicted(tmp_path, prefixes)

    assert [answer["id"] for answer in answers] == [
        *("empty", "no list", "nothing", 0, "unknown", "no name", "no time", "bad time")
    ]
    assert all(set(answer["ranked"]) == {"call", "mail", "wait"} for answer in answers)  # type: ignore[call-overload]
    timeless = {"empty", "no list", "nothing", "no time", "bad time"}
    assert {answer["id"] for answer in answers if answer["next_at"] is None} == timeless
    assert report.answers == 8
    assert report.trouble == {
        "prefix lines that are no JSON": 2,
        "prefix lines without an id": 2,
        "prefixes without a list of events": 2,
        "events of prefixes without an activity": 2,
        "events of prefixes without a timestamp that can be read": 2,
        "events of prefixes with an activity that training has not seen": 1,
    }


def test_an_empty_prefix_is_answered_with_what_cases_begin_with(tmp_path: Path) -> None:
    _, answers = predicted(tmp_path, [{"id": "new", "events": []}])

    assert answers[0]["ranked"][-1] == "wait"  # type: ignore[index]
    assert answers[0]["p"][-1] == 0.0  # type: ignore[index]


def test_events_of_a_prefix_may_come_in_any_order(tmp_path: Path) -> None:
    straight = prefix("straight", ["call", "wait", "mail", "wait"], begins=MONDAY + timedelta(days=90))
    turned = {"id": "turned", "events": straight["events"][::-1]}

    _, (one, other) = predicted(tmp_path, [straight, turned])

    assert {**one, "id": ""} == {**other, "id": ""}


def test_answers_stand_on_the_clock_of_the_question(tmp_path: Path) -> None:
    times = ["2025-03-03T09:00:00", "2025-03-03T09:00:00Z", "2025-03-03T09:00:00+09:00", 1741000000]
    prefixes = [{"id": n, "events": [{"activity": "call", "timestamp": at}]} for n, at in enumerate(times)]

    _, answers = predicted(tmp_path, list(prefixes))

    assert [str(answer["next_at"]) for answer in answers] == [
        *("2025-03-03T10:00:00", "2025-03-03T10:00:00Z", "2025-03-03T10:00:00+09:00", "2025-03-03T12:06:40Z")
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("1", "only", "2025-01-06")],
        [(f"{n}", "only", f"2025-01-{n:02}") for n in range(1, 20)],
        [(f"{n % 4}", "only", f"2025-01-{n:02}") for n in range(1, 20)],
        [(f"{n // 3}", f"activity {n % 3}", "2025-01-06T09:00:00") for n in range(600)],
        [(f"{n // 3}", f"活動 {n}", f"2025-01-06T{n // 60:02}:{n % 60:02}:00") for n in range(900)],
        [("1", f"a{n % 5}", f"2025-01-06T{n // 60:02}:{n % 60:02}:00") for n in range(900)],
    ],
    ids=["one event", "cases of one event", "one activity", "one moment", "every activity new", "one case"],
)
def test_odd_logs_give_an_answer_all_the_same(rows: list[tuple[str, str, str]], tmp_path: Path) -> None:
    _, answers = predicted(tmp_path, [prefix("a", [rows[0][1]] * 3, begins=MONDAY), {"id": "b", "events": []}], rows)

    assert [answer["id"] for answer in answers] == ["a", "b"]
    assert all(answer["ranked"] for answer in answers)


def test_unicode_goes_through_unchanged(tmp_path: Path) -> None:
    rows = [
        (f"件{n // 2}", ("見積もり", "発注 ✓")[n % 2], f"2025-01-{n % 27 + 1:02}T0{n % 2}:00:00") for n in range(40)
    ]

    _, answers = predicted(
        tmp_path, [{"id": "件", "events": [{"activity": "見積もり", "timestamp": "2025-03-01"}]}], rows
    )

    assert answers[0]["id"] == "件"
    assert answers[0]["ranked"][0] == "発注 ✓"  # type: ignore[index]


def test_the_same_files_give_the_same_answers(tmp_path: Path) -> None:
    rows = second_order_rows(150)
    prefixes: list[object] = [
        prefix(n, ["call", "wait"] * (n % 3 + 1), begins=MONDAY + timedelta(days=n)) for n in range(40)
    ]

    contents = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        predicted(folder, prefixes, rows)
        contents.append((folder / "out.jsonl").read_bytes())

    assert contents[0] == contents[1]


def test_a_zipped_log_and_bad_rows_are_told_in_the_report(tmp_path: Path) -> None:
    train = tmp_path / "train.csv.gz"
    train.write_bytes(gzip.compress(b"case,activity,timestamp\n1,a,2025-01-06\n1,b,2025-01-07\n1,c,soon\n"))

    report = predict_files(train, write_prefixes(tmp_path / "p.jsonl", [{"id": 1}]), tmp_path / "out.jsonl")

    assert (report.events, report.cases, report.activities, report.answers) == (2, 1, 2, 1)
    assert report.trouble["training rows with no timestamp that can be read"] == 1
    assert "Left out: 1 × training rows with no timestamp that can be read." in report.lines()


def test_where_nothing_was_wrong_the_report_says_nothing_of_it(tmp_path: Path) -> None:
    report, _ = predicted(tmp_path, [prefix("fine", ["call", "wait"], begins=MONDAY)])

    assert report.trouble == {}
    assert len(report.lines()) == 1


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    train = write_log(tmp_path / "train.csv", ROWS)
    prefixes = write_prefixes(tmp_path / "p.jsonl", [{"id": 1}])

    predict_files(train, prefixes, tmp_path / "out.jsonl", progress=lambda what, done, of: told.append(what))

    assert told == ["weighing the methods", "learning from the whole log", "learned", "answering"]


def test_a_file_of_no_use_leaves_an_earlier_answer_alone(tmp_path: Path) -> None:
    train, out = write_log(tmp_path / "train.csv", ROWS), tmp_path / "out.jsonl"
    out.write_text("earlier", encoding="utf-8")

    with pytest.raises(UnreadableLog, match="no such file"):
        predict_files(train, tmp_path / "none.jsonl", out)
    with pytest.raises(UnreadableLog, match="can't be read"):
        predict_files(tmp_path / "none.csv", write_prefixes(tmp_path / "p.jsonl", []), out)

    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "p.jsonl", "train.csv"]
