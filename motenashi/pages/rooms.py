"""The rooms that staff can go to: one list for the navigation and for the start page."""

from __future__ import annotations

from collections.abc import Sequence
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
    apart: bool = False  # not gone to every day: in the navigation under "More" where there are many

    def open_to(self, role: Role) -> bool:
        return may(role, self.roles)


FLOWS = Room(
    "/flows",
    _("Flows"),
    _("Which conversations are live, how they run, and what is wrong with them."),
    "flows",
    apart=True,
)
MAIL = Room(
    "/mail",
    _("Mail"),
    _("Mails that came in, and what was understood of each. Try one out; correct what was read wrong."),
    "mail",
    frozenset({Role.SUPERVISOR, Role.OPERATOR, Role.REPRESENTATIVE}),
)
TODAY = Room(
    "/today",
    _("Today"),
    _("What to do next, with whom and when: the most worthwhile first, each with its reasons."),
    "today",
    frozenset({Role.SUPERVISOR, Role.REPRESENTATIVE}),
)
RESULTS = Room(
    "/advice/results",
    _("Results"),
    _("What became of suggestions, and whether what they promised came true."),
    "results",
    frozenset({Role.SUPERVISOR, Role.REPRESENTATIVE}),
    apart=True,
)
ADVICE_SETTINGS = Room(
    "/settings/advice",
    _("Advice settings"),
    _("What is switched on for your organisation, and what has been learned from its history."),
    "settings",
    frozenset({Role.ADMINISTRATOR}),
    apart=True,
)
LISTS = Room(
    "/lists",
    _("Lists"),
    _("Leads, contacts, accounts and deals, found by what they are, what they said and what they did."),
    "lists",
    frozenset({Role.SUPERVISOR, Role.REPRESENTATIVE}),
)
VOICE = Room(
    "/voice",
    _("Voice"),
    _("What customers keep saying, how they say it, and what comes of it."),
    "voice",
    frozenset({Role.SUPERVISOR, Role.REPRESENTATIVE}),
)
BULK = Room(
    "/bulk",
    _("Bulk actions"),
    _("Mails, new values and tasks for many at once: planned, under way, done."),
    "bulk",
    frozenset({Role.SUPERVISOR}),
    apart=True,
)
ALERTS = Room(
    "/alerts",
    _("Alerts"),
    _("Rules that act when customers say something, and what they did lately."),
    "bell",
    frozenset({Role.SUPERVISOR, Role.REPRESENTATIVE}),
    apart=True,
)
TOUCHPOINTS = Room(
    "/touchpoints",
    _("Touchpoints"),
    _("What other tools told us of calls, surveys, tickets and more, and what waits for its person."),
    "touchpoints",
    frozenset({Role.SUPERVISOR}),
    apart=True,
)
CRM = Room(
    "/crm",
    _("CRM"),
    _("How we stand with the CRM: connection, what waits to be sent, how fresh its records are here."),
    "crm",
    frozenset({Role.ADMINISTRATOR}),
    apart=True,
)
OUTBOX = Room(
    "/dev/outbox",
    _("Outbox"),
    _("The mails that would have been sent. Only on this development machine."),
    "outbox",
    apart=True,
)
SHOP = Room("/", _("Shop"), _("The demo shop with its chat box, as visitors see it."), "shop")


MOST_IN_A_ROW = 6


@dataclass(frozen=True)
class Navigation:
    """The rooms that somebody can go to: those in the row, and those under "More"."""

    row: tuple[Room, ...]
    more: tuple[Room, ...]


def navigation(rooms: Sequence[Room], role: Role) -> Navigation:
    """The shop is a visitor's room and stands on the start page only."""
    open_ones = tuple(room for room in rooms if room.path != SHOP.path and room.open_to(role))
    if len(open_ones) <= MOST_IN_A_ROW:
        return Navigation(open_ones, ())
    return Navigation(
        tuple(room for room in open_ones if not room.apart), tuple(room for room in open_ones if room.apart)
    )


def role_name(role: Role) -> str:
    names = {
        Role.ADMINISTRATOR: gettext("Administrator"),
        Role.SUPERVISOR: gettext("Supervisor"),
        Role.OPERATOR: gettext("Operator"),
        Role.REPRESENTATIVE: gettext("Sales representative"),
        Role.DESIGNER: gettext("Bot designer"),
    }
    return names[role]
