"""E-mails that were exchanged elsewhere, put beside a record. Part of `ZohoApi`.

https://www.zoho.com/crm/developer/docs/api/v8/associate-email.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crm_client.errors import CrmOutcomeUnknown
from crm_client.zoho.api import asker
from crm_client.zoho.api.entries import read_entry
from crm_client.zoho.api.shapes import Call, Entry, Raw

_PAGES = 50  # of ten e-mails each


class Mails(asker.Asker):
    def emails(self, module: str, record_id: str) -> Iterator[Raw]:
        asking = f"list e-mails of {module}"
        path = self._path(asker.checked_module(module, asking), asker.checked_id(record_id, asking), "Emails")
        index = ""
        for _ in range(_PAGES):
            answer = self._send(Call("GET", path, asking, params={"index": index} if index else {}))
            rows = asker.rows_of(answer, "Emails", asking)
            yield from rows
            info = asker.info_of(answer)
            following = asker.text_of(info.get("next_index"))
            if not rows or not info.get("more_records") or following in ("", index):
                return
            index = following

    def associate_email(self, module: str, record_id: str, email: Raw) -> Entry:
        asking = f"put an e-mail beside a record of {module}"
        path = self._path(
            asker.checked_module(module, asking), asker.checked_id(record_id, asking), "actions", "associate_email"
        )
        call = Call("POST", path, asking, body={"Emails": [dict(email)]}, repeatable=False, entries="Emails")
        rows = asker.rows_of(self._send(call), call.entries, asking)
        if len(rows) != 1:
            raise CrmOutcomeUnknown(asking, f"one e-mail was sent and {len(rows)} answered")
        entry = read_entry(rows[0])
        details = asker.mapping(rows[0].get("details"))
        return replace(entry, id=entry.id or asker.text_of(details.get("message_id"))) if entry.ok else entry
