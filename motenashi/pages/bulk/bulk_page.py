"""`/bulk`, `/bulk/new` and `/bulk/<id>`: choose, write, see, confirm, watch, and look what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from crm_client.errors import CrmError
from motenashi.identity.roles import Role
from motenashi.identity.users import User
from motenashi.pages.advice import time_words
from motenashi.pages.bulk import bulk_words
from motenashi.pages.bulk.bulk_form import LONGEST_FILTER, action_of, module_of, read_form, whole_number
from motenashi.pages.bulk.bulk_view import ROWS_A_PAGE, Action, BulkDesk, Form, JobView, Module, NotPossible, Trouble
from motenashi.pages.guard import present_staff, require
from motenashi.pages.page_language import translate as _
from motenashi.pages.records.records_page import crm_away

ROLES = (Role.SUPERVISOR, Role.REPRESENTATIVE)  # whether representatives are let in, the desk says
SHOWN: dict[str, tuple[str, ...]] = {
    "all": (),
    "waiting": ("new", "ready", "working", "handed"),
    "done": ("done",),
    "failed": ("failed",),
    "left_out": ("skipped", "stopped"),
}
Deed = Literal["pause", "resume", "cancel", "undo"]
SAID: dict[Deed, Callable[[], str]] = {
    "pause": lambda: _("It pauses. What is on its way right now may still arrive."),
    "resume": lambda: _("It goes on."),
    "cancel": lambda: _("Cancelled. What was not done stays undone."),
    "undo": lambda: _("The values are being put back."),
}


def build_bulk_page(desk: BulkDesk, *, clock: Callable[[], datetime]) -> Blueprint:
    """`clock` gives the present moment, aware."""
    door = Blueprint("bulk", __name__, template_folder="../templates", url_prefix="/bulk")
    door.register_error_handler(CrmError, crm_away)

    @door.context_processor
    def names() -> dict[str, object]:
        return {"words": bulk_words, "time": time_words, "limits": desk.limits, "now": clock}

    @door.after_request
    def keep_private(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @door.before_request
    def let_in() -> None:
        staff = present_staff()
        if staff is not None and not desk.may(staff):
            abort(403)

    _plan_anew(door, desk)
    _look_and_act(door, desk)
    return door


def _plan_anew(door: Blueprint, desk: BulkDesk) -> None:
    @door.get("")
    @require(*ROLES)
    def page() -> str:
        before = whole_number(request.args.get("before", ""))
        jobs = desk.jobs(_me(), before=before)
        return render_template("staff/bulk.html", jobs=jobs, before=before, more=len(jobs) == 30)

    @door.get("/new")
    @require(*ROLES)
    def new() -> str | AnyResponse:
        module = module_of(request.args.get("module", ""))
        if module is None:
            return redirect(url_for("bulk.page"))
        action = action_of(request.args.get("action", ""))
        form = _empty_form(desk, action) if action else None
        return _write(module, request.args.get("filter", "")[:LONGEST_FILTER], form)

    @door.post("/new")
    @require(*ROLES)
    def plan() -> AnyResponse:
        module, action = module_of(request.form.get("module", "")), action_of(request.form.get("action", ""))
        if module is None or action is None:
            return redirect(url_for("bulk.page"))
        written, form = request.form.get("filter", "")[:LONGEST_FILTER], read_form(action, request.form)
        try:
            job_id = desk.plan(_me(), module, written, form)
        except NotPossible as wrong:
            return make_response(_write(module, written, form, wrong.troubles), 422)
        return redirect(url_for("bulk.job", job_id=job_id), 303)

    @door.get("/<int:job_id>/edit")
    @require(*ROLES)
    def edit(job_id: int) -> str | AnyResponse:
        job = _find(desk, job_id)
        if job.state not in ("planning", "preview"):
            return redirect(url_for("bulk.job", job_id=job_id))
        return _write(job.module, job.filter, job.form, job=job)

    @door.post("/<int:job_id>/edit")
    @require(*ROLES)
    def change(job_id: int) -> AnyResponse:
        job = _find(desk, job_id)
        form = read_form(job.action, request.form)
        try:
            desk.change(_me(), job_id, form)
        except NotPossible as wrong:
            return make_response(_write(job.module, job.filter, form, wrong.troubles, job), 422)
        return redirect(url_for("bulk.job", job_id=job_id), 303)

    def _write(
        module: Module,
        written: str,
        form: Form | None,
        troubles: Sequence[Trouble] = (),
        job: JobView | None = None,
    ) -> str:
        selection = None
        if job is None:
            try:
                selection = desk.select(module, written)
            except NotPossible as wrong:
                troubles = (*troubles, *(one for one in wrong.troubles if one not in troubles))
        return render_template(
            "staff/bulk_write.html",
            module=module,
            written=written,
            selection=selection,
            form=form,
            job=job,
            troubles=troubles,
            wrong_at={trouble.where for trouble in troubles},
            fields=desk.fields(module) if form and form.action == "update" else (),
            known=desk.known(module, form.action) if form else {},
        )


def _look_and_act(door: Blueprint, desk: BulkDesk) -> None:
    @door.get("/<int:job_id>")
    @require(*ROLES)
    def job(job_id: int) -> str:
        return _page(_find(desk, job_id))

    @door.get("/<int:job_id>/progress")
    @require(*ROLES)
    def progress(job_id: int) -> Response:
        found = _find(desk, job_id)
        return jsonify(
            {
                "state": found.state,
                "undo": found.undo,
                "trouble": found.trouble,
                "prepared": found.total - found.number("new"),
                "total": found.total,
                "over": found.over,
                "of": found.confirmed_records,
                "counts": {name: found.number(*states) for name, states in SHOWN.items() if states},
            }
        )

    @door.post("/<int:job_id>/confirm")
    @require(*ROLES)
    def confirm(job_id: int) -> AnyResponse:
        found = _find(desk, job_id)
        version, said = (whole_number(request.form.get(name, "")) or 0 for name in ("version", "said"))
        try:
            desk.confirm(_me(), job_id, version=version, said=said, typed=request.form.get("typed", "")[:40])
        except NotPossible as wrong:
            return make_response(_page(_find(desk, found.id), wrong.troubles), 422)
        return redirect(url_for("bulk.job", job_id=job_id), 303)

    @door.post("/<int:job_id>/<any(pause, resume, cancel, undo):deed>")
    @require(*ROLES)
    def do(job_id: int, deed: str) -> AnyResponse:
        _find(desk, job_id)
        what = cast(Deed, deed)
        try:
            desk.do(_me(), job_id, what)
        except NotPossible as wrong:
            flash(" ".join(trouble.text for trouble in wrong.troubles), "warn")
        else:
            flash(SAID[what](), "good")
        return redirect(url_for("bulk.job", job_id=job_id), 303)

    def _page(found: JobView, troubles: Sequence[Trouble] = ()) -> str:
        show = request.args.get("show", "all")
        show = show if show in SHOWN else "all"
        why, undo = (request.args.get(name, "")[:32] for name in ("why", "undo"))
        after = whole_number(request.args.get("after", "")) or 0
        seeing = found.state == "preview"
        sample = None
        if seeing and found.action != "update":
            sample = desk.sample(_me(), found.id, whole_number(request.args.get("person", "")) or 0)
        states = ("ready",) if seeing and show == "all" and not why else SHOWN[show]
        rows = () if found.state == "planning" else _rows(found, states, why, undo, after)
        return render_template(
            "staff/bulk_job.html",
            job=found,
            sample=sample,
            rows=rows,
            more=rows[-1].number if len(rows) == ROWS_A_PAGE else None,
            after=after,
            show=show,
            shown=SHOWN,
            why=why,
            undo=undo,
            troubles=troubles,
        )

    def _rows(found: JobView, states: Sequence[str], why: str, undo: str, after: int) -> Sequence[Any]:
        return desk.rows(_me(), found.id, states=states, why=why, undo=undo, after=after)


def _find(desk: BulkDesk, job_id: int) -> JobView:
    return (desk.job(_me(), job_id) if job_id < 2**31 else None) or abort(404)


def _empty_form(desk: BulkDesk, action: Action) -> Form:
    return Form(action, fallback=desk.limits().fallback)


def _me() -> User:
    staff = present_staff()
    if staff is None:
        abort(403)
    return staff
