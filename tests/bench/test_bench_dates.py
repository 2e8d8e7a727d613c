"""The bench of dates: a finder in a process of its own tells times and count; one that fails says so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench import dates as bench_dates

TEXTS = ["Could we meet on 3 June at 14:30?", "No date here.", "By Friday, please."]


def test_a_finder_tells_a_time_for_each_text_and_how_many_dates_it_found() -> None:
    told = bench_dates.measured("ours", sys.executable, "en", TEXTS)

    assert isinstance(told, dict)
    assert len(told["ms"]) == len(TEXTS)
    assert told["found"] == 2


def test_a_finder_that_fails_is_told_of_and_stops_nobody() -> None:
    assert str(bench_dates.measured("no such finder", sys.executable, "en", TEXTS)).startswith("failed: ")


def test_an_environment_that_cannot_be_made_is_given_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    monkeypatch.setattr(bench_dates, "OWN_ENVIRONMENT", in_the_way / "venv")

    pythons, said = bench_dates.finders()

    assert set(pythons) == {"ours", "dateparser"}
    assert said[0].startswith("Recognizers-Text was not measured: ")


def test_the_mails_are_measured_without_their_marks() -> None:
    assert all("](" not in text for _name, _language, texts in bench_dates.kinds() for text in texts)
