"""Which sites may talk to the chat box's door, and how a browser is told so (CORS)."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Request, Response

_HEADERS = "Authorization, Content-Type, Accept-Language"


def is_welcome(request: Request, origins: Collection[str]) -> bool:
    """May this request come in? Only browsers send an Origin; without one it is no other site's page."""
    origin = request.headers.get("Origin")
    return origin is None or origin in origins or is_our_own(request, origin)


def is_our_own(request: Request, origin: str) -> bool:
    """Compared by host and port: behind a proxy we see http where the browser sees https."""
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:  # no browser writes such an origin
        return False


def tell_browser(request: Request, response: Response, origins: Collection[str]) -> Response:
    """Name the one origin that asked, never `*`: an answer belongs to that site's page alone."""
    origin = request.headers.get("Origin")
    response.vary.add("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.headers["Access-Control-Max-Age"] = "7200"
    return response
