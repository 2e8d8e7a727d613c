"""What went wrong, for technicians: an exception's kind and place. Never its words, which may be a customer's."""

from __future__ import annotations

import traceback


def cause_of(error: BaseException) -> str:
    """For instance `ValueError in nlp.dates.resolving:120`."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return type(error).__name__
    frame, line = frames[-1]
    return f"{type(error).__name__} in {frame.f_globals.get('__name__', '?')}:{line}"


def way_of(error: BaseException) -> str:
    """The places the error came through, as a traceback tells them, without the values and the message."""
    return "".join(traceback.format_tb(error.__traceback__))
