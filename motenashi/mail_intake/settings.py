"""config.yaml, section `mail_intake`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class MailIntakeSettings:
    """What becomes of a mail once it is stored. How often it is tried is said in `inbound_mail`."""

    own_domains: Annotated[
        tuple[str, ...], "Mail domains of our own people (example.co.jp); what they forward is its first sender's."
    ] = ()
    lead_for_strangers: Annotated[bool, "Make a lead of somebody who writes and is not in the CRM."] = True
    lead_source: Annotated[str, "What such a lead's source says."] = "E-mail"
    lead_owner: Annotated[str, "Whose lead it becomes: the address of somebody in the CRM. Empty: nobody's."] = ""
    department: Annotated[str, "Whose business hours hold for suggestions. Empty: the company's."] = ""
    pause_without_crm: Annotated[float, "Seconds until a mail is tried again when the CRM or the reader was away."] = (
        60.0
    )
