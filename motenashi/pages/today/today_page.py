"""`/today`: a representative's list; an administrator or supervisor may look at everybody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, g, render_template, request

from crm_client.errors import CrmError
from motenashi.identity.roles import Role
from motenashi.pages.advice.in_templates import advice_in_templates
from motenashi.pages.guard import require
from motenashi.pages.records.records_page import crm_away
from motenashi.pages.rooms import TODAY
from motenashi.pages.today.today_view import Somebody, TodayDesk, TodayRow

MAY_PICK = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
FIRST_ROWS = 50
FILTERS = ("overdue", "call", "event", "e-mail", "update")


def build_today_page(desk: TodayDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("today", __name__, template_folder="../templates", url_prefix="/today")
    door.context_processor(advice_in_templates(clock))
    door.register_error_handler(CrmError, crm_away)

    @door.get("")
    @require(*TODAY.roles)
    def page() -> str:
        owners = desk.owners()
        may_pick = g.staff.role in MAY_PICK
        me = next((one for one in owners if one.email.casefold() == g.staff.email.casefold()), None)
        owner = _picked(owners, request.args.get("owner", "")) if may_pick else None
        shown = owner or me
        today = desk.today(shown.owner_id) if shown else None
        wanted = request.args.get("show", "")
        wanted = wanted if wanted in FILTERS else ""
        rows = _fitting(today.rows, wanted) if today else []
        visible = rows if request.args.get("all") == "1" else rows[:FIRST_ROWS]
        if visible:
            desk.note_shown([row.suggestion.id for row in visible], by=g.staff.email)
        return render_template(
            "staff/today.html",
            today=today,
            owner=shown,
            mine=me is not None and shown == me,
            owners=owners if may_pick else (),
            counts=_counts(today.rows) if today else {},
            filters=FILTERS,
            wanted=wanted,
            rows=visible,
            rest=len(rows) - len(visible),
        )

    return door


def _picked(owners: Sequence[Somebody], owner_id: str) -> Somebody | None:
    return next((one for one in owners if one.owner_id == owner_id), None)


def _fitting(rows: Sequence[TodayRow], wanted: str) -> list[TodayRow]:
    if wanted == "overdue":
        return [row for row in rows if row.overdue]
    return [row for row in rows if not wanted or row.suggestion.action == wanted]


def _counts(rows: Sequence[TodayRow]) -> dict[str, int]:
    counted: Counter[str] = Counter(row.suggestion.action for row in rows)
    return {**counted, "overdue": sum(row.overdue for row in rows)}
