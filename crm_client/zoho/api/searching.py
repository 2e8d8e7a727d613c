"""Looking for records: COQL, and search where COQL can't take a value. Part of `ZohoApi`.

Search looks in an index that lags behind and finds what is merely similar, so nothing it finds is believed before it
was compared here. https://www.zoho.com/crm/developer/docs/api/v8/search-records.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from crm_client import zoho_names
from crm_client.errors import CrmRejected
from crm_client.identifiers import email_key, phone_key
from crm_client.zoho.api import asker, coql
from crm_client.zoho.api.reading import Reading
from crm_client.zoho.api.shapes import Call, Raw

MOST_CRITERIA: Final = 10
LONGEST_CRITERIA: Final = 3_000
SEARCHED_IN_ALL: Final = 2_000

_PEOPLE: Final = 200  # rows of one question about a person: one credit
_SPECIAL: Final = re.compile(r"[(),]")

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

    def search(
        self,
        module: str,
        fields: Sequence[str],
        where: Sequence[tuple[str, str]],
        *,
        most: int = 200,
        deadline: float | None = None,
    ) -> Sequence[Raw]:
        asking = f"search {module}"
        names = _query_fields(fields, asking)
        compared = [field.removesuffix(".id") for field, _ in where]
        asked = tuple(dict.fromkeys((*compared, *names)))
        found = self._searched(module, asked, {"criteria": criteria(where, asking)}, asker.Deadline(deadline))
        return _first(most, found, lambda raw: all(_same(raw, field, value) for field, value in where))

    def people_with(
        self, module: str, fields: Sequence[str], *, email: str = "", phone: str = "", deadline: float | None = None
    ) -> Sequence[Raw]:
        asking = f"look for a person in {module}"
        who = _Person(email, phone, self._named(module, fields, _EMAILS), self._named(module, fields, _PHONES))
        if not who.can_be_found:
            return ()
        until = asker.Deadline(deadline)
        names = tuple(dict.fromkeys((*who.fields, *_query_fields(fields, asking))))
        first, rest = names[: asker.MOST_FIELDS - 1], names[asker.MOST_FIELDS - 1 :]
        found = self._people_by_query(module, first, who, until)
        if found is None:
            found = list(self._people_by_search(module, first, who, until))
        return self._with_more_fields(module, tuple(raw for raw in found if who.is_in(raw)), rest)

    def _people_by_query(
        self, module: str, names: Sequence[str], who: _Person, until: asker.Deadline
    ) -> list[dict[str, Any]] | None:
        """None when search has to be asked: a value that can't be quoted, or COQL does not take a field, or there are
        so many similar numbers that the right one may not be among them."""
        asking = f"look for a person in {module}"
        if (where := who.condition(asking)) is None:
            return None
        text = coql.select(module, names, where, offset=0, count=_PEOPLE, asking=asking)
        try:
            rows, more = self._asked(text, _PEOPLE, until, asking)
        except CrmRejected as error:
            if error.code not in _NOT_IN_COQL:
                raise
            return None
        return None if more and not any(who.is_in(row) for row in rows) else list(rows)

    def _people_by_search(
        self, module: str, names: Sequence[str], who: _Person, until: asker.Deadline
    ) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        for params in who.searches():
            for raw in self._searched(module, names, params, until):
                if raw["id"] not in seen:
                    seen.add(raw["id"])
                    yield raw

    def _searched(
        self, module: str, names: Sequence[str], params: dict[str, str], until: asker.Deadline
    ) -> Iterator[dict[str, Any]]:
        """All that search finds: merely similar ones may fill the first page."""
        asking = f"search {module}"
        path = self._path(asker.checked_module(module, asking), "search")
        whole = {**params, "fields": ",".join(names[: asker.MOST_FIELDS]), "per_page": str(_PEOPLE)}
        for page in range(1, SEARCHED_IN_ALL // _PEOPLE + 1):
            call = Call(
                "GET", path, asking, params={**whole, "page": str(page), **self._only_leads(module)}, heavy=True
            )
            answer = self._send(call, until.left(asking))
            yield from asker.records_of(answer, asking)
            if not asker.info_of(answer).get("more_records"):
                return

    def _named(self, module: str, fields: Sequence[str], ours: Sequence[str]) -> tuple[str, ...]:
        """Those of `fields` that hold an address (or number): the fields we know, as this operator calls them, and
        those whose names say so."""
        our_module = self._our_module(module)
        named = self._settings.fields.get(our_module, {})
        known = {named.get(name, zoho_names.api_name(our_module, name)) for name in ours}
        words = ("email",) if ours is _EMAILS else ("phone", "mobile")
        return tuple(
            name
            for name in fields
            if name in known or (any(word in name.lower() for word in words) and not name.endswith("_Opt_Out"))
        )


class _Person:
    """An address, a number, or both, and how Zoho is asked for whoever has one of them."""

    def __init__(self, email: str, phone: str, emails: Sequence[str], phones: Sequence[str]) -> None:
        self._email = email.strip()
        self._phone = phone.strip()
        self._email_key = email_key(email)
        self._phone_key = phone_key(phone)
        self._emails = emails if self._email_key else ()
        self._phones = phones if self._phone_key else ()
        self.fields = (*self._emails, *self._phones)
        self.can_be_found = bool(self.fields)

    def condition(self, asking: str) -> str | None:
        addresses = tuple(dict.fromkeys((self._email_key, self._email)))
        if self._emails and not all(coql.is_safe(address) for address in addresses):
            return None
        # In both spellings, since nothing says whether Zoho regards case. `=`, as there are fewer doubts about it than
        # about `in`.
        conditions = [coql.written((name, "=", address), asking) for name in self._emails for address in addresses]
        endings = _endings(self._phone_key)
        conditions += [coql.contains(name, digits, asking) for digits in endings for name in self._phones]
        return coql.joined(conditions[: coql.MOST_CONDITIONS], "or", asking)

    def searches(self) -> Iterator[dict[str, str]]:
        if self._emails:
            yield {"email": self._email}
        if self._phones:
            yield {"phone": self._phone}

    def is_in(self, raw: Raw) -> bool:
        return any(email_key(asker.text_of(raw.get(name))) == self._email_key for name in self._emails) or any(
            phone_key(asker.text_of(raw.get(name))) == self._phone_key for name in self._phones
        )


def _endings(key: str) -> tuple[str, ...]:
    """The last four digits as people write them. Numbers are stored in any form, and COQL compares letters; these few
    digits stand together in nearly all forms, and who has other digits before them is sorted out here."""
    last = key[-4:]
    return (last, *(f"{last[:2]}{mark}{last[2:]}" for mark in " -."))


def criteria(where: Sequence[tuple[str, str]], asking: str) -> str:
    """((Subject:equals:…)and(…:equals:…)) with what would end a value early escaped."""
    if not 0 < len(where) <= MOST_CRITERIA:
        raise CrmRejected(asking, f"a search has 1 to {MOST_CRITERIA} criteria")
    parts = [f"({coql.checked_field(field, asking)}:equals:{escaped(value)})" for field, value in where]
    text = parts[0] if len(parts) == 1 else f"({'and'.join(parts)})"
    if len(text) > LONGEST_CRITERIA:
        raise CrmRejected(asking, f"a search is at most {LONGEST_CRITERIA} letters long")
    return text


def escaped(value: str) -> str:
    """Line breaks become blanks, as all separators are the same to the index."""
    text = _SPECIAL.sub(r"\\\g<0>", " ".join(value.split()))
    return f"{text}\\" if text.endswith("\\") else text


def _same(raw: Raw, field: str, wanted: str) -> bool:
    """What search found `equal` may only be similar. Look-ups are compared by id, texts without regard to case."""
    have = raw.get(field.removesuffix(".id"))
    if isinstance(have, Mapping):
        have = have.get("id")
    return asker.text_of(have).strip().casefold() == wanted.strip().casefold()


def _first(most: int, found: Iterator[dict[str, Any]], right: Callable[[Raw], bool]) -> tuple[Raw, ...]:
    return tuple(islice((raw for raw in found if right(raw)), most))


def _query_fields(fields: Sequence[str], asking: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(coql.checked_field(name, asking) for name in fields if name != "id"))
