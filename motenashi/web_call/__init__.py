"""Call somebody else's web service as a flow's `http` step asks, and only where the operator allowed it."""

from motenashi.web_call.caller import WebCaller
from motenashi.web_call.failure import WebCallFailed
from motenashi.web_call.settings import WebCallSettings

__all__ = ["WebCallFailed", "WebCallSettings", "WebCaller"]
