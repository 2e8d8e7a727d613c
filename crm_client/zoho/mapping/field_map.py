"""Zoho's records as ours, and ours as Zoho's: the one door of this package.

Every field of ours that Zoho holds is carried by a part (`modules.py` says which); what no part carries stays as the
mirror has it. A field of the company's own (`crm.embedded.custom_fields`) stands in `extra` under its API name, and
that name is also its name in `fields`, `base_of` and `writable`.

Once Zoho's own description of its fields is known (`learn`), fields that do not exist there or may not be written are
left out, texts are held against their lengths and pick lists are asked for their words. Source:
https://www.zoho.com/crm/developer/docs/api/v8/.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from crm_client.embedded.columns import UniqueWords, Words
from crm_client.embedded.record_rows import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, LEADS, NOTES, PRODUCTS, Kind
from crm_client.errors import CrmRejected
from crm_client.records import Account, Activity, Contact, Deal, Lead, Note, Owner, Product, Stage
from crm_client.zoho.api.shapes import FieldMeta, Raw
from crm_client.zoho.mapping import csv_rows, values
from crm_client.zoho.mapping.custom_fields import CustomField
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.modules import DEFAULT_MODULES, MIRRORED, OTHER_NAMES_OF_MODULES, names_of, parts_of
from crm_client.zoho.mapping.owners import owner_of
from crm_client.zoho.mapping.parties import MODULE_OF_WHAT
from crm_client.zoho.mapping.parts import Part, Reading, Translate, Writing, api_names
from crm_client.zoho.mapping.stages import outcome_of, stages_of
from crm_client.zoho.settings import ZohoSettings

__all__ = ["MIRRORED", "FieldMap", "Record", "module_of"]

Record = Account | Contact | Lead | Product | Deal | Activity | Note

_ALWAYS: Final = ("id", "Created_Time", "Modified_Time")
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK: Final[Mapping[str, Record]] = {
    "accounts": Account("", ""),
    "contacts": Contact("", ""),
    "leads": Lead("", "", "", status=""),
    "products": Product("", "", "", "", "", 0),
    "deals": Deal("", "", ""),
    "calls": Activity("", "call", "", _BEGINNING),
    "events": Activity("", "event", "", _BEGINNING),
    "tasks": Activity("", "task", "", _BEGINNING),
    "notes": Note("", "", "", _BEGINNING),
}
_ROWS: Final[Mapping[str, Kind[Any]]] = {
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
    "leads": LEADS,
    "products": PRODUCTS,
    "deals": DEALS,
    "calls": ACTIVITIES,
    "events": ACTIVITIES,
    "tasks": ACTIVITIES,
    "notes": NOTES,
}
_MODULE_OF_KIND: Final = {"call": "calls", "event": "events", "task": "tasks"}
_MODULE_OF_RECORD: Final[Mapping[type, str]] = {
    type(record): module for module, record in _BLANK.items() if not isinstance(record, Activity)
}


def module_of(record: Record) -> str:
    """`contacts`, …; of activities calls, events or tasks."""
    return _MODULE_OF_KIND[record.kind] if isinstance(record, Activity) else _MODULE_OF_RECORD[type(record)]


class FieldMap:
    """`custom_fields` as in `crm.embedded.custom_fields`. `zone`: the office's, of due dates and of times without an
    offset. `currency`: of amounts, where neither Zoho nor the record says one."""

    def __init__(
        self,
        settings: ZohoSettings,
        custom_fields: Collection[str] = (),
        *,
        zone: tzinfo | None = None,
        currency: str = "",
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._settings = settings
        given = {"zone": zone, "currency": currency, "clock": clock}
        self._ground = Ground(**{name: value for name, value in given.items() if value})  # type: ignore[arg-type]
        self._ground.outcomes = {stage: outcome_of(stage, "", settings.stages) for stage in settings.stages}
        self._api_modules = {ours: settings.modules.get(ours) or name for ours, name in DEFAULT_MODULES.items()}
        self._our_modules = {theirs: ours for ours, theirs in self._api_modules.items()}
        self._names = {module: names_of(module, settings.fields.get(module, {})) for module in MIRRORED}
        self._parts = {module: self._parts_of(module, custom_fields) for module in MIRRORED}
        self._csv_kinds = {module: csv_rows.kinds_of(parts) for module, parts in self._parts.items()}
        self._writable: dict[str, frozenset[str]] = {}  # worked out once, and again when something was learned

    def _parts_of(self, module: str, custom_fields: Collection[str]) -> tuple[Part, ...]:
        shipped = parts_of(module, self._names[module], self.our_module, self.api_module)
        taken = {name for part in shipped for name in part.ours}
        fields = (name.partition(".") for name in custom_fields)
        own = [name for where, _, name in fields if where == module and name and name not in taken]
        has_extra = hasattr(_BLANK[module], "extra")
        return (*shipped, *(CustomField(name, name, module=module) for name in dict.fromkeys(own) if has_extra))

    # Names

    def api_module(self, module: str) -> str:
        """`contacts` -> Contacts, or the operator's name; a module we do not know keeps its own."""
        return self._api_modules.get(module, module)

    def our_module(self, api_module: str) -> str:
        """'' for a module that is none of ours."""
        return self._our_modules.get(api_module) or OTHER_NAMES_OF_MODULES.get(api_module, "")

    def names(self, module: str) -> Mapping[str, str]:
        """Our field -> API name of everything mapped; fields of the company's own under their API names."""
        own = {part.field: part.name for part in self._parts[module] if isinstance(part, CustomField)}
        return {field: name for field, name in (dict(self._names[module]) | own).items() if name}

    def carriers(self, module: str) -> Mapping[str, tuple[str, ...]]:
        """Our field -> the API names that carry it to Zoho, of everything mapped, whether Zoho has it or not."""
        found = {field: names for part in self._parts[module] for field, names in part.carried.items()}
        named = {field: tuple(name for name in names if name) for field, names in found.items()}
        return {field: names for field, names in named.items() if names}

    def kinds(self, module: str) -> Mapping[str, str]:
        """API name -> what we take it for: text, number, flag, day, moment, look-up; of single fields only."""
        return {part.name: part.kind for part in self._parts[module] if part.name and part.field in part.carried}

    def stage_field(self) -> str:
        """API name of a deal's stage."""
        return self._names["deals"]["stage"]

    def fields_to_read(self, module: str) -> tuple[str, ...]:
        """API names, with id, Created_Time and Modified_Time first; of those that exist, once Zoho has told."""
        wanted = api_names(self._parts[module])
        if self._settings.key_field:
            wanted = (*wanted, self._settings.key_field)
        if module == "deals":
            wanted = (*wanted, *(name for name in ("Stage_Modified_Time",) if "deals" in self._ground.known))
        there = (name for name in wanted if self._ground.exists(module, name) and not name.startswith("$"))
        return tuple(dict.fromkeys((*_ALWAYS, *there)))

    def writable(self, module: str) -> frozenset[str]:
        """Our fields that go to Zoho."""
        found = self._writable.get(module)
        if found is None:
            found = self._writable[module] = self._what_is_writable(module)
        return found

    def _what_is_writable(self, module: str) -> frozenset[str]:
        return frozenset(
            field
            for part in self._parts[module]
            for field, names in part.carried.items()
            if any(name and self._ground.may_write(module, name) for name in names)
        )

    # What Zoho says of itself

    def learn(self, module: str, fields: Sequence[FieldMeta]) -> None:
        """Zoho's description of a module's fields, from `ZohoCalls.fields`."""
        self._ground.known[module] = {field.name: field for field in fields}
        self._writable.pop(module, None)
        stage = self._ground.known[module].get(self.stage_field()) if module == "deals" else None
        if stage is not None:
            known = {one.name: one.outcome for one in self.stages(stage)}
            own = {name: outcome_of(name, "", self._settings.stages) for name in self._settings.stages}
            self._ground.outcomes = known | own

    def learn_organisation(self, raw: Raw) -> None:
        """From `ZohoCalls.organisation`: the currency of amounts that name none."""
        code = values.text(raw.get("iso_code"))
        if len(code) == 3 and code.isalpha():
            self._ground.currency = code.upper()

    def stages(self, stage_field: FieldMeta) -> tuple[Stage, ...]:
        """In their order; what each means by its forecast type, unless `crm.zoho.stages` says otherwise."""
        return stages_of(stage_field, self._settings.stages)

    # In

    def to_record(self, module: str, raw: Raw, old: Record | None, *, local: Translate) -> Record:
        """The raw as our record. `old`: what the mirror has, whose unmapped fields stay. `local(our_module, zoho_id)`.
        CrmRejected, with the API name of the field, for a raw that can't be read."""
        zoho_id = values.record_id(raw.get("id"))
        if not zoho_id:
            raise CrmRejected(f"read {module}", "a record came without an id", "id", trouble="value_rejected")
        reading = Reading(module, raw, old, local, self._ground)
        found: dict[str, Any] = {}
        extra: dict[str, Any] = dict(getattr(old, "extra", {}))
        for part in self._parts[module]:
            read = _read(part, reading)
            if isinstance(part, CustomField):
                part.put(extra, read)
            else:
                found |= read
        record = self._filled(module, found, extra, reading, zoho_id)
        return self._as_it_was(module, record, old) if old is not None else record

    def _filled(
        self, module: str, found: dict[str, Any], extra: dict[str, Any], reading: Reading, zoho_id: str
    ) -> Record:
        begin = reading.old or _BLANK[module]
        found = _fitting(module, found)
        if hasattr(begin, "extra"):
            found["extra"] = extra
        found["id"] = reading.old.id if reading.old else reading.local(module, zoho_id)
        if module == "notes":
            created = _moment(module, reading, "Created_Time")
            found |= {} if reading.old else {"at": created or self.modified_at(reading.raw)}
        elif hasattr(begin, "created_at") and not getattr(begin, "created_at", None):
            found["created_at"] = _moment(module, reading, "Created_Time")
        record = dataclasses.replace(begin, **found)
        if isinstance(record, Product) and isinstance(reading.old, Product):
            record = _named_alike(record, reading.old)
        return _with_what_we_need(module, record, reading, zoho_id)

    def _as_it_was(self, module: str, record: Record, old: Record) -> Record:
        """Where Zoho tells nothing new, our value stays: it may be finer than what Zoho can hold."""
        same: dict[str, Any] = {}
        for part in self._parts[module]:
            if isinstance(part, CustomField):
                continue
            ours, theirs = part.base(old, self._ground), part.base(record, self._ground)
            same |= {field: getattr(old, field) for field in ours if ours[field] == theirs.get(field)}
        return dataclasses.replace(record, **same)

    def from_csv(self, module: str, row: Mapping[str, str]) -> dict[str, Any]:
        """A bulk row in the shape of the API's JSON; empty texts are null."""
        return csv_rows.from_csv(row, self._csv_kinds[module], self._ground.known.get(module, {}))

    def modified_at(self, raw: Raw) -> datetime:
        """In UTC. CrmRejected when Zoho did not tell."""
        try:
            found = values.moment(raw.get("Modified_Time"), self._ground.zone)
        except ValueError as error:
            raise CrmRejected(
                "read record", f"Modified_Time {error}", "Modified_Time", trouble="value_rejected"
            ) from None
        if found is None:
            raise CrmRejected("read record", "Modified_Time is missing", "Modified_Time", trouble="value_rejected")
        return found

    def owner(self, raw: Raw) -> Owner:
        """A user of Zoho's, from GET /users."""
        return owner_of(raw, self._ground.zone)

    # Out

    def base_of(self, module: str, record: Record) -> dict[str, Any]:
        """The writable fields as JSON, in the form in which Zoho would tell them: two are equal exactly when nothing
        has changed that Zoho could know of."""
        wanted = self.writable(module)
        found: dict[str, Any] = {}
        for part in self._parts[module]:
            found |= part.base(record, self._ground)
        return {field: value for field, value in found.items() if field in wanted}

    def to_raw(self, module: str, fields: Mapping[str, Any], record: Record, *, zoho: Translate) -> dict[str, Any]:
        """Our fields (values as base_of gives them, or the record's own) under API names, for an update; fields that
        are not writable are left out. `record`: the whole, for values composed of several fields. `zoho(module, id)`:
        '' while Zoho does not have it. CrmRejected, with our field, for what Zoho can't hold and for a look-up that is
        not there yet (`refers_to` names those)."""
        changed = frozenset(fields) & self.writable(module)
        writing = Writing(module, self._with(module, fields, record), changed, zoho, self._ground)
        found: dict[str, Any] = {}
        for part in self._parts[module]:
            if changed & frozenset(part.carried):
                found |= _write(part, writing)
        return {name: value for name, value in found.items() if self._goes_out(module, name)}

    def new_raw(self, module: str, record: Record, *, zoho: Translate) -> dict[str, Any]:
        """The whole record, for a creation: as to_raw, without empty fields."""
        fields = dict.fromkeys(self.writable(module))
        raw = self.to_raw(module, {name: _value(record, name) for name in fields}, record, zoho=zoho)
        return {name: value for name, value in raw.items() if not values.is_empty(value)}

    def refers_to(self, module: str, fields: Collection[str], record: Record) -> tuple[tuple[str, str], ...]:
        """(our module, our id) of the records that Zoho must have before these fields of the record can be written."""
        changed = frozenset(fields) & self.writable(module)
        parts = (part for part in self._parts[module] if changed & frozenset(part.carried))
        return tuple(dict.fromkeys(found for part in parts for found in part.refers_to(record)))

    def _with(self, module: str, fields: Mapping[str, Any], record: Record) -> Record:
        ours: dict[str, Any] = {}
        extra = dict(getattr(record, "extra", {}))
        for part in self._parts[module]:
            if isinstance(part, CustomField):
                extra |= {part.field: fields[part.field]} if part.field in fields else {}
                continue
            for field in part.ours:
                if field in fields and hasattr(record, field):
                    ours[field] = _taken(part, field, fields[field], module, self._ground)
        if hasattr(record, "extra"):
            ours["extra"] = extra
        return dataclasses.replace(record, **ours)

    def _goes_out(self, module: str, name: str) -> bool:
        return name == MODULE_OF_WHAT or (name != "" and self._ground.may_write(module, name))


