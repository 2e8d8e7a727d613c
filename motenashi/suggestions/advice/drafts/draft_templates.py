"""The templates of drafts: a folder a language, rendered in a sandbox, and checked with all mistakes told at once.

`mail.j2`, `call.j2`, `event.j2` are whole texts; `bodies/<purpose>.j2` is what a mail says for one purpose,
`bodies/other.j2` for a purpose that has none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from motenashi.problems import Problem, did_you_mean
from motenashi.suggestions.advice.templates import LANGUAGES, LONGEST_TEXT, add_filters

FOLDER = Path(__file__).with_name("templates")
WHOLE = ("mail", "call", "event")
OTHER = "other"
VALUES = (  # what templates may show
    *("name", "account", "us", "owner", "title", "topic", "bodies", "points", "products", "product_names", "times"),
    *("zone", "quoted", "asked", "first", "phone", "appointment", "trial_ends", "trial_until", "term_ends"),
)


def _shown(value: Any) -> Any:
    return "" if value is None else value


class _LineLoader(FileSystemLoader):
    """A line of nothing but tags leaves nothing behind; every other line stays a line, also where it ends in a tag."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, fresh = super().get_source(environment, template)
        return "\n".join(_ENDS_IN_TAG.sub(_kept_line, line) for line in source.split("\n")), name, fresh


_ENDS_IN_TAG = re.compile(r"^(.*)(?<=[%#]})[ \t]*$")
_ONLY_TAGS = re.compile(r"^\s*(?:\{%(?:(?!%\}).)*%\}\s*|\{#(?:(?!#\}).)*#\}\s*)+$")


def _kept_line(match: re.Match[str]) -> str:
    # Jinja drops the end of a line after a tag (trim_blocks), but not after an expression.
    return match[0] if _ONLY_TAGS.match(match[0]) else match[1] + "{{ '' }}"


@cache
def templates(folder: Path = FOLDER) -> ImmutableSandboxedEnvironment:
    # Plain text: whoever shows it as HTML escapes it. Values are never read as templates.
    sandbox = ImmutableSandboxedEnvironment(
        loader=_LineLoader(folder),
        undefined=ChainableUndefined,
        autoescape=False,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    add_filters(sandbox)
    return sandbox


def render(name: str, language: str, values: Mapping[str, Any], folder: Path = FOLDER) -> str:
    """One of WHOLE, filled in; never more than one empty line in a row, none at either end."""
    text = templates(folder).get_template(f"{language}/{name}.j2").render(values)[:LONGEST_TEXT]
    return tidy(text)


def body_for(purpose: str, language: str, folder: Path = FOLDER) -> str:
    """The body's name for a purpose. A CRM's own purpose may hold anything, so only known files are named."""
    return purpose if purpose in _bodies(language, folder) else OTHER


@cache
def _bodies(language: str, folder: Path) -> frozenset[str]:
    return frozenset(file.stem for file in (folder / language / "bodies").glob("*.j2"))


def tidy(text: str) -> str:
    kept: list[str] = []
    for line in text.splitlines():
        line = line.strip()
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def check_templates(folder: Path = FOLDER) -> list[Problem]:
    """Everything that is wrong with the templates of a folder: syntax, unknown values, files that are missing."""
    problems = [
        Problem(f"{language}/{name}.j2", 0, "this file is missing.", "Every language needs it.")
        for language in LANGUAGES
        for name in (*WHOLE, f"bodies/{OTHER}")
        if not (folder / language / f"{name}.j2").is_file()
    ]
    for file in sorted(folder.rglob("*.j2")):
        problems += _wrong(file, str(file.relative_to(folder)))
    return problems


def _wrong(file: Path, shown: str) -> list[Problem]:
    sandbox = templates(file.parent)
    try:
        source = file.read_text(encoding="utf-8")
        tree = sandbox.parse(source)
        sandbox.from_string(source)
    except TemplateSyntaxError as error:
        return [Problem(shown, error.lineno, f"this template can't be read: {error.message}")]
    except (TemplateError, UnicodeDecodeError) as error:
        return [Problem(shown, 0, f"this template can't be read: {error}.")]
    unknown = sorted(meta.find_undeclared_variables(tree) - set(VALUES))
    return [
        Problem(shown, _line_of(source, name), f"nothing is known as '{name}'.", did_you_mean(name, VALUES))
        for name in unknown
    ]


def _line_of(source: str, name: str) -> int:
    return next((number for number, line in enumerate(source.splitlines(), 1) if name in line), 0)
