"""What the doctor found: one line for an operator each, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process

from crm_client.errors import CrmError
from crm_client.zoho.api.shapes import FieldMeta
from crm_client.zoho.troubles import WHAT_TO_DO

Severity = Literal["error", "warning", "fine"]
_WEIGHT: Final = {"error": 0, "warning": 1, "fine": 2}
_ALIKE: Final = 60  # of 100; below it a suggestion only misleads


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
            what = f"{area} can't be looked at: {error}." + (f" {without}" if without else "")
            self.say(severity, trouble, module, "", what)


def alike(name: str, fields: Collection[FieldMeta], label: str = "") -> FieldMeta | None:
    """The field whose API name or label is most like this one."""
    words = {(one.name, said): said for one in fields for said in (one.name, one.label) if said}
    wanted = {name, label} - {""}
    best = max(
        (
            found
            for said in wanted
            if (found := process.extractOne(_plain(said), words, scorer=fuzz.ratio, processor=_plain))
        ),
        key=lambda found: found[1],
        default=None,
    )
    if best is None or best[1] < _ALIKE:
        return None
    return next(one for one in fields if one.name == best[2][0])


def _plain(words: str) -> str:
    return words.replace("_", " ").casefold()