def _read(part: Part, reading: Reading) -> dict[str, Any]:
    try:
        return part.read(reading)
    except ValueError as error:
        raise CrmRejected(
            f"read {reading.module}", f"{part.name} {error}", part.name, trouble="value_rejected"
        ) from None


def _write(part: Part, writing: Writing) -> dict[str, Any]:
    try:
        return part.write(writing)
    except ValueError as error:
        what = f"{part.field} ({part.name}) {error}"
        raise CrmRejected(f"write {writing.module}", what, part.field, trouble="value_rejected") from None


def _taken(part: Part, field: str, value: Any, module: str, ground: Ground) -> Any:
    try:
        return part.taken(field, value, ground)
    except ValueError as error:
        raise CrmRejected(f"write {module}", f"{field} {error}", field, trouble="value_rejected") from None


def _moment(module: str, reading: Reading, name: str) -> datetime | None:
    try:
        return values.moment(reading.get(name), reading.ground.zone)
    except ValueError as error:
        raise CrmRejected(f"read {module}", f"{name} {error}", name, trouble="value_rejected") from None


def _value(record: Record, field: str) -> Any:
    return getattr(record, field) if hasattr(record, field) else getattr(record, "extra", {}).get(field)


def _longest(module: str) -> Mapping[str, int]:
    """Our field -> how many characters its column holds."""
    texts = (column for column in _ROWS[module].table.c if isinstance(column.type, Words | UniqueWords))
    impls = {column.name: getattr(column.type, "impl", None) for column in texts}
    lengths = {name: getattr(impl, "length", None) for name, impl in impls.items()}
    return {name: length for name, length in lengths.items() if length}


