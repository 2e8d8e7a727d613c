"""What staff may do. A role is one word beside a user; a page or a door asks for the roles it serves."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"  # everything, settings and users included
    SUPERVISOR = "supervisor"  # the console of everybody, reports
    OPERATOR = "operator"  # chats that need a person
    REPRESENTATIVE = "representative"  # deals, contacts, suggestions
    DESIGNER = "designer"  # flows


def may(role: Role, wanted: frozenset[Role]) -> bool:
    """Does this role open a door for `wanted`? No role named: any staff. An administrator may do everything."""
    return role is Role.ADMINISTRATOR or not wanted or role in wanted
