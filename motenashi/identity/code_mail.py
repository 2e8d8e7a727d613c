"""The mail that carries a one-time code, in the visitor's language.

Nothing that a visitor typed stands in it: it goes to an address that may belong to somebody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from motenashi.identity.settings import OneTimeCodeSettings
from motenashi.outgoing_mail.mail import Mail

_TEMPLATES = Environment(
    loader=PackageLoader("motenashi.identity"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)


def code_mail(email: str, code: str, language: str, settings: OneTimeCodeSettings, *, key: str, now: datetime) -> Mail:
    """Text and HTML; Japanese for `ja`, English for every other language. Not worth sending once the code is old."""
    language = "ja" if language.lower().startswith("ja") else "en"
    company = (settings.company_ja if language == "ja" else "") or settings.company
    words = {"code": code, "minutes": settings.minutes_valid, "company": company}
    # The text template's first line is the subject.
    subject, _, text = _TEMPLATES.get_template(f"code.{language}.txt").render(words).partition("\n")
    return Mail(
        to=email,
        subject=subject.strip(),
        text=text.lstrip("\n"),
        html=_TEMPLATES.get_template(f"code.{language}.html").render(words),
        language=language,
        key=key,
        good_until=now + timedelta(minutes=settings.minutes_valid),
    )