_LONGEST: Final[Mapping[str, Mapping[str, int]]] = {module: _longest(module) for module in MIRRORED}


def _fitting(module: str, found: dict[str, Any]) -> dict[str, Any]:
    """Texts cut to what our columns hold."""
    longest = _LONGEST[module]
    for field, value in found.items():
        if isinstance(value, str) and len(value) > longest.get(field, len(value)):
            found[field] = value[: longest[field]].rstrip()
    return found


def _named_alike(record: Product, old: Product) -> Product:
    """A Japanese name that was only the other one goes along with it."""
    follows = old.name_ja == old.name_en and record.name_ja == old.name_ja
    return dataclasses.replace(record, name_ja=record.name_en) if follows else record


def _with_what_we_need(module: str, record: Record, reading: Reading, zoho_id: str) -> Record:
    """What our tables ask for and Zoho may have empty, by the next best thing that tells which record it is."""
    if isinstance(record, Contact | Lead) and not record.last_name:
        return dataclasses.replace(record, last_name=record.first_name or record.email or zoho_id)
    if isinstance(record, Account | Deal) and not record.name:
        record = dataclasses.replace(record, name=zoho_id)
    if isinstance(record, Product):
        name = record.name_en or record.code or zoho_id
        return dataclasses.replace(record, code=record.code or zoho_id, name_en=name, name_ja=record.name_ja or name)
    if isinstance(record, Deal) and not record.stage:
        raise CrmRejected("read deals", "Stage is missing", "Stage", trouble="value_rejected")
    if isinstance(record, Activity) and record.start_at == _BEGINNING:
        raise CrmRejected(
            f"read {module}", "it has no time, and no Created_Time", "Created_Time", trouble="value_rejected"
        )
    return record
