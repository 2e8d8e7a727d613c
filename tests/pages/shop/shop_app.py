"""The demo shop alone, as a Flask app for tests and for looking at it by hand."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Flask, Response, abort
from werkzeug.security import safe_join

from crm_client.demo.catalogue import catalogue
from motenashi.pages.page_language import install_languages, page_language
from motenashi.pages.security_headers import install_security_headers
from motenashi.pages.shop.shop import build_shop

STATIC = Path(__file__).parents[3] / "motenashi" / "pages" / "static"


def build_shop_app(*, try_out: bool = True, bot: str = "storefront") -> Flask:
    app = Flask("shop", static_folder=None)
    app.add_url_rule("/static/<path:filename>", "static", static_file)
    install_languages(app, time_zone="Asia/Tokyo")
    install_security_headers(app, production=False)
    products = [entry.product for entry in catalogue()]
    app.register_blueprint(build_shop(lambda: products, language=page_language, bot=bot, try_out=try_out))
    return app


def static_file(filename: str) -> Response:
    """Read at once: a browser that goes away in the middle leaves no open file behind."""
    path = Path(safe_join(str(STATIC), filename) or "")
    if not path.is_file():
        abort(404)
    return Response(path.read_bytes(), mimetype=mimetypes.guess_type(filename)[0])
