"""The page of the advice's quality, and the large records that the bench of advice learns from."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from bench import advice as bench_advice
from bench.quality import advice as quality
from bench.worlds import large
from bench.worlds.measures import Wanted, hours
from bench.worlds.tables import cell, mean
from bench.worlds.world import make_world
from motenashi.sales_history.from_files import read_files


def test_a_large_record_is_written_in_parts_and_read_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "PART", 70)

    touched = large.write_large("like", 200, 3, tmp_path)
    read = read_files(tmp_path)

    assert len(list(tmp_path.glob("deals-*.parquet"))) == 3
    assert dict(read.left_out) == {}
    assert len(set(read.deals.ids)) == 200
    assert touched == len(read.activities.at) + len(read.emails.at) + len(read.touchpoints.at)
    assert len(read.users.ids) == len(make_world("like", 200, 3).people.pace)


def test_the_parts_of_a_large_record_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "PART", 50)
    large.write_large("like", 100, 3, tmp_path)
    amounts = read_files(tmp_path).deals.amount

    assert not np.array_equal(amounts[:50], amounts[50:])


def test_the_plain_report_counts_every_contact_once(tmp_path: Path) -> None:
    large.write_large("like", 60, 2, tmp_path)
    contacts = len(make_world("like", 60, 2).play.log.table("contacts")["at"])

    rows = bench_advice.plain_report(tmp_path)

    # The seed draws other moments of creation for a part, so only the size is alike.
    assert 0.5 * contacts < sum(row[2] for row in rows) < 2 * contacts
    assert all(row[3] <= row[2] for row in rows)


def test_what_nobody_said_is_an_empty_cell_and_no_number() -> None:
    said = [{"capture": 0.5, "error": math.nan}, {"capture": 0.7, "error": math.nan}]

    assert mean(said, "capture") == pytest.approx(0.6)
    assert math.isnan(mean(said, "error"))
    assert cell([math.nan]) == ""
    text = quality._section("like", 2000, [1, 2], {"a way": said, "Motenashi": said}, {"capture": "c", "error": "e"})
    assert "| a way | 0.600 |  |" in text
    assert "| **Motenashi** | 0.600 |  |" in text
    assert "2,000 deals, 2 worlds" in text


def test_simple_hours_and_the_truth_stand_side_by_side() -> None:
    told = hours("form", 60, [1, 2], Wanted(only="naive"), say=lambda _: None)

    assert [len(scores) for scores in told.values()] == [2] * len(told)
    assert told["the truth"][0]["share"] == pytest.approx(1.0)
    assert "own histogram" in told
