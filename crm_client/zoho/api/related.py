"""Related lists, of one record or of many at once. Part of `ZohoApi`.

Many at once go five to a composite call; where an edition (or the token) does not have it, one by one.
https://www.zoho.com/crm/developer/docs/api/v8/composite-api.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crm_client.errors import CrmError, CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.shapes import Answer, Call, Raw

PARTS_A_CALL: Final = 5
MOST_PAGES: Final = 500  # of one record's list

_PARTS: Final = "__composite_requests"
_NOT_HERE: Final = frozenset(
    {"FEATURE_NOT_SUPPORTED", "NOT_SUPPORTED", "OAUTH_SCOPE_MISMATCH", "INVALID_URL_PATTERN", "NO_PERMISSION"}
)


class Related(asker.Asker):
    _composite_works = True  # until Zoho says that it does not

    def related(self, module: str, record_id: str, related_list: str, fields: Sequence[str]) -> Iterator[Raw]:
        asking = f"list {related_list} of {module}"
        path = self._list_path(module, record_id, related_list, asking)
        params = _list_params(fields, asking)
        token = ""
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            here = {"page_token": token} if token else {"page": str(number)} if number > 1 else {}
            answer = self._send(Call("GET", path, asking, params={**params, **here}))
            rows = asker.records_of(answer, asking)
            yield from rows
            info = asker.info_of(answer)
            if not info.get("more_records") or not rows:
                return
            token = asker.text_of(info.get("next_page_token"))
            if token in seen:
                raise CrmUnreachable(asking, "Zoho gave the same page token twice")
            seen |= {token} if token else set()
        raise CrmRejected(asking, f"the list has more than {MOST_PAGES} pages")

    def related_of_many(
        self, module: str, record_ids: Sequence[str], related_list: str, fields: Sequence[str]
    ) -> Mapping[str, Sequence[Raw]]:
        found: dict[str, Sequence[Raw]] = {}
        for lot in asker.in_lots(dict.fromkeys(record_ids), PARTS_A_CALL):
            at_once = self._at_once(module, lot, related_list, fields) if len(lot) > 1 else {}
            for record_id in lot:
                rows = at_once.get(record_id)
                if rows is None:
                    rows = tuple(self._related_or_gone(module, record_id, related_list, fields))
                found[record_id] = rows
        return found

    def _related_or_gone(self, module: str, record_id: str, related_list: str, fields: Sequence[str]) -> Sequence[Raw]:
        """A record that was deleted meanwhile has nothing related; the others are still wanted. Zoho has one code for
        it and for a list that does not exist, so the record itself is looked for."""
        try:
            return tuple(self.related(module, record_id, related_list, fields))
        except CrmRejected as error:
            if error.code != "INVALID_DATA" or self._is_there(module, record_id):
                raise
            return ()

    def _is_there(self, module: str, record_id: str) -> bool:
        asking = f"look whether a record of {module} is there"
        params = {"ids": record_id, "fields": asker.MODIFIED, **self._only_leads(module)}
        try:
            answer = self._send(Call("GET", self._path(module), asking, params=params))
        except CrmRejected as error:
            if error.code != "INVALID_DATA":
                raise
            return False
        return bool(asker.records_of(answer, asking))

    def _at_once(
        self, module: str, record_ids: Sequence[str], related_list: str, fields: Sequence[str]
    ) -> dict[str, Sequence[Raw]]:
        """The lists that came whole; the rest is asked for one by one, which also says what was wrong."""
        if not self._composite_works:
            return {}
        asking = f"list {related_list} of several {module}"
        paths = [self._list_path(module, one, related_list, asking) for one in record_ids]
        try:
            answer = self._send(_composite(self._path(_PARTS), paths, _list_params(fields, asking), asking))
        except CrmError as error:
            if error.code not in _NOT_HERE and error.trouble != "feature_missing":
                raise
            self._composite_works = False
            return {}
        parts = asker.rows_of(answer, _PARTS, asking)
        if len(parts) != len(record_ids):
            return {}
        read = {one: _part(part, asking) for one, part in zip(record_ids, parts, strict=True)}
        return {one: rows for one, rows in read.items() if rows is not None}


def _list_params(fields: Sequence[str], asking: str) -> dict[str, str]:
    names = asker.checked_fields(fields, asking) or ("id",)
    if len(names) > asker.MOST_FIELDS:
        raise CrmRejected(asking, f"at most {asker.MOST_FIELDS} fields of a related list can be had")
    return {"fields": ",".join(names), "per_page": "200"}


def _composite(path: str, paths: Sequence[str], params: Mapping[str, str], asking: str) -> Call:
    parts = [
        {"sub_request_id": f"part_{nth}", "method": "GET", "uri": one, "params": dict(params), "headers": {}}
        for nth, one in enumerate(paths, start=1)
    ]
    # What a part costs is nowhere said; each is counted as a call.
    body = {"rollback_on_fail": False, "parallel_execution": True, _PARTS: parts}
    return Call("POST", path, asking, body=body, credits=len(parts), heavy=True, entries=_PARTS)


def _part(part: Mapping[str, Any], asking: str) -> Sequence[Raw] | None:
    """None for a part that failed, or whose list has more pages."""
    response = asker.mapping(asker.mapping(part.get("details")).get("response"))
    status = asker.whole_number(response.get("status_code"))
    if part.get("code") != "SUCCESS" or status not in (200, 204):
        return None
    answer = Answer(status, asker.mapping(response.get("body")), {})
    rows = asker.records_of(answer, asking)
    return None if asker.info_of(answer).get("more_records") else rows
