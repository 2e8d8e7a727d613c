"""In which language a page speaks: what was chosen by hand, else the user's own, else what the browser asks for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import (
    Babel,
    format_date,
    format_decimal,
    format_time,
    gettext,
    lazy_gettext,
)

LANGUAGES = ("en", "ja")
COOKIE = "motenashi_language"
A_YEAR = 31_536_000  # seconds


def install_languages(app: Flask, *, time_zone: str) -> None:
    """Babel with our catalogues. `?lang=ja` on any page chooses a language and remembers it, but for pages that keep
    no cookies (`g.no_cookies`)."""
    Babel(
        app,
        default_translation_directories=str(Path(__file__).parent / "translations"),
        locale_selector=page_language,
        timezone_selector=lambda: time_zone,
    )

    app.add_template_filter(moment)
    app.add_template_filter(number)

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES and not g.get("no_cookies"):
            response.set_cookie(
                COOKIE,
                request.args["lang"],
                max_age=A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=bool(app.config.get("SESSION_COOKIE_SECURE")),
            )
        return response


def page_language() -> str:
    """Found out once a request, and again when somebody turns out to be logged in: a long list asks for each line."""
    staff = g.get("staff")
    if "page_language" not in g or g.page_language[0] is not staff:
        g.page_language = staff, _chosen(staff)
    return str(g.page_language[1])


def _chosen(staff: object) -> str:
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE), getattr(staff, "language", "")):
        if wanted in LANGUAGES:
            return str(wanted)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def translate(sentence: str, **values: object) -> str:
    """The sentence in the page's language. Imported as `_`, so that the catalogues' tool finds the sentences."""
    return str(gettext(sentence, **values))


def translate_later(sentence: str) -> Any:
    """The same for a sentence that is written down before anybody asks for a page."""
    return lazy_gettext(sentence)


def moment(at: datetime) -> str:
    """A time as this page's reader writes it, in the company's time zone."""
    return f"{format_date(at, 'medium')} {format_time(at, 'short')}"


def number(value: float) -> str:
    return str(format_decimal(value))
