"""Many texts at once."""

from __future__ import annotations

import json

from nlp.dates_batch import find_dates_in_lines


def line(name: str, text: str, **more: str) -> str:
    return json.dumps({"id": name, "lang": "en", "text": text, "reference": "2026-05-13T10:00:00", **more})


def answers(*lines: str, processes: int = 1) -> list[dict[str, object]]:
    return [json.loads(answer) for answer in find_dates_in_lines(lines, processes=processes)]


def test_a_case_gives_its_spans() -> None:
    assert answers(line("a", "Call me tomorrow at 15:00.")) == [
        {
            "id": "a",
            "spans": [
                {
                    "start": 8,
                    "end": 25,
                    "type": "datetime",
                    "role": "proposed",
                    "values": [{"kind": "instant", "value": "2026-05-14T15:00:00", "grain": "minute"}],
                }
            ],
        }
    ]


def test_a_broken_line_is_told_and_stops_nobody() -> None:
    broken, sound = answers("{not json", line("b", "nothing here"))

    assert broken["error"]
    assert sound == {"id": "b", "spans": []}


def test_a_field_that_is_missing_is_told_with_its_id() -> None:
    (answer,) = answers('{"id": "c", "lang": "en", "text": "x"}')

    assert answer["id"] == "c"
    assert "reference" in str(answer["error"])


def test_a_local_reference_stays_local_in_the_writers_zone() -> None:
    (answer,) = answers(line("d", "today", reference="2026-05-13T23:30:00", time_zone="Asia/Tokyo"))

    assert "2026-05-13" in json.dumps(answer)


def test_progress_is_told_after_each_line() -> None:
    told: list[int] = []

    list(find_dates_in_lines([line("a", "x"), "", line("b", "y")], progress=told.append))

    assert told == [1, 2]


def test_several_processes_give_the_same_in_the_same_order() -> None:
    lines = [line(str(number), f"on {number} June") for number in range(1, 20)]

    assert answers(*lines, processes=2) == answers(*lines)
