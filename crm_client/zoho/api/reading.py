"""Reading records: lists by Modified_Time, records by id, deletions. Part of `ZohoApi`.

Get Records, https://www.zoho.com/crm/developer/docs/api/v8/get-records.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from crm_client.errors import CrmError, CrmRejected, CrmUnreachable
from crm_client.zoho.api import asker
from crm_client.zoho.api.shapes import Answer, Call, Deleted, Page, Raw

IDS_A_CALL: Final = 100

_BEGIN_AGAIN: Final = frozenset(
    {
        "EXPIRED_VALUE",
        "TOKEN_BOUND_DATA_MISMATCH",
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        "PAGINATION_LIMIT_EXCEEDED",
    }
)
_NO_SUCH_ID: Final = frozenset({"INVALID_DATA"})


class Reading(asker.Asker):
    def page(
        self,
        module: str,
        fields: Sequence[str],
        *,
        since: datetime | None = None,
        token: str = "",
        per_page: int = 200,
    ) -> Page:
        asking = f"list {module}"
        asker.checked_module(module, asking)
        names = asker.checked_fields((asker.MODIFIED, *fields), asking)
        answer = self._send(
            Call(
                "GET",
                self._path(module),
                asking,
                params={
                    "fields": ",".join(names[: asker.MOST_FIELDS]),
                    "per_page": str(per_page),
                    "sort_by": asker.MODIFIED,
                    "sort_order": "asc",
                    **self._only_leads(module),
                    **({"page_token": token} if token else {}),
                },
                headers={"If-Modified-Since": asker.moment_text(since)} if since else {},
                heavy=True,  # it is sorted
            )
        )
        records = self._with_more_fields(module, asker.records_of(answer, asking), names[asker.MOST_FIELDS :])
        next_token, more = _what_follows(answer)
        return Page(records, next_token, more)

    def pages(self, module: str, fields: Sequence[str], *, since: datetime | None = None) -> Iterator[Page]:
        listing = _Listing(f"list {module}", since)
        while not listing.over:
            try:
                page = self.page(module, fields, since=listing.since, token=listing.token)
            except CrmError as error:
                if error.code not in _BEGIN_AGAIN:
                    raise
                listing.begin_again(error)
                continue
            if new := listing.take(page):
                yield Page(new, page.next_token, page.more)

    def records(self, module: str, ids: Collection[str], fields: Sequence[str]) -> Sequence[Raw]:
        asking = f"read {module} by id"
        asker.checked_module(module, asking)
        names = asker.checked_fields(fields, asking)
        wanted = tuple(dict.fromkeys(text for text in ids if asker.is_id(text)))
        found = self._fields_of(module, wanted, names[: asker.MOST_FIELDS - 1])
        records = [found[wanted_id] for wanted_id in wanted if wanted_id in found]
        return self._with_more_fields(module, records, names[asker.MOST_FIELDS - 1 :])

    def deleted(self, module: str, since: datetime) -> Iterator[Deleted]:
        asking = f"list deleted {module}"
        path = self._path(asker.checked_module(module, asking), "deleted")
        headers = {"If-Modified-Since": asker.moment_text(since)}
        seen: set[str] = set()
        token = ""
        for number in count(1):
            here = {"page_token": token} if token else {"page": str(number)}
            answer = self._send(
                Call("GET", path, asking, params={"type": "all", "per_page": "200", **here}, headers=headers)
            )
            new = [row for row in asker.records_of(answer, asking) if row["id"] not in seen]
            seen.update(row["id"] for row in new)
            yield from (_deleted(row, asking) for row in new)
            token, more = _what_follows(answer)
            if not token and not more:
                return
            if not new:
                raise CrmUnreachable(asking, "Zoho gives the same page again and again")

    def _with_more_fields(self, module: str, records: Sequence[Raw], names: Sequence[str]) -> Sequence[Raw]:
        """The fields that one call could not take. A record that is gone by now is left out."""
        for lot in asker.in_lots(names, asker.MOST_FIELDS - 1):
            if not records:
                break
            more = self._fields_of(module, [raw["id"] for raw in records], lot)
            records = [asker.merged(raw, more[raw["id"]]) for raw in records if raw["id"] in more]
        return tuple(records)

    def _fields_of(self, module: str, ids: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, Any]]:
        return {
            raw["id"]: raw
            for lot in asker.in_lots(ids, IDS_A_CALL)
            for raw in self._by_ids(module, lot, (asker.MODIFIED, *(name for name in names if name != asker.MODIFIED)))
        }

    def _by_ids(self, module: str, ids: Sequence[str], names: Sequence[str]) -> Iterator[dict[str, Any]]:
        asking = f"read {module} by id"
        params = {"ids": ",".join(ids), "fields": ",".join(names), **self._only_leads(module)}
        try:
            answer = self._send(Call("GET", self._path(module), asking, params=params))
        except CrmRejected as error:
            if error.code not in _NO_SUCH_ID or error.field not in ("", "id", "ids"):
                raise
            yield from self._by_halves(module, ids, names)
            return
        yield from (raw for raw in asker.records_of(answer, asking) if raw["id"] in ids)

    def _by_halves(self, module: str, ids: Sequence[str], names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """One id among them is refused: for a record that does not exist, some modules refuse the whole call."""
        if len(ids) > 1:
            half = len(ids) // 2
            yield from self._by_ids(module, ids[:half], names)
            yield from self._by_ids(module, ids[half:], names)


class _Listing:
    """Where we are in a list that is sorted by Modified_Time and may have to be begun again on the way."""

    def __init__(self, asking: str, since: datetime | None) -> None:
        self.since = since
        self.token = ""
        self.over = False
        self._asking = asking
        self._last: datetime | None = None
        self._edge: dict[tuple[str, str], datetime] = {}  # what was given with the latest times
        self._tokens: set[str] = set()
        self._new_since_begun = 0

    def take(self, page: Page) -> tuple[Raw, ...]:
        """What of this page was not given before; then on to the next."""
        new = tuple(raw for raw in page.records if _version(raw) not in self._edge)
        self._new_since_begun += len(new)
        self._remember(new)
        if page.next_token:
            self._go_on(page.next_token)
        elif page.more:
            self.begin_again(None)
        else:
            self.over = True
        return new

    def begin_again(self, because: CrmError | None) -> None:
        """From the last time seen. Times are whole seconds, and Zoho lists what changed *after* one: a second less,
        so that the rest of that second comes, too."""
        if not self._new_since_begun:
            raise CrmUnreachable(
                self._asking, "Zoho does not lead beyond the records of one second; only a new first fill does"
            ) from because
        if self._last is not None:
            from_here = self._last - timedelta(seconds=1)
            self.since = from_here if self.since is None else max(self.since, from_here)
        self.token = ""
        self._tokens.clear()
        self._new_since_begun = 0

    def _go_on(self, token: str) -> None:
        if token in self._tokens:
            raise CrmUnreachable(self._asking, "Zoho gave the same page token twice")
        self._tokens.add(token)
        self.token = token

    def _remember(self, new: Sequence[Raw]) -> None:
        changed = {_version(raw): at for raw in new if (at := asker.moment(raw.get(asker.MODIFIED)))}
        if not changed:
            return
        self._edge |= changed
        latest = max(changed.values())
        if self._last is None or latest > self._last:
            self._last = latest
            edge = latest - timedelta(seconds=1)
            self._edge = {what: at for what, at in self._edge.items() if at >= edge}


def _version(raw: Raw) -> tuple[str, str]:
    return raw["id"], asker.text_of(raw.get(asker.MODIFIED))


def _what_follows(answer: Answer) -> tuple[str, bool]:
    """The next page's token, and whether there is more although no token leads there. Pages by number are no way on
    in a list of changes: what changes meanwhile moves to its end, and others move up past us unseen."""
    info = asker.info_of(answer)
    if not info.get("more_records"):
        return "", False
    token = asker.text_of(info.get("next_page_token"))
    return token, not token


def _deleted(row: Raw, asking: str) -> Deleted:
    at = asker.moment(row.get("deleted_time"))
    if at is None:
        raise CrmUnreachable(asking, "a deletion has no time")
    return Deleted(row["id"], at.astimezone(UTC), asker.text_of(row.get("type")))
