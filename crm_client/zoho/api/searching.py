"""Looking for records: COQL, and search where COQL can't take a value. Part of `ZohoApi`.

Search looks in an index that lags behind and finds what is merely similar, so nothing it finds is believed before it
was compared here. https://www.zoho.com/crm/developer/docs/api/v8/search-records.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from crm_client.errors import CrmRejected
from crm_client.zoho.api import asker, coql
from crm_client.zoho.api.reading import Reading
from crm_client.zoho.api.shapes import Call, Raw

MOST_CRITERIA: Final = 10
LONGEST_CRITERIA: Final = 3_000
SEARCHED_IN_ALL: Final = 2_000

_EMAILS: Final = ("email", "secondary_email")
_PHONES: Final = ("phone", "mobile")
_NOT_IN_COQL: Final = frozenset({"SYNTAX_ERROR", "INVALID_QUERY"})


class Searching(Reading):
    def query(
        self,
        module: str,
        fields: Sequence[str],
        where: Sequence[coql.Condition],
        *,
        most: int = 200,
        deadline: float | None = None,
    ) -> Sequence[Raw]:
        asking = f"query {module}"
        names = _query_fields(fields, asking)
        until = asker.Deadline(deadline)
        found: dict[str, dict[str, Any]] = {}
        for part in coql.in_parts(where, asking):
            if len(found) >= most:
                break
            rows = self._rows(module, names[: asker.MOST_FIELDS - 1], coql.where_all(part, asking), most, until)
            found |= {row["id"]: row for row in rows}
        return self._with_more_fields(module, tuple(found.values())[:most], names[asker.MOST_FIELDS - 1 :])

    def _rows(
        self, module: str, names: Sequence[str], where: str, most: int, until: asker.Deadline
    ) -> Iterator[dict[str, Any]]:
        asking = f"query {module}"
        if most > coql.MOST_ROWS_IN_ALL:
            raise CrmRejected(asking, f"COQL gives at most {coql.MOST_ROWS_IN_ALL} rows")
        offset, step = 0, coql.MOST_ROWS
        while offset < most:
            count = min(step, most - offset)
            text = coql.select(module, names, where, offset=offset, count=count, asking=asking)
            try:
                rows, more = self._asked(text, count, until, asking)
            except CrmRejected as error:
                if error.code != "LIMIT_EXCEEDED" or count <= 200:
                    raise
                step = 200  # some versions give no more in one call
                continue
            yield from rows
            offset += len(rows)
            if not more or not rows:
                return

    def _asked(
        self, text: str, count: int, until: asker.Deadline, asking: str
    ) -> tuple[Sequence[dict[str, Any]], bool]:
        call = Call(
            "POST",
            self._path("coql"),
            asking,
            body={"select_query": text},
            credits=coql.credits_of(count),
            heavy=True,
        )
        answer = self._send(call, until.left(asking))
        return asker.records_of(answer, asking), bool(asker.info_of(answer).get("more_records"))


def _query_fields(fields: Sequence[str], asking: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(coql.checked_field(name, asking) for name in fields if name != "id"))
