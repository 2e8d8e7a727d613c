"""Touchpoints out of files as people have them: every bad row told by its line, and all others taken."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from crm_client.embedded.embedded_crm import EmbeddedCrm
from crm_client.records import Contact
from motenashi.storage.open_database import open_database
from motenashi.touchpoint_commands import import_touchpoints as command
from motenashi.touchpoint_intake.file_headers import _OTHER_NAMES, FIELDS, field_of
from motenashi.touchpoint_intake.file_rows import FileDefaults
from motenashi.touchpoint_intake.fresh_statistics import with_fresh_statistics
from motenashi.touchpoint_intake.import_files import ImportReport, import_touchpoints
from tests.migrated import migrate
from tests.touchpoint_intake.intake_room import NOW, Room, row

TOKYO = FileDefaults(ZoneInfo("Asia/Tokyo"), "Old CRM")


def taken(room: Room, *paths: Path) -> tuple[ImportReport, list[str]]:
    lines: list[str] = []
    report = import_touchpoints(paths, room.intake.intake, TOKYO, clock=lambda: NOW, problem=lines.append)
    return report, lines


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def lines_of(*rows: Any) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in rows)


def test_json_lines_packed_or_not(room: Room, tmp_path: Path) -> None:
    plain = written(tmp_path / "a.jsonl", lines_of(row(1), row(2)) + "\n")
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(lines_of(row(2), row(3)).encode()))

    report, lines = taken(room, plain, packed)

    assert dict(report.counts) == {"stored": 3, "repeated": 1} and lines == []
    assert len(room.touchpoints()) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_a_spreadsheet_in_japanese(simple_room: Room, tmp_path: Path, encoding: str, comma: str) -> None:
    rows = [
        "番号,チャネル,方向,日時,メールアドレス,状態,時間(分),タイトル,内容",
        '7,ウェビナー,顧客,2026/5/1 9:30,ann@example.com,参加,45,バックアップ入門,"良かった\r\nです"',
        "8,電話,当社,2026年5月1日 18:00,ann@example.com,不在,,,",
    ]
    text = "\r\n".join(line.replace(",", comma) for line in rows)

    report, lines = taken(simple_room, written(tmp_path / "a.csv", text, encoding))

    assert lines == [] and report.counts["stored"] == 2
    first, second = simple_room.touchpoints()
    assert (first.key, first.channel, first.signal, first.status) == ("from:Old CRM:7", "webinar", True, "attended")
    assert first.at == datetime(2026, 5, 1, 0, 30, tzinfo=UTC)
    assert (first.duration_s, first.title) == (2700, "バックアップ入門")
    assert (second.channel, second.signal, second.status) == ("call", False, "no_answer")


def test_every_bad_row_is_told_by_file_and_line(room: Room, tmp_path: Path) -> None:
    text = (
        "id,channel,direction,at,email,status,colour\n"
        "1,call,us,2026-05-01 09:00,ann@example.com,answered,\n"
        "2,cal,us,2026-05-01 09:00,ann@example.com,,\n"
        '3,call,us,2026-05-01 09:00,"ann@\nexample.com",answerd,\n'
        "4,call,us,2026-05-01 09:00,ann@example.com,answered,red,too much\n"
        "\n"
        "5,call,us,2026-13-01,ann@example.com,answered,\n"
    )

    report, lines = taken(room, written(tmp_path / "calls.csv", text))

    assert dict(report.counts) == {"stored": 1, "refused": 4}
    assert lines[0] == "calls.csv:3: channel: “cal” is no channel. Did you mean “call”?"
    assert {line.split(" ")[0] for line in lines} == {"calls.csv:3:", "calls.csv:4:", "calls.csv:6:", "calls.csv:8:"}
    assert "8 values under 7 headers" in next(line for line in lines if line.startswith("calls.csv:6:"))
    (left_out,) = report.left_out
    assert left_out.startswith("calls.csv: the column “colour” was left out. There is: ")


def test_bad_json_is_told_and_the_others_go_on(room: Room, tmp_path: Path) -> None:
    text = lines_of(row(1)) + "{half\n[]\n" + "[" * 50_000 + "\n" + lines_of(row(2))

    report, lines = taken(room, written(tmp_path / "a.jsonl", text))

    assert dict(report.counts) == {"stored": 2, "refused": 3}
    assert [line.split(" ")[0] for line in lines] == ["a.jsonl:2:", "a.jsonl:3:", "a.jsonl:4:"]


def test_a_broken_file_is_told_and_what_came_before_taken(room: Room, tmp_path: Path) -> None:
    packed = gzip.compress(lines_of(*(row(number) for number in range(3_000))).encode())
    (tmp_path / "half.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "none.jsonl.gz").write_bytes(b"no gzip at all")
    good = written(tmp_path / "good.jsonl", lines_of(row(9_999)))

    report, _lines = taken(room, tmp_path / "half.jsonl.gz", tmp_path / "none.jsonl.gz", good, tmp_path / "gone.csv")

    assert [words.split(":")[0] for words in report.unread] == ["half.jsonl.gz", "none.jsonl.gz", "gone.csv"]
    assert report.counts["stored"] > 100
    assert room.crm.touchpoints_of(contact_id="ann")[-1].id


def test_rows_without_an_id_are_the_same_again(room: Room, tmp_path: Path) -> None:
    text = (
        "channel,direction,at,external_id\nticket,customer,2026-05-01 09:00,77\nticket,customer,2026-05-02 09:00,77\n"
    )
    file = written(tmp_path / "a.csv", text)
    first, _lines = taken(room, file)
    second, _lines = taken(room, file)

    assert (dict(first.counts), dict(second.counts)) == ({"waiting": 2}, {"waiting": 2})
    with room.database.read() as connection:
        assert connection.exec_driver_sql(
            "SELECT count(*), min(external_key) FROM touchpoint_intake"
        ).one()._tuple() == (
            2,
            "Old CRM:77",
        )


def test_a_long_import_looks_at_the_tables_and_takes_all(room: Room, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", lines_of(*(row(number) for number in range(3_500))))
    take = with_fresh_statistics(room.database, room.intake.intake)

    report = import_touchpoints([file], take, TOKYO, clock=lambda: NOW)

    assert dict(report.counts) == {"stored": 3_500}
    if room.database.dialect == "postgresql":
        with room.database.read() as connection:
            seen = "SELECT reltuples FROM pg_class WHERE oid = 'touchpoint_intake'::regclass"
            assert connection.exec_driver_sql(seen).scalar_one() == 3_000


@pytest.mark.parametrize("text", ["", "\n\n", "id,channel\n"])
def test_an_empty_file_is_no_trouble(simple_room: Room, tmp_path: Path, text: str) -> None:
    report, lines = taken(simple_room, written(tmp_path / "a.csv", text), written(tmp_path / "a.jsonl", "\n"))

    assert not report.counts and not lines and not report.unread


def test_other_headers_lead_to_fields_and_are_found_as_they_stand() -> None:
    assert set(_OTHER_NAMES.values()) <= set(FIELDS)
    assert [name for name in (*_OTHER_NAMES, *FIELDS) if not field_of(name)] == []
    assert field_of("Date / Time") == "at" and field_of("colour") == ""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with Ann in its CRM."""
    url = f"sqlite:///{tmp_path}/here.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MOTENASHI_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(Path(__file__).parents[2])
    database = open_database(url)
    migrate(database)
    EmbeddedCrm(database).save_contact(Contact("ann", "Lee", email="ann@example.com"))
    return tmp_path


