"""What an operator may choose about the embedded CRM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class EmbeddedCrmSettings:
    """config.yaml, section `crm.embedded`."""

    country_code: Annotated[str, "Country code of phone numbers that begin with 0. 81 is Japan."] = "81"
    custom_fields: Annotated[
        tuple[str, ...], "Fields of your own that flows may set, as module.Field_Name, e.g. contacts.Loyalty_Level."
    ] = ()
    tracked_fields: Annotated[
        tuple[str, ...],
        "Fields whose changes become milestones of the timeline, as module.field, e.g. leads.status or "
        "contacts.Loyalty_Level. Stages of deals always do.",
    ] = ("leads.status",)
