"""Bulk read: a job that writes up to 200,000 records into a file, and the file's rows. Part of `ZohoApi`.

https://www.zoho.com/crm/developer/docs/api/v8/bulk-read/overview.html
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from crm_client.errors import CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.entries import read_entry
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import BulkJob, Call

CREDITS: Final = 50
MOST_BYTES: Final = 2 * 1024**3  # of an unpacked file

_ENCRYPTED: Final = 0x1


class Bulk(asker.Asker):
    def start_bulk_read(self, module: str, fields: Sequence[str], *, page: int = 1) -> BulkJob:
        asking = f"start reading all {module}"
        names = asker.checked_fields(fields, asking)
        query = {
            "module": {"api_name": asker.checked_module(module, asking)},
            "fields": ["id", *names],
            "page": page,
        }
        # A second job after an unknown outcome does no harm but cost its credits.
        call = Call("POST", self._bulk_path(), asking, body={"query": query}, credits=CREDITS, entries="data")
        rows = asker.rows_of(self._send(call), "data", asking)
        details = asker.mapping(rows[0].get("details")) if rows else {}
        if rows and rows[0].get("status") == "error" and (error := error_of(read_entry(rows[0]), asking)):
            raise error
        if not details.get("id"):
            raise CrmUnreachable(asking, "Zoho did not say which job it is")
        return BulkJob(str(details["id"]), _state(details.get("state")), page=page)

    def bulk_job(self, job_id: str) -> BulkJob:
        asking = "ask for a job"
        answer = self._send(Call("GET", self._bulk_path(asker.checked_id(job_id, asking)), asking))
        rows = asker.rows_of(answer, "data", asking)
        if not rows:
            raise CrmRejected(asking, "there is no such job")
        result = asker.mapping(rows[0].get("result"))
        return BulkJob(
            job_id,
            _state(rows[0].get("state")),
            count=asker.whole_number(result.get("count")) or 0,
            more=bool(result.get("more_records")),
            page=asker.whole_number(result.get("page")) or 1,
        )

    def bulk_rows(self, job_id: str) -> Iterator[Mapping[str, str]]:
        asking = "read a job's file"
        path = self._bulk_path(asker.checked_id(job_id, asking), "result")
        answer = self._send(Call("GET", path, asking, binary=True))
        if not answer.content:
            raise CrmUnreachable(asking, "Zoho gave no file")
        file = Path(answer.content)
        with file.open("rb") as opened:
            file.unlink()  # it is read on, and gone with this process, however that ends: it holds everybody's records
            yield from rows_in(opened, asking)

    def _bulk_path(self, *parts: str) -> str:
        return "/".join((f"/crm/bulk/{self._settings.version}/read", *parts))


def rows_in(file: Path | IO[bytes], asking: str, *, most_bytes: int = MOST_BYTES) -> Iterator[Mapping[str, str]]:
    """Rows of the one CSV in a zip, read while unpacking. The column of ids is `id`, as in the rest of the API."""
    with (
        _as_crm_errors(asking),
        zipfile.ZipFile(file) as archive,
        archive.open(_only_member(archive, most_bytes, asking)) as packed,
        io.TextIOWrapper(packed, encoding="utf-8-sig", newline="") as text,
    ):
        yield from _rows(text, asking)


def _rows(text: IO[str], asking: str) -> Iterator[Mapping[str, str]]:
    lines = csv.reader(text)
    names = ["id" if name.strip().lower() == "id" else name.strip() for name in next(lines, [])]
    for line in lines:
        if not line:
            continue
        if len(line) != len(names):
            raise CrmUnreachable(asking, f"line {lines.line_num} has {len(line)} columns instead of {len(names)}")
        yield dict(zip(names, line, strict=True))


def _only_member(archive: zipfile.ZipFile, most_bytes: int, asking: str) -> zipfile.ZipInfo:
    """One file, a CSV, and no larger than we take. It is never written under the name it has."""
    members = archive.infolist()
    if len(members) != 1 or members[0].is_dir() or not members[0].filename.lower().endswith(".csv"):
        raise CrmRejected(asking, "the archive should hold one CSV file and holds something else")
    if members[0].flag_bits & _ENCRYPTED:
        raise CrmRejected(asking, "the archive is encrypted")
    if members[0].file_size > most_bytes:
        raise CrmRejected(asking, f"the file is larger than {most_bytes} bytes")
    return members[0]


@contextmanager
def _as_crm_errors(asking: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        UnicodeDecodeError,
        csv.Error,
        OSError,
        NotImplementedError,
    ) as error:
        raise CrmUnreachable(asking, f"the file came damaged ({type(error).__name__})") from error


def _state(value: Any) -> str:
    """ADDED, QUEUED, IN PROGRESS, COMPLETED, FAILURE, however it is spelt."""
    state = asker.text_of(value).upper().replace("_", " ")
    return {"FAILED": "FAILURE"}.get(state, state)
