"""What a mapping stands on besides the settings: the office's clock and currency, and what Zoho says of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from crm_client.errors import CrmRejected
from crm_client.records import Outcome
from crm_client.zoho.api.shapes import FieldMeta

_TOKYO: Final = ZoneInfo("Asia/Tokyo")
_CUT: Final = "…"
# Where a shortened text still says what it is; every other text is refused whole rather than kept in part.
_MAY_BE_CUT: Final = frozenset({"subject", "title", "name"})
_CUT_IN: Final = frozenset({"calls", "events", "tasks", "notes", "deals"})
# What Zoho documents, for as long as its field metadata has not been read.
_DOCUMENTED: Final[Mapping[str, int]] = {"Note_Title": 120, "Note_Content": 65_535}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Ground:
    """`zone`: of days without a time (a task's due date) and times without an offset. `currency`: of amounts whose
    record names none."""

    zone: tzinfo = _TOKYO
    currency: str = "JPY"
    clock: Callable[[], datetime] = _now
    known: dict[str, Mapping[str, FieldMeta]] = field(default_factory=dict)  # our module -> API name -> what it is
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)  # stage -> what it means

    def exists(self, module: str, name: str) -> bool:
        """True, too, while the module's fields were not asked for."""
        return module not in self.known or name in self.known[module]

    def may_write(self, module: str, name: str) -> bool:
        known = self.known.get(module)
        return known is None or (name in known and not known[name].read_only)

    def demands(self, module: str, name: str) -> bool:
        """Must the field hold something? Yes, while Zoho has not told."""
        known = self.known.get(module)
        return known is None or (name in known and known[name].mandatory)

    def picks(self, module: str, name: str) -> Sequence[str]:
        """The values of a pick list; none when it is not known."""
        meta = self.known.get(module, {}).get(name)
        return tuple(one.actual for one in meta.values) if meta else ()

    def longest(self, module: str, name: str) -> int | None:
        meta = self.known.get(module, {}).get(name)
        found = meta.length if meta and meta.data_type != "picklist" else None
        return found or _DOCUMENTED.get(name)

    def cut(self, module: str, field_name: str, name: str, text: str) -> str:
        """Its beginning, with a mark, where that still says what it is; every other text is given back whole."""
        longest = self.longest(module, name)
        if longest is None or not 1 < longest < len(text):
            return text
        may_be = field_name in _MAY_BE_CUT and module in _CUT_IN
        return text[: longest - 1].rstrip() + _CUT if may_be else text

    def fitting(self, module: str, field_name: str, name: str, text: str) -> str:
        """The text as it fits. CrmRejected for one that does not, and may not be cut."""
        fitting, longest = self.cut(module, field_name, name, text), self.longest(module, name)
        if longest is None or len(fitting) <= longest:
            return fitting
        what = f"{field_name} ({name}) is longer than {longest} characters"
        raise CrmRejected(f"write {module}", what, field_name, trouble="value_rejected")
