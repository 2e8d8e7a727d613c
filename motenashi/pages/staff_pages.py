"""Everything that staff see, put together: guard, forms' protection, languages, headers, error pages and rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from flask_wtf import CSRFProtect

from motenashi.identity.api_keys import ApiKeys
from motenashi.identity.login_sessions import LoginSessions
from motenashi.identity.settings import LoginSettings
from motenashi.identity.users import Users
from motenashi.outgoing_mail.outbox import Outbox
from motenashi.pages.error_pages import install_error_pages
from motenashi.pages.flows_page import FlowView, build_flows_page
from motenashi.pages.guard import Guard, present_staff
from motenashi.pages.home import build_home
from motenashi.pages.login import build_login
from motenashi.pages.outbox import build_outbox
from motenashi.pages.page_language import install_languages, page_language
from motenashi.pages.rooms import FLOWS, OUTBOX, SHOP, Room, navigation, role_name
from motenashi.pages.security_headers import install_security_headers
from motenashi.pages.today.today_view import Notice

LARGEST_FORM = 262_144  # bytes


@dataclass(frozen=True)
class StaffParts:
    """What the staff's pages need from the rest of the house. `more_rooms` join the navigation and the start page;
    `due_reminders` says whom somebody (an address) wanted to be reminded of by now, for the bell in the header."""

    users: Users
    logins: LoginSessions
    api_keys: ApiKeys
    outbox: Outbox
    flows: Callable[[], Sequence[FlowView]]
    login_settings: LoginSettings = field(default_factory=LoginSettings)
    production: bool = False
    time_zone: str = "Asia/Tokyo"
    more_rooms: tuple[Room, ...] = ()
    due_reminders: Callable[[str], Sequence[Notice]] = lambda email: ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def install_staff_pages(app: Flask, parts: StaffParts, *, secret_key: bytes) -> CSRFProtect:
    """Guard the app and add the pages. Doors that are called by machines are exempted by whoever builds them:
    `csrf.exempt(blueprint)`."""
    app.secret_key = secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-motenashi_form" if parts.production else "motenashi_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=parts.production,
        # A door that takes more says so by itself: `request.max_content_length`.
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        # A form's token lives as long as its session; a page left open over lunch can still be sent.
        WTF_CSRF_TIME_LIMIT=None,
    )
    guard = Guard(parts.logins, parts.api_keys, production=parts.production, clock=parts.clock)
    guard.install(app)  # before the forms' protection: a stranger is asked to log in first
    app.after_request(guard.keep_private)
    csrf = CSRFProtect(app)
    install_languages(app, time_zone=parts.time_zone)
    install_security_headers(app, production=parts.production)
    install_error_pages(app)
    _add_rooms(app, guard, parts)
    return csrf


def _add_rooms(app: Flask, guard: Guard, parts: StaffParts) -> None:
    rooms = (FLOWS, *parts.more_rooms, *(() if parts.production else (OUTBOX, SHOP)))
    app.register_blueprint(
        build_login(
            guard,
            parts.users,
            days_valid=parts.login_settings.days_valid,
            shortest_password=parts.login_settings.shortest_password,
        )
    )
    app.register_blueprint(build_home(rooms, clock=parts.clock, time_zone=parts.time_zone))
    app.register_blueprint(build_flows_page(parts.flows))
    if not parts.production:
        app.register_blueprint(build_outbox(parts.outbox))

    def due_reminders() -> Sequence[Notice]:
        staff = present_staff()
        return parts.due_reminders(staff.email) if staff else ()

    @app.context_processor
    def every_page() -> dict[str, object]:
        return {
            "staff": present_staff,
            "rooms": rooms,
            "language": page_language(),
            "role_name": role_name,
            "navigation": navigation,
            "due_reminders": due_reminders,
        }
