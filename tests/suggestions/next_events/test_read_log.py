"""Logs are read whatever their columns are called; what is of no use is counted."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from motenashi.suggestions.next_events.read_log import UnreadableLog, read_log


def rows_of(text: str, folder: Path, *, encoding: str = "utf-8") -> list[tuple[str, float]]:
    file = folder / "log.csv"
    file.write_bytes(text.encode(encoding))
    log = read_log(file).log
    return [(log.names[code], at) for code, at in zip(log.activity, log.at, strict=True)]


@pytest.mark.parametrize(
    "header",
    [
        "case,activity,timestamp",
        "CaseID,ActivityID,CompleteTimestamp",
        "case:concept:name;concept:name;time:timestamp",
        "Case ID\tActivity\tComplete Timestamp",
        "\ufeffcase|Event|Time",
        "ケースID,アクティビティ,日時",
    ],
)
def test_the_usual_names_and_delimiters_are_known(header: str, tmp_path: Path) -> None:
    delimiter = next(sign for sign in ";\t|," if sign in header)
    text = "\n".join([header, delimiter.join(["1", "begin", "2025-01-06 09:00:00"])])

    assert [name for name, _ in rows_of(text, tmp_path)] == ["begin"]


def test_columns_may_stand_anywhere_among_others(tmp_path: Path) -> None:
    text = "resource,time:timestamp,concept:name,org,case:concept:name\nx,2025-01-06,begin,y,7\n"

    assert [name for name, _ in rows_of(text, tmp_path)] == ["begin"]


def test_rows_in_any_order_become_cases_in_time_order_and_equal_times_keep_theirs(tmp_path: Path) -> None:
    text = (
        "case,activity,timestamp\n1,third,2025-01-06 11:00\n2,other,2025-01-05 09:00\n"
        "1,first,2025-01-06 09:00\n1,second,2025-01-06 09:00\n"
    )

    assert [name for name, _ in rows_of(text, tmp_path)] == ["first", "second", "third", "other"]


def test_shift_jis_and_gzip_are_read(tmp_path: Path) -> None:
    text = "case,activity,timestamp\n1,見積もり,2025-01-06\n"
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))

    assert rows_of(text, tmp_path, encoding="cp932")[0][0] == "見積もり"
    assert read_log(packed).log.names == ("見積もり",)


@pytest.mark.parametrize("allowed", [131_072, 16 * 1024 * 1024])
def test_rows_of_no_use_are_counted_by_reason(tmp_path: Path, allowed: int, request: pytest.FixtureRequest) -> None:
    before = csv.field_size_limit(allowed)
    request.addfinalizer(lambda: csv.field_size_limit(before))
    file = tmp_path / "log.csv"
    file.write_text(
        "case,activity,timestamp\n1,a,2025-01-06\n,a,2025-01-06\n1,,2025-01-06\n1,a,soon\n1,a\n\n"
        f'1,"{"x" * 200_000}",2025-01-06\n1,b,2025-01-07\n',
        encoding="utf-8",
    )

    read = read_log(file)

    assert len(read.log) == 2
    assert read.left_out == {
        "no case": 1,
        "no activity": 1,
        "no timestamp that can be read": 1,
        "too few columns": 1,
        "not a row of CSV": 1,
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "names the columns"),
        (b"case,what,timestamp\n1,a,2025-01-06\n", "names the columns case, activity and timestamp"),
        (b"case,activity,timestamp\n", "no usable event"),
        (b"case,activity,timestamp\n1,a,soon\n", "no timestamp that can be read"),
        (b"\xff\xfe\x00\x81\x00", "neither UTF-8 nor Shift-JIS"),
    ],
)
def test_a_file_of_no_use_says_why(content: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(content)

    with pytest.raises(UnreadableLog, match=says):
        read_log(file)


def test_a_missing_or_broken_file_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "log.csv.gz"
    broken.write_bytes(b"not gzip")
    damaged = tmp_path / "damaged.csv.gz"
    packed = gzip.compress(b"case,activity,timestamp\n1,a,2025-01-06\n")
    damaged.write_bytes(packed[:12] + b"\xff\xff\xff" + packed[15:])

    for file in (tmp_path / "none.csv", broken, damaged):
        with pytest.raises(UnreadableLog, match="can't be read"):
            read_log(file)
