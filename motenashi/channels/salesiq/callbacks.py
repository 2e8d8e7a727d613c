"""Answers that were not ready in time: announced with `pending`, brought later by a call to SalesIQ.

Source: Zoho SalesIQ's documentation of pending responses: POST /api/v2/{screen name}/callbacks/{request id}/response
with any response as body, `Authorization: Zoho-oauthtoken …`, scope SalesIQ.callbacks.UPDATE. Its REST interface
reports errors with status 200 and an `error` object. Callbacks of one conversation must go out one after the other;
whoever calls `deliver_late` sees to that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests

from motenashi.channels.inside import LateDelivery
from motenashi.channels.salesiq.access_token import AccessTokens, NoAccessToken, with_scheme
from motenashi.channels.salesiq.clean_json import whole_number
from motenashi.channels.salesiq.render import to_salesiq
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.target import Target, target_of
from motenashi.conversation.reply import Reply

log = logging.getLogger(__name__)

# SalesIQ's error codes and HTTP statuses after which the same call can never succeed: wrong portal, address, request,
# rights or plan.
_HOPELESS = frozenset({1004, 1005, 1006, 1007, 1010, 1011, 1015, 1016, 1017, 1019, 1021, 400, 403, 404, 410})
_TOKEN_REFUSED = frozenset({1002, 1008, 401})


class LateDeliveryFailed(Exception):
    """The answer did not arrive. `try_again`: False when no later try can succeed (log it and stop)."""

    def __init__(self, what: str, *, try_again: bool) -> None:
        super().__init__(what)
        self.try_again = try_again


def late_delivery(target: Target, request_id: str, *, by_callback: bool) -> LateDelivery:
    """What `deliver_late` will need; without a callback the answer waits in the transcript to be asked for."""
    return LateDelivery(
        "salesiq",
        {
            "request_id": request_id if by_callback else "",
            "channel": target.limits.channel,
            "base_url": target.base_url,
        },
    )


def deliver_late(
    settings: SalesIQSettings, data: Mapping[str, Any], reply: Reply, access_token: Callable[[], str]
) -> None:
    """Bring a late answer. `data` is LateDelivery.data; `access_token` is an AccessTokens or any function like it.

    LateDeliveryFailed when it did not arrive. Without a request id there is nothing to do: the visitor asks for it.
    """
    request_id = str(data.get("request_id", ""))
    if not request_id:
        return
    target = target_of(settings, str(data.get("channel", "")), reply.language, str(data.get("base_url", "")))
    _call(settings, request_id, "response", in_callback(to_salesiq(reply, target)), access_token)


def keep_alive(settings: SalesIQSettings, data: Mapping[str, Any], text: str, access_token: Callable[[], str]) -> None:
    """Tell the waiting visitor that we are still at it. LateDeliveryFailed as above."""
    if request_id := str(data.get("request_id", "")):
        _call(settings, request_id, "progress", {"text": text}, access_token)


def in_callback(response: dict[str, Any]) -> dict[str, Any]:
    """Live bots send texts of a `reply` as objects when they call back, and those of other actions as strings."""
    if response["action"] != "reply":
        return response
    replies = [{"text": item} if isinstance(item, str) else item for item in response["replies"]]
    return response | {"replies": replies}


def _call(
    settings: SalesIQSettings, request_id: str, what: str, body: dict[str, Any], access_token: Callable[[], str]
) -> None:
    callbacks = settings.callbacks
    url = (
        f"{with_scheme(callbacks.server)}/api/v2/{quote(callbacks.screen_name, safe='')}"
        f"/callbacks/{quote(request_id, safe='')}/{what}"
    )
    try:
        headers = {"Authorization": f"Zoho-oauthtoken {access_token()}"}
        answer = requests.post(url, json=body, headers=headers, timeout=callbacks.seconds, allow_redirects=False)
    except NoAccessToken as error:
        raise LateDeliveryFailed(f"no access token: {error}", try_again=True) from error
    except requests.RequestException as error:
        raise LateDeliveryFailed(f"{callbacks.server}: {type(error).__name__}", try_again=True) from None
    code, words = _error_in(answer)
    if not words:
        return
    if code in _TOKEN_REFUSED and isinstance(access_token, AccessTokens):
        access_token.forget()
    raise LateDeliveryFailed(words, try_again=code not in _HOPELESS)


def _error_in(answer: requests.Response) -> tuple[int, str]:
    """SalesIQ's code and words, or the HTTP status; (0, '') for success, which has status 200 like most errors."""
    try:
        data = answer.json()
    except ValueError:
        data = None
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict):
        code = whole_number(error.get("code")) or 0
        return code, f"SalesIQ said {code}: {error.get('message', '')}"
    if error is not None:
        return 0, f"SalesIQ said: {error}"
    return (answer.status_code, f"SalesIQ answered {answer.status_code}") if answer.status_code >= 300 else (0, "")
