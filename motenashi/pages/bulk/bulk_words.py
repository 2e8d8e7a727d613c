"""The words of the pages /bulk: actions, modules, states, reasons and fields, as their reader says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motenashi.pages.page_language import translate_later as _

MODULES: Mapping[str, Any] = {
    "leads": _("leads"),
    "contacts": _("contacts"),
    "accounts": _("accounts"),
    "deals": _("deals"),
}
ACTIONS: Mapping[str, Any] = {
    "mail": _("Mass mail"),
    "update": _("New values"),
    "task": _("Tasks for owners"),
}
ABOUT_ACTIONS: Mapping[str, Any] = {
    "mail": _("Write one text in English and Japanese; everybody gets it in their own language, with their own name."),
    "update": _("Give fields new values, see before and after for each record, and undo it for 30 days."),
    "task": _("Put one task for each record on its owner's list, with a day by which it is due."),
}
STATES: Mapping[str, Any] = {
    "planning": _("being prepared"),
    "preview": _("not confirmed"),
    "running": _("under way"),
    "paused": _("paused"),
    "cancelled": _("cancelled"),
    "done": _("done"),
}
STATE_CHIPS: Mapping[str, str] = {"running": "chip-good", "paused": "chip-warn", "preview": "chip-warn"}
ROW_STATES: Mapping[str, Any] = {
    "new": _("being prepared"),
    "ready": _("waiting"),
    "working": _("under way"),
    "handed": _("with the mail server"),
    "done": _("done"),
    "failed": _("failed"),
    "skipped": _("left out"),
    "stopped": _("left undone"),
}
MAIL_ROW_STATES: Mapping[str, Any] = {**ROW_STATES, "done": _("sent"), "stopped": _("not sent")}
WHYS: Mapping[str, Any] = {
    "no_address": _("no e-mail address"),
    "bad_address": _("not a valid address"),
    "unsubscribed": _("unsubscribed"),
    "bounced": _("the last mail came back"),
    "duplicate": _("same address as somebody else on the list"),
    "no_contact": _("nobody to write to"),
    "gone": _("the record is gone"),
    "no_match": _("no longer fits the filter"),
    "not_yours": _("somebody else's record"),
    "unchanged": _("has these values already"),
    "changed_meanwhile": _("changed by somebody since the preview"),
    "no_owner": _("no active owner"),
    "template": _("the text can't be made for this record"),
    "refused": _("the mail server refused it"),
    "not_sent": _("the mail server did not take it"),
    "rejected": _("the CRM does not take it"),
    "lost": _("nobody knows any more whether it was sent"),
    "error": _("our own mistake; the cause has been noted"),
    "too_late": _("not done in time"),
    "cancelled": _("cancelled before"),
}
UNDO: Mapping[str, Any] = {
    "wanted": _("waiting to be undone"),
    "working": _("being undone"),
    "done": _("undone"),
    "changed": _("left as somebody changed it since"),
    "failed": _("can't be undone"),
}
TROUBLES: Mapping[str, Any] = {
    "mail_not_set_up": _("There is no mail server yet. Set outgoing_mail.smtp_host in config.yaml, then go on."),
    "filter_wrong": _(
        "The filter can't be read any more: a field may have been renamed. If you go on, nobody looks who still fits; "
        "the list stays as you confirmed it."
    ),
}
AUDIT: Mapping[str, Any] = {
    "planned": _("made the plan"),
    "changed": _("changed the text or values"),
    "confirmed": _("confirmed"),
    "paused": _("paused"),
    "resumed": _("resumed"),
    "cancelled": _("cancelled"),
    "finished": _("finished"),
    "waits": _("stopped by itself"),
    "expired": _("not confirmed in time"),
    "undo": _("asked to undo"),
    "undone": _("undone"),
}
FIELDS: Mapping[str, Any] = {
    "status": _("Lead status"),
    "source": _("Lead source"),
    "lead_source": _("Lead source"),
    "owner_id": _("Owner"),
    "industry": _("Industry"),
    "company": _("Company"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "note": _("Note"),
    "title": _("Job title"),
    "employees": _("Employees"),
    "website": _("Website"),
    "stage": _("Stage"),
    "type": _("Type"),
    "expected_close": _("Expected close"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "repeat": _("Repeat business"),
}
LANGUAGES = {"en": "English", "ja": "日本語"}


def field_name(name: str) -> str:
    """A field in words; one of the company's own as it is called there."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def row_state(action: str, state: str) -> str:
    return str((MAIL_ROW_STATES if action == "mail" else ROW_STATES).get(state, state))


def why_chip(state: str) -> str:
    """The chip's colour for what became of a record."""
    return {"done": "chip-good", "failed": "chip-bad", "skipped": "", "stopped": "chip-warn"}.get(state, "chip-label")
