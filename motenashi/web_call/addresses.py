"""Which hosts, and which addresses behind their names, may be called."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from motenashi.web_call.failure import WebCallFailed

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

USUAL_PORTS = {"https": 443, "http": 80}

# Where cloud machines find their own keys, beyond the link-local addresses: Azure, Alibaba, Amazon.
_METADATA = frozenset(map(ip_address, ("168.63.129.16", "100.100.100.200", "fd00:ec2::254")))
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class HostRule:
    """api.example.com, *.example.com, either with :port. Without a port: the usual one of the scheme."""

    host: str
    below: bool  # every host below `host`, not itself
    port: int | None

    @staticmethod
    def read(text: str) -> HostRule:
        """ValueError for what is no host: the operator is told when the server starts."""
        host, port = _host_and_port(text.strip())
        below = host.startswith("*.")
        plain = same_host(host.removeprefix("*."))
        if not plain or "*" in plain or "/" in plain or "@" in plain:
            raise ValueError(f"'{text}' is no host; write api.example.com, *.example.com or api.example.com:8443")
        return HostRule(plain, below, port)

    def fits(self, scheme: str, host: str, port: int) -> bool:
        if port != (self.port or USUAL_PORTS[scheme]):
            return False
        return host.endswith("." + self.host) if self.below else host == self.host


def same_host(host: str) -> str:
    """A host as it is compared: lower case, punycode, no final dot, no brackets. '' for what is no host."""
    host = host.strip().rstrip(".").lower().removeprefix("[").removesuffix("]")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def any_fits(rules: Iterable[HostRule], scheme: str, host: str, port: int) -> bool:
    return any(rule.fits(scheme, host, port) for rule in rules)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the machine's resolver gives them. OSError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def vetted(host: str, addresses: Sequence[str], *, allow_private: bool) -> list[str]:
    """The addresses, all of them fit to be called. One that is not makes the whole name suspicious: WebCallFailed."""
    for text in addresses:
        if not may_call(ip_address(text), allow_private=allow_private):
            raise WebCallFailed(
                "private_address", f"{host} lies at an address that must not be called; see allow_private_addresses"
            )
    if not addresses:
        raise WebCallFailed("unknown_host", f"{host} has no address")
    return list(addresses)


def may_call(address: Address, *, allow_private: bool) -> bool:
    """Link-local addresses (where cloud metadata lives), multicast and the like: never. Private ones: if allowed."""
    inner = _inner(address)
    if inner is None or inner in _METADATA or _is_never_a_service(inner):
        return False
    mapped = inner is not address and address not in _NAT64
    return allow_private or (inner.is_global and not _is_site_local(inner) and not mapped)


def _is_never_a_service(address: Address) -> bool:
    return address.is_multicast or address.is_unspecified or address.is_link_local or _is_reserved(address)


def _inner(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for; None for tunnels, whose other end nobody knows."""
    if isinstance(address, IPv4Address):
        return address
    if address.sixtofour is not None or address.teredo is not None:
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_reserved(address: Address) -> bool:
    # ::1 lies in a reserved block, too, and is this machine.
    return address.is_reserved and not address.is_loopback


def _is_site_local(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.is_site_local


def _host_and_port(text: str) -> tuple[str, int | None]:
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or (":" in host and not host.startswith("[")):
        return text, None  # also a bare IPv6 address
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"'{text}' does not end in a port")
    return host, int(port)
