"""What an operator may choose about calls to other people's services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated


@dataclass(frozen=True)
class WebCallSettings:
    """config.yaml, section `web_calls`. Without an allowed host no `http` step can call anything."""

    allowed_hosts: Annotated[
        tuple[str, ...],
        "Hosts that flows may call: api.example.com, *.example.com (all below it), either with :port for another port "
        "than the usual one.",
    ] = ()
    http_hosts: Annotated[
        tuple[str, ...], "Those of the allowed hosts that may be called without TLS, written the same way."
    ] = ()
    allow_private_addresses: Annotated[
        bool, "Allow hosts whose address is in a private network or on this machine. Cloud metadata stays refused."
    ] = False
    most_bytes: Annotated[int, "An answer may be this long, in bytes, unpacked."] = 262_144
    timeout: Annotated[float, "A call may take this many seconds, from the name's look-up to the last byte."] = 3.0
    secrets: Annotated[
        Mapping[str, str], "Secrets for headers: the name flows use -> the environment variable that holds it."
    ] = field(default_factory=dict)
    ca_file: Annotated[str, "File with certificates of your own authority, for services inside the company."] = ""
