"""The words of the page /crm: modules, fields, states, ages and data centres, as their reader says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_date, format_timedelta
from markupsafe import Markup, escape

from motenashi.pages.page_language import moment
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _

MODULES: Mapping[str, Any] = {
    "accounts": _("Accounts"),
    "contacts": _("Contacts"),
    "leads": _("Leads"),
    "products": _("Products"),
    "deals": _("Deals"),
    "calls": _("Calls"),
    "events": _("Events"),
    "tasks": _("Tasks"),
    "notes": _("Notes"),
    "owners": _("Owners"),
    "stages": _("Stages"),
}
ONE_OF: Mapping[str, Any] = {
    "accounts": _("account"),
    "contacts": _("contact"),
    "leads": _("lead"),
    "products": _("product"),
    "deals": _("deal"),
    "calls": _("call"),
    "events": _("event"),
    "tasks": _("task"),
    "notes": _("note"),
}
DATA_CENTRES: Mapping[str, Any] = {
    "us": _("United States"),
    "eu": _("Europe"),
    "in": _("India"),
    "au": _("Australia"),
    "jp": _("Japan"),
    "cn": _("China"),
    "ca": _("Canada"),
    "sa": _("Saudi Arabia"),
}
ENVIRONMENTS: Mapping[str, Any] = {
    "production": _("Production"),
    "sandbox": _("Sandbox"),
    "developer": _("Developer organisation"),
}
ACTIONS: Mapping[str, Any] = {
    "create": _("New"),
    "update": _("Changed"),
    "delete": _("Deleted"),
    "products": _("Products changed"),
    "email": _("E-mail attached"),
}
GIVING_UP: Mapping[str, Any] = {
    "create": _(
        "The record stays here and does not get into Zoho; what waits behind it goes with it, and records that name it "
        "go without naming it. Its next change here tries again."
    ),
    "update": _("This change does not get into Zoho. Zoho's value takes its place here with the next change there."),
    "delete": _("The record stays in Zoho, and comes back here when it changes there."),
    "products": _("The products of this deal stay in Zoho as they are there."),
    "email": _("The e-mail does not appear in Zoho. It stays here."),
}
STATES: Mapping[str, Any] = {
    "waiting": _("waiting"),
    "sending": _("being sent"),
    "stuck": _("stuck"),
}
STATE_CHIPS: Mapping[str, str] = {"sending": "chip-good", "stuck": "chip-bad"}
RULES: Mapping[str, Any] = {
    "newest": _("The later change wins."),
    "zoho": _("Zoho wins."),
    "ours": _("What was changed here wins."),
}
SEVERITIES: Mapping[str, Any] = {"error": _("to be mended"), "warning": _("worth knowing"), "fine": _("fine")}
SEVERITY_CHIPS: Mapping[str, str] = {"error": "chip-bad", "warning": "chip-warn", "fine": "chip-good"}
FIELDS: Mapping[str, Any] = {
    "account_id": _("Account"),
    "active": _("Active"),
    "amount": _("Amount"),
    "category": _("Category"),
    "code": _("Product code"),
    "company": _("Company"),
    "contact_id": _("Contact"),
    "converted_contact_id": _("Contact made of it"),
    "converted_deal_id": _("Deal made of it"),
    "currency": _("Currency"),
    "deal_id": _("Deal"),
    "direction": _("Direction"),
    "email": _("E-mail"),
    "employees": _("Employees"),
    "end_at": _("Ends"),
    "expected_close": _("Expected close"),
    "first_name": _("First name"),
    "industry": _("Industry"),
    "language": _("Language"),
    "last_name": _("Last name"),
    "lead_id": _("Lead"),
    "lead_source": _("Lead source"),
    "mobile": _("Mobile phone"),
    "name": _("Name of the record"),
    "name_en": _("Name (English)"),
    "name_ja": _("Name (Japanese)"),
    "note": _("Note"),
    "owner_id": _("Owner"),
    "phone": _("Phone"),
    "purpose": _("Purpose"),
    "repeat": _("Repeat business"),
    "result": _("Result"),
    "secondary_email": _("Second e-mail"),
    "source": _("Lead source"),
    "stage": _("Stage"),
    "start_at": _("Begins"),
    "status": _("Status"),
    "subject": _("Subject"),
    "text": _("Text"),
    "time_zone": _("Time zone"),
    "title": _("Job title"),
    "type": _("Type"),
    "unit_price": _("Unit price"),
    "website": _("Website"),
}
_CODE = re.compile(r"`([^`]+)`")
_YES_OR_NO = frozenset({"active", "repeat"})
_DAYS = frozenset({"expected_close"})


def module_name(module: str) -> str:
    return str(MODULES.get(module, module))


def one_of(module: str) -> str:
    """A single record's kind; begins in lower case."""
    return str(ONE_OF.get(module, module))


def field_name(name: str, module: str = "") -> str:
    """A field in words; one of the company's own as it is called there."""
    if (module, name) == ("notes", "title"):
        return gettext("Heading")
    return str(FIELDS.get(name) or name.rpartition(".")[2].replace("_", " "))


def value_words(field: str, text: str) -> str:
    """A field's value as its reader writes it: moments, days, yes and no; everything else as it stands."""
    if field in _YES_OR_NO:
        return gettext("Yes") if text == "true" else gettext("No") if text == "false" else text
    try:
        if field.endswith("_at"):
            return moment(datetime.fromisoformat(text))
        if field in _DAYS:
            return str(format_date(date.fromisoformat(text), "medium"))
    except ValueError:  # kept as it is: somebody may have written anything
        return text
    return text


def data_centre(key: str) -> str:
    return f"{DATA_CENTRES[key]} ({key})" if key in DATA_CENTRES else key


def ago(at: datetime, now: datetime) -> str:
    """How long ago; a clock that is a little ahead of ours says no nonsense."""
    past = max(now - at, timedelta())
    if past < timedelta(seconds=5):
        return gettext("just now")
    return str(format_timedelta(-past, add_direction=True, threshold=1))


def ahead(at: datetime, now: datetime) -> str:
    """In how long; what is over is over."""
    if at <= now:
        return gettext("now")
    return str(format_timedelta(at - now, add_direction=True, threshold=1))


def lasting(seconds: int) -> str:
    return str(format_timedelta(timedelta(seconds=seconds), threshold=1.5))


def with_code(sentence: str) -> Markup:
    """`commands` between backticks become code; everything else is shown as it is."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(sentence))))  # noqa: S704 - escaped just here
