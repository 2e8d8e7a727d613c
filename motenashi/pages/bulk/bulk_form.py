"""What came with a form of /bulk, read as it was typed. Whether it fits is for the desk to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from motenashi.clean_text import clean_text
from motenashi.pages.bulk.bulk_view import Action, Form, Module
from motenashi.pages.bulk.bulk_words import LANGUAGES

LONGEST_FILTER = 50_000
_SET, _VALUE = "set_", "value_"


def module_of(text: str) -> Module | None:
    return next((module for module in get_args(Module) if module == text), None)


def action_of(text: str) -> Action | None:
    return next((action for action in get_args(Action) if action == text), None)


def read_form(action: Action, sent: Mapping[str, str]) -> Form:
    if action == "mail":
        return Form(
            action,
            subject={code: _line(sent.get(f"subject_{code}", "")) for code in LANGUAGES},
            body={code: _text(sent.get(f"body_{code}", "")) for code in LANGUAGES},
            fallback=next((code for code in LANGUAGES if code == sent.get("fallback")), "en"),
            best_time_days=_days(sent.get("days", "")) if sent.get("when") == "best" else 0,
        )
    if action == "update":
        chosen = [name.removeprefix(_SET) for name in sent if name.startswith(_SET)]
        return Form(action, values={name: _text(sent.get(_VALUE + name, "")) for name in chosen})
    return Form(
        action,
        subject={"": _line(sent.get("subject", ""))},
        body={"": _text(sent.get("note", ""))},
        due=sent.get("due", "")[:20],
    )


def whole_number(text: str) -> int | None:
    """A number from an address or a hidden field; None for what is none that any database holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _days(text: str) -> int:
    return whole_number(text) or 1


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _text(text: str) -> str:
    return clean_text(text).replace("\r\n", "\n").strip()
