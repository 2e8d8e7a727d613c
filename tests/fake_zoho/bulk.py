"""Bulk read: jobs that are done after some asking, and their CSV in a zip, written from the store row by row."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import threading
import zipfile
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.catalogue import Module
from tests.fake_zoho.clock import read, written
from tests.fake_zoho.coql import scope_name
from tests.fake_zoho.store import API_USER, Raw, Store, column
from tests.fake_zoho.tokens import covers
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

A_JOB, DOWNLOADS_A_MINUTE = 200_000, 10
_NOT_OFFERED = ("Notes",)
_COMPARES = {
    "equal": "=",
    "not_equal": "!=",
    "greater_than": ">",
    "greater_equal": ">=",
    "less_than": "<",
    "less_equal": "<=",
}
_CHUNK = 2_000
_PATIENCE = 2.0  # small jobs are done when they should be, on a busy machine, too


@dataclass
class _Job:
    id: str
    module: Module
    fields: list[str]
    page: int
    query: dict[str, Any]
    where: str
    values: list[Any]
    file: Path
    polls: int = 0
    count: int = 0
    more: bool = False
    ready: threading.Event = field(default_factory=threading.Event)
    failed: bool = False


class BulkJobs:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fake-zoho-")
        self._jobs: dict[str, _Job] = {}
        self._threads: list[threading.Thread] = []
        self._downloads: deque[float] = deque()
        self._lock = threading.Lock()
        self.fail_next = 0  # so many jobs end as FAILURE

    def close(self) -> None:
        for thread in self._threads:
            thread.join()
        self._folder.cleanup()

    def start(self, call: ApiCall) -> Reply:
        job = self._asked(call)
        self._jobs[job.id] = job
        thread = threading.Thread(target=_write, args=(call.fake.store, call.fake.switches.bulk_id_column, job))
        self._threads.append(thread)
        thread.start()
        return Reply(201, {"data": [_added(call, job)]})

    def state(self, call: ApiCall, job_id: str) -> Reply:
        job = self._job(job_id)
        job.polls += 1
        done = job.polls >= call.fake.switches.bulk_polls and job.ready.wait(_PATIENCE)
        state = ("FAILURE" if job.failed else "COMPLETED") if done else "QUEUED" if job.polls == 1 else "IN PROGRESS"
        told: dict[str, Any] = {"id": job.id, "operation": "read", "state": state, "query": job.query}
        told |= {"created_by": call.fake.store.person(API_USER), "file_type": "csv"}
        if state == "COMPLETED":
            told["result"] = {
                "page": job.page,
                "count": job.count,
                "per_page": A_JOB,
                "more_records": job.more,
                "next_page_token": None,
                "download_url": f"/crm/bulk/v8/read/{job.id}/result",
            }
        return Reply(200, {"data": [told]})

    def result(self, call: ApiCall, job_id: str) -> Reply:
        job, now = self._job(job_id), call.fake.clock.seconds()
        if not job.ready.is_set() or job.failed or job.polls < call.fake.switches.bulk_polls:
            raise ZohoTrouble(404, "RESOURCE_NOT_FOUND", "the result is not there yet")
        with self._lock:
            while self._downloads and self._downloads[0] <= now - 60:
                self._downloads.popleft()
            if len(self._downloads) >= DOWNLOADS_A_MINUTE:
                raise ZohoTrouble(429, "TOO_MANY_REQUESTS")
            self._downloads.append(now)
        return Reply(200, file=job.file)

    def _job(self, job_id: str) -> _Job:
        if job_id not in self._jobs:
            raise ZohoTrouble(404, "RESOURCE_NOT_FOUND", "the job is not there")
        return self._jobs[job_id]

    def _asked(self, call: ApiCall) -> _Job:
        query = call.json().get("query")
        if not isinstance(query, dict):
            raise ZohoTrouble(400, "MANDATORY_NOT_FOUND", details={"api_name": "query"})
        named = query.get("module")
        module = call.module(str(named.get("api_name") if isinstance(named, dict) else named))
        if not covers(call.scopes, f"ZohoCRM.modules.{scope_name(module)}.READ"):
            raise ZohoTrouble(call.fake.switches.scope_status, "OAUTH_SCOPE_MISMATCH")
        if module.key in _NOT_OFFERED:
            raise ZohoTrouble(400, "MODULE_NOT_SUPPORTED", details={"api_name": module.name})
        fields = list(query.get("fields") or module.fields)
        unknown = [one for one in fields if one.split(".")[0] not in module.fields and one not in ("id", "Id")]
        if unknown:
            raise ZohoTrouble(400, "INVALID_DATA", details={"api_name": unknown[0], "json_path": "$.query.fields"})
        page = query.get("page", 1)
        if not isinstance(page, int) or not 1 <= page <= 500:
            raise ZohoTrouble(400, "PAGE_RANGE_EXCEEDED", details={"max_limit": 500})
        values: list[Any] = []
        where = _criteria(module, query["criteria"], values) if query.get("criteria") else "1"
        job_id = call.fake.store.new_id()
        job = _Job(job_id, module, fields, page, query, where, values, Path(self._folder.name) / f"{job_id}.zip")
        if self.fail_next:
            self.fail_next -= 1
            job.failed = True
        return job


def start(call: ApiCall) -> Reply:
    return call.fake.bulk.start(call)


def state(call: ApiCall, job_id: str) -> Reply:
    return call.fake.bulk.state(call, job_id)


def result(call: ApiCall, job_id: str) -> Reply:
    return call.fake.bulk.result(call, job_id)


def _added(call: ApiCall, job: _Job) -> dict[str, Any]:
    details = {"id": job.id, "operation": "read", "state": "ADDED", "created_by": call.fake.store.person(API_USER)}
    details["created_time"] = written(call.fake.clock.seconds())
    return {"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.", "details": details}


def _criteria(module: Module, one: dict[str, Any], values: list[Any]) -> str:
    if "group" in one:
        if one.get("group_operator") not in ("and", "or"):
            raise ZohoTrouble(400, "GROUP_OPERATOR_NOT_SUPPORTED")
        return "(" + f" {one['group_operator']} ".join(_criteria(module, part, values) for part in one["group"]) + ")"
    name, comparator, value = str((one.get("field") or {}).get("api_name")), one.get("comparator"), one.get("value")
    known = module.fields.get(name)
    if known is None and name != "id":
        raise ZohoTrouble(400, "FIELD_IN_CRITERIA_NOT_SUPPORTED", details={"api_name": name})
    if comparator not in _COMPARES:
        raise ZohoTrouble(400, "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED", details={"api_name": name})
    fast = {"Modified_Time": "modified", "Created_Time": "created"}.get(name)
    try:
        values.append(read(str(value)) if fast else int(str(value)) if known is None else value)
    except ValueError:
        raise ZohoTrouble(400, "VALUE_TYPE_NOT_SUPPORTED", details={"api_name": name}) from None
    return f"{fast or column(name, known.data_type if known else '')} {_COMPARES[comparator]} ?"


def _write(store: Store, id_column: str, job: _Job) -> None:
    """In order of ids, a chunk at a time, so that others may use the store meanwhile and memory stays flat."""
    names = [one for one in job.fields if one not in ("id", "Id")]
    last, left = _start_of(store, job), A_JOB
    with (
        zipfile.ZipFile(job.file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open(f"{job.id}.csv", "w", force_zip64=True) as member,
        io.TextIOWrapper(member, "utf-8", newline="", write_through=False) as text,
    ):
        out = csv.writer(text)
        out.writerow([id_column, *names])
        select = f'select id, data from "{job.module.key}" where id > ? and {job.where} order by id limit ?'
        while left and (rows := store.sql(select, [last, *job.values, min(_CHUNK, left)])):
            out.writerows([record_id, *_cells(json.loads(data), names)] for record_id, data in rows)
            last, left, job.count = rows[-1][0], left - len(rows), job.count + len(rows)
    job.more = bool(
        store.sql(f'select 1 from "{job.module.key}" where id > ? and {job.where} limit 1', [last, *job.values])
    )
    job.ready.set()


def _start_of(store: Store, job: _Job) -> int:
    if job.page == 1:
        return 0
    select = f'select id from "{job.module.key}" where {job.where} order by id limit 1 offset ?'
    rows = store.sql(select, [*job.values, (job.page - 1) * A_JOB - 1])
    return int(rows[0][0]) if rows else 1 << 62


def _cells(record: Raw, names: list[str]) -> list[Any]:
    return [_cell(record.get(name)) for name in names]


def _cell(value: Any) -> Any:
    """Look-ups as bare ids, lists joined, yes and no in small letters."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return value.get("id", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    return value
