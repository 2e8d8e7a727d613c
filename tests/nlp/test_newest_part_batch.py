"""`newest-part` for files of many mails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.newest_part_batch import CaseUnreadable, write_newest_parts


def lines_of(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_mail_gets_its_newest_part_in_order(tmp_path: Path) -> None:
    cases, predictions = tmp_path / "cases.jsonl", tmp_path / "predictions.jsonl"
    raws = {"a": "Yes.\n\n> Shall I?\n", "b": "はい。\n\niPhoneから送信\n", "c": ""}
    cases.write_text("\n".join(json.dumps({"id": name, "raw": raw}) for name, raw in raws.items()), encoding="utf-8")

    assert write_newest_parts(cases, predictions) == 3
    assert lines_of(predictions) == [
        {"id": "a", "reply": "Yes."},
        {"id": "b", "reply": "はい。"},
        {"id": "c", "reply": ""},
    ]


def test_progress_ends_with_the_whole_file(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": 1, "raw": "a"}\n\n{"id": 2, "raw": "b"}\n', encoding="utf-8")
    told: list[tuple[int, int]] = []

    write_newest_parts(cases, tmp_path / "out.jsonl", lambda done, total: told.append((done, total)))

    assert told[-1] == (cases.stat().st_size, cases.stat().st_size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("line", ["no json", '{"id": 1}', '["a"]', '"a"', b"\xff\xfe"])
def test_a_line_that_is_no_mail_is_told_with_its_number(tmp_path: Path, line: str | bytes) -> None:
    cases = tmp_path / "cases.jsonl"
    bad = line if isinstance(line, bytes) else line.encode()
    cases.write_bytes(b'{"id": 1, "raw": "a"}\n' + bad + b"\n")

    with pytest.raises(CaseUnreadable, match="Line 2"):
        write_newest_parts(cases, tmp_path / "out.jsonl")


def test_half_a_character_does_not_stop_the_others(tmp_path: Path) -> None:
    cases, predictions = tmp_path / "cases.jsonl", tmp_path / "predictions.jsonl"
    cases.write_text('{"id": 1, "raw": "a\\ud800"}\n{"id": 2, "raw": "b"}\n', encoding="utf-8")

    write_newest_parts(cases, predictions)

    assert lines_of(predictions) == [{"id": 1, "reply": "a?"}, {"id": 2, "reply": "b"}]
