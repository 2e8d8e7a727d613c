"""Records that were deleted here are deleted in Zoho. Whoever was faster there does no harm."""

from __future__ import annotations

from collections.abc import Sequence

from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.outbox import entries, links
from crm_client.zoho.outbox.desk import CallRefused, Desk
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.links import Links

_NOT_THERE = ("INVALID_DATA", "RECORD_NOT_FOUND")


class Deleting:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(self, module: str, rows: Sequence[Row]) -> int:
        with self._desk.writing() as connection:
            taken = self._desk.claimed(connection, rows)
            known = Links(connection)
            there = [(row, zoho_id) for row in taken if (zoho_id := known.zoho_id(module, row.local_id))]
            named = {row.number for row, _ in there}
            entries.done(connection, [row.number for row in taken if row.number not in named])
        settled = len(taken) - len(there)
        if not there:
            return settled
        try:
            with self._desk.asking([row for row, _ in there]):
                answers = self._desk.calls.delete(self._desk.api(module), [zoho_id for _, zoho_id in there])
        except CallRefused:
            return settled
        with self._desk.writing() as connection:
            for (row, _), entry in zip(there, answers, strict=True):
                error = error_of(entry, f"delete {module}")
                if error is None or error.code in _NOT_THERE:
                    links.cut(connection, module, row.local_id)
                    entries.done(connection, [row.number])
                    settled += 1
                else:
                    self._desk.refused(connection, row, error)
        return settled
