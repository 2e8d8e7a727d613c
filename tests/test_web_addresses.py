"""Which addresses a web call may go to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from motenashi.web_call.addresses import may_call

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::5db8:d822"]
INSIDE = [
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.2.1"),
    *("::1", "fc00::1", "fd12:3456::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
    "64:ff9b::7f00:1",
]
NEVER = [
    *("169.254.169.254", "169.254.0.1", "168.63.129.16", "100.100.100.200", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
    *("240.0.0.1", "::", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "::7f00:1"),
    *("2002:7f00:1::", "2001:0:53aa:64c::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_called(address: str) -> None:
    assert may_call(ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_network_only_when_the_operator_allows_them(address: str) -> None:
    assert not may_call(ip_address(address), allow_private=False)
    assert may_call(ip_address(address), allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_multicast_and_tunnels_are_never_called(address: str) -> None:
    assert not may_call(ip_address(address), allow_private=False)
    assert not may_call(ip_address(address), allow_private=True)
