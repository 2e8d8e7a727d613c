"""What is special about leads: the company that Zoho demands, and what became of a converted one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing

NO_COMPANY: Final = "-"  # a private person's; Zoho takes no lead without a company


class CompanyPart(Part):
    def value(self, value: Any, ground: Ground) -> Any:
        found = values.text(value)
        return "" if found == NO_COMPANY else found

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {self.field: self.value(getattr(record, self.field), ground)}

    def write(self, writing: Writing) -> dict[str, Any]:
        written = super().write(writing)
        return {self.name: written[self.name] or NO_COMPANY}


@dataclass(frozen=True)
class ConversionPart(Part):
    """Read only: converting is Zoho's own act. The ids come as look-ups, in older versions in `$converted_detail`."""

    contact_name: str = "Converted_Contact"
    deal_name: str = "Converted_Deal"

    @property
    def ours(self) -> tuple[str, ...]:
        return ("converted_contact_id", "converted_deal_id")

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.name, self.contact_name, self.deal_name)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {}

    @property
    def look_ups(self) -> tuple[str, ...]:
        return (self.contact_name, self.deal_name)

    def read(self, reading: Reading) -> dict[str, Any]:
        detail = reading.get("$converted_detail")
        more = detail if isinstance(detail, dict) else {}
        contact = values.record_id(reading.get(self.contact_name)) or values.record_id(more.get("contact"))
        deal = values.record_id(reading.get(self.deal_name)) or values.record_id(more.get("deal"))
        found: dict[str, Any] = {}
        if contact:
            found["converted_contact_id"] = reading.local("contacts", contact)
        if deal:
            found["converted_deal_id"] = reading.local("deals", deal)
        if found or not self._converted(reading) or (reading.old and reading.old.converted_contact_id):
            return found
        # Converted, and we may not see into what. Its own id names no contact, and yet it says: this lead is done with.
        return {"converted_contact_id": reading.local("leads", values.record_id(reading.get("id")))}

    def _converted(self, reading: Reading) -> bool:
        said = reading.get(self.name)
        return values.flag(reading.get("$converted") if said is None else said)

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        return {}
