"""The operator's choices for the door that a CRM calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class CrmDoorSettings:
    """config.yaml, section `channels.crm`."""

    calls_per_address: Annotated[str, "How many calls may be made from one network address."] = "1200/minute"
