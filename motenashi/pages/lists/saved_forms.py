"""Filters kept under a name: saving, saving what was changed, renaming, sharing, deleting."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from motenashi.clean_text import plain_line
from motenashi.filters.filter import FilterWrong
from motenashi.filters.infos import SavedFilter
from motenashi.pages.guard import local_path, present_staff, require
from motenashi.pages.lists.asked import BIGGEST_ID, written_filter
from motenashi.pages.lists.list_view import ListsDesk
from motenashi.pages.page_language import translate as _
from motenashi.pages.rooms import TODAY

MAY_SEE = tuple(TODAY.roles)
LONGEST_NAME = 100
MODULES = "/<any(leads, contacts, accounts, deals):module>"


def add_saved_forms(door: Blueprint, desk: ListsDesk) -> None:
    """What the forms of the lists' page are sent to; each goes back to the list."""

    @door.post(f"{MODULES}/saved")
    @require(*MAY_SEE)
    def save(module: str) -> AnyResponse:
        name, trouble = _new_name(module, desk)
        written, unread = written_filter(request.form.get("filter", ""))
        if not trouble and (unread or not written):
            trouble = _("There is no filter to save yet. Add a condition first.")
        if trouble:
            return _back(module, trouble)
        try:
            desk.read(module, written)
        except FilterWrong:
            return _back(module, _("This filter can't be used as it is, so it was not saved. Put it right first."))
        kept = desk.save(module, name, written, owner=_me(), shared=_shared())
        flash(_("Saved as “%(name)s”.", name=kept.name), "good")
        return redirect(url_for("lists.page", module=module, saved=kept.id), 303)

    @door.post(f"{MODULES}/saved/<int:filter_id>/update")
    @require(*MAY_SEE)
    def update(module: str, filter_id: int) -> AnyResponse:
        mine = _mine(module, filter_id, desk)
        written, unread = written_filter(request.form.get("filter", ""))
        try:
            desk.read(module, unread or written)
        except FilterWrong:
            return _back(module, _("This filter can't be used as it is, so it was not saved. Put it right first."))
        kept = desk.save(module, mine.name, written, owner=mine.owner, shared=mine.shared)
        flash(_("“%(name)s” is this filter now.", name=kept.name), "good")
        return redirect(url_for("lists.page", module=module, saved=kept.id), 303)

    @door.post(f"{MODULES}/saved/<int:filter_id>/rename")
    @require(*MAY_SEE)
    def rename(module: str, filter_id: int) -> AnyResponse:
        mine = _mine(module, filter_id, desk)
        name, trouble = _new_name(module, desk, mine)
        if trouble:
            return _back(module, trouble)
        try:
            kept = desk.save(module, name, mine.written, owner=mine.owner, shared=_shared())
        except FilterWrong:
            return _back(module, _("This filter can't be used as it is. Put it right and save it, then rename it."))
        if kept.id != mine.id:
            desk.remove(mine.id, mine.owner)
        flash(_("Saved as “%(name)s”.", name=kept.name), "good")
        return redirect(url_for("lists.page", module=module, saved=kept.id), 303)

    @door.post(f"{MODULES}/saved/<int:filter_id>/delete")
    @require(*MAY_SEE)
    def delete(module: str, filter_id: int) -> AnyResponse:
        mine = _mine(module, filter_id, desk)
        desk.remove(mine.id, mine.owner)
        flash(_("“%(name)s” is deleted.", name=mine.name), "good")
        return redirect(url_for("lists.page", module=module), 303)


def _mine(module: str, filter_id: int, desk: ListsDesk) -> SavedFilter:
    """404 for one that is not there (for me), 403 for a colleague's."""
    found = desk.find(filter_id, _me()) if filter_id < BIGGEST_ID else None
    if found is None or found.module != module:
        abort(404)
    return found if found.owner == _me() else abort(403)


def _new_name(module: str, desk: ListsDesk, renaming: SavedFilter | None = None) -> tuple[str, str]:
    """The name in the form, and what is wrong with it."""
    name = plain_line(request.form.get("name", ""))[:LONGEST_NAME]
    if not name:
        return name, _("Please give the filter a name.")
    others = (one for one in desk.saved(module, _me()) if one.owner == _me())
    if any(one.name.casefold() == name.casefold() and (renaming is None or one.id != renaming.id) for one in others):
        return name, _("You have a filter “%(name)s” already. Please choose another name.", name=name)
    return name, ""


def _shared() -> bool:
    return request.form.get("shared") == "1"


def _me() -> str:
    staff = present_staff()
    return staff.email.lower() if staff else ""


def _back(module: str, words: str) -> AnyResponse:
    """To the list as it was, with a sentence about what came of it."""
    flash(words, "warn")
    return redirect(local_path(request.form.get("back", "")) or url_for("lists.page", module=module), 303)
