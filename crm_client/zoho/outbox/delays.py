"""When something is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 60.0  # after an outage of hours, all is sent within a minute or so
# An answer that did not come may still be on its way into Zoho; looking for it too early would find nothing.
LOOK_AFTER_SECONDS = 5.0
LOCKED_SECONDS = 900.0


def pause(attempts: int, chance: float, *, least: float = 0.0) -> timedelta:
    """Twice as long each time, and by chance (0 to 1) up to half of it shorter, so that not all come back at once."""
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempts, 20))
    return timedelta(seconds=max(least, longest * (1 - chance / 2)))
