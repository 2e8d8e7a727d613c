"""What the outside of a small house has: for tests of the checker and the prover."""

from __future__ import annotations

from collections.abc import Mapping

from motenashi.flow_engine.check import Known
from motenashi.flow_engine.flow import FlowSet
from motenashi.flow_engine.flow_reader import read_flows
from plugs.all_plugs import ALL_PLUGS

KNOWN = Known(
    plugs={plug.name: plug for plug in ALL_PLUGS},
    departments=("sales", "support"),
    appointments=("consultation",),
    intents=("complaint", "quote_request", "demo_request"),
    channels=("website", "salesiq", "terminal"),
    host_allowed=lambda origin: origin == "https://api.example.com",
    record_fields={
        "leads": ("last_name", "company", "email", "phone", "source", "note"),
        "contacts": ("last_name", "mobile"),
    },
)


def flows_of(*documents: str) -> FlowSet:
    """Flows that can be read: each text is a document of its own."""
    return flows_in({"flows/test.yaml": "\n---\n".join(documents)})


def flows_in(sources: Mapping[str, str]) -> FlowSet:
    flows, problems = read_flows(sources)
    assert problems == []
    return flows
