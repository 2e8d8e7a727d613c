"""What flows may name that only the whole house knows: plugs, departments, appointments, hosts, record fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from crm_client.records import Account, Contact, Deal, Lead
from motenashi.flow_engine.check import Known
from motenashi.plug_contract import Plug
from motenashi.settings import Settings
from motenashi.web_call.addresses import USUAL_PORTS, HostRule, any_fits
from nlp.labels import INTENTS

CHANNELS = ("website", "salesiq", "terminal", "facebook", "instagram", "whatsapp", "telegram", "line", "mobile")
MODULES = {"contacts": Contact, "leads": Lead, "deals": Deal, "accounts": Account}


def known_names(settings: Settings, plugs: Sequence[Plug]) -> Known:
    hours, booking = settings.business_hours, settings.booking
    return Known(
        plugs={plug.name: plug for plug in plugs},
        departments={*hours.departments, *booking.departments},
        appointments=set(booking.appointments),
        intents=frozenset(INTENTS),
        channels=CHANNELS,
        host_allowed=allowed_hosts(settings),
        record_fields={
            module: {field.name for field in dataclasses.fields(kind)} - {"id", "extra", "created_at"}
            for module, kind in MODULES.items()
        },
    )


def allowed_hosts(settings: Settings) -> Callable[[str], bool]:
    """May the host of this URL be called?"""
    rules = [HostRule.read(text) for text in settings.web_calls.allowed_hosts]

    def allowed(origin: str) -> bool:
        parts = urlsplit(origin)
        try:
            port = parts.port or USUAL_PORTS[parts.scheme]
        except (KeyError, ValueError):
            return False
        return any_fits(rules, parts.scheme, parts.hostname or "", port)

    return allowed
