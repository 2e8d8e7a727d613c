"""The rooms that staff can go to: one list for the navigation and for the start page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motenashi.identity.roles import Role, may
from motenashi.pages.page_language import translate as gettext
from motenashi.pages.page_language import translate_later as _


@dataclass(frozen=True)
class Room:
    """`title` and `words` may be lazy translations; `icon` is a symbol of templates/staff/icons.svg."""

    path: str
    title: Any
    words: Any
    icon: str = "room"
    roles: frozenset[Role] = frozenset()  # none: all staff

    def open_to(self, role: Role) -> bool:
        return may(role, self.roles)


FLOWS = Room(
    "/flows", _("Flows"), _("Which conversations are live, how they run, and what is wrong with them."), "flows"
)
OUTBOX = Room(
    "/dev/outbox", _("Outbox"), _("The mails that would have been sent. Only on this development machine."), "outbox"
)
SHOP = Room("/", _("Shop"), _("The demo shop with its chat box, as visitors see it."), "shop")


def role_name(role: Role) -> str:
    names = {
        Role.ADMINISTRATOR: gettext("Administrator"),
        Role.SUPERVISOR: gettext("Supervisor"),
        Role.OPERATOR: gettext("Operator"),
        Role.REPRESENTATIVE: gettext("Sales representative"),
        Role.DESIGNER: gettext("Bot designer"),
    }
    return names[role]
