"""The command line's part about advice, as a person types it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sales_history.small_records import small_company
from tests.sales_history.small_records import write as write_company

ROOT = Path(__file__).parents[1]
App = Callable[..., "subprocess.CompletedProcess[str]"]

LOG = "case,activity,timestamp\n" + "".join(
    f"{case},{name},2026-03-{1 + case % 20:02}T0{hour}:00:00\n"
    for case in range(40)
    for hour, name in enumerate(("ask", "answer", "close"), start=1)
)


@pytest.fixture
def app(tmp_path: Path) -> App:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTENASHI", "DATABASE", "REDIS"))
    }
    environment = {**kept, "MOTENASHI_DATA": str(tmp_path / "data"), "COLUMNS": "160", "NO_COLOR": "1"}

    def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "app.py", *map(str, words)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_company(tmp_path / "records", small_company(), ".jsonl.gz")
    return tmp_path / "records"


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_records_are_imported_once_and_learned_from(app: App, folder: Path) -> None:
    first, second = app("import-records", folder), app("import-records", folder)
    learned = app("learn")

    assert "deals: 3 taken, 0 there already, 0 rejected" in first.stdout
    assert "deals: 0 taken, 3 there already, 0 rejected" in second.stdout
    assert "Learned from 3 deals (2 closed, 1 won)" in learned.stdout


def test_a_line_that_is_no_record_lies_in_the_file_of_rejects_with_its_reason(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    write_company(folder, small_company(), ".jsonl")
    with (folder / "deals.jsonl").open("a", encoding="utf-8") as file:
        file.write("{no json\n")

    told = app("import-records", folder, "--rejects", tmp_path / "rejects.jsonl")

    assert "deals: 3 taken, 0 there already, 1 rejected" in told.stdout
    (reject,) = lines(tmp_path / "rejects.jsonl")
    assert (reject["table"], reject["line"]) == ("deals", 4)
    assert reject["reason"]


def test_a_folder_of_records_is_advised_on_without_a_store(app: App, folder: Path, tmp_path: Path) -> None:
    told = app("advise", "--records", folder, "--out", tmp_path / "answers")

    (suggestion,) = lines(tmp_path / "answers" / "suggestions.jsonl")
    assert suggestion["deal_id"] == "d1"
    assert isinstance(suggestion["suggest"], bool)
    assert {line["contact_id"] for line in lines(tmp_path / "answers" / "besttime.jsonl")} <= {"c1", "c2"}
    assert "Advice on 1 open deals" in told.stdout
    assert not (tmp_path / "data" / "motenashi.db").exists()


def test_what_is_later_than_asked_for_is_not_looked_at(app: App, folder: Path, tmp_path: Path) -> None:
    """On that day d2 and d3, closed since, were not known or still open."""
    app("advise", "--records", folder, "--out", tmp_path / "answers", "--as-of", "2000-01-01T00:00:00Z")

    assert lines(tmp_path / "answers" / "suggestions.jsonl") == []


def test_a_time_that_is_none_is_told(app: App, folder: Path, tmp_path: Path) -> None:
    told = app("advise", "--records", folder, "--out", tmp_path / "answers", "--as-of", "soon", code=2)

    assert "'soon' is no time" in told.stderr


def test_a_folder_without_records_is_told_in_one_sentence(app: App, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    told = app("import-records", tmp_path / "empty", code=1)

    assert "Error: " in told.stderr
    assert "Traceback" not in told.stderr


def test_what_happens_next_is_learned_from_any_log(app: App, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(LOG, encoding="utf-8")
    begun = {"id": "p1", "events": [{"activity": "ask", "timestamp": "2026-03-25T01:00:00"}]}
    (tmp_path / "prefixes.jsonl").write_text(json.dumps(begun) + "\n", encoding="utf-8")
    files = ("--train", tmp_path / "cases.csv", "--prefixes", tmp_path / "prefixes.jsonl")

    app("next-events", *files, "--out", tmp_path / "answers.jsonl")

    (answer,) = lines(tmp_path / "answers.jsonl")
    assert answer["id"] == "p1"
    assert answer["ranked"][0] == "answer"
    assert answer["next_at"] == "2026-03-25T02:00:00"


def test_a_link_for_the_crms_own_page_is_handed_out(app: App) -> None:
    told = app("embed-link", "deal", "d1", "ann@example.com")

    assert told.stdout.startswith("/embed/deals/d1?token=")
    assert "embed.frame_ancestors" in told.stderr
