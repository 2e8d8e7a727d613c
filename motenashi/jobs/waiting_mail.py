"""Mail that waits in the store gets a task again: its first one was lost, or done too early, or never put.

The store is the truth and the queue a hint, so losing the queue, or a worker with a mail in hand, costs a little time
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

# A mail's own task has this long before a second one is put beside it.
PATIENCE = timedelta(seconds=30)
# A long backlog (an imported archive) is put into the queue in portions of this size, the next one when the queue has
# become as short as that: so it is never empty, and hardly any mail stands in it twice.
MOST, SHORT = 500, 50


def waiting_mail(
    waiting: Callable[[int, datetime], Sequence[int]],
    put: Callable[[int], object],
    queued: Callable[[], int],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """`waiting`: ids of mails that are due at a moment, at most that many; `queued`: how many tasks lie there already.

    Returns how many tasks were put. A task too many does nothing: who does not get the mail's claim leaves it.
    """
    mail_ids = waiting(MOST, clock() - PATIENCE) if queued() <= SHORT else ()
    for mail_id in mail_ids:
        put(mail_id)
    return len(mail_ids)
