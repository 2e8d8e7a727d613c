"""`/records/contacts/<id>/erase` and that of leads: everything about a person goes, and the page proves it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from crm_client.errors import CrmError
from motenashi.identity.roles import Role, may
from motenashi.pages.advice.advice_view import RecordKind
from motenashi.pages.advice.time_words import moment_here
from motenashi.pages.guard import present_staff, require
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.erase_view import GROUPS, EraseDesk, Group
from motenashi.pages.records.records_page import FOLDERS, KINDS, PEOPLE, crm_away, is_id


def build_erase_page(desk: EraseDesk) -> Blueprint:
    """For administrators only."""
    door = Blueprint("erasing", __name__, template_folder="../templates", url_prefix="/records")
    door.register_error_handler(CrmError, crm_away)
    door.add_app_template_global(erase_path, "erase_path")

    @door.get("/<any(contacts, leads):folder>/<record_id>/erase")
    @require(Role.ADMINISTRATOR)
    def ask(folder: str, record_id: str) -> str | tuple[str, int]:
        plan = desk.plan(PEOPLE[folder], record_id) if is_id(record_id) else None
        if plan is None:
            return _gone(folder, record_id)
        return _page(folder, record_id, plan=plan, group_names=group_names(), groups=GROUPS)

    @door.post("/<any(contacts, leads):folder>/<record_id>/erase")
    @require(Role.ADMINISTRATOR)
    def erase(folder: str, record_id: str) -> str | tuple[str, int]:
        if not is_id(record_id):
            return _gone(folder, record_id)
        if not request.form.get("sure"):
            plan = desk.plan(PEOPLE[folder], record_id)
            said = _("Please confirm that it is meant.")
            page = _page(folder, record_id, plan=plan, said=said, group_names=group_names(), groups=GROUPS)
            return (page, 422) if plan else _gone(folder, record_id)
        staff = present_staff()
        done = desk.erase(PEOPLE[folder], record_id, by=staff.email if staff else "")
        if done is None:
            return _gone(folder, record_id)
        return _page(folder, record_id, done=done, plan=done.plan, group_names=group_names(), groups=GROUPS)

    def _gone(folder: str, record_id: str) -> tuple[str, int]:
        at = desk.erased_at(PEOPLE[folder], record_id) if is_id(record_id) else None
        if at is None:
            return render_template("staff/record_missing.html", kind=KINDS[folder]), 404
        return _page(folder, record_id, erased_at=moment_here(at)), 410

    return door


def erase_path(kind: RecordKind, record_id: str) -> str:
    """Where this person is erased; '' for a deal, and for whoever may not."""
    staff = present_staff()
    if kind == "deal" or staff is None or not may(staff.role, frozenset({Role.ADMINISTRATOR})):
        return ""
    return url_for("erasing.ask", folder=FOLDERS[kind], record_id=record_id)


def _page(folder: str, record_id: str, **values: object) -> str:
    return render_template("staff/erase.html", folder=folder, record_id=record_id, **values)


def group_names() -> dict[Group, str]:
    return {
        "records": _("The record itself, and how its fields changed"),
        "talks": _("Chats: what was said, and codes sent"),
        "mails": _("Mails in both directions, as they came and as they were read"),
        "touches": _("Calls, meetings, visits and all other touchpoints"),
        "voice": _("What they said: responses, keywords and what came of them"),
        "advice": _("Suggestions, best times, reminders and absences"),
        "other": _("Everything else that names the record"),
    }
