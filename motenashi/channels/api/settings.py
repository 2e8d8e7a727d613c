"""config.yaml, section `channels.api`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class ApiSettings:
    requests_per_key: Annotated[str, "How much one key, or one person who is logged in, may ask."] = "600/minute"
    requests_per_address: Annotated[str, "How much may be asked from one network address."] = "1200/minute"
