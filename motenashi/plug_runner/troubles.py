"""What went wrong inside a plug, said for its caller and for the operator's log.

An exception's own words may hold a visitor's address or a key, and so may its causes'. Only its type and the lines
of code it passed go into the log, and the PlugFailed that leaves this house has no cause attached.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

from crm_client.errors import CrmBusy, CrmError, CrmRefused, CrmRejected, CrmUnreachable
from motenashi.bounded_threads import TookTooLong, TooManyRunning
from motenashi.plug_contract import PlugFailed
from motenashi.plug_types.inputs import WrongValue

log = logging.getLogger(__name__)

_CRM_REASONS: tuple[tuple[type[CrmError], str, str], ...] = (
    (CrmUnreachable, "crm_unreachable", "the CRM did not answer; it is tried again with the next call"),
    (CrmBusy, "crm_busy", "the CRM has had too many calls; look at its limits if this stays"),
    (CrmRefused, "crm_refused", "the CRM refused our key or our rights; renew them"),
    (CrmRejected, "crm_rejected", "the CRM did not accept what was asked"),
    # CrmConflict, and kinds yet to come: the record is not as the plug thought it was.
    (CrmError, "crm_rejected", "the CRM did not accept what was asked"),
)


def failure_of(plug: str, error: BaseException, seconds: float) -> PlugFailed:
    """The PlugFailed that tells of this error; the trace is in the log."""
    reason, what = _reason_of(error, seconds)
    if reason in ("timeout", "too_many_running"):
        log.warning("plug %s failed: %s (%s)", plug, reason, what)
    else:
        log.warning("plug %s failed: %s (%s)\n%s", plug, reason, what, "\n".join(trace_of(error)))
    return PlugFailed(plug, reason, what)


def trace_of(error: BaseException) -> Iterator[str]:
    """Types and places of an error and its causes, never their words."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield f"  {type(cause).__qualname__}"
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"    {frame.filename}:{frame.lineno} in {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _reason_of(error: BaseException, seconds: float) -> tuple[str, str]:
    if isinstance(error, TookTooLong):
        return "timeout", f"no answer within {seconds:.3g} s; raise plugs.timeouts or find out what is slow"
    if isinstance(error, TooManyRunning):
        return "too_many_running", str(error)
    if isinstance(error, WrongValue):
        return "bad_output", f"an output is not what it declares: {error}"
    for kind, reason, what in _CRM_REASONS:
        if isinstance(error, kind):
            return reason, what
    return "raised", f"it raised {type(error).__qualname__}; the log has the trace"
