"""Writing records. Part of `ZohoApi`.

`trigger` is never sent, so all of the operator's automation runs as if a person had written.
https://www.zoho.com/crm/developer/docs/api/v8/insert-records.html and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from crm_client.errors import CrmOutcomeUnknown, CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.entries import read_entry
from crm_client.zoho.api.entry_errors import error_of
from crm_client.zoho.api.shapes import Call, Entry, Raw

ENTRIES_A_CALL: Final = 100
ENTRIES_A_CREDIT: Final = 10


class Writing(asker.Asker):
    def insert(self, module: str, entries: Sequence[Raw]) -> Sequence[Entry]:
        asking = f"insert {module}"
        path = self._path(asker.checked_module(module, asking))
        made = self._write("POST", path, asking, entries, repeatable=False)
        if any(entry.ok and not entry.id for entry in made):
            raise CrmOutcomeUnknown(asking, "Zoho did not say the id of what it made")
        return made

    def update(self, module: str, entries: Sequence[Raw]) -> Sequence[Entry]:
        asking = f"update {module}"
        for entry in entries:
            asker.checked_id(asker.text_of(entry.get("id")), asking)
        return self._write("PUT", self._path(asker.checked_module(module, asking)), asking, entries)

    def upsert(self, module: str, entries: Sequence[Raw], *, duplicate_check: Sequence[str]) -> Sequence[Entry]:
        asking = f"upsert {module}"
        path = self._path(asker.checked_module(module, asking), "upsert")
        checked = list(asker.checked_fields(duplicate_check, asking))
        if not checked:
            raise CrmRejected(asking, "without a unique field it would not be safe to repeat")
        return self._write("POST", path, asking, entries, {"duplicate_check_fields": checked})

    def delete(self, module: str, ids: Sequence[str]) -> Sequence[Entry]:
        asking = f"delete {module}"
        return self._remove(self._path(asker.checked_module(module, asking)), asking, ids)

    def link(self, module: str, record_id: str, related_list: str, entries: Sequence[Raw]) -> Sequence[Entry]:
        asking = f"link {related_list} to {module}"
        return self._write("PUT", self._list_path(module, record_id, related_list, asking), asking, entries)

    def unlink(self, module: str, record_id: str, related_list: str, ids: Sequence[str]) -> Sequence[Entry]:
        asking = f"unlink {related_list} from {module}"
        return self._remove(self._list_path(module, record_id, related_list, asking), asking, ids)

    def _write(
        self,
        method: str,
        path: str,
        asking: str,
        entries: Sequence[Raw],
        more: Mapping[str, Any] | None = None,
        *,
        repeatable: bool = True,
    ) -> tuple[Entry, ...]:
        if not entries:
            return ()
        _not_too_many(entries, asking)
        call = Call(
            method,
            path,
            asking,
            body={"data": [dict(entry) for entry in entries], **(more or {})},
            credits=-(-len(entries) // ENTRIES_A_CREDIT),
            heavy=len(entries) > ENTRIES_A_CREDIT,
            repeatable=repeatable,
            entries="data",
        )
        return self._entries(call, len(entries))

    def _remove(self, path: str, asking: str, ids: Sequence[str]) -> tuple[Entry, ...]:
        if not ids:
            return ()
        _not_too_many(ids, asking)
        params = {"ids": ",".join(asker.checked_id(text, asking) for text in ids)}
        return self._entries(Call("DELETE", path, asking, params=params, entries="data"), len(ids))

    def _entries(self, call: Call, count: int) -> tuple[Entry, ...]:
        """One for each that was sent, or an error: with one more or less, nobody knows which is whose."""
        answer = self._send(call)
        entries = tuple(read_entry(raw) for raw in asker.rows_of(answer, call.entries, call.asking))
        if len(entries) == count:
            return entries
        if answer.status >= 400 and len(entries) == 1 and (error := error_of(entries[0], call.asking)):
            raise error
        what = f"{count} entries were sent and {len(entries)} answered"
        raise CrmUnreachable(call.asking, what) if call.repeatable else CrmOutcomeUnknown(call.asking, what)


def _not_too_many(entries: Sequence[object], asking: str) -> None:
    if len(entries) > ENTRIES_A_CALL:
        raise CrmRejected(asking, f"at most {ENTRIES_A_CALL} entries go into one call")
