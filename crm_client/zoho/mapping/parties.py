"""Whom an activity or a note is about.

An activity names its contact in Who_Id and what else it is about in What_Id, whose module stands in `$se_module`; a
lead stands in What_Id, too (Zoho's Kaizen #36; that of a deal and a lead only one can be named there is Zoho's rule).
A note has one parent. What Zoho can't hold beside it stays known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing, look_up

MODULE_OF_WHAT: Final = "$se_module"
_FIELDS: Final[Mapping[str, str]] = {"contacts": "contact_id", "leads": "lead_id", "deals": "deal_id"}


@dataclass(frozen=True)
class PartiesPart(Part):
    """`name` is that of What_Id. Without a module beside it (bulk files tell none, and the mirror says it for
    them: mirror/what_rows_are_about.py) What_Id is taken for a deal."""

    who_name: str = "Who_Id"
    our_module: Callable[[str], str] = str
    api_module: Callable[[str], str] = str

    @property
    def ours(self) -> tuple[str, ...]:
        return ("contact_id", "deal_id", "lead_id")

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.who_name, self.name)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {"contact_id": (self.who_name,), "deal_id": (self.name,), "lead_id": (self.name,)}

    @property
    def look_ups(self) -> tuple[str, ...]:
        return self.theirs

    def read(self, reading: Reading) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if reading.said(self.who_name):
            found |= self._who(reading)
        if reading.said(self.name):
            found = self._what(reading) | {name: value for name, value in found.items() if value}
            found.setdefault("contact_id", "")
        return found

    def _who(self, reading: Reading) -> dict[str, Any]:
        value = reading.get(self.who_name)
        who = values.record_id(value)
        if who and self._module(reading, value) == "leads" and not values.record_id(reading.get(self.name)):
            return {"contact_id": "", "lead_id": reading.local("leads", who)}
        return {"contact_id": reading.local("contacts", who) if who else ""}

    def _what(self, reading: Reading) -> dict[str, Any]:
        value = reading.get(self.name)
        what = values.record_id(value)
        module = self._module(reading, value) or "deals"
        if not what:
            return {"deal_id": "", "lead_id": ""}
        if module == "leads":
            return {"deal_id": "", "lead_id": reading.local("leads", what)}
        if module == "deals":
            deal = reading.local("deals", what)
            # A lead that we know of beside this deal could not be named in Zoho.
            beside = reading.old.lead_id if reading.old and reading.old.deal_id == deal else ""
            return {"deal_id": deal, "lead_id": beside}
        return {"deal_id": "", "lead_id": ""}

    def _module(self, reading: Reading, value: Any) -> str:
        said = values.text(reading.get(MODULE_OF_WHAT)) or _module_named(value)
        return (self.our_module(said) or said) if said else ""

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {"contact_id": record.contact_id, "deal_id": record.deal_id, "lead_id": record.lead_id}

    def write(self, writing: Writing) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.who_name and "contact_id" in writing.changed:
            found |= look_up(writing, "contact_id", self.who_name, "contacts")
        if self.name and writing.changed & {"deal_id", "lead_id"}:
            found |= self._what_out(writing)
        return found

    def _what_out(self, writing: Writing) -> dict[str, Any]:
        module = _what_of(writing.record)
        if not module:
            # Said anew, or the module of what stood there before would go on to speak for Who_Id.
            about = {MODULE_OF_WHAT: self.api_module("contacts")} if writing.record.contact_id else {}
            return {self.name: None, **about}
        return {**look_up(writing, _FIELDS[module], self.name, module), MODULE_OF_WHAT: self.api_module(module)}

    def refers_to(self, record: Any) -> tuple[tuple[str, str], ...]:
        module = _what_of(record)
        named = (("contacts", record.contact_id), (module, getattr(record, _FIELDS[module]) if module else ""))
        return tuple((where, one) for where, one in named if one)


def _what_of(record: Any) -> str:
    return "deals" if record.deal_id else "leads" if record.lead_id else ""


@dataclass(frozen=True)
class ParentPart(Part):
    """A note's parent: the deal if it names one, else the contact, else the lead. Notes never move."""

    our_module: Callable[[str], str] = str
    api_module: Callable[[str], str] = str

    @property
    def ours(self) -> tuple[str, ...]:
        return ("contact_id", "deal_id", "lead_id")

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return dict.fromkeys(self.ours, (self.name,))

    @property
    def look_ups(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, reading: Reading) -> dict[str, Any]:
        value = reading.get(self.name)
        parent = values.record_id(value)
        said = _module_named(value) or values.text(reading.get(MODULE_OF_WHAT))
        module = (self.our_module(said) or said) if said else ""
        if not parent or module not in _FIELDS:
            return {}
        return {_FIELDS[module]: reading.local(module, parent)}

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {"contact_id": record.contact_id, "deal_id": record.deal_id, "lead_id": record.lead_id}

    def write(self, writing: Writing) -> dict[str, Any]:
        module = _parent_of(writing.record)
        if not module:
            return {}
        api_module = self.api_module(module)
        parent = look_up(writing, _FIELDS[module], self.name, module)[self.name]
        return {self.name: {**parent, "module": {"api_name": api_module}}}

    def refers_to(self, record: Any) -> tuple[tuple[str, str], ...]:
        module = _parent_of(record)
        return ((module, getattr(record, _FIELDS[module])),) if module else ()


def _parent_of(record: Any) -> str:
    return next((module for module in ("deals", "contacts", "leads") if getattr(record, _FIELDS[module])), "")


def _module_named(value: Any) -> str:
    """Newer versions tell a look-up's module in the look-up itself: {"id", "module": {"api_name"}}."""
    module = value.get("module") if isinstance(value, Mapping) else None
    return values.text(module.get("api_name")) if isinstance(module, Mapping) else values.text(module)
