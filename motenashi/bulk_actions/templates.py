"""The templates of bulk actions: texts with fields of the record, and a little choosing between them.

A template is checked before anything is made: every problem with its line. The language is Jinja2's, of which only what
is listed here may be used: fields that exist, `if`, comparisons, and filters that never make a text longer. So no
template can reach into Python, loop, or fill the memory; the sandbox behind it is a second wall. A field that a record
does not have is an error of that record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from motenashi.bulk_actions.words import BulkProblem
from motenashi.problems import did_you_mean

LONGEST_SOURCE = 20_000
LONGEST_TEXT = 100_000

FILTERS = ("capitalize", "d", "default", "lower", "title", "trim", "truncate", "upper")
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.Filter),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.List, nodes.Tuple),
)

_WITH_DEFAULT = "{{ … | default('…') }}"

Known = Mapping[str, Sequence[str]]  # what may be named: contact -> first_name, ...
Scope = Mapping[str, Mapping[str, Any]]


class RenderingFailed(Exception):
    """One record's text can't be made; `words` says why, language -> sentence; `what`: the field, or what is empty."""

    def __init__(self, words: Mapping[str, str], what: str = "") -> None:
        super().__init__(words["en"])
        self.words = words
        self.what = what


class _Environment(ImmutableSandboxedEnvironment):
    """Nothing but the keys of our own mappings can be looked into."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if not isinstance(obj, Mapping):
            raise SecurityError("only fields of records can be read")
        return obj[argument] if argument in obj else self.undefined(obj=obj, name=str(argument))


def _environment() -> _Environment:
    made = _Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests.clear()
    return made


_ENVIRONMENT = _environment()


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def problems_in(where: str, source: str, known: Known) -> list[BulkProblem]:
    """Everything that is wrong with a template, by line."""
    if len(source) > LONGEST_SOURCE:
        return [
            _problem(
                where,
                0,
                f"This text is longer than {LONGEST_SOURCE:,} characters.",
                f"文章が{LONGEST_SOURCE:,}文字を超えています。",
            )
        ]
    try:
        tree = _ENVIRONMENT.parse(source)
        once = {(problem.line, problem.words["en"]): problem for problem in _wrong_nodes(where, tree, known)}
        if not once:
            _compiled(source)  # Python has bounds of its own: so many blocks, so many brackets inside one another
    except TemplateSyntaxError as error:
        what = str(error.message).rstrip(".")
        return [
            _problem(
                where,
                error.lineno,
                f"This can't be read: {what}.",
                f"テンプレートの書き方に誤りがあります（{what}）。",
            )
        ]
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return [
            _problem(
                where,
                0,
                "This is too complicated: too much stands inside one another, or a number is too long.",
                "テンプレートが複雑すぎます。入れ子を減らすか、数値を短くしてください。",
            )
        ]
    return [once[place] for place in sorted(once)]


def render(source: str, scope: Scope) -> str:
    """The text for one record. RenderingFailed when it has no such field, or the text grows too long."""
    made, length = [], 0
    try:
        for piece in _compiled(source).generate(scope):
            length += len(piece)
            if length > LONGEST_TEXT:
                raise RenderingFailed(
                    {"en": "The text for this record is too long.", "ja": "このレコードの文章が長すぎます。"}
                )
            made.append(piece)
    except UndefinedError as error:
        raise _missing(error) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"[:200]
        raise RenderingFailed(
            {
                "en": f"The text for this record can't be made ({what}).",
                "ja": f"このレコードの文章を作成できません（{what}）。",
            }
        ) from error
    return "".join(made)


@lru_cache(maxsize=256)
def fields_in(source: str) -> tuple[tuple[str, str], ...]:
    """The fields that a template shows, as (contact, first_name); those of an unreadable one: none."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except (TemplateSyntaxError, RecursionError):
        return ()
    shown = (node for output in tree.find_all(nodes.Output) for node in output.nodes if isinstance(node, nodes.Getattr))
    return tuple(dict.fromkeys((node.node.name, node.attr) for node in shown if isinstance(node.node, nodes.Name)))


def _wrong_nodes(where: str, tree: nodes.Node, known: Known) -> Iterator[BulkProblem]:
    for node in tree.iter_child_nodes():
        found = list(_wrong_node(where, node, known))
        yield from found
        if not found and not isinstance(node, nodes.Getattr):
            yield from _wrong_nodes(where, node, known)


def _wrong_node(where: str, node: nodes.Node, known: Known) -> Iterator[BulkProblem]:
    if not isinstance(node, _ALLOWED):
        name = type(node).__name__
        yield _problem(
            where,
            node.lineno,
            f"'{name}' can't be used here; only fields, if, and the filters {', '.join(FILTERS)}.",
            f"「{name}」は使えません。使えるのは項目、if、フィルター（{', '.join(FILTERS)}）のみです。",
        )
    elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield _problem(
            where,
            node.lineno,
            f"There is no filter '{node.name}'. {did_you_mean(node.name, FILTERS)}".strip(),
            f"「{node.name}」というフィルターはありません。使えるのは{', '.join(FILTERS)}です。",
        )
    elif isinstance(node, nodes.Name):
        yield from _wrong_name(where, node, known)
    elif isinstance(node, nodes.Getattr):
        yield from _wrong_field(where, node, known)


def _wrong_name(where: str, node: nodes.Name, known: Known) -> Iterator[BulkProblem]:
    if node.name in known:
        example = f"{node.name}.{next(iter(known[node.name]), 'name')}"
        yield _problem(
            where,
            node.lineno,
            f"Say which field of {node.name}, such as {example}.",
            f"「{node.name}」のどの項目かを指定してください（例：{example}）。",
        )
    else:
        yield _unknown(where, node.lineno, node.name, known)


def _wrong_field(where: str, node: nodes.Getattr, known: Known) -> Iterator[BulkProblem]:
    if not isinstance(node.node, nodes.Name):
        yield _problem(
            where,
            node.lineno,
            f"'.{node.attr}' can't be used here; only fields of a record, such as {_example(known)}.",
            f"「.{node.attr}」は使えません。使えるのは{_example(known)}のようなレコードの項目のみです。",
        )
    elif node.attr not in known.get(node.node.name, ()):
        yield _unknown(where, node.lineno, f"{node.node.name}.{node.attr}", known)


def _unknown(where: str, line: int, name: str, known: Known) -> BulkProblem:
    hint = did_you_mean(name, [f"{root}.{field}" for root, fields in known.items() for field in fields])
    meant = hint.split("'")[1] if hint.startswith("Did you mean") else ""
    return _problem(
        where,
        line,
        f"There is no '{name}' here." + (f" Did you mean '{meant}'?" if meant else ""),
        f"「{name}」という項目はありません。" + (f"「{meant}」のことですか？" if meant else ""),
    )


def _example(known: Known) -> str:
    return next((f"{root}.{fields[0]}" for root, fields in known.items() if fields), "contact.name")


def _missing(error: UndefinedError) -> RenderingFailed:
    what = str(error.message or error).split("'")
    name = what[-2] if len(what) > 2 else ""
    words = {
        "en": f"This record has no {name}. Where it may be missing, write {_WITH_DEFAULT}.",
        "ja": f"このレコードには「{name}」がありません。空になりうる項目は{_WITH_DEFAULT}のように書いてください。",
    }
    return RenderingFailed(words, name)


def _problem(where: str, line: int, en: str, ja: str) -> BulkProblem:
    return BulkProblem(where, {"en": en, "ja": ja}, line)
