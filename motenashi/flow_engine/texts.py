"""Texts a designer writes: one for all languages or one per language, with sandboxed templates inside.

What a visitor typed is only ever a value that a template shows; it is never itself a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from motenashi.yaml_fields import FieldReader, describe
from motenashi.yaml_source import YamlList, YamlMap

LANGUAGES = ("en", "ja")

# A rendered text never grows past this, whatever a visitor's name or a loop in a template does.
LONGEST_TEXT = 20_000


class _Environment(ImmutableSandboxedEnvironment):
    """Values in scope are plain JSON; a key of a mapping always wins over a method of Python's dict."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


_ENVIRONMENT = _Environment(undefined=ChainableUndefined, autoescape=False, keep_trailing_newline=False)
_URL_ENVIRONMENT = _Environment(
    undefined=ChainableUndefined, finalize=lambda value: quote(str(value), safe="") if value is not None else ""
)


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def is_template(source: str) -> bool:
    return "{{" in source or "{%" in source


def render(source: str, scope: Mapping[str, Any]) -> str:
    """The text with its templates filled in; unknown variables become empty text."""
    if not is_template(source):
        return source
    return _compiled(source).render(scope)[:LONGEST_TEXT]


@lru_cache(maxsize=512)
def _compiled_url(source: str) -> Template:
    """With every shown value percent-encoded, so that no visitor's text can change where a URL leads."""
    return _URL_ENVIRONMENT.from_string(source)


def render_url(source: str, scope: Mapping[str, Any]) -> str:
    """A URL with its templates filled in and each value escaped for a path or query part."""
    return _compiled_url(source).render(scope)[:LONGEST_TEXT] if is_template(source) else source


def template_trouble(source: str) -> str:
    """What is wrong with a template's syntax, '' when nothing is."""
    if not is_template(source):
        return ""
    try:
        _compiled(source)
    except TemplateSyntaxError as error:
        return str(error.message).rstrip(".")
    return ""


@lru_cache(maxsize=4096)
def paths_in(source: str) -> frozenset[str]:
    """The variables a template reads, as dotted paths: `{{ person.first_name }}` -> person.first_name.

    Names that the template sets itself (loops) are left out. An unreadable template reads nothing.
    """
    if not is_template(source):
        return frozenset()
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError:
        return frozenset()
    free = meta.find_undeclared_variables(tree)
    return frozenset(path for path in _paths(tree) if path.split(".")[0] in free)


def _paths(tree: nodes.Template) -> Iterator[str]:
    inner: set[int] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        path = _dotted(node)
        if path and id(node) not in inner:
            yield path
            below = node
            while isinstance(below, nodes.Getattr | nodes.Getitem):
                below = below.node
                inner.add(id(below))
    for name in tree.find_all(nodes.Name):
        if id(name) not in inner and name.ctx == "load":
            yield name.name


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        above = _dotted(node.node)
        return f"{above}.{node.attr}" if above else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        above = _dotted(node.node)
        return f"{above}.{node.arg.value}" if above else ""
    return ""


@dataclass(frozen=True)
class LocalText:
    """A text in each language; `en` stands in for a language that has none, then any other."""

    by_language: Mapping[str, str]
    line: int = 0

    def source(self, language: str) -> str:
        texts = self.by_language
        return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")

    def render(self, language: str, scope: Mapping[str, Any]) -> str:
        return render(self.source(language), scope).strip()

    def all_sources(self) -> tuple[str, ...]:
        return tuple(self.by_language.values())

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> LocalText | None:
        if isinstance(raw, str | int | float) and not isinstance(raw, bool):
            return cls._checked({language: str(raw) for language in LANGUAGES}, reader, {}, line, where)
        if not isinstance(raw, YamlMap):
            reader.problem(line, f"{where} must be a text, or one per language, not {describe(raw)}.", "{en: …, ja: …}")
            return None
        for key in raw:
            if key not in LANGUAGES:
                reader.problem(raw.line_of(key), f"{where} has no language '{key}'.", "The languages are en and ja.")
        missing = [language for language in LANGUAGES if not raw.get(language)]
        if missing:
            reader.problem(
                raw.line,
                f"{where} has no text for {' and '.join(missing)}.",
                "Add it: every text stands in both languages.",
            )
            return None
        texts = {language: str(raw[language]) for language in LANGUAGES}
        return cls._checked(texts, reader, raw.lines, line, where)

    @classmethod
    def _checked(
        cls, texts: Mapping[str, str], reader: FieldReader, lines: Mapping[str, int], line: int, where: str
    ) -> LocalText | None:
        broken = False
        for language, text in texts.items():
            if trouble := template_trouble(text):
                broken = True
                reader.problem(lines.get(language, line), f"{where} has a template that can't be read: {trouble}.")
                if not lines:
                    break
        return None if broken else cls(texts, line)

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return isinstance(raw, str | int | float) or (isinstance(raw, YamlMap) and set(raw) <= set(LANGUAGES))

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        texts = {language: {"type": "string"} for language in LANGUAGES}
        each = {"type": "object", "properties": texts, "required": list(LANGUAGES), "additionalProperties": False}
        return {"anyOf": [{"type": ["string", "number"]}, each]}


@dataclass(frozen=True)
class Value:
    """A value a designer hands on: `$path` passes a variable as it is, a text is a template, all else is itself.

    Lists and mappings may hold values in turn.
    """

    raw: Any
    line: int = 0

    def resolve(self, scope: Mapping[str, Any]) -> Any:
        return _resolve(self.raw, scope)

    def paths(self) -> set[str]:
        return _value_paths(self.raw)

    @classmethod
    def from_yaml(cls, raw: Any, reader: FieldReader, line: int, where: str) -> Value:
        for source in _strings(raw):
            if trouble := template_trouble(source):
                reader.problem(line, f"{where} has a template that can't be read: {trouble}.")
        return cls(_unmarked(raw), line)

    @classmethod
    def fits(cls, raw: Any) -> bool:
        return True

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        return {}


def look_up(path: str, scope: Mapping[str, Any]) -> Any:
    """The value at a dotted path (`orders.products.0.title`); None when any part of it is not there."""
    here: Any = scope
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list | tuple) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def is_reference(raw: Any) -> bool:
    return isinstance(raw, str) and len(raw) > 1 and raw[0] == "$" and (raw[1].isalpha() or raw[1] == "_")


def _resolve(raw: Any, scope: Mapping[str, Any]) -> Any:
    if isinstance(raw, str):
        return look_up(raw[1:], scope) if is_reference(raw) else render(raw, scope)
    if isinstance(raw, Mapping):
        return {key: _resolve(item, scope) for key, item in raw.items()}
    if isinstance(raw, list | tuple):
        return [_resolve(item, scope) for item in raw]
    return raw


def _value_paths(raw: Any) -> set[str]:
    return {path for source in _strings(raw) for path in ({source[1:]} if is_reference(source) else paths_in(source))}


def _strings(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, Mapping):
        for item in raw.values():
            yield from _strings(item)
    elif isinstance(raw, list | tuple):
        for item in raw:
            yield from _strings(item)


def _unmarked(raw: Any) -> Any:
    """The same without line marks: plain dicts and lists, cheap to copy."""
    if isinstance(raw, YamlMap):
        return {key: _unmarked(item) for key, item in raw.items()}
    return [_unmarked(item) for item in raw] if isinstance(raw, YamlList) else raw
