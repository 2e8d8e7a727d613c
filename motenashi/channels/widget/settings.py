"""The operator's choices for the chat box: which sites may show it, and how much one visitor may ask of us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class WidgetSettings:
    """config.yaml, section `channels.widget`. Rates are written like `30/minute` or `30/minute;300/hour`."""

    enabled: Annotated[bool, "Offer the chat box at /widget.js."] = True
    origins: Annotated[
        tuple[str, ...],
        "Sites that may show the chat box, as scheme://host[:port]. The server's own pages always may.",
    ] = ()
    messages: Annotated[str, "How many messages one conversation may send."] = "30/minute;400/hour"
    messages_per_address: Annotated[str, "How many messages may come from one network address."] = "240/minute"
    conversations: Annotated[str, "How many conversations one network address may begin."] = "30/minute;200/hour"
    look_ups: Annotated[str, "How often one conversation may ask whether there is something new."] = "120/minute"
    visits: Annotated[
        bool,
        "Note which pages visitors look at who agreed to it. A page asks for it with data-visits on the script's tag.",
    ] = False
    visit_calls: Annotated[str, "How often one network address may tell of looked-at pages."] = "120/minute"
    visit_days: Annotated[int, "How long visits of people who stay unknown are kept."] = 90
    longest_body: Annotated[int, "Bytes a request may have; more is answered with 413."] = 262_144
    longest_text: Annotated[int, "Characters one message may have."] = 10_000
    identity_hours: Annotated[float, "How long a visitor stays verified after the site's signed token was checked."] = (
        12.0
    )
