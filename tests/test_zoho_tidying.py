"""What the worker of Zoho's mirror clears away."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from unittest.mock import MagicMock

from motenashi.zoho_worker import Mirroring

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_conflicts_are_forgotten_after_the_days_that_the_operator_chose() -> None:
    room, stop, before = MagicMock(), threading.Event(), []
    room.settings.crm.zoho.sync.conflicts_days = 30

    def forget(moment: datetime) -> None:
        before.append(moment)
        stop.set()

    room.waiting.forget_conflicts.side_effect = forget
    Mirroring(room, lambda now: True, clock=lambda: NOW).run(stop)

    assert before == [NOW - timedelta(days=30)]
