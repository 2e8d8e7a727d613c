"""Did Zoho get it? Looking for a record whose creation went out and whose answer never came.

A record of another of ours is never taken for this one, so two that are alike stay two. What can be asked is asked
exactly; everything found is compared here once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from crm_client.errors import CrmRejected
from crm_client.zoho.api.shapes import Raw
from crm_client.zoho.outbox import links
from crm_client.zoho.outbox.desk import Desk
from crm_client.zoho.outbox.entries import Row
from crm_client.zoho.outbox.links import Links

SLACK = timedelta(minutes=5)  # by how much Zoho's clock may differ from ours
MOST = 2_000
_SHORT: Final = 100  # longer names may have been cut on their way
_CREATED: Final = "Created_Time"

_PERSON = ("last_name", "first_name", "phone", "mobile", "email")
_ACTIVITY = ("subject", "start_at", "contact_id", "lead_id", "deal_id", "note")
NATURAL_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("name",),
    "contacts": _PERSON,
    "leads": (*_PERSON, "company"),
    "products": ("code", "name_en"),
    "deals": ("name", "contact_id", "account_id"),
    "calls": _ACTIVITY,
    "events": _ACTIVITY,
    "tasks": _ACTIVITY,
    "notes": ("title", "text"),
}
# What people go on writing in: of a record that was changed since it was made, these tell nothing. Of people without
# an address all is needed.
_LIVELY: Final[Mapping[str, frozenset[str]]] = {
    "products": frozenset({"name_en"}),
    "deals": frozenset({"contact_id", "account_id"}),
    **dict.fromkeys(("calls", "events", "tasks"), frozenset({"note", "start_at"})),
    "notes": frozenset({"text"}),
}


def _equal(ours: Any, theirs: Any) -> bool:
    """Texts may come back shorter than they went out, and without the blanks at their ends."""
    if isinstance(ours, str) and isinstance(theirs, str):
        short = theirs.strip().removesuffix("…").rstrip()
        return ours.strip() == theirs.strip() or (theirs != short and bool(short) and ours.startswith(short))
    return ours == theirs or (ours in ("", None) and theirs in ("", None))


class LookingBack:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def person(self, module: str, record: Any) -> Raw | None:
        """Whoever has this e-mail address in Zoho; of leads only those that are not converted. The oldest of several
        that are nobody else's here."""
        fields = self._desk.map.fields_to_read(module)
        found = self._desk.calls.people_with(self._desk.api(module), fields, email=record.email)
        return self._free(module, (raw for raw in found if not self._is_converted(module, raw)), people=True)

    def made_by(self, module: str, sent: Mapping[str, Any], parent: Raw, row: Row) -> Raw | None:
        """What our call may have made: like what was `sent` (our fields, as FieldMap.base_of), and not older than the
        call. `parent`: of notes, the look-up that was sent."""
        if row.sent_at is None:
            return None
        found = self._since(module, sent, parent, row.sent_at - SLACK)
        all_fields = frozenset(NATURAL_KEYS[module])
        exact = [raw for raw in found if self._alike(module, sent, raw, all_fields)]
        return self._free(module, exact) or self._changed_since(module, sent, found)

    def _changed_since(self, module: str, sent: Mapping[str, Any], found: Iterable[Raw]) -> Raw | None:
        """Somebody in Zoho may have gone on with it before we could look, after an outage above all."""
        fields = frozenset(NATURAL_KEYS[module]) - _LIVELY.get(module, frozenset())
        if not any(sent.get(field) for field in fields):
            return None
        changed = [raw for raw in found if self._desk.map.modified_at(raw) > self._created(raw)]
        return self._free(module, [raw for raw in changed if self._alike(module, sent, raw, fields)])

    def _since(self, module: str, sent: Mapping[str, Any], parent: Raw, since: datetime) -> Sequence[Raw]:
        fields = self._desk.map.fields_to_read(module)
        if module == "notes":
            where = str((parent.get("module") or {}).get("api_name") or "")
            found = self._desk.calls.related(where, str(parent.get("id", "")), self._desk.api("notes"), fields)
            return [raw for raw in found if self._created(raw) >= since]
        api_module = self._desk.api(module)
        conditions: list[tuple[str, str, Any]] = [(_CREATED, ">=", since)]
        field = NATURAL_KEYS[module][0]
        name = self._desk.map.names(module).get(field, "")
        if not name or not sent.get(field) or len(str(sent[field])) > _SHORT:
            return self._desk.calls.query(api_module, fields, conditions, most=MOST)
        try:
            return self._desk.calls.query(api_module, fields, [*conditions, (name, "=", sent[field])], most=MOST)
        except CrmRejected as error:
            if error.field != name:  # otherwise: a text that can't stand in a query
                raise
            return self._desk.calls.query(api_module, fields, conditions, most=MOST)

    def _created(self, raw: Raw) -> datetime:
        return self._desk.map.modified_at({**raw, "Modified_Time": raw.get(_CREATED) or raw.get("Modified_Time")})

    def _alike(self, module: str, sent: Mapping[str, Any], raw: Raw, fields: frozenset[str]) -> bool:
        with self._desk.reading() as connection:
            theirs = self._desk.map.to_record(module, raw, None, local=Links(connection).local_id)
        there = self._desk.map.base_of(module, theirs)
        return all(_equal(sent[field], there.get(field)) for field in fields if field in sent)

    def _is_converted(self, module: str, raw: Raw) -> bool:
        if module != "leads":
            return False
        lead: Any = self._desk.map.to_record(module, raw, None, local=lambda of, zoho_id: zoho_id)
        return bool(lead.converted_contact_id or lead.converted_deal_id)

    def _free(self, module: str, raws: Iterable[Raw], *, people: bool = False) -> Raw | None:
        """The oldest that no other record of ours is. A person who only came from Zoho may become one with ours."""
        with self._desk.reading() as connection:
            for raw in sorted(raws, key=lambda one: (str(one.get(_CREATED, "")), str(one["id"]))):
                link = links.by_zoho_id(connection, module, str(raw["id"]))
                if link is None or (people and link.local_id == link.zoho_id):
                    return raw
        return None
