"""The sandbox in which sentences and titles are filled in. What a customer wrote is a value, never a template."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

LANGUAGES = ("en", "ja")
LONGEST_TEXT = 20_000
_NAME = re.compile(r"\{\{ *([a-z_]+) *\}\}")


def _shown(value: Any) -> Any:
    return "" if value is None else value


def _times(count: int) -> str:
    """once, twice, 3 times: for English."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _counted(count: int, one: str, many: str = "") -> str:
    """1 day, 3 days: for English."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def add_filters(environment: ImmutableSandboxedEnvironment) -> None:
    environment.filters["times"] = _times
    environment.filters["counted"] = _counted


def _sandbox() -> ImmutableSandboxedEnvironment:
    # Plain text, not HTML: whoever shows it escapes it.
    sandbox = ImmutableSandboxedEnvironment(undefined=ChainableUndefined, autoescape=False, finalize=_shown)
    add_filters(sandbox)
    return sandbox


_SANDBOX = _sandbox()


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Template:
    return _SANDBOX.from_string(source)


@lru_cache(maxsize=2048)
def _is_simple(source: str) -> bool:
    rest = _NAME.sub("", source)
    return not any(sign in rest for sign in ("{{", "{%", "{#"))


def filled(source: str, values: Mapping[str, Any]) -> str:
    """The text with its values in, as one line."""
    if _is_simple(source):  # most sentences; a tenth of the time
        text = _NAME.sub(lambda match: str(_shown(values.get(match[1], ""))), source)
    else:
        text = _compiled(source).render(values)
    return " ".join(text[:LONGEST_TEXT].split())


def trouble(source: str, known: Collection[str]) -> str:
    """What is wrong with a text that may use the values `known`; '' when nothing is."""
    try:
        names = meta.find_undeclared_variables(_SANDBOX.parse(source))
        _compiled(source)
    except TemplateSyntaxError as error:
        return str(error.message).rstrip(".")
    except TemplateError as error:
        return str(error).rstrip(".")
    unknown = sorted(names - set(known))
    return f"nothing is known as {', '.join(unknown)}" if unknown else ""
