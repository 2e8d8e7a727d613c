"""What flows may name that only the whole house knows: plugs, departments, appointments, hosts, record fields."""

from __future__ import annotations

from collections.abc import Sequence

from motenashi.flow_engine.check import Known
from motenashi.plug_contract import Plug
from motenashi.settings import Settings


def known_names(settings: Settings, plugs: Sequence[Plug]) -> Known:
    return Known(plugs={plug.name: plug for plug in plugs})
