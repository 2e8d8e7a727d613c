"""/healthz for whoever watches the machine, /metrics for whoever draws its curves. Neither tells anything personal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from motenashi.pages.guard import require_api_key


def build_health(
    troubles: Callable[[], Mapping[str, str]], metrics: Callable[[], Mapping[str, float]], *, production: bool
) -> Blueprint:
    """`troubles`: part -> what is wrong, for parts without which no answer is possible. `metrics`: name -> number.

    /healthz answers 200 or 503 with the parts' names; /metrics needs an API key with the scope `metrics` in production.
    """
    door = Blueprint("health", __name__)

    @door.get("/healthz")
    def healthz() -> tuple[Response, int]:
        found = troubles()
        return jsonify({"ok": not found, "troubles": dict(found)}), 503 if found else 200

    def show() -> Response:
        lines = [f"motenashi_{name} {value:g}" for name, value in sorted(metrics().items())]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")

    door.add_url_rule("/metrics", "metrics", require_api_key("metrics")(show) if production else show)
    return door
