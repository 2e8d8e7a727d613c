"""Amounts: Zoho's decimals of a currency's unit, our whole numbers of its smallest part.

Without several currencies in the organisation there is no Currency field; then an amount is in the record's own
currency if it has one here, else in the organisation's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_client.zoho.mapping import values
from crm_client.zoho.mapping.ground import Ground
from crm_client.zoho.mapping.parts import Part, Reading, Writing


@dataclass(frozen=True)
class AmountPart(Part):
    """An amount with its currency: when the currency changes, the same number of smallest parts is another decimal."""

    currency_name: str = ""
    least: int | None = None  # what stands for no amount

    @property
    def ours(self) -> tuple[str, ...]:
        return (self.field, "currency")

    @property
    def theirs(self) -> tuple[str, ...]:
        return (self.name, self.currency_name)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return {self.field: (self.name,), "currency": (self.currency_name,)}

    def read(self, reading: Reading) -> dict[str, Any]:
        if not reading.said(*self.theirs):
            return {}
        before = reading.old.currency if reading.old else ""
        currency = values.text(reading.get(self.currency_name)) or before or reading.ground.currency
        found: dict[str, Any] = {"currency": currency}
        if reading.said(self.name):
            amount = values.money(reading.get(self.name), currency)
            found[self.field] = self.least if amount is None else amount
        return found

    def taken(self, field: str, value: Any, ground: Ground) -> Any:
        if field == "currency":
            return values.text(value)
        found = values.whole_number(value)
        return self.least if found is None else found

    def base(self, record: Any, ground: Ground) -> dict[str, Any]:
        found: dict[str, Any] = {self.field: getattr(record, self.field)} if self.name else {}
        return found | ({"currency": record.currency} if self.currency_name else {})

    def write(self, writing: Writing) -> dict[str, Any]:
        record = writing.record
        found: dict[str, Any] = {}
        if self.name:
            found[self.name] = values.money_out(getattr(record, self.field), record.currency)
        if self.currency_name and record.currency and "currency" in writing.changed:
            found[self.currency_name] = record.currency
        return found
