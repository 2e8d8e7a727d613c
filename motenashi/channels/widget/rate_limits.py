"""How much one visitor and one network address may ask of the door, counted where the storage says (memory, Redis)."""

from __future__ import annotations

import math
import time
from ipaddress import ip_address, ip_network

from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter


def neighbourhood(address: str) -> str:
    """Whom to count for a network address: an IPv6 machine picks from 2^64 of them as it likes, so all count as one."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4 or known.ipv4_mapped:
        return address
    return str(ip_network((known, 64), strict=False))


class TooMany(Exception):
    """`retry_after`: whole seconds until the next try can succeed."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many requests; again in {retry_after} s")
        self.retry_after = retry_after


class Rate:
    """One limit, such as `30/minute;400/hour`, for everybody by name. ValueError when the rate can't be read."""

    def __init__(self, name: str, rate: str, storage: Storage) -> None:
        self._name = name
        self._items: list[RateLimitItem] = parse_many(rate)
        self._limiter = FixedWindowRateLimiter(storage)

    def count(self, who: str) -> None:
        """Count one request; TooMany when it is one more than allowed."""
        for item in self._items:
            if not self._limiter.hit(item, "widget", self._name, who):
                raise TooMany(self._seconds_left(item, who))

    def _seconds_left(self, item: RateLimitItem, who: str) -> int:
        stats = self._limiter.get_window_stats(item, "widget", self._name, who)
        return max(1, math.ceil(stats.reset_time - time.time()))
