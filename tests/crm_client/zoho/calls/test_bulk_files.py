"""Bulk read: jobs, and files that are unpacked with care."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crm_client.errors import CrmError, CrmRejected, CrmUnreachable
from crm_client.zoho.api.bulk import rows_in
from crm_client.zoho.api.shapes import Answer, BulkJob, Call
from tests.crm_client.zoho.calls.recording import NOTHING, api, rows


def packed(folder: Path, *members: tuple[str, bytes]) -> Path:
    file = folder / "job.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file


def test_a_job_is_started_for_all_fields_at_once() -> None:
    details = {"id": "9001", "state": "ADDED"}
    calls, sender = api(rows({"status": "success", "code": "ADDED_SUCCESSFULLY", "details": details}, status=201))

    job = calls.start_bulk_read("Deals", ["Deal_Name", "id"], page=3)

    assert job == BulkJob("9001", "ADDED", page=3)
    assert sender.calls[0].path == "/crm/bulk/v8/read"
    assert sender.calls[0].body == {
        "query": {"module": {"api_name": "Deals"}, "fields": ["id", "Deal_Name"], "page": 3}
    }
    assert sender.calls[0].credits == 50


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (rows({"status": "error", "code": "INVALID_DATA", "details": {"api_name": "Nmae"}}, status=400), CrmRejected),
        (rows({"status": "success", "details": {}}), CrmUnreachable),
        (NOTHING, CrmUnreachable),
    ],
    ids=["refused", "nameless", "nothing"],
)
def test_a_job_that_was_not_started_is_an_error(answer: Answer, error: type[CrmError]) -> None:
    calls, _ = api(answer)

    with pytest.raises(error):
        calls.start_bulk_read("Deals", ["Nmae"])


def test_a_job_says_how_far_it_is() -> None:
    result = {"page": 2, "count": 1842, "per_page": 200000, "more_records": True}
    calls, sender = api(
        rows({"id": "9001", "state": "IN PROGRESS"}),
        rows({"id": "9001", "state": "IN_PROGRESS"}),
        rows({"id": "9001", "state": "COMPLETED", "result": result}),
        rows({"id": "9001", "state": "FAILED"}),
        NOTHING,
    )

    assert calls.bulk_job("9001") == calls.bulk_job("9001") == BulkJob("9001", "IN PROGRESS")
    assert calls.bulk_job("9001") == BulkJob("9001", "COMPLETED", count=1842, more=True, page=2)
    assert calls.bulk_job("9001").state == "FAILURE"
    with pytest.raises(CrmRejected):
        calls.bulk_job("9001")
    assert sender.calls[0].path == "/crm/bulk/v8/read/9001"
    with pytest.raises(CrmRejected):
        calls.bulk_job("../users")


def test_rows_come_as_texts_and_the_file_goes(tmp_path: Path) -> None:
    text = '\ufeffId,Name,Note\r\n1,森 健,"two\nlines, ""quoted"""\r\n\r\n2,,\r\n'
    file = packed(tmp_path, ("9001.csv", text.encode()))
    calls, sender = api(Answer(200, {}, {}, content=str(file)))

    reading = calls.bulk_rows("9001")

    assert not sender.calls  # nothing is fetched before somebody reads
    assert list(reading) == [
        {"id": "1", "Name": "森 健", "Note": 'two\nlines, "quoted"'},
        {"id": "2", "Name": "", "Note": ""},
    ]
    assert sender.calls == [Call("GET", "/crm/bulk/v8/read/9001/result", "read a job's file", binary=True)]
    assert not file.exists()


def test_the_file_with_everybodys_records_is_gone_as_soon_as_it_is_read_and_no_kill_leaves_it(tmp_path: Path) -> None:
    file = packed(tmp_path, ("9001.csv", b"Id\n1\n2\n"))
    calls, _ = api(Answer(200, {}, {}, content=str(file)))

    reading: Any = calls.bulk_rows("9001")
    assert next(reading) == {"id": "1"}
    assert not file.exists()
    assert next(reading) == {"id": "2"}
    reading.close()


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert list(rows_in(packed(tmp_path, ("x.csv", b"")), "read")) == []
    assert list(rows_in(packed(tmp_path, ("x.csv", b"Id,Name\n")), "read")) == []


@pytest.mark.parametrize(
    "members",
    [
        (),
        (("a.csv", b"Id\n"), ("b.csv", b"Id\n")),
        (("run.exe", b"Id\n"),),
        (("folder.csv/", b""),),
        (("large.csv", b"Id\n" + b"1\n" * 600),),
    ],
    ids=["none", "two", "no csv", "folder", "too large"],
)
def test_an_archive_of_another_kind_is_refused(tmp_path: Path, members: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(CrmRejected):
        list(rows_in(packed(tmp_path, *members), "read", most_bytes=1000))


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    file = packed(tmp_path, ("x.csv", b"Id\n1\n"))
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the archive's list of members
    file.write_bytes(content)

    with pytest.raises(CrmRejected, match="encrypted"):
        list(rows_in(file, "read"))


def test_a_name_that_leads_elsewhere_writes_nothing(tmp_path: Path) -> None:
    file = packed(tmp_path, ("../../outside.csv", b"Id\n1\n"))

    assert list(rows_in(file, "read")) == [{"id": "1"}]
    assert not list(tmp_path.parent.rglob("outside.csv"))


def damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[40:60] = b"\xff" * 20
    file.write_bytes(content)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-30])


@pytest.mark.parametrize(
    "harm", [damaged, cut_off, lambda file: file.write_text("<html>")], ids=["bits", "cut", "page"]
)
def test_a_damaged_file_can_be_asked_for_again(tmp_path: Path, harm: Any) -> None:
    file = packed(tmp_path, ("x.csv", "\n".join(f"{one},x{one}" for one in range(500)).encode()))
    harm(file)

    with pytest.raises(CrmUnreachable):
        list(rows_in(file, "read"))


@pytest.mark.parametrize("text", [b"Id,Name\n1\n", b"Id,Name\n1,2,3\n", "Id,Name\n1,森\n".encode("cp932")])
def test_a_table_that_is_none_is_an_error_and_no_half_record(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(CrmUnreachable):
        list(rows_in(packed(tmp_path, ("x.csv", text)), "read"))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Id", "Name", "Note"])
    writer.writerows([one, f"Name {one}", "x" * 200] for one in range(20_000))
    file = packed(tmp_path, ("x.csv", text.getvalue().encode()))
    del text, writer

    tracemalloc.start()
    count = sum(1 for _ in rows_in(file, "read"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert most < 1_000_000  # of 4.5 million letters
