"""Up to five calls in one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from tests.fake_zoho.call import ApiCall
from tests.fake_zoho.troubles import ZohoTrouble
from tests.fake_zoho.wire import Reply

MOST = 5


def composite(call: ApiCall) -> Reply:
    body = call.json()
    parts = call.entries("__composite_requests", most=MOST)
    if body.get("rollback_on_fail") and body.get("parallel_execution"):
        due = ["rollback_on_fail", "parallel_execution"]
        raise ZohoTrouble(400, "AMBIGUITY_DURING_PROCESSING", details={"ambiguity_due_to": due})
    answers = [_part(call, place, part) for place, part in enumerate(parts)]
    mixed = any(one["details"]["response"]["status_code"] >= 400 for one in answers)
    return Reply(call.fake.switches.mixed_status if mixed else 200, {"__composite_requests": answers})


def _part(call: ApiCall, place: int, part: dict[str, Any]) -> dict[str, Any]:
    uri, method = str(part.get("uri", "")), str(part.get("method", ""))
    path = f"$.__composite_requests[{place}]"
    if not uri.startswith("/crm/v8/"):
        raise ZohoTrouble(400, "INVALID_DATA", details={"api_name": "uri", "json_path": f"{path}.uri"})
    if not re.fullmatch(r"[A-Za-z0-9]\w*", str(part.get("sub_request_id", ""))):
        details = {"api_name": "sub_request_id", "json_path": f"{path}.sub_request_id"}
        raise ZohoTrouble(400, "INVALID_DATA", details=details)
    headers = {str(name).lower(): str(value) for name, value in (part.get("headers") or {}).items()}
    if "authorization" in headers:
        raise ZohoTrouble(400, "INVALID_DATA", details={"api_name": "headers", "json_path": f"{path}.headers"})
    query = {str(name): str(value) for name, value in (part.get("params") or {}).items()}
    body = json.dumps(part["body"]).encode() if part.get("body") is not None else b""
    request = replace(call.request, method=method, path=uri, query=query, headers=headers, body=body)
    reply = call.fake.inner(replace(call, request=request))
    response = {"status_code": reply.status, "headers": {}, "body": reply.body or {}}
    good = reply.status < 400
    message = "composite request is executed successfully" if good else "composite request failed"
    answer = {"code": "SUCCESS" if good else "FAILURE", "status": "success" if good else "error", "message": message}
    return answer | {"details": {"response": response}}
