"""Who may come in. Everything behind the staff's prefixes is closed until somebody shows who they are.

Closed by default: a page that somebody adds behind a prefix and forgets to guard asks for a login all the same, and
so does a page that does not exist. What a role may see is then the page's own word: `@require(Role.DESIGNER)`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from motenashi.identity.api_keys import ApiKey, ApiKeys
from motenashi.identity.login_sessions import LoginSessions
from motenashi.identity.roles import Role, may
from motenashi.identity.users import User

CLOSED = frozenset(
    {
        "alerts",
        "bulk",
        "records",
        "mail",
        "console",
        "crm",
        "today",
        "advice",
        "voice",
        "settings",
        "api",
        "flows",
        "staff",
        "dev",
        "lists",
    }
)
ANSWERS_IN_JSON = frozenset({"api"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Guard:
    """`clock` gives the present moment, aware. In production `/dev` does not exist, for nobody."""

    def __init__(
        self,
        logins: LoginSessions,
        api_keys: ApiKeys,
        *,
        production: bool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.logins = logins
        self.api_keys = api_keys
        self.production = production
        self.clock = clock

    @property
    def cookie(self) -> str:
        """The `__Host-` prefix lets browsers refuse a cookie that a neighbouring host has planted."""
        return "__Host-motenashi_login" if self.production else "motenashi_login"

    def install(self, app: Flask) -> None:
        app.extensions["motenashi_guard"] = self
        app.before_request(self.check)

    def check(self) -> AnyResponse | None:
        """Before every request: let it pass (None), or answer in its place."""
        room = next((part for part in request.path.split("/") if part), "")
        if room == "dev" and self.production:
            abort(404)
        if room not in CLOSED:
            return None
        # Answers behind the door are for this one reader, and not for a cache or the next user of this machine.
        g.private = True
        if room in ANSWERS_IN_JSON and given_key() is not None:
            return None
        if present_staff() is not None:
            return None
        return refuse_json(401) if room in ANSWERS_IN_JSON else to_login()

    def keep_private(self, response: Response) -> Response:
        if g.get("private"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def require(*roles: Role) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer | AnyResponse]]:
    """Only for staff with one of these roles (none named: any staff); administrators always."""
    wanted = frozenset(roles)

    def guarded(view: Callable[Given, Answer]) -> Callable[Given, Answer | AnyResponse]:
        @wraps(view)
        def wrapper(*args: Given.args, **kwargs: Given.kwargs) -> Answer | AnyResponse:
            staff = present_staff()
            if staff is None:
                return to_login()
            if not may(staff.role, wanted):
                abort(403)
            return view(*args, **kwargs)

        return wrapper

    return guarded


def require_api_key(
    scope: str, *roles: Role
) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer | AnyResponse]]:
    """Only for tools whose key opens `scope`. Logged-in staff with one of these roles (none named: any staff) may read
    too; writing by cookie alone is not allowed, since another site's form could do that."""
    wanted = frozenset(roles)

    def guarded(view: Callable[Given, Answer]) -> Callable[Given, Answer | AnyResponse]:
        @wraps(view)
        def wrapper(*args: Given.args, **kwargs: Given.kwargs) -> Answer | AnyResponse:
            key = given_key()
            if key is not None:
                return view(*args, **kwargs) if key.opens(scope) else refuse_json(403, scope)
            staff = present_staff()
            if request.method in SAFE_METHODS and staff is not None:
                return view(*args, **kwargs) if may(staff.role, wanted) else refuse_json(403)
            return refuse_json(401)

        return wrapper

    return guarded


def present_staff() -> User | None:
    """Who is logged in; looked up once a request."""
    if "staff" not in g:
        guard = _guard()
        g.staff = guard.logins.user_of(request.cookies.get(guard.cookie, ""), now=guard.clock())
    return cast("User | None", g.staff)


def given_key() -> ApiKey | None:
    """The living API key in `Authorization: Bearer …` or `X-API-Key`; looked up once a request."""
    if "api_key" not in g:
        bearer = request.headers.get("Authorization", "")
        key = bearer[7:].strip() if bearer[:7].lower() == "bearer " else request.headers.get("X-API-Key", "")
        g.api_key = _guard().api_keys.find(key, now=_guard().clock()) if key else None
    return cast("ApiKey | None", g.api_key)


def calling() -> str:
    """Who asks a door for machines: the name of the key, or the address of whoever is logged in; '' for nobody."""
    key = given_key()
    if key is not None:
        return f"api:{key.name}"
    staff = present_staff()
    return staff.email if staff else ""


def to_login() -> AnyResponse:
    """To the login page, and from there back to the page that was asked for."""
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else ""
    return redirect(url_for("login.page", next=back) if local_path(back) else url_for("login.page"))


def local_path(path: str) -> str:
    """`path` when it leads to a page of ours, else ''. What browsers take for another host (`//x`, `/\\x`) does not."""
    plain = path.isprintable() and not any(letter.isspace() for letter in path) and "\\" not in path
    if not plain or not path.startswith("/") or path.startswith("//"):
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def refuse_json(status: int, scope: str = "") -> AnyResponse:
    if status == 401:
        error = {"code": "key_needed", "message": "Send an API key: 'Authorization: Bearer mtn_…'."}
    elif scope:
        error = {"code": "scope_missing", "message": f"This key does not open '{scope}'."}
    else:
        error = {"code": "role_missing", "message": "Your role does not open this."}
    response = jsonify({"error": error})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _guard() -> Guard:
    return cast(Guard, current_app.extensions["motenashi_guard"])
