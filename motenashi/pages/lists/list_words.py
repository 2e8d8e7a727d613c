"""The modules and their numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import ngettext

from motenashi.pages.page_language import number
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _

MODULES: Mapping[str, Any] = {
    "leads": _("Leads"),
    "contacts": _("Contacts"),
    "accounts": _("Accounts"),
    "deals": _("Deals"),
}


def search_words(module: str) -> str:
    """What the search box says it looks through."""
    sentences = {
        "leads": gettext("Search name, company, e-mail"),
        "contacts": gettext("Search name, company, e-mail"),
        "accounts": gettext("Search name, website"),
        "deals": gettext("Search deal, company, contact"),
    }
    return sentences[module]


def how_many(module: str, count: int) -> str:
    """'1 contact', '1,204 contacts'."""
    shown = number(count)
    sentences = {
        "leads": lambda: ngettext("%(count)s lead", "%(count)s leads", count, count=shown),
        "contacts": lambda: ngettext("%(count)s contact", "%(count)s contacts", count, count=shown),
        "accounts": lambda: ngettext("%(count)s account", "%(count)s accounts", count, count=shown),
        "deals": lambda: ngettext("%(count)s deal", "%(count)s deals", count, count=shown),
    }
    return str(sentences[module]())


def act_on(module: str, count: int) -> str:
    """What the button says."""
    shown = number(count)
    return str(ngettext("Act on this one", "Act on these %(count)s", count, count=shown))
