"""Mail that came in is kept as long as the operator says, and then thrown away with its reading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def forget_inbound_mail(
    forget: Callable[[datetime], int], kept_days: int, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> int:
    """`forget` throws away what came before a moment and says how much that was. With `kept_days` 0: nothing ever."""
    return forget(clock() - timedelta(days=kept_days)) if kept_days > 0 else 0