def test_the_command_tells_what_became_of_all(here: Path) -> None:
    rows = [row(number, at="2026-01-15T09:00:00Z") for number in range(30)]
    bad = [one | {"id": f"b{one['id']}", "channel": "cal"} for one in rows]
    file = written(here / "a.jsonl", lines_of(*rows, *bad))
    told_in = here / "problems.txt"
    run = CliRunner().invoke

    dry = run(command, [str(file), "--dry-run"])
    assert "Nothing was written" in dry.output and "30 stored" in dry.output
    first = run(command, [str(file), "--problems", str(told_in)])
    second = run(command, [str(file)])

    assert first.exit_code == 1 and "30 stored" in first.output and "30 refused" in first.output
    assert "And 10 more; each stands in" in first.output
    assert len(told_in.read_text().splitlines()) == 30
    assert "30 there already" in second.output
    touched = EmbeddedCrm(open_database(os.environ["DATABASE_URL"])).touchpoints_of(contact_id="ann")
    assert len(touched) == 30


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.jsonl.gz"])
def test_a_line_that_no_memory_holds_is_never_read_whole(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("motenashi.touchpoint_intake.file_rows.LONGEST_LINE", 1_000)
    good = "id,channel,direction,at,email\n1,webinar,customer,2026-05-11 17:00,ann@example.com\n"
    bomb = tmp_path / name
    bomb.write_bytes(gzip.compress(((good if "csv" in name else lines_of(row(1))) + "," * 100_000).encode()))

    report, _lines = taken(room, bomb)

    assert dict(report.counts) == {"stored": 1}
    assert len(report.unread) == 1 and "is longer than 1,000 characters" in report.unread[0]
