"""Whose addresses are nobody's: our own people, machines and mailing lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from crm_client.identifiers import email_key
from crm_client.records import Owner
from motenashi.inbound_mail.parsed_mail import ParsedMail

_MACHINE = re.compile(
    r"(?:(?:do[._-]?)?not?[._-]?(?:reply|response)|mailer[._-]?daemon|postmaster|bounces?|auto(?:mated|[._-]?reply)?|"
    r"notifications?|alerts?|daemon|root|nobody|mailman)(?:[+._-].*)?"
)


class OurPeople:
    """Known by the CRM's owners and by our own mail domains."""

    def __init__(self, owners: Iterable[Owner], own_domains: Collection[str]) -> None:
        self._addresses = {email_key(owner.email) for owner in owners if owner.email}
        self._domains = tuple(domain.strip().strip("@.").lower() for domain in own_domains if domain.strip("@. "))

    def holds(self, address: str) -> bool:
        """Is this one of ours? A domain of ours holds its subdomains."""
        key = email_key(address)
        domain = key.rpartition("@")[2]
        ours = any(domain == own or domain.endswith("." + own) for own in self._domains)
        return bool(key) and (key in self._addresses or ours)


def is_machine(address: str) -> bool:
    """no-reply@, mailer-daemon@ and the like: nobody sits there."""
    return bool(_MACHINE.fullmatch(email_key(address).rpartition("@")[0]))


def is_list(address: str, mail: ParsedMail) -> bool:
    """Does the address belong to the mailing list that this mail came through?"""
    key, list_id = email_key(address), mail.list_id.lower()
    if not list_id or not key:
        return False
    local, _, domain = key.partition("@")
    bare = re.sub(r"-(?:request|owner|bounces|admin)$", "", local)
    return list_id in (f"{bare}.{domain}", f"{bare}@{domain}") or any(
        email_key(to.address) == key for to in (*mail.to, *mail.cc)
    )
