"""What the doctor found: one line for an operator each, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from crm_client.errors import CrmError
from crm_client.zoho.api.shapes import FieldMeta
from crm_client.zoho.troubles import WHAT_TO_DO

Severity = Literal["error", "warning", "fine"]
_WEIGHT: Final = {"error": 0, "warning": 1, "fine": 2}
ALIKE: Final = 65  # of 100; below it a suggestion only misleads
MOST_ALIKE: Final = 3
VERY_ALIKE: Final = 80  # where there are many short names: Notes are no Quotes


@dataclass(frozen=True)
class Finding:
    """`trouble` as in troubles.py, '' of fine ones; `module` ours, '' for what concerns all; `field` is an API name."""

    severity: Severity
    trouble: str
    module: str
    field: str
    what: str
    what_to_do: str = ""


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """Errors first, then warnings, then what is fine; each as it was found, none twice."""
    return sorted(dict.fromkeys(found), key=lambda one: _WEIGHT[one.severity])


class Findings:
    """Collects; an area that Zoho does not let us look at becomes a finding, and the rest goes on."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def error(self, trouble: str, module: str, field: str, what: str, what_to_do: str = "") -> None:
        self.all.append(Finding("error", trouble, module, field, what, what_to_do or WHAT_TO_DO[trouble]))

    def warn(self, trouble: str, module: str, field: str, what: str, what_to_do: str = "") -> None:
        self.all.append(Finding("warning", trouble, module, field, what, what_to_do or WHAT_TO_DO[trouble]))

    def fine(self, module: str, what: str) -> None:
        self.all.append(Finding("fine", "", module, "", what))

    def say(self, severity: Severity, trouble: str, module: str, field: str, what: str, what_to_do: str = "") -> None:
        tell: Callable[..., None] = self.error if severity == "error" else self.warn
        tell(trouble, module, field, what, what_to_do)

    @contextmanager
    def looking_at(
        self, area: str, module: str = "", *, without: str = "", severity: Severity = "error"
    ) -> Iterator[None]:
        """A trouble with Zoho ends this block and is written down. `without`: what does not work then."""
        try:
            yield
        except CrmError as error:
            trouble = error.trouble if error.trouble in WHAT_TO_DO else "outage"
            why = str(error).rstrip(".")
            what = f"{area} can't be looked at: {why}." + (f" {without}" if without else "")
            self.say(severity, trouble, module, "", what)


def alike(name: str, fields: Collection[FieldMeta], label: str = "", *, least: int = ALIKE) -> list[FieldMeta]:
    """The fields whose API name or label is like this one, the likest first; at most MOST_ALIKE."""
    wanted = [_plain(said) for said in (name, label) if said]
    likeness = {
        one.name: max(_likeness(said, _plain(theirs)) for said in wanted for theirs in (one.name, one.label))
        for one in fields
    }
    found = [one for one in fields if likeness[one.name] >= least]
    return sorted(found, key=lambda one: (-likeness[one.name], one.name))[:MOST_ALIKE]


def _likeness(one: str, other: str) -> float:
    """0 to 100; a word that was put before or behind (`Phone`, `Phone number`) counts less than another word."""
    return (fuzz.ratio(one, other) + fuzz.token_set_ratio(one, other)) / 2


def either(fields: Sequence[FieldMeta]) -> str:
    return " or ".join(f"{one.name} ('{one.label}')" for one in fields)


def _plain(words: str) -> str:
    return words.replace("_", " ").casefold()
