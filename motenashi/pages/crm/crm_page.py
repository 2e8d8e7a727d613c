"""`/crm`: connection, outbox, mirror, credits, notifications, conflicts; `/crm/state.json` keeps the page fresh.

Only for administrators: conflicts and the outbox hold what customers' records say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from motenashi.identity.roles import Role
from motenashi.pages.crm import crm_words, troubles_words
from motenashi.pages.crm.credits_picture import draw_budget, draw_hours
from motenashi.pages.crm.crm_view import ROWS_A_PAGE, CrmDesk, CrmState, ModuleState, WaitingWrite
from motenashi.pages.guard import present_staff, require
from motenashi.pages.page_language import number
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.records_page import crm_away

MAY_SEE = (Role.ADMINISTRATOR,)
BIGGEST_NUMBER = 2**53
SHOWN = ("", "stuck", "waiting")


def build_crm_page(desk: CrmDesk, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Blueprint:
    door = Blueprint("crm", __name__, template_folder="../templates", url_prefix="/crm")

    door.register_error_handler(CrmError, crm_away)

    @door.context_processor
    def words() -> dict[str, object]:
        return {
            "words": crm_words,
            "troubles": troubles_words,
            "budget_of": draw_budget,
            "hours_of": draw_hours,
            "now": clock(),
            "page_length": ROWS_A_PAGE,
        }

    _look(door, desk, clock)
    _act(door, desk)
    return door


def _look(door: Blueprint, desk: CrmDesk, clock: Callable[[], datetime]) -> None:
    @door.get("")
    @require(*MAY_SEE)
    def page() -> str:
        state = desk.state()
        if state.place.backend != "zoho":
            return render_template("staff/crm_embedded.html")
        show = request.args.get("show", "")
        show = show if show in SHOWN else ""
        before, after = (_number(request.args.get(name, "")) for name in ("before", "after"))
        return render_template(
            "staff/crm.html",
            state=state,
            shape=shape_of(state),
            show=show,
            after=after,
            waiting=desk.waiting(show, after or 0),
            before=before,
            conflicts=desk.conflicts(before),
        )

    @door.get("/state.json")
    @require(*MAY_SEE)
    def state() -> Response:
        return jsonify(fresh_numbers(desk.state(), clock()))


def _act(door: Blueprint, desk: CrmDesk) -> None:
    @door.post("/ask")
    @require(*MAY_SEE)
    def ask() -> AnyResponse:
        if desk.ask_now():
            flash(_("Zoho is being asked for changes. They are here within moments."), "good")
        else:
            flash(_("Zoho is being asked already. What has changed is here within moments."), "good")
        return redirect(url_for("crm.page"), 303)

    @door.post("/outbox/<int:which>/again")
    @require(*MAY_SEE)
    def again(which: int) -> AnyResponse:
        entry = _find(desk, which)
        if entry is not None and desk.try_again(which):
            flash(_("It is tried again right away, and after it what waits behind it."), "good")
        else:
            flash(_("It does not wait any more."), "good")
        return redirect(url_for("crm.page", _anchor="outbox"), 303)

    @door.post("/outbox/<int:which>/give-up")
    @require(*MAY_SEE)
    def give_up(which: int) -> AnyResponse:
        entry = _find(desk, which)
        staff = present_staff()
        if entry is not None and desk.give_up(which, staff.email if staff else ""):
            flash(_("Given up. What waits behind it goes on."), "good")
        else:
            flash(_("It does not wait any more."), "good")
        return redirect(url_for("crm.page", _anchor="outbox"), 303)


def fresh_numbers(state: CrmState, now: datetime) -> dict[str, Any]:
    """What the page's script puts into its places: texts by name, and bars. `shape` changes when the page itself
    has to be made anew."""
    texts = {
        "waiting": number(state.outbox.waiting + state.outbox.sending),
        "stuck": number(state.outbox.stuck),
        "conflicts": number(state.conflicts),
    }
    if state.as_of:
        texts["as-of"] = crm_words.ago(state.as_of, now)
    if state.credits:
        texts["used"], texts["left"] = number(state.credits.used), number(state.credits.left)
    for module in state.modules:
        texts.update({f"{module.module}-{name}": text for name, text in _module_texts(module, now).items()})
    bars = {f"{module.module}-done": [module.done, module.expected] for module in state.modules if module.filling}
    return {"shape": shape_of(state), "texts": texts, "bars": bars}


def _module_texts(module: ModuleState, now: datetime) -> dict[str, str]:
    texts = {"rows": number(module.rows), "done": number(module.done), "expected": number(module.expected)}
    if module.as_of:
        texts["as-of"] = crm_words.ago(module.as_of, now)
    return texts


def shape_of(state: CrmState) -> str:
    """A digest of everything whose change is more than a number: troubles, what is stuck, what is being filled."""
    parts = [
        state.connection.trouble,
        state.outbox.all > 0,
        state.outbox.stuck,
        state.conflicts,
        [(one.id, str(one.last_push_at is None)) for one in state.channels],
        [(one.module, one.trouble, one.filling, one.as_of is None, one.expected > 0) for one in state.modules],
        draw_budget(state.credits).tone if state.credits else "",
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _find(desk: CrmDesk, which: int) -> WaitingWrite | None:
    """None when it has gone meanwhile, which is no mistake of whoever pressed the button."""
    return desk.write(which) if which < BIGGEST_NUMBER else abort(404)


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None
