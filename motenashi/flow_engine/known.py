"""What flows may name that lives outside of them: plugs, departments, appointments, intents, hosts, CRM fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from motenashi.plug_contract import Plug


@dataclass(frozen=True)
class Known:
    """Handed over by whoever knows. None: nobody knows, so names of that kind are not checked."""

    plugs: Mapping[str, Plug] | None = None  # by name
    departments: Collection[str] | None = None
    appointments: Collection[str] | None = None
    intents: Collection[str] | None = None  # labels of the reader's taxonomy
    channels: Collection[str] | None = None  # names of channels
    host_allowed: Callable[[str], bool] | None = None  # `https://host:port`, without a path
    record_fields: Mapping[str, Collection[str]] | None = None  # leads, contacts, deals, accounts -> our field names

    def plug(self, name: str) -> Plug | None:
        return self.plugs.get(name) if self.plugs is not None else None
