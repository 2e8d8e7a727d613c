"""The pages around a login: signing in, signing out, a new password."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from motenashi.identity.login_sessions import Login, LoginRefused, token_hash
from motenashi.identity.users import PasswordWeak, Users
from motenashi.pages.guard import Guard, local_path, present_staff, require
from motenashi.pages.page_language import translate as _

Page = tuple[str, int] | str | Response


def build_login(guard: Guard, users: Users, *, days_valid: int, shortest_password: int) -> Blueprint:
    """`/login`, `/logout`, `/staff/password`. `days_valid` is how long the browser keeps the cookie at most."""
    door = Blueprint("login", __name__, template_folder="templates")

    @door.get("/login")
    def page() -> Page:
        if present_staff() is not None:
            return redirect(local_path(request.args.get("next", "")) or url_for("home.page"))
        return render_template("staff/login.html", next=local_path(request.args.get("next", "")))

    @door.post("/login")
    def log_in() -> Page:
        login = guard.logins.log_in(
            request.form.get("email", ""),
            request.form.get("password", ""),
            machine=request.remote_addr or "",
            browser=request.user_agent.string,
            now=guard.clock(),
        )
        if not isinstance(login, Login):
            return _refused(login)
        return _let_in(guard, login, days_valid)

    @door.post("/logout")
    def log_out() -> Page:
        guard.logins.log_out(request.cookies.get(guard.cookie, ""))
        session.clear()
        response = redirect(url_for("login.page"))
        response.delete_cookie(guard.cookie, secure=guard.production, httponly=True, samesite="Lax")
        return response

    @door.get("/staff/password")
    @require()
    def password() -> Page:
        return render_template("staff/password.html", shortest=shortest_password)

    @door.post("/staff/password")
    @require()
    def change_password() -> Page:
        trouble = _change(users, stay=token_hash(request.cookies.get(guard.cookie, "")), shortest=shortest_password)
        shown = render_template("staff/password.html", trouble=trouble, done=not trouble, shortest=shortest_password)
        return shown, 422 if trouble else 200

    return door


def _let_in(guard: Guard, login: Login, days_valid: int) -> Response:
    # Nothing of the visitor from before the login stays: neither their form token nor a planted session.
    session.clear()
    response = redirect(local_path(request.form.get("next", "")) or url_for("home.page"))
    response.set_cookie(
        guard.cookie,
        login.token,
        max_age=days_valid * 86_400,
        secure=guard.production,
        httponly=True,
        samesite="Lax",
    )
    return response


def _refused(why: LoginRefused) -> tuple[str, int]:
    """The form again, with what was typed but for the password."""
    too_many = why is LoginRefused.TOO_MANY
    shown = render_template(
        "staff/login.html",
        trouble=_("There were too many attempts. Please wait 15 minutes, then try again.")
        if too_many
        else _("The e-mail address or the password is not right."),
        email=request.form.get("email", "")[:320],
        next=local_path(request.form.get("next", "")),
    )
    return shown, 429 if too_many else 401


def _change(users: Users, *, stay: str, shortest: int) -> str:
    """Set the new password of whoever is logged in; the sentence that says why not, or ''."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return _("The two new passwords are not the same.")
    try:
        right = users.change_password(g.staff.email, old, new, stay_logged_in=stay)
    except PasswordWeak:
        return _("Please choose a longer password: at least %(count)s characters.", count=shortest)
    return "" if right else _("The present password is not right.")
