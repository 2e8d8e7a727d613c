"""The door for SalesIQ's webhook plugs, and for anyone with an API key who speaks the same format.

Answers are 200 also when a plug could not or may not answer: SalesIQ switches a plug off after a few failures, and a
flow can only read outputs. Then all outputs are empty and `refused` or `failed` says why. A visitor's personal data is
only given when the address in the session counts as verified (`assurance`), for signed calls.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Request, Response, request

from motenashi.channels.inside import Inside
from motenashi.channels.salesiq.clean_json import text_of
from motenashi.channels.salesiq.door import Refused, answered, body_of, check_signed, is_ping
from motenashi.channels.salesiq.payloads import WrongShape, identity_of, read_json
from motenashi.channels.salesiq.plug_outputs import empty_outputs, to_plug_outputs
from motenashi.channels.salesiq.plug_session import inputs_of, read_session
from motenashi.channels.salesiq.settings import SalesIQSettings
from motenashi.channels.salesiq.signature import SIGNATURE, SignatureCheck
from motenashi.channels.salesiq.target import target_of
from motenashi.plug_contract import Plug, PlugCall, PlugError, PlugFailed, PlugInputWrong, PlugRefused, PlugUnknown

log = logging.getLogger(__name__)


def build_plug_webhook(settings: SalesIQSettings, inside: Inside, api_key_ok: Callable[[str], bool]) -> Blueprint:
    """`/plugs/<name>`: POST calls a plug, HEAD and GET are pings. A call is signed like a bot's, or carries a key
    (`Authorization: Bearer …` or `X-API-Key`) that `api_key_ok` knows."""
    door = Blueprint("plug_webhook", __name__)
    signatures = SignatureCheck(settings)
    plugs = {plug.name: plug for plug in inside.plugs}

    @door.get("/plugs/<name>")
    def ping(name: str) -> Response:
        return answered({"status": "ok"}) if name in plugs else _unknown(name)

    @door.post("/plugs/<name>")
    def call(name: str) -> Response:
        try:
            body = body_of(request, settings.largest_body)
            if is_ping(request, body) and not _api_key(request):
                return ping(name)
            trusted = _trusted(request, body, signatures, api_key_ok)
            if name not in plugs:
                return _unknown(name)
            session = read_session(read_json(body or b"{}"))
            wanted = _plug_call(plugs[name], session, settings, trusted=trusted)
        except WrongShape as error:
            return answered({"error": {"field": error.field, "message": error.what}}, 400)
        except Refused as error:
            return error.response
        return answered(_outputs(inside, plugs[name], wanted, settings, request.url_root))

    return door


def _trusted(request: Request, body: bytes, signatures: SignatureCheck, api_key_ok: Callable[[str], bool]) -> bool:
    """Signed or with a good key: True. Unsigned where that is allowed: False. Anything else is Refused (401)."""
    key = _api_key(request)
    if key and not request.headers.get(SIGNATURE):
        if api_key_ok(key):
            return True
        log.warning("a call to %r from %s had a wrong API key", request.path, request.remote_addr)
        raise Refused(answered({"error": {"message": "unauthorized"}}, 401))
    return check_signed(request, body, signatures)


def _api_key(request: Request) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "").strip()


def _plug_call(plug: Plug, session: dict[str, Any], settings: SalesIQSettings, *, trusted: bool) -> PlugCall:
    email = text_of(session.get("email"), 200) or text_of(session.get("visitor_email"), 200)
    return PlugCall(
        plug=plug.name,
        inputs=inputs_of(plug, session),
        now=datetime.now(UTC),
        identity=identity_of(email, settings, signed=trusted),
        language="ja" if text_of(session.get("language"), 20).lower().startswith("ja") else "en",
        deadline=time.monotonic() + settings.budget_seconds,
        key=request.headers.get("Idempotency-Key", "")[:200] or uuid.uuid4().hex,
    )


def _outputs(inside: Inside, plug: Plug, wanted: PlugCall, settings: SalesIQSettings, base_url: str) -> dict[str, Any]:
    target = target_of(settings, "", wanted.language, base_url)
    try:
        return to_plug_outputs(inside.call_plug(wanted).outputs, target.address)
    except PlugRefused as error:
        log.info("%s", error)
        return empty_outputs(plug) | {"refused": True, "reason": "verification_needed"}
    except PlugInputWrong as error:
        log.warning("%s", error)
        return empty_outputs(plug) | {"failed": True, "reason": "input_wrong", "field": error.field}
    except PlugFailed as error:
        log.warning("%s", error, exc_info=error)
        return empty_outputs(plug) | {"failed": True, "reason": error.reason}
    except (PlugUnknown, PlugError) as error:
        log.error("%s", error, exc_info=error)
    except Exception:
        log.exception("plug %s broke outside of its runner", plug.name)
    return empty_outputs(plug) | {"failed": True, "reason": "raised"}


def _unknown(name: str) -> Response:
    return answered({"error": {"field": "name", "message": f"there is no plug named '{name[:100]}'"}}, 404)
