"""The two scripts of the box, read once and served small and cacheable: /widget.js and the file it names."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from flask import Request, Response

FOLDER = Path(__file__).parent / "static"
_A_YEAR = "public, max-age=31536000, immutable"
_FIVE_MINUTES = "public, max-age=300"


class Bundle:
    """One script, as it is and compressed. `name` carries the content's hash for the file that may be kept for ever."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        self.compressed = gzip.compress(self.content, 9, mtime=0)
        self.hash = hashlib.sha256(self.content).hexdigest()[:16]

    def response(self, request: Request, *, for_ever: bool) -> Response:
        small = request.accept_encodings["gzip"] > 0
        response = Response(self.compressed if small else self.content, mimetype="text/javascript")
        if small:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = _A_YEAR if for_ever else _FIVE_MINUTES
        response.headers["X-Content-Type-Options"] = "nosniff"
        # The scripts are public and the same for everybody: any page may load them, only some may talk to the door.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.vary.add("Accept-Encoding")
        response.set_etag(f"{self.hash}{'-gzip' if small else ''}")
        response.make_conditional(request)
        return response
