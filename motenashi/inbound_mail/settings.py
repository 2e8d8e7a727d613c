"""config.yaml, section `inbound_mail`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class InboundMailSettings:
    """How much mail is taken in, how often reading it is tried, and how long it is kept."""

    largest_mail: Annotated[
        int, "Bytes a mail may have. A larger one stays where it is, and the page /mail says so."
    ] = 26_214_400
    most_tries: Annotated[int, "How often reading a mail is tried before it is set aside for a person to look at."] = 5
    first_pause: Annotated[float, "Seconds until the second try; they double from try to try, up to an hour."] = 30.0
    kept_days: Annotated[int, "Days after which mail and its reading are thrown away. 0: never."] = 0
