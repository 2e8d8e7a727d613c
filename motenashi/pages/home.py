"""The start page of staff: a greeting, and the doors that are open to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from motenashi.pages.guard import require
from motenashi.pages.page_language import translate as _
from motenashi.pages.rooms import Room


def build_home(rooms: Sequence[Room], *, clock: Callable[[], datetime], time_zone: str) -> Blueprint:
    door = Blueprint("home", __name__, template_folder="templates")

    @door.get("/staff")
    @require()
    def page() -> str:
        hour = clock().astimezone(ZoneInfo(time_zone)).hour
        mine = [room for room in rooms if room.open_to(g.staff.role)]
        return render_template("staff/home.html", greeting=greeting(hour), cards=mine)

    @door.get("/staff/")
    def with_slash() -> Response:
        return redirect(url_for("home.page"))

    return door


def greeting(hour: int) -> str:
    if 5 <= hour < 11:
        return _("Good morning")
    return _("Good day") if 11 <= hour < 18 else _("Good evening")
